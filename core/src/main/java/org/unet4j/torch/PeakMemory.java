package org.unet4j.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * The most memory since it was made. Resident memory comes from Linux, whose own high-water mark is set back at the start
 * (proc(5), {@code clear_refs}); where that is not allowed it is the process's mark since its start, and other systems do
 * not say. What one run leaves in caches counts for the next.
 */
public final class PeakMemory {

    private static final Path RESET = Path.of("/proc/self/clear_refs");
    private static final Path STATUS = Path.of("/proc/self/status");

    private final Device device;

    private PeakMemory(Device device) {
        this.device = device;
    }

    /** Returns the marks, from now on. */
    public static PeakMemory start(Device device) {
        if (device.isCuda()) {
            torch.globalContext().lazyInitDevice(DeviceType.CUDA); // else the allocator knows no card yet, and throws
            torch_cuda.getDeviceAllocator(DeviceType.CUDA).resetPeakStats((byte) device.index());
        }
        try {
            Files.writeString(RESET, "5", StandardOpenOption.WRITE);
        } catch (IOException e) {
            // No Linux, or a container that forbids it: the mark stays that of the whole process, as documented.
            return new PeakMemory(device);
        }
        return new PeakMemory(device);
    }

    /** Returns the marks since the process began. */
    public static PeakMemory ofProcess(Device device) {
        return new PeakMemory(device);
    }

    /** Returns the most resident memory; absent where the system does not say. */
    public OptionalLong residentBytes() throws IOException {
        return Files.isReadable(STATUS) ? highWater(Files.readString(STATUS)) : OptionalLong.empty();
    }

    /** Returns the most memory that libtorch held on the card; absent without one. */
    public OptionalLong deviceBytes() {
        if (!device.isCuda()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(torch_cuda
                .getDeviceAllocator(DeviceType.CUDA)
                .getDeviceStats((byte) device.index())
                .reserved_bytes()
                .peak());
    }

    /** Returns what the line {@code VmHWM: 1234 kB} says. */
    static OptionalLong highWater(String status) {
        return status.lines()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst();
    }
}
