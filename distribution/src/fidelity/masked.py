"""GPT-2 with an explicit attention mask per layer, in plain PyTorch.

The oracle for sparse attention: scores of every pair are computed and those of hidden pairs are set
to -inf, so that it shares no idea with an implementation that never looks at hidden pairs. Weights
are named, shaped and stored ([in, out]) as in Hugging Face's bare GPT-2.

Radford et al. (2019), section 2.3; Child et al. (2019), "Generating Long Sequences with Sparse
Transformers", section 4.3, for the masks.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F


def pairs(length):
    """Indices of queries [T, 1] and of keys [1, T]."""
    places = torch.arange(length)
    return places[:, None], places[None, :]


def dense(length):
    i, j = pairs(length)
    return j <= i


def banded(window):
    """The query itself and the window - 1 keys before it."""

    def mask(length):
        i, j = pairs(length)
        return (j <= i) & (i - j < window)

    return mask


def strided(stride):
    """The last `stride` positions, and every stride-th one before."""

    def mask(length):
        i, j = pairs(length)
        return (j <= i) & ((i - j < stride) | ((i - j) % stride == 0))

    return mask


def fixed(stride, summary):
    """The query's own block of `stride` positions, and the last `summary` ones of all before."""

    def mask(length):
        i, j = pairs(length)
        return (j <= i) & ((i // stride == j // stride) | (j % stride >= stride - summary))

    return mask


class Conv1D(nn.Module):
    """x · weight[in, out] + bias."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(inputs, outputs))
        self.bias = nn.Parameter(torch.empty(outputs))

    def forward(self, x):
        return x @ self.weight + self.bias


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.c_attn = Conv1D(width, 3 * width)
        self.c_proj = Conv1D(width, width)

    def forward(self, x, mask):
        batch, length, width = x.shape
        split = (batch, length, self.heads, width // self.heads)
        q, k, v = (y.view(split).transpose(1, 2) for y in self.c_attn(x).split(width, dim=2))
        scores = q @ k.transpose(2, 3) / math.sqrt(width // self.heads)  # (B, H, T, T)
        seen = scores.masked_fill(~mask, -math.inf).softmax(dim=3)
        return self.c_proj((seen @ v).transpose(1, 2).reshape(batch, length, width))


class Mlp(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.c_fc = Conv1D(width, 4 * width)
        self.c_proj = Conv1D(4 * width, width)

    def forward(self, x):
        return self.c_proj(F.gelu(self.c_fc(x), approximate="tanh"))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.ln_1 = nn.LayerNorm(width)
        self.attn = Attention(width, heads)
        self.ln_2 = nn.LayerNorm(width)
        self.mlp = Mlp(width)

    def forward(self, x, mask):
        x = x + self.attn(self.ln_1(x), mask)
        return x + self.mlp(self.ln_2(x))


class MaskedGpt2(nn.Module):
    """masks: one function of the length a layer, which gives [T, T], true where a key is seen."""

    def __init__(self, vocabulary, context, width, heads, masks):
        super().__init__()
        self.masks = masks
        self.wte = nn.Embedding(vocabulary, width)
        self.wpe = nn.Embedding(context, width)
        self.h = nn.ModuleList(Block(width, heads) for _ in masks)
        self.ln_f = nn.LayerNorm(width)

    def forward(self, ids):
        """Hidden states as transformers orders them, and logits."""
        x = self.wte(ids) + self.wpe(torch.arange(ids.shape[1]))
        hidden = [x]
        for block, mask in zip(self.h, self.masks):
            x = block(x, mask(ids.shape[1]))
            hidden.append(x)
        hidden[-1] = self.ln_f(x)
        return hidden, hidden[-1] @ self.wte.weight.T
