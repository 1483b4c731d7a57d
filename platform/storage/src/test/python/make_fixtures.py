"""Makes ../resources/small.safetensors with the format's own implementation.

Needs torch, numpy and safetensors (2.13.0, 2.4.6 and 0.8.0 were used):

    python make_fixtures.py

With a path as argument, prints what safetensors reads there instead: the check of Kiln's writer.
"""

import pathlib
import sys

import torch
from safetensors import safe_open
from safetensors.torch import save_file


def make(path):
    tensors = {
        "h.0.weight": torch.arange(6).reshape(2, 3) / 4 - 0.5,
        "half": torch.tensor([1.0, -0.1, 65504.0, 6e-8], dtype=torch.float16),
        "brain": torch.tensor([[1.0, -2.5], [3.0e38, 0.0]], dtype=torch.bfloat16),
        "ids": torch.tensor([7, -8, 50256], dtype=torch.int32),
        "long": torch.tensor([1 << 40]),
        "scalar": torch.tensor(0.125),
    }
    save_file(tensors, path, {"format": "pt", "note": "größe"})


def show(path):
    with safe_open(path, "numpy") as file:
        print(file.metadata())
        for name in file.keys():
            print(name, file.get_tensor(name).dtype, file.get_tensor(name).tolist())


if __name__ == "__main__":
    if len(sys.argv) > 1:
        show(sys.argv[1])
    else:
        folder = pathlib.Path(__file__).parent.parent / "resources"
        make(str(folder / "small.safetensors"))
