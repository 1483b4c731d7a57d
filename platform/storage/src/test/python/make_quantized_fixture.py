"""Makes quantized.safetensors: matrices, and their codes by the definitions of WeightFormat's Javadoc.

Written with numpy alone, block by block, apart from Kiln's code; the definitions of int8 and int4 are
those of llama.cpp's Q8_0 and Q4_0 with scales of float32: d = max |x| / 127 and value = d q, and d = m
/ -8 for the m of largest magnitude and value = d (q - 8). Run with numpy 2 and safetensors 0.6.
"""

import pathlib

import numpy as np
from safetensors.numpy import save_file

BLOCK = 32


def int8(block):
    scale = np.float32(np.abs(block).max() / np.float32(127))
    if scale == 0:
        return np.zeros(len(block), np.int8), scale
    q = np.rint(block.astype(np.float64) / np.float64(scale))
    return np.clip(q, -127, 127).astype(np.int8), scale


def int4(block):
    extreme = block[np.argmax(np.abs(block))]
    scale = np.float32(0) if extreme == 0 else np.float32(extreme / np.float32(-8))
    if scale == 0:
        q = np.full(len(block), 8)
    else:
        q = np.clip(np.rint(block.astype(np.float64) / np.float64(scale)) + 8, 0, 15)
    q = q.astype(np.uint8)
    if len(q) % 2:
        q = np.append(q, np.uint8(8))
    return q[0::2] | q[1::2] << 4, scale


def vector(values, code):
    """The codes and the scales along one vector that a product sums over."""
    blocks = [code(values[at : at + BLOCK]) for at in range(0, len(values), BLOCK)]
    return np.concatenate([codes for codes, _ in blocks]), np.array([s for _, s in blocks])


def matrix(values, table, code):
    """Of a table along its rows, else down the columns."""
    vectors = [vector(v, code) for v in (values if table else values.T)]
    codes = np.stack([c for c, _ in vectors])
    scales = np.stack([s for _, s in vectors])
    return (codes, scales) if table else (codes.T, scales.T)


def main():
    random = np.random.default_rng(11)
    linear = random.normal(size=(67, 5)).astype(np.float32)
    linear[:32, 3] = 0  # a block of zeros
    linear[:4, 4] = [127, 2.5, 3.5, -0.5]  # int8: scale 1, ties to even
    linear[4:32, 4] = 0
    linear[64:, 2] = [-8, 8, 0.5]  # int4: the first of two extremes is exact, the other is 15 - 8
    table = random.normal(size=(6, 37)).astype(np.float32) * 1e-3
    tensors = {"linear": linear, "table": table}
    for name, code in (("int8", int8), ("int4", int4)):
        for weight, values in (("linear", linear), ("table", table)):
            codes, scales = matrix(values, weight == "table", code)
            tensors[f"{name}.{weight}"] = np.ascontiguousarray(codes)
            tensors[f"{name}.{weight}.scales"] = np.ascontiguousarray(scales)
    out = pathlib.Path(__file__).parents[1] / "resources" / "quantized.safetensors"
    save_file(tensors, out)


main()
