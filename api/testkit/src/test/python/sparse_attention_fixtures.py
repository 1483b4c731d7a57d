"""Sparse attention as PyTorch computes it with an explicit mask, for the attention kernels.

Masks follow the sets of Child et al. (2019), section 4.3, pair by pair. All is computed in double
precision and stored as float32; what goes in is a multiple of 1/16. To make the numbers anew (PyTorch 2.x, no numpy):

    python sparse_attention_fixtures.py > ../../main/resources/dev/kiln/testkit/sparse-attention.properties

Per case: `visible` are the T x T pairs as 0 and 1, rows of queries separated by spaces; `qkv` and
`dOut` go in; `out` and `dQkv` must come out. Numbers are row-major: [B, T, 3C] and [B, T, C].
"""

import torch
import torch.nn.functional as F

torch.manual_seed(4)
torch.set_default_dtype(torch.float64)


def put(name, tensor):
    values = tensor.detach().to(torch.float32).reshape(-1).tolist()
    print(f"{name}={' '.join(f'{v:.8g}' for v in values)}")


def normal(*shape):
    return (torch.randn(*shape) * 16).round() / 16


def case(name, batch, length, heads, size, visible):
    width = heads * size
    i, j = torch.arange(length)[:, None], torch.arange(length)[None, :]
    mask = (j <= i) & visible(i, j)
    qkv = normal(batch, length, 3 * width).requires_grad_()
    above = normal(batch, length, width)
    q, k, v = (
        part.reshape(batch, length, heads, size).transpose(1, 2)
        for part in qkv.split(width, dim=2)
    )
    out = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    out = out.transpose(1, 2).reshape(batch, length, width)
    out.backward(above)
    print(f"{name}.sizes={batch} {length} {heads} {size}")
    print(f"{name}.visible={' '.join(''.join(str(int(p)) for p in row) for row in mask)}")
    put(f"{name}.qkv", qkv)
    put(f"{name}.dOut", above)
    put(f"{name}.out", out)
    put(f"{name}.dQkv", qkv.grad)


print(f"# PyTorch {torch.__version__}")
case("banded", 2, 19, 2, 3, lambda i, j: i - j < 5)
case("strided", 1, 67, 1, 3, lambda i, j: (j >= i - 9) | ((i - j) % 9 == 0))
case("stridedSummary", 1, 97, 1, 2, lambda i, j: (i - j) % 17 == 0)
case("fixed", 1, 45, 2, 3, lambda i, j: (j // 7 == i // 7) | (j % 7 >= 7 - 2))
case("fixedSummary", 1, 37, 1, 3, lambda i, j: (j % 11 >= 11 - 3) | (i == j))
