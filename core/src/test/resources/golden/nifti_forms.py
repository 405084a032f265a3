"""Makes nifti_forms/ and nifti_forms.json: Analyze 7.5, pairs, extensions and five axes, as nibabel writes and reads them.

python3 nifti_forms.py, with nibabel 5.0.0, numpy and scipy (Debian: python3-nibabel, python3-scipy); run in this folder.
"""
import json
import os
import shutil

import nibabel
import numpy

FOLDER = "nifti_forms"
AFFINE = numpy.array([[-1.0, 0, 0, 5], [0, 2, 0, -3], [0, 0, 3, -2], [0, 0, 0, 1]])
VOXELS = (numpy.arange(24) * 7 - 50).astype(numpy.int16).reshape((4, 3, 2), order="F")


def save(image, name):
    nibabel.save(image, os.path.join(FOLDER, name))


def big_endian(header):
    return header.as_byteswapped(">")


def extended(image):
    image.header.extensions.append(nibabel.nifti1.Nifti1Extension("comment", b"made by nifti_forms.py"))
    image.header.extensions.append(nibabel.nifti1.Nifti1Extension("afni", b"<AFNI_attributes/>" * 3))
    return image


def patch(name, fields):
    path = os.path.join(FOLDER, name)
    header = bytearray(open(path, "rb").read())
    for offset, value in fields.items():
        header[offset:offset + value.nbytes] = value.tobytes()
    open(path, "wb").write(header)


def make():
    save(nibabel.AnalyzeImage(VOXELS, None), "analyze.img")
    save(nibabel.Spm2AnalyzeImage(VOXELS, None, big_endian(nibabel.Spm2AnalyzeHeader())), "analyze_big_endian.img")
    save(nibabel.Spm2AnalyzeImage(VOXELS, AFFINE), "spm_origin.img")
    os.remove(os.path.join(FOLDER, "spm_origin.mat"))
    patch("spm_origin.hdr", {253: numpy.array([3, 2, -1], numpy.int16)})
    save(nibabel.Spm2AnalyzeImage(VOXELS, None), "spm_ranges.img")
    patch("spm_ranges.hdr", {
        112: numpy.float32(0),
        124: numpy.array([0.75, 0.25], numpy.float32),
        140: numpy.array([100, -100], numpy.int32),
    })
    save(nibabel.Nifti1Pair(VOXELS, AFFINE), "pair_gz.img.gz")
    save(extended(nibabel.Nifti1Pair(VOXELS, AFFINE)), "pair_extended.img")
    save(extended(nibabel.Nifti2Pair(VOXELS, AFFINE)), "pair2_extended.img")
    save(extended(nibabel.Nifti1Image(VOXELS, AFFINE)), "extended.nii.gz")
    save(extended(nibabel.Nifti1Image(VOXELS, AFFINE, big_endian(nibabel.Nifti1Header()))), "extended_big_endian.nii")
    save(extended(nibabel.Nifti2Image(VOXELS, AFFINE)), "extended2.nii")
    five = numpy.arange(4 * 3 * 2 * 2 * 3).astype(numpy.uint8).reshape((4, 3, 2, 2, 3), order="F")
    save(nibabel.Nifti1Image(five, AFFINE), "five_axes.nii")


def describe(name):
    image = nibabel.load(os.path.join(FOLDER, name))
    return {
        "shape": list(image.shape),
        "affine": image.affine.tolist(),
        "class": type(image).__name__,
        "voxels": image.get_fdata().ravel(order="F").tolist(),
        "extensions": [
            {"code": int(extension.get_code()), "text": extension.get_content().decode()}
            for extension in getattr(image.header, "extensions", [])
        ],
    }


shutil.rmtree(FOLDER, ignore_errors=True)
os.mkdir(FOLDER)
make()
names = sorted(name for name in os.listdir(FOLDER) if ".img" not in name)
files = {name: describe(name) for name in names}
with open("nifti_forms.json", "w") as out:
    json.dump({"source": f"nibabel {nibabel.__version__}, nifti_forms.py", "files": files}, out, indent=1)
