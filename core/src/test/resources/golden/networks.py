"""Writes core/src/test/resources/golden/networks.json: the four networks once more, in PyTorch's own modules.

python3 -m venv venv && venv/bin/pip install torch==2.13.0 numpy && venv/bin/python networks.py > networks.json

Parameter j (in the order of state_dict of the classes below, which is that of unet4j), flat index i:
sin(0.37 * i + j) / sqrt(numbers in p[0]). Image: sin(.3 z + .3) cos(.2 y) + .1 z sin(.25 x) - .05 x y, for sample n plus .1 n.
"""
import json
import math
import sys

import torch
import torch.nn.functional as F
from torch import nn


def norm(features):
    return nn.InstanceNorm3d(features, eps=1e-5, affine=True)


def conv(cin, cout, kernel, stride):
    return nn.Conv3d(cin, cout, kernel, stride, tuple(k // 2 for k in kernel))


class Double(nn.Module):
    def __init__(self, cin, cout, kernel, stride):
        super().__init__()
        self.c0, self.n0 = conv(cin, cout, kernel, stride), norm(cout)
        self.c1, self.n1 = conv(cout, cout, kernel, (1, 1, 1)), norm(cout)

    def forward(self, x):
        x = F.leaky_relu(self.n0(self.c0(x)), 0.01)
        return F.leaky_relu(self.n1(self.c1(x)), 0.01)


class Residual(nn.Module):
    def __init__(self, cin, cout, kernel, stride):
        super().__init__()
        self.c0, self.n0 = conv(cin, cout, kernel, stride), norm(cout)
        self.c1, self.n1 = conv(cout, cout, kernel, (1, 1, 1)), norm(cout)
        self.project = cin != cout or stride != (1, 1, 1)
        if self.project:
            self.cs, self.ns = conv(cin, cout, (1, 1, 1), stride), norm(cout)

    def forward(self, x):
        y = self.n1(self.c1(F.leaky_relu(self.n0(self.c0(x)), 0.01)))
        return F.leaky_relu(y + (self.ns(self.cs(x)) if self.project else x), 0.01)


class Gate(nn.Module):
    def __init__(self, features, coarse, stride):
        super().__init__()
        inner = max(1, features // 2)
        self.skip = nn.Conv3d(features, inner, stride, stride, bias=False)
        self.signal = nn.Conv3d(coarse, inner, 1)
        self.psi = nn.Conv3d(inner, 1, 1)

    def forward(self, skip, signal):
        q = torch.sigmoid(self.psi(F.relu(self.skip(skip) + self.signal(signal))))
        return skip * F.interpolate(q, size=skip.shape[2:], mode="trilinear", align_corners=False)


class Net(nn.Module):
    def __init__(self, block, gated, channels, classes, strides, kernels, features):
        super().__init__()
        n = len(features)
        ins = [channels] + features
        self.encoder = nn.ModuleList(block(ins[s], features[s], kernels[s], strides[s]) for s in range(n))
        self.gates = nn.ModuleList(Gate(features[s], features[s + 1], strides[s + 1]) for s in range(1, n - 1) if gated)
        self.ups = nn.ModuleList(
            nn.ConvTranspose3d(features[s + 1], features[s], strides[s + 1], strides[s + 1]) for s in range(n - 1))
        self.decoder = nn.ModuleList(block(2 * features[s], features[s], kernels[s], (1, 1, 1)) for s in range(n - 1))
        self.head = nn.Conv3d(features[0], classes, 1)

    def forward(self, x):
        skips = []
        for stage in self.encoder:
            x = stage(x)
            skips.append(x)
        for s in reversed(range(len(self.decoder))):
            skip = self.gates[s - 1](skips[s], x) if s > 0 and len(self.gates) else skips[s]
            x = self.decoder[s](torch.cat([self.ups[s](x), skip], 1))
        return self.head(x)


def fill(net):
    with torch.no_grad():
        for j, p in enumerate(net.parameters()):
            i = torch.arange(p.numel(), dtype=torch.float64)
            p.copy_((torch.sin(0.37 * i + j) / math.sqrt(p[0].numel())).reshape(p.shape))


def image(n, channels, d, h, w):
    z, y, x = torch.meshgrid(*(torch.arange(s, dtype=torch.float64) for s in (d, h, w)), indexing="ij")
    base = torch.sin(.3 * z + .3) * torch.cos(.2 * y) + .1 * z * torch.sin(.25 * x) - .05 * x * y
    return torch.stack([torch.stack([base + .1 * k + .05 * c for c in range(channels)]) for k in range(n)]).float()


def nnunet_matches():
    """nnU-Net's own PlainConvUNet under the same rule, from ../shared/golden/networks.json: mean -1.772093653678894."""
    ones, twos, threes = (1, 1, 1), (2, 2, 2), (3, 3, 3)
    net = Net(Double, False, 1, 3, [ones, twos, twos, twos], [threes] * 4, [32, 64, 128, 256])
    params = []
    for s in net.encoder:
        params += list(s.parameters())
    for s in reversed(net.decoder):
        params += list(s.parameters())
    for u in reversed(net.ups):
        params += list(u.parameters())
    params += [torch.empty(3, 128, 1, 1, 1), torch.empty(3), torch.empty(3, 64, 1, 1, 1), torch.empty(3)]
    params += list(net.head.parameters())
    with torch.no_grad():
        for j, p in enumerate(params):
            i = torch.arange(p.numel(), dtype=torch.float64)
            p.copy_((torch.sin(0.37 * i + j) / math.sqrt(p[0].numel())).reshape(p.shape))
        return net(image(1, 1, 32, 32, 32))


def case(name, block, gated, channels, classes, strides, kernels, features, shape):
    net = Net(block, gated, channels, classes, strides, kernels, features)
    fill(net)
    logits = net(image(*([shape[0], channels] + shape[1:])))
    loss = (logits * torch.sin(torch.arange(logits.numel()).reshape(logits.shape) * 0.1)).mean()
    loss.backward()
    grads = [p.grad.double().norm().item() for p in net.parameters()]
    flat = logits.detach().flatten()
    step = max(1, flat.numel() // 40)
    return {"model": name, "channels": channels, "classes": classes, "strides": strides, "kernels": kernels, "features": features,
            "shape": shape, "parameters": sum(p.numel() for p in net.parameters()), "step": step,
            "logits": [round(v, 7) for v in flat[::step].tolist()], "mean": flat.double().mean().item(),
            "gradientNorms": grads}


def main():
    torch.manual_seed(0)
    ours = nnunet_matches().flatten()
    print("nnU-Net mean here", ours.mean().item(), "golden -1.772093653678894", file=sys.stderr)
    cube = [(1, 1, 1), (2, 2, 2), (2, 2, 2)]
    cubes = dict(channels=1, classes=3, strides=cube, kernels=[(3, 3, 3)] * 3, features=[8, 16, 32], shape=[2, 8, 16, 8])
    flat = dict(channels=2, classes=2, strides=[(1, 1, 1), (1, 2, 2), (2, 2, 2), (1, 2, 1)],
                kernels=[(1, 3, 3), (1, 3, 3), (3, 3, 3), (3, 3, 3)], features=[5, 7, 9, 11], shape=[1, 4, 16, 8])
    cases = []
    for name, block, gated in (("unet", Double, False), ("resunet", Residual, False), ("attention-unet", Double, True),
                               ("attention-resunet", Residual, True)):
        for spec in (cubes, flat):
            cases.append(case(name, block, gated, **spec))
    print(json.dumps({"source": f"PyTorch {torch.__version__}, networks.py",
                      "nnunet": {"source": "nnU-Net v2 PlainConvUNet 32-256 under torch 2.13.0 (CPU), the rule of networks.py",
                                 "mean": -1.772093653678894, "std": 0.9974204897880554,
                                 "first8": [-0.864034235, -0.710622609, -0.574524045, -0.579171419, -0.589706421,
                                            -0.587613821, -0.596419036, -0.600751281]},
                      "cases": cases}))


main()
