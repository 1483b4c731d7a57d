"""Numbers that the reference backend must reproduce, computed by PyTorch in double precision.

An independent source of truth for the oracle itself. To make them anew (PyTorch 2.x, no numpy):

    python reference_fixtures.py > ../resources/dev/kiln/testkit/pytorch.properties

Each line is `name=elements`, row-major, separated by spaces.
"""

import torch
import torch.nn.functional as F

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)


def put(name, tensor):
    values = tensor.detach().reshape(-1).tolist()
    spelled = (repr(v).replace("inf", "Infinity") for v in values)  # as Java reads it
    print(f"{name}={' '.join(spelled)}")


def normal(*shape, scale=1.0):
    return (torch.randn(*shape) * scale).requires_grad_()


def activation(name, function):
    x = torch.tensor([-8, -3, -1.5, -0.5, -1e-3, 0, 0.3, 1, 2.5, 7]).requires_grad_()
    above = torch.randn(10)
    out = function(x)
    out.backward(above)
    put(f"{name}.x", x)
    put(f"{name}.dOut", above)
    put(f"{name}.out", out)
    put(f"{name}.dX", x.grad)


def matmul():
    a, b, out = torch.randn(3, 4), torch.randn(4, 5), torch.randn(3, 5)
    put("matmul.a", a)
    put("matmul.aT", a.T)
    put("matmul.b", b)
    put("matmul.bT", b.T)
    put("matmul.before", out)
    put("matmul.out", torch.addmm(out, a, b, beta=0.75, alpha=-1.25))


def layer_norm():
    x, gain, bias, above = normal(3, 5, scale=2), normal(5), normal(5), torch.randn(3, 5)
    out, mean, rstd = torch.native_layer_norm(x, [5], gain, bias, 1e-5)
    out.backward(above)
    put("layerNorm.x", x)
    put("layerNorm.gain", gain)
    put("layerNorm.bias", bias)
    put("layerNorm.dOut", above)
    put("layerNorm.out", out)
    put("layerNorm.statistics", torch.cat([mean.reshape(-1), rstd.reshape(-1)]))
    put("layerNorm.dX", x.grad)
    put("layerNorm.dGain", gain.grad)
    put("layerNorm.dBias", bias.grad)


def attention(name, visible):
    batch, length, heads, size = 2, 5, 2, 3
    width = heads * size
    qkv, above = normal(batch, length, 3 * width), torch.randn(batch, length, width)
    q, k, v = (
        part.reshape(batch, length, heads, size).transpose(1, 2)
        for part in qkv.split(width, dim=2)
    )
    out = F.scaled_dot_product_attention(q, k, v, attn_mask=visible, scale=0.7)
    out = out.transpose(1, 2).reshape(batch, length, width)
    scores = (0.7 * q @ k.transpose(2, 3)).masked_fill(~visible, float("-inf"))
    out.backward(above)
    put(f"{name}.qkv", qkv)
    put(f"{name}.dOut", above)
    put(f"{name}.out", out)
    put(f"{name}.logSumExp", scores.logsumexp(3))
    put(f"{name}.dQkv", qkv.grad)


def cross_entropy():
    logits = normal(4, 7, scale=3)
    targets, weights = torch.tensor([6, 0, 3, 3]), torch.tensor([1.0, 0.0, 0.5, 2.0])
    losses = weights * F.cross_entropy(logits, targets, reduction="none")
    losses.sum().backward()
    put("crossEntropy.logits", logits)
    put("crossEntropy.losses", losses)
    put("crossEntropy.dLogits", logits.grad)
    hidden, table = normal(4, 3), normal(7, 3)
    losses = weights * F.cross_entropy(F.linear(hidden, table), targets, reduction="none")
    losses.sum().backward()
    put("projected.hidden", hidden)
    put("projected.table", table)
    put("projected.losses", losses)
    put("projected.dHidden", hidden.grad)
    put("projected.dTable", table.grad)


