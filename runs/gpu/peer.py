#!/usr/bin/env python3
"""The same U-Net in PyTorch from Python, on the same card: what measure.sh's times are compared with. Nothing in unet4j needs it.

    peer.py [STEPS]      two patches of 128^3, 32 to 320 features as unet4j plans them, Dice + cross-entropy, Adam; data stay on the card
"""
import statistics, sys, time
import torch
from torch import nn
from torch.nn import functional as F

STRIDES = [(1, 1, 1), (1, 2, 2), (1, 2, 2), (2, 2, 2), (2, 2, 2), (2, 2, 2)]
KERNELS = [(1, 3, 3), (1, 3, 3), (3, 3, 3), (3, 3, 3), (3, 3, 3), (3, 3, 3)]
FEATURES = [32, 64, 128, 256, 320, 320]


def block(a, b, kernel, stride):
    pad = tuple(k // 2 for k in kernel)
    return nn.Sequential(
        nn.Conv3d(a, b, kernel, stride, pad), nn.InstanceNorm3d(b, affine=True), nn.LeakyReLU(0.01, True),
        nn.Conv3d(b, b, kernel, 1, pad), nn.InstanceNorm3d(b, affine=True), nn.LeakyReLU(0.01, True))


class UNet(nn.Module):
    def __init__(self, classes=3):
        super().__init__()
        self.down = nn.ModuleList(block(a, b, k, s) for a, b, k, s in zip([1] + FEATURES, FEATURES, KERNELS, STRIDES))
        levels = range(len(FEATURES) - 2, -1, -1)
        self.up = nn.ModuleList(nn.ConvTranspose3d(FEATURES[i + 1], FEATURES[i], STRIDES[i + 1], STRIDES[i + 1]) for i in levels)
        self.join = nn.ModuleList(block(2 * FEATURES[i], FEATURES[i], KERNELS[i], (1, 1, 1)) for i in levels)
        self.head = nn.Conv3d(FEATURES[0], classes, 1)

    def forward(self, x):
        kept = []
        for stage in self.down:
            x = stage(x)
            kept.append(x)
        for up, join, skip in zip(self.up, self.join, kept[-2::-1]):
            x = join(torch.cat([up(x), skip], 1))
        return self.head(x)


def loss_of(logits, labels):
    p = torch.softmax(logits.float(), 1)
    one_hot = torch.zeros_like(p).scatter_(1, labels[:, None], 1)
    axes = (0, 2, 3, 4)
    dice = (2 * (p * one_hot).sum(axes) + 1e-5) / (p.sum(axes) + one_hot.sum(axes) + 1e-5)
    return 1 - dice[1:].mean() + F.cross_entropy(logits.float(), labels)


def measure(precision, layout, steps):
    torch.backends.cudnn.benchmark = True
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
    memory = torch.channels_last_3d if layout == "channels_last" else torch.contiguous_format
    network = UNet().cuda().to(memory_format=memory)
    adam = torch.optim.Adam(network.parameters(), 3e-4, fused=True)
    image = torch.randn(2, 1, 128, 128, 128, device="cuda").contiguous(memory_format=memory)
    labels = torch.randint(0, 3, (2, 128, 128, 128), device="cuda")
    low = {"bf16": torch.bfloat16, "fp16": torch.float16}.get(precision)
    scaler = torch.amp.GradScaler(enabled=precision == "fp16")
    torch.cuda.reset_peak_memory_stats()
    times = []
    for _ in range(steps + 4):
        began = time.perf_counter()
        adam.zero_grad(set_to_none=True)
        with torch.autocast("cuda", low, enabled=low is not None):
            logits = network(image)
        scaler.scale(loss_of(logits, labels)).backward()
        scaler.unscale_(adam)
        nn.utils.clip_grad_norm_(network.parameters(), 12)
        scaler.step(adam)
        scaler.update()
        torch.cuda.synchronize()
        times.append(time.perf_counter() - began)
    print(f"{precision} {layout}: {statistics.median(times[4:]):.4f} s a step, {torch.cuda.max_memory_allocated() >> 20} MiB", flush=True)


if __name__ == "__main__":
    print("PyTorch", torch.__version__, "cuDNN", torch.backends.cudnn.version(), torch.cuda.get_device_name())
    for precision in ("fp32", "tf32", "bf16", "fp16"):
        for layout in ("contiguous", "channels_last"):
            try:
                measure(precision, layout, int(sys.argv[1]) if len(sys.argv) > 1 else 12)
            except Exception as e:
                print(precision, layout, str(e).splitlines()[0])
