"""The tiny random checkpoints: each family, with odd sizes, so that nothing fits by chance."""

from dataclasses import dataclass
from typing import Callable

import torch
from torch import nn
from torch.nn.utils import parametrize
from transformers import (
    GPT2Config,
    GPT2LMHeadModel,
    GPTNeoConfig,
    GPTNeoForCausalLM,
    OpenAIGPTConfig,
    OpenAIGPTLMHeadModel,
)

import masked

NO_DROPOUT = {"resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0}
SIZES = "vocab_size n_positions n_embd n_head n_layer".split()


@dataclass
class Tiny:
    """A checkpoint to be made.

    build: a fresh model, not yet filled; context: its longest sequence; recipe: for a model that
    has no Hugging Face form, how Kiln's YAML says it.
    """

    name: str
    build: Callable[[], nn.Module]
    vocabulary: int
    context: int
    recipe: str = ""


def openai(sizes, tied):
    config = dict(zip(SIZES, sizes))
    return OpenAIGPTLMHeadModel(
        OpenAIGPTConfig(
            **config, **NO_DROPOUT, summary_first_dropout=0.0, tie_word_embeddings=tied
        )
    )


def gpt2(sizes):
    config = dict(zip(SIZES, sizes))
    return GPT2LMHeadModel(
        GPT2Config(
            **config,
            **NO_DROPOUT,
            summary_first_dropout=0.0,
            bos_token_id=None,
            eos_token_id=None,
            attn_implementation="eager",
        )
    )


def gpt_neo(vocabulary, context, width, heads, layers, window):
    return GPTNeoForCausalLM(
        GPTNeoConfig(
            vocab_size=vocabulary,
            max_position_embeddings=context,
            hidden_size=width,
            num_layers=layers,
            num_heads=heads,
            attention_types=[[["global", "local"], layers // 2]],
            window_size=window,
            resid_dropout=0.0,
            embed_dropout=0.0,
            attention_dropout=0.0,
            bos_token_id=None,
            eos_token_id=None,
            attn_implementation="eager",
        )
    )


CHECKPOINTS = [
    Tiny("openai-gpt", lambda: openai((97, 19, 30, 3, 2), True), 97, 19),
    Tiny("openai-gpt-untied", lambda: openai((61, 17, 28, 2, 2), False), 61, 17),
    Tiny("gpt2", lambda: gpt2((97, 23, 36, 3, 2)), 97, 23),
    Tiny("gpt_neo", lambda: gpt_neo(83, 23, 20, 5, 4, 5), 83, 23),
    Tiny(
        "sparse",
        lambda: masked.MaskedGpt2(
            89, 29, 24, 3, [masked.strided(4), masked.fixed(6, 2), masked.banded(5)]
        ),
        89,
        29,
        """model:
  gpt2:
    layers: 3
    heads: 3
    width: 24
    context: 29
    dropout: 0
    attention:
      - strided: {stride: 4}
      - fixed: {stride: 6, summary: 2}
      - banded: {window: 5}
""",
    ),
]


def fill(model, generator):
    """Weights that all matter: gains that differ, biases that are not zero, large matrices."""
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.dim() > 1:
                weight.normal_(0, 0.2, generator=generator)
            elif name.endswith("bias"):
                weight.normal_(0, 0.2, generator=generator)
            else:
                weight.normal_(1, 0.3, generator=generator)
    return model.eval()


class Times(nn.Module):
    """A weight that is kept as one `factor` times as large."""

    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, kept):
        return kept / self.factor

    def right_inverse(self, weight):
        return weight * self.factor


def scale_queries(model):
    """GPT-Neo does not divide its scores by the root of the head size. One who does keeps queries
    that much larger: the same function, but not the same steps of AdamW, which does not care for a
    gradient's size. So the steps are recorded of those weights."""
    if isinstance(model, GPTNeoForCausalLM):
        factor = (model.config.hidden_size / model.config.num_heads) ** 0.5
        for block in model.transformer.h:
            parametrize.register_parametrization(
                block.attn.attention.q_proj, "weight", Times(factor)
            )
