package org.unet4j.io;

import java.util.Map;
import java.util.Optional;
import org.unet4j.volume.VoxelType;

/** NIfTI's numbers for voxel types; Analyze 7.5 has the first few of them. */
final class NiftiDatatype {

    private static final Map<Integer, VoxelType> SUPPORTED = Map.of(
            2, VoxelType.UINT8,
            4, VoxelType.INT16,
            8, VoxelType.INT32,
            16, VoxelType.FLOAT32,
            64, VoxelType.FLOAT64,
            256, VoxelType.INT8,
            512, VoxelType.UINT16,
            768, VoxelType.UINT32,
            1024, VoxelType.INT64,
            1280, VoxelType.UINT64);

    private static final String NO_TYPE = "convert the file to an integer type, float32 or float64";
    private static final String COMPLEX = "complex numbers are no intensities; give their magnitude";
    private static final String COLOUR = "colours are no intensities; give the scan that the picture was made of";

    /** What is known but cannot be segmented: the type's name and what to do about it. */
    private static final Map<Integer, Unsupported> UNSUPPORTED = Map.of(
            0, new Unsupported("unknown", NO_TYPE),
            1, new Unsupported("1-bit", "convert the file to uint8"),
            32, new Unsupported("complex64", COMPLEX),
            128, new Unsupported("RGB24", COLOUR),
            1536, new Unsupported("float128", "convert the file to float64"),
            1792, new Unsupported("complex128", COMPLEX),
            2048, new Unsupported("complex256", COMPLEX),
            2304, new Unsupported("RGBA32", COLOUR));

    private record Unsupported(String name, String remedy) {}

    private NiftiDatatype() {}

    static Optional<VoxelType> type(int code) {
        return Optional.ofNullable(SUPPORTED.get(code));
    }

    /** Returns why voxels of a number without a type cannot be read and what to do. */
    static String problem(int code) {
        Unsupported type = UNSUPPORTED.getOrDefault(code, new Unsupported("not a NIfTI type", NO_TYPE));
        return "datatype " + code + " (" + type.name + ") is not supported: " + type.remedy;
    }

    static int code(VoxelType type) {
        return SUPPORTED.entrySet().stream()
                .filter(entry -> entry.getValue() == type)
                .findFirst()
                .orElseThrow()
                .getKey();
    }
}
