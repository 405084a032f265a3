"""Makes resample_scipy.json from the input of resample.json: python3 resample_scipy.py > resample_scipy.json (scipy, skimage)."""
import json
import pathlib

import numpy as np
import scipy
import skimage
from scipy.ndimage import map_coordinates, zoom
from skimage.transform import resize

golden = json.loads((pathlib.Path(__file__).parent / "resample.json").read_text())
image = np.array(golden["input"])
labels = np.array(golden["labels"])
cases = []


def add(fn, out, **how):
    cases.append({"fn": fn, **how, "out_shape": list(out.shape), "out": np.round(out, 9).tolist()})


def at(old, new):
    return np.clip((np.arange(new) + 0.5) * old / new - 0.5, -10, old + 10)


def clipped(out):
    return np.clip(out, image.min(), image.max())


for shape in [(10, 9, 5), (4, 6, 9), (14, 3, 11)]:
    grid = np.meshgrid(*[at(o, n) for o, n in zip(image.shape, shape)], indexing="ij")
    for order in (0, 1, 3):
        factors = [n / o for o, n in zip(image.shape, shape)]
        add("zoom", clipped(zoom(image, factors, order=order, mode="nearest", grid_mode=True)), order=order)
        add("map_coordinates", clipped(map_coordinates(image, grid, order=order, mode="nearest")), order=order)


# nnU-Net's steps for thick slices with order_z = 1: skimage within each slice, scipy through them.
def through(slices, n):
    coordinates = np.meshgrid(at(slices.shape[0], n), *[np.arange(s) for s in slices.shape[1:]], indexing="ij")
    return map_coordinates(slices, coordinates, order=1, mode="nearest")


def within(slices, shape, order):
    return np.stack([resize(s, shape, order, mode="edge", anti_aliasing=False) for s in slices.astype(float)])


for shape in [(12, 8, 6), (4, 4, 9)]:
    add("thick image", through(within(image, shape[1:], 3), shape[0]))
    in_plane = np.zeros((image.shape[0], *shape[1:]), int)
    for cls in np.unique(labels):
        in_plane[within(labels == cls, shape[1:], 1) >= 0.5] = cls
    out = np.zeros(shape, int)
    for cls in np.unique(in_plane):
        out[through((in_plane == cls).astype(float), shape[0]) > 0.5] = cls
    add("thick labels", out)

versions = {m.__name__: m.__version__ for m in (np, scipy, skimage)}
print(json.dumps({"versions": versions, "cases": cases}))
