"""Makes ../resources/small.safetensors, odd.safetensors and the seeds of the fuzz test with the
format's own implementation.

Needs torch, numpy and safetensors (2.13.0, 2.4.6 and 0.8.0 were used):

    python make_fixtures.py

With a path as argument, checks that safetensors reads what Kiln wrote there as it was meant:

    python make_fixtures.py ../../../target/written.safetensors

SafetensorsContentTest makes that file and compares it with ../resources/written.safetensors.
"""

import pathlib
import struct
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


def make_odd(path):
    """What is rare: no elements, no dimensions, names of other scripts, types of few bits."""
    tensors = {
        "": torch.tensor([1.5]),
        "名前 \"q\" \\ \n\t🔥": torch.tensor([[2.5]], dtype=torch.bfloat16),
        "empty": torch.zeros(0, 3),
        "scalar half": torch.tensor(-0.375, dtype=torch.float16),
        "special": torch.tensor([float("inf"), float("-inf"), float("nan"), -0.0, 1e-45]),
        "special half": torch.tensor(
            [float("inf"), float("nan"), -0.0, 5.96e-8], dtype=torch.float16
        ),
        "e4m3": torch.tensor([1.0, 2.0, 448.0]).to(torch.float8_e4m3fn),
        "complex": torch.tensor([1 + 2j], dtype=torch.complex64),
        "flags": torch.tensor([True, False, True]),
    }
    save_file(tensors, path)


def make_seeds(folder):
    folder.mkdir(parents=True, exist_ok=True)
    save_file({"a": torch.ones(2), "b": torch.ones(1, 2).half()}, folder / "two", {"k": "v"})
    save_file({"s": torch.tensor(1.0).bfloat16(), "e": torch.zeros(0)}, folder / "scalar")
    save_file({}, folder / "nothing")
    whole = (folder / "two").read_bytes()
    header, data = whole[8:-12], whole[-12:]
    broken = {
        "cut": whole[:-3],
        "longer": whole + b"x",
        "overlap": with_header(header.replace(b"[8,12]", b"[4,8]"), data[:8]),
        "overflow": with_header(header.replace(b"[2]", b"[4294967296,4294967296]"), data),
        "not-utf8": with_header(header.replace(b'"a"', b'"\xff"'), data),
    }
    for name, contents in broken.items():
        (folder / name).write_bytes(contents)


def with_header(header, data):
    return struct.pack("<Q", len(header)) + header + data


def check(path):
    """What Kiln's SafetensorsContentTest writes, read by the format's own implementation."""
    values = torch.tensor([0.0, -0.0, 1 / 3, 65504.0, 1e-45, -1.0])
    with safe_open(path, "pt") as file:
        assert file.metadata() == {"format": "pt", "note": "größe\n"}, file.metadata()
        for name, expected in {
            "single": values.reshape(2, 3),
            "half": values.half(),
            "brain 窯": values.bfloat16(),
            "scalar": torch.tensor(2.0),
            "none": torch.zeros(0, 3),
        }.items():
            read = file.get_tensor(name)
            assert read.dtype == expected.dtype and torch.equal(read, expected), name
        assert len(file.keys()) == 5, file.keys()
    print(path, "is read as it was meant")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        check(sys.argv[1])
    else:
        folder = pathlib.Path(__file__).parent.parent / "resources"
        make(str(folder / "small.safetensors"))
        make_odd(str(folder / "odd.safetensors"))
        make_seeds(
            folder / "dev/kiln/platform/storage/SafetensorsFuzzTestInputs/everyTensorCanBeRead"
        )
