"""Writes core/src/test/resources/golden/optimizers.json: optimizers and weight averages once more, in PyTorch.

python3 -m venv venv && venv/bin/pip install torch==2.13.0 numpy && venv/bin/python -P optimizers.py > optimizers.json (-P: statistics.py beside it is not Python's)

A kernel and a bias take five steps: the gradient of p is p - 0.3 t, the learning rate 0.01 t, t from 1. The bias is not
decayed. After each step the weights go into an average of decay min(0.3, (1 + t) / (10 + t)), here t from 0.
"""
import json

import torch
from torch.optim import SGD, Adam, AdamW
from torch.optim.swa_utils import get_ema_multi_avg_fn

KERNEL = [1, -2, 3, 0.5, -0.25, 4]
BIAS = [0.1]
MEMBERS = {
    "adam": lambda groups: Adam(groups, lr=1, betas=(0.8, 0.95), eps=1e-4, fused=True),
    "adamw": lambda groups: AdamW(groups, lr=1, betas=(0.8, 0.95), eps=1e-4, fused=True),
    "nesterov": lambda groups: SGD(groups, lr=1, momentum=0.9, nesterov=True, fused=True),
    "momentum": lambda groups: SGD(groups, lr=1, momentum=0.9, fused=True),
    "plain": lambda groups: SGD(groups, lr=1, fused=True),
}


def numbers(tensors):
    return [x for tensor in tensors for x in tensor.flatten().tolist()]


def run(make):
    weights = [torch.nn.Parameter(torch.tensor(KERNEL).reshape(2, 3)), torch.nn.Parameter(torch.tensor(BIAS))]
    average = [weight.detach().clone() for weight in weights]
    optimizer = make([dict(params=weights[:1], weight_decay=0.05), dict(params=weights[1:], weight_decay=0)])
    for t in range(5):
        for group in optimizer.param_groups:
            group["lr"] = 0.01 * (t + 1)
        for weight in weights:
            weight.grad = weight.detach() - 0.3 * (t + 1)
        optimizer.step()
        decay = min(0.3, (1 + t) / (10 + t))
        get_ema_multi_avg_fn(decay)(average, [weight.detach() for weight in weights], None)
    return {"weights": numbers(weights), "average": numbers(average)}


print(json.dumps({"source": "PyTorch " + torch.__version__} | {name: run(make) for name, make in MEMBERS.items()}, indent=1))
