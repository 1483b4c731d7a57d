"""Writes the tiny checkpoints and what PyTorch computes with them. See README.md."""

import argparse
import pathlib
import shutil

import torch
import transformers
from safetensors.torch import save_file

import record
import tiny


def save_model(checkpoint, model, folder):
    """A Hugging Face folder; a model that has no such form has its weights and Kiln's recipe."""
    if not checkpoint.recipe:
        model.save_pretrained(folder)
        return
    folder.mkdir(parents=True)
    weights = {name: weight.detach() for name, weight in model.named_parameters()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "recipe.yaml").write_text(checkpoint.recipe)


def write(checkpoint, folder, seed):
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    model = tiny.fill(checkpoint.build(), generator)
    expected = record.record(model, checkpoint.vocabulary, checkpoint.context, generator)
    shutil.rmtree(folder, ignore_errors=True)
    save_model(checkpoint, model, folder / "model")
    about = {
        "seed": seed,
        "prompt": record.PROMPT,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
    } | record.ADAMW
    save_file(
        expected,
        folder / "expected.safetensors",
        metadata={key: str(value) for key, value in about.items()},
    )


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    torch.set_num_threads(1)
    for checkpoint in tiny.CHECKPOINTS:
        write(checkpoint, options.folder / checkpoint.name, options.seed)


if __name__ == "__main__":
    main()
