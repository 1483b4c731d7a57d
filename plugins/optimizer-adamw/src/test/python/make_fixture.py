"""Makes ../resources/pytorch-adamw.txt: ten steps of PyTorch's AdamW in float64.

Needs torch (2.13.0 was used):

    python make_fixture.py

Two weights, a matrix that decays and a bias that does not, get random gradients, each multiplied
by a scale, and a learning rate that changes. Every line is a step, a name and its numbers.
"""

import pathlib

import torch

torch.manual_seed(3)
matrix = torch.randn(2, 3).double().requires_grad_()
bias = torch.randn(3).double().requires_grad_()
weights = {"matrix": matrix, "bias": bias}
optimizer = torch.optim.AdamW(
    [
        {"params": [matrix], "weight_decay": 0.1},
        {"params": [bias], "weight_decay": 0.0},
    ],
    betas=(0.9, 0.95),
    eps=1e-8,
)
lines = []


def line(step, name, values):
    lines.append(f"{step} {name} " + " ".join(repr(v) for v in values.flatten().tolist()))


for name, weight in weights.items():
    line(0, name, weight.detach())
for step in range(1, 11):
    rate, scale = 0.01 * step, 1.0 / step
    line(step, "learningRate", torch.tensor(rate, dtype=torch.float64))
    line(step, "scale", torch.tensor(scale, dtype=torch.float64))
    for name, weight in weights.items():
        gradient = torch.randn_like(weight, dtype=torch.float32).double()
        line(step, name + ".gradient", gradient)
        weight.grad = gradient * scale
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.step()
    for name, weight in weights.items():
        line(step, name, weight.detach())
        line(step, name + ".exp_avg", optimizer.state[weight]["exp_avg"])
        line(step, name + ".exp_avg_sq", optimizer.state[weight]["exp_avg_sq"])

path = pathlib.Path(__file__).parent.parent / "resources" / "pytorch-adamw.txt"
path.write_text("\n".join(lines) + "\n")
