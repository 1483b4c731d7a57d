"""Pre-training that continues a Hugging Face GPT-2: the losses are PyTorch's, step by step."""

import json

import numpy
import torch
from transformers import AutoModelForCausalLM

import check_folders
from kiln import Failed
from table import Row, Table

BAR = 1e-3
STEPS = 20
BATCH = 2
BATCHES = 2

RECIPE = """run: pretrain
seed: 7
out: {out}
from: base
data: {{tokens: {{train: train.bin, dtype: uint16, order: sequential}}}}
precision: float32
optimizer: {{adamw: {{beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01}}}}
schedule: {{constant: {{learningRate: {rate}}}}}
training: {{batch: {batch}, gradientAccumulation: {batches}, steps: {steps}, clip: 1}}
samples: {{maxTokens: 0}}
"""

LORA = "lora: {rank: 4, alpha: 8, targets: [attn.c_attn, mlp.c_fc]}\n"


def continued(kiln):
    """A table of the largest difference of a step's loss."""
    table = Table(
        "Continued pre-training",
        f"{STEPS} steps of `run: pretrain` with `from` a Hugging Face GPT-2, on the same tokens in the "
        f"same order as PyTorch ({BATCHES} batches of {BATCH} sequences an update, AdamW, clipping at "
        "1): the largest difference of a step's loss. Adapters begin as those that Kiln keeps.",
    )
    folder = check_folders.fresh(kiln.work / "continue")
    try:
        model, tokenizer = check_folders.FAMILIES["gpt2"]
        check_folders.train(kiln, folder, model, tokenizer)
        kiln.run("export", "run", "base", folder=folder)
        vocabulary = json.loads((folder / "base/config.json").read_text())["vocab_size"]
        ids = numpy.random.default_rng(3).integers(0, vocabulary, 8000)
        ids.astype("<u2").tofile(folder / "train.bin")
        kilns = losses(kiln, folder, "whole", 1e-3)
        table.rows.append(row("all weights", kilns, torch_losses(folder, 1e-3)))
        table.rows.append(adapters(kiln, folder))
    except Failed as e:
        table.rows.append(Row.holds("gpt2", str(e), "runs", False))
    return [table]


def adapters(kiln, folder):
    try:
        import peft
    except ImportError:
        return Row.not_run("adapters", "this Python has no peft")
    losses(kiln, folder, "begun", 0, LORA, steps=1)
    load = lambda model: peft.PeftModel.from_pretrained(
        model, folder / "begun/adapter", is_trainable=True
    )
    return row(
        "adapters", losses(kiln, folder, "lora", 1e-2, LORA), torch_losses(folder, 1e-2, load)
    )


def row(name, kilns, torchs):
    difference = max(abs(a - b) for a, b in zip(kilns, torchs, strict=True))
    return Row.most(name, difference, BAR)


def losses(kiln, folder, out, rate, more="", steps=STEPS):
    recipe = RECIPE.format(out=out, rate=rate, batch=BATCH, batches=BATCHES, steps=steps)
    (folder / f"{out}.yaml").write_text(recipe + more)
    kiln.run("run", f"{out}.yaml", folder=folder)
    events = [json.loads(line) for line in (folder / out / "metrics.jsonl").open()]
    return [event["loss"] for event in events if event["event"] == "step"]


def torch_losses(folder, rate, adapt=lambda model: model):
    model = AutoModelForCausalLM.from_pretrained(folder / "base")
    model.config.use_cache = False
    length = model.config.n_positions
    model = adapt(model).eval()  # no dropout
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in trained if p.dim() >= 2], "weight_decay": 0.01},
            {"params": [p for p in trained if p.dim() < 2], "weight_decay": 0.0},
        ],
        lr=rate,
        betas=(0.9, 0.999),
        eps=1e-8,
    )
    ids = numpy.fromfile(folder / "train.bin", "<u2").astype(numpy.int64)
    windows = torch.tensor(
        numpy.stack([ids[i : i + length + 1] for i in range(0, len(ids) - length, length)])
    )
    found = []
    for step in range(STEPS):
        optimizer.zero_grad()
        total = 0
        for batch in range(BATCHES):
            first = (step * BATCHES + batch) * BATCH
            window = windows[[i % len(windows) for i in range(first, first + BATCH)]]
            logits = model(window[:, :-1]).logits
            loss = torch.nn.functional.cross_entropy(
                logits.flatten(0, 1), window[:, 1:].flatten()
            )
            (loss / BATCHES).backward()
            total += loss.item() / BATCHES
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        found.append(total)
    return found