def scatter_add():
    before, x = torch.randn(4, 3), torch.randn(5, 3)
    put("scatterAdd.before", before)
    put("scatterAdd.x", x)
    put("scatterAdd.out", before.index_add(0, torch.tensor([2, 0, 2, 3, 2]), x))


def adamw():
    weight, gradients = normal(6), torch.randn(4, 6)
    put("adamW.before", weight)
    put("adamW.gradients", gradients)
    optimizer = torch.optim.AdamW(
        [weight], lr=0.05, betas=(0.9, 0.95), eps=1e-3, weight_decay=0.1, foreach=False
    )
    for gradient in gradients:
        weight.grad = 0.5 * gradient
        optimizer.step()
    put("adamW.after", weight)
    put("adamW.firstMoment", optimizer.state[weight]["exp_avg"])
    put("adamW.secondMoment", optimizer.state[weight]["exp_avg_sq"])


def rounded(*shape):
    """Numbers of bfloat16, in it, that gradients flow to."""
    return torch.randn(*shape).to(torch.bfloat16).requires_grad_()


def mixed_precision():
    """As a model under autocast to bfloat16: float32 masters, norms in float32."""
    torch.set_default_dtype(torch.float32)
    x, above = rounded(5, 64), rounded(5, 9)
    weight = normal(64, 9)
    with torch.autocast("cpu", torch.bfloat16):
        out = F.linear(x, weight.T)
    out.backward(above)
    put("mixed.linear.x", x)
    put("mixed.linear.weight", weight)
    put("mixed.linear.dOut", above)
    put("mixed.linear.out", out)
    put("mixed.linear.dX", x.grad)
    put("mixed.linear.dWeight", weight.grad)

    x, above = rounded(5, 24), rounded(5, 24)
    gain, bias = normal(24), normal(24)
    out = F.layer_norm(x.float(), [24], gain, bias, 1e-5).to(torch.bfloat16)
    out.backward(above)
    put("mixed.layerNorm.x", x)
    put("mixed.layerNorm.gain", gain)
    put("mixed.layerNorm.bias", bias)
    put("mixed.layerNorm.dOut", above)
    put("mixed.layerNorm.out", out)
    put("mixed.layerNorm.dX", x.grad)
    put("mixed.layerNorm.dGain", gain.grad)
    put("mixed.layerNorm.dBias", bias.grad)

    qkv, above = rounded(2, 9, 48), rounded(2, 9, 16)
    q, k, v = (part.reshape(2, 9, 2, 8).transpose(1, 2) for part in qkv.split(16, dim=2))
    out = F.scaled_dot_product_attention(q, k, v, is_causal=True, scale=0.35)
    out = out.transpose(1, 2).reshape(2, 9, 16)
    assert out.dtype == torch.bfloat16
    out.backward(above)
    put("mixed.attention.qkv", qkv)
    put("mixed.attention.dOut", above)
    put("mixed.attention.out", out)
    put("mixed.attention.dQkv", qkv.grad)


def bfloat16():
    x = torch.cat([torch.randn(20), torch.tensor([1.00390625, 1.01171875, 3.4e38, -1e-40])])
    x = x.to(torch.float32)
    put("bfloat16.x", x)
    put("bfloat16.out", x.to(torch.bfloat16).to(torch.float32))


position = torch.arange(5)
causal = position[None, :] <= position[:, None]
print(f"# PyTorch {torch.__version__}")
activation("activation.gelu_tanh", lambda x: F.gelu(x, approximate="tanh"))
activation("activation.gelu_erf", F.gelu)
matmul()
layer_norm()
attention("causal", causal)
attention("banded", causal & (position[None, :] > position[:, None] - 3))
attention("sparse", causal & (((position[:, None] - position[None, :]) % 2) == 0))
cross_entropy()
scatter_add()
adamw()
bfloat16()
mixed_precision()
torch.set_default_dtype(torch.float64)
activation("activation.quick_gelu", lambda x: x * torch.sigmoid(1.702 * x))
activation("activation.silu", F.silu)
activation("activation.relu", F.relu)
activation("activation.tanh", torch.tanh)
