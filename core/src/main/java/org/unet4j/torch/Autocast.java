package org.unet4j.torch;

import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * libtorch's automatic casting on this thread, from its making until {@link #close}, which restores what was before. The
 * outermost one drops the casts of the weights that libtorch keeps: they are stale after the optimizer's step.
 */
public final class Autocast implements AutoCloseable {

    private final DeviceType device;
    private final boolean enabledBefore;
    private final ScalarType typeBefore;

    Autocast(Device device, boolean enabled, ScalarType type) {
        this.device = device.type();
        enabledBefore = torch.is_autocast_enabled(this.device);
        typeBefore = torch.get_autocast_dtype(this.device);
        torch.set_autocast_enabled(this.device, enabled);
        if (enabled) {
            torch.set_autocast_dtype(this.device, type);
        }
    }

    /** Switches casting off on {@code device} until the result is closed: for what must be float32, such as a loss. */
    public static Autocast off(Device device) {
        return new Autocast(device, false, ScalarType.Float);
    }

    @Override
    public void close() {
        torch.set_autocast_dtype(device, typeBefore);
        torch.set_autocast_enabled(device, enabledBefore);
        if (!enabledBefore) {
            torch.clear_cache();
        }
    }
}
