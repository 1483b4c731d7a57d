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


def about(seed):
    """What the numbers were made with and by, for the file's metadata."""
    facts = {
        "seed": seed,
        "prompt": record.PROMPT,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
    }
    return {key: str(value) for key, value in (facts | record.ADAMW).items()}


def write(checkpoint, folder, seed):
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    model = tiny.fill(checkpoint.build(), generator)
    expected = record.record(model, checkpoint.vocabulary, checkpoint.context, generator)
    shutil.rmtree(folder, ignore_errors=True)
    save_model(checkpoint, model, folder / "model")
    save_file(expected, folder / "expected.safetensors", metadata=about(seed))


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    write_all(options.folder, options.seed)


def write_all(folder, seed):
    """Returns the fixtures' folders."""
    torch.set_num_threads(1)
    for checkpoint in tiny.CHECKPOINTS:
        write(checkpoint, folder / checkpoint.name, seed)
    return [folder / checkpoint.name for checkpoint in tiny.CHECKPOINTS]


if __name__ == "__main__":
    main()
