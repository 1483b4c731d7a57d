"""Writes GPT-2 with random weights in bfloat16 as a Hugging Face folder, with a tokenizer of random
letters of the size of GPT-2's."""

import argparse
import json
import pathlib
import random

from gpt2_sizes import SIZES

END = "<|endoftext|>"
LONGEST = 10


def characters():
    """The character that stands for each byte in GPT-2's files."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    return [chr(byte) for byte in plain] + [chr(256 + i) for i in range(len(others))]


def merges(count, seed=1):
    """Of letters, so that every token is text; each makes a token that no other makes."""
    draw = random.Random(seed)
    pieces, made = list("Ġabcdefghijklmnopqrstuvwxyz"), {}
    while len(made) < count:
        left, right = draw.choice(pieces), draw.choice(pieces)
        whole = left + right
        if len(whole) <= LONGEST and "Ġ" not in whole[1:] and whole not in made:
            made[whole] = f"{left} {right}"
            pieces.append(whole)
    return made


def write_tokenizer(folder, vocabulary):
    import transformers

    letters = characters()
    made = merges(vocabulary - len(letters) - 1)
    ids = {token: i for i, token in enumerate([*letters, *made, END])}
    (folder / "vocab.json").write_text(json.dumps(ids), encoding="utf-8")
    lines = "\n".join(["#version: 0.2", *made.values()]) + "\n"
    (folder / "merges.txt").write_text(lines, encoding="utf-8")
    transformers.GPT2TokenizerFast.from_pretrained(folder).save_pretrained(folder)


def write(folder, model):
    import torch
    import transformers

    size = SIZES[model]
    torch.manual_seed(1)
    torch.set_default_dtype(torch.bfloat16)
    config = transformers.GPT2Config(
        vocab_size=size["vocabulary"],
        n_positions=size["context"],
        n_layer=size["layers"],
        n_head=size["heads"],
        n_embd=size["width"],
    )
    folder.mkdir(parents=True, exist_ok=True)
    write_tokenizer(folder, size["vocabulary"])
    transformers.GPT2LMHeadModel(config).save_pretrained(folder, max_shard_size="100GB")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--model", choices=SIZES, default="gpt2-124m")
    options = parser.parse_args()
    write(options.folder, options.model)


if __name__ == "__main__":
    main()
