"""Makes voxel_losses.json: venv/bin/python voxel_losses.py > voxel_losses.json (torch 2.13.0, in this folder).

PyTorch's and nnU-Net's formulas in float64, of the logits and target in losses.json. Logits of coarser stages: of element i of
stage s, in row-major order, sin(.37 i + s).
"""
import json

import torch
import torch.nn.functional as F

with open("losses.json") as file:
    given = json.load(file)
fine = torch.tensor(given["logits"], dtype=torch.float64)
target = torch.tensor(given["target"])[:, 0]
WEIGHTS = [0.5, 2.0, 3.0]


def cross_entropy(logits, target, weights):
    return F.cross_entropy(logits, target, None if weights is None else torch.tensor(weights, dtype=torch.float64))


def top_k(logits, target, weights, percent):  # nnU-Net's TopKLoss
    weights = None if weights is None else torch.tensor(weights, dtype=torch.float64)
    loss = F.cross_entropy(logits, target, weights, reduction="none").view(-1)
    return torch.topk(loss, int(loss.numel() * percent / 100), sorted=False)[0].mean()


def focal(logits, target, weights, gamma):  # MONAI's FocalLoss(use_softmax=True, to_onehot_y=True, weight=weights)
    log = logits.log_softmax(1)
    one_hot = F.one_hot(target, logits.shape[1]).movedim(-1, 1)
    loss = -(1 - log.exp()).pow(gamma) * log * one_hot
    if weights is not None:
        loss = loss * torch.tensor(weights, dtype=torch.float64).view(1, -1, 1, 1, 1)
    return loss.mean()


def dice(logits, target):  # of the foreground, for each sample
    p = logits.softmax(1)[:, 1:]
    t = F.one_hot(target, logits.shape[1]).movedim(-1, 1)[:, 1:]
    axes = (2, 3, 4)
    return 1 - ((2 * (p * t).sum(axes) + 1e-5) / (p.sum(axes) + t.sum(axes) + 1e-5)).mean()


def numbers(loss, logits=fine):
    logits = logits.clone().requires_grad_()
    value = loss(logits, target)
    value.backward()
    gradient = logits.grad.flatten()
    return {"value": value.item(), "grad_l2": gradient.norm().item(), "grad_first8": gradient[:8].tolist()}


def stage(s, shape):
    return torch.sin(0.37 * torch.arange(2 * 3 * shape[0] * shape[1] * shape[2], dtype=torch.float64) + s).view(2, 3, *shape)


def deep_supervision(shapes):  # nnU-Net's weights, and its DownsampleSegForDSTransform of the target
    def loss(logits, target):
        weights = [0.5**s for s in range(len(shapes) + 1)]
        losses = [dice(logits, target) + cross_entropy(logits, target, None)]
        for s, shape in enumerate(shapes, 1):
            coarse = F.interpolate(target[:, None].double(), shape, mode="nearest-exact")[:, 0].long()
            losses.append(dice(stage(s, shape), coarse) + cross_entropy(stage(s, shape), coarse, None))
        return sum(w * l for w, l in zip(weights, losses)) / sum(weights)

    return loss


print(json.dumps({
    "source": "voxel_losses.py: torch " + torch.__version__,
    "weights": WEIGHTS,
    "losses": {
        "cross-entropy weighted": numbers(lambda z, t: cross_entropy(z, t, WEIGHTS)),
        "top-k 10": numbers(lambda z, t: top_k(z, t, None, 10)),
        "top-k 25 weighted": numbers(lambda z, t: top_k(z, t, WEIGHTS, 25)),
        "focal 0.5": numbers(lambda z, t: focal(z, t, None, 0.5)),
        "focal 1.5 weighted": numbers(lambda z, t: focal(z, t, WEIGHTS, 1.5)),
        "dice plus top-k 10": numbers(lambda z, t: dice(z, t) + top_k(z, t, None, 10)),
        "dice plus cross-entropy weighted": numbers(lambda z, t: dice(z, t) + cross_entropy(z, t, WEIGHTS)),
    },
    "deep supervision": {
        "stages": [[3, 2, 5], [1, 1, 5]],
        **numbers(deep_supervision([[3, 2, 5], [1, 1, 5]])),
    },
}, indent=1))
