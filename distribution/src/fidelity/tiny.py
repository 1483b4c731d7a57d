"""The tiny random checkpoints: each family, with odd sizes, so that nothing fits by chance."""

from dataclasses import dataclass
from typing import Callable

import torch
from torch import nn
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


def openai(sizes, tied, **more):
    config = dict(zip(SIZES, sizes))
    return OpenAIGPTLMHeadModel(
        OpenAIGPTConfig(
            **config,
            **NO_DROPOUT,
            **more,
            summary_first_dropout=0.0,
            tie_word_embeddings=tied,
        )
    )


def gpt2(sizes, **more):
    config = dict(zip(SIZES, sizes))
    return GPT2LMHeadModel(
        GPT2Config(
            **config,
            **NO_DROPOUT,
            summary_first_dropout=0.0,
            bos_token_id=None,
            eos_token_id=None,
            attn_implementation="eager",
            **more,
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
    Tiny(
        "gpt2-relu-unscaled",
        lambda: gpt2(
            (53, 13, 20, 2, 2), activation_function="relu", scale_attn_weights=False, n_inner=27
        ),
        53,
        13,
    ),
    Tiny(
        "gpt2-silu-by-layer",
        lambda: gpt2(
            (53, 13, 20, 2, 3), activation_function="silu", scale_attn_by_inverse_layer_idx=True
        ),
        53,
        13,
    ),
    Tiny(
        "gpt2-quick-gelu-upcast",
        lambda: gpt2(
            (53, 13, 20, 2, 2), activation_function="quick_gelu", reorder_and_upcast_attn=True
        ),
        53,
        13,
    ),
    Tiny("gpt2-tanh", lambda: gpt2((53, 13, 20, 2, 2), activation_function="tanh"), 53, 13),
    Tiny("openai-gpt-swish", lambda: openai((53, 13, 20, 2, 2), True, afn="swish"), 53, 13),
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
