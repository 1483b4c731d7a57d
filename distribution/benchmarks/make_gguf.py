"""Writes GPT-2 with random weights as llama.cpp reads it, in one of its formats."""

import argparse
import pathlib

import gguf
import numpy as np

from gpt2_sizes import SIZES

FORMATS = {
    "bfloat16": gguf.GGMLQuantizationType.BF16,
    "int8": gguf.GGMLQuantizationType.Q8_0,
    "int4": gguf.GGMLQuantizationType.Q4_0,
}


def tensors(size, random):
    """Names and values, matrices [out, in] as llama.cpp has them."""
    C, V, T = size["width"], size["vocabulary"], size["context"]

    def normal(*shape):
        return random.standard_normal(shape, dtype=np.float32) * 0.02

    def zeros(n):
        return np.zeros(n, np.float32)

    def norm(name):
        yield f"{name}.weight", np.ones(C, np.float32)
        yield f"{name}.bias", zeros(C)

    def linear(name, out, into):
        yield f"{name}.weight", normal(out, into)
        yield f"{name}.bias", zeros(out)

    yield "token_embd.weight", normal(V, C)
    yield "position_embd.weight", normal(T, C)
    for i in range(size["layers"]):
        yield from norm(f"blk.{i}.attn_norm")
        yield from linear(f"blk.{i}.attn_qkv", 3 * C, C)
        yield from linear(f"blk.{i}.attn_output", C, C)
        yield from norm(f"blk.{i}.ffn_norm")
        yield from linear(f"blk.{i}.ffn_up", 4 * C, C)
        yield from linear(f"blk.{i}.ffn_down", C, 4 * C)
    yield from norm("output_norm")


def write(path, model, weights, seed=1):
    """Matrices in the format, but for positions, of which a token reads a row; vectors in float32.
    The token embedding is the output projection too, as in GPT-2 and as Kiln has it."""
    size, kind = SIZES[model], FORMATS[weights]
    writer = gguf.GGUFWriter(path, "gpt2")
    writer.add_context_length(size["context"])
    writer.add_embedding_length(size["width"])
    writer.add_feed_forward_length(4 * size["width"])
    writer.add_block_count(size["layers"])
    writer.add_head_count(size["heads"])
    writer.add_layer_norm_eps(1e-5)
    writer.add_file_type(
        {
            "bfloat16": gguf.LlamaFileType.MOSTLY_BF16,
            "int8": gguf.LlamaFileType.MOSTLY_Q8_0,
            "int4": gguf.LlamaFileType.MOSTLY_Q4_0,
        }[weights]
    )
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([f"t{i}" for i in range(size["vocabulary"])])
    writer.add_token_types([gguf.TokenType.NORMAL] * size["vocabulary"])
    writer.add_token_merges(["t 0"])
    writer.add_eos_token_id(size["vocabulary"] - 1)
    writer.add_bos_token_id(size["vocabulary"] - 1)
    random = np.random.default_rng(seed)
    for name, values in tensors(size, random):
        if values.ndim == 2 and name != "position_embd.weight":
            writer.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)
        else:
            writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=pathlib.Path)
    parser.add_argument("--model", choices=SIZES, default="gpt2-124m")
    parser.add_argument("--format", choices=FORMATS, default="bfloat16")
    options = parser.parse_args()
    write(options.path, options.model, options.format)


if __name__ == "__main__":
    main()
