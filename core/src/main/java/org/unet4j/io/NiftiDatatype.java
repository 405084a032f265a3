package org.unet4j.io;

import java.util.Map;
import java.util.Optional;
import org.unet4j.volume.VoxelType;

/** NIfTI's numbers for voxel types. */
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

    private static final Map<Integer, String> UNSUPPORTED = Map.of(
            0, "unknown",
            1, "1-bit",
            32, "complex64",
            128, "RGB24",
            1536, "float128",
            1792, "complex128",
            2048, "complex256",
            2304, "RGBA32");

    private NiftiDatatype() {}

    static Optional<VoxelType> type(int code) {
        return Optional.ofNullable(SUPPORTED.get(code));
    }

    static String name(int code) {
        return UNSUPPORTED.getOrDefault(code, "not a NIfTI type");
    }

    static int code(VoxelType type) {
        return SUPPORTED.entrySet().stream()
                .filter(entry -> entry.getValue() == type)
                .findFirst()
                .orElseThrow()
                .getKey();
    }
}
