"""Logits, hidden states, gradients and AdamW: tiny checkpoints, and GPT-2 124M as it is."""

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from transformers import GPT2Config, GPT2LMHeadModel

import generate
import record
from kiln import Failed
from table import Row, Table

BAR = 1e-4
BACKENDS = ["reference", "nd4j", "onednn"]
CONTEXT = 1024

KINDS = [
    ("logits, max abs diff", lambda what: what == "logits"),
    ("hidden states of every layer, max abs diff", lambda what: what.startswith("hidden_states.")),
    ("loss, abs diff", lambda what: what == "loss"),
    ("gradients, worst relative error of a tensor", lambda what: what.startswith("gradient.")),
    ("losses of ten AdamW steps, max abs diff", lambda what: what.startswith("loss.")),
    ("greedy ids that differ", lambda what: what == "greedy"),
    ("logits with the KV cache beside those without, max abs diff", lambda w: w == "cached logits"),
]


def tiny_checkpoints(kiln, seed):
    """Fresh checkpoints, not those of the tests."""
    table = Table(
        "Tiny checkpoints",
        "Random checkpoints of each family, made anew with transformers and, for sparse attention, "
        "with an explicit mask in PyTorch.",
    )
    folders = generate.write_all(kiln.work / "tiny", seed)
    for backend in BACKENDS:
        for folder in folders:
            table.rows += compared(kiln, backend, folder, folder.name)
    return table


def compared(kiln, backend, folder, name):
    label = f"{name}, {backend}"
    try:
        figures = kiln.compare(backend, [folder])
    except Failed as e:
        return [Row.holds(label, str(e), "runs", False)]
    rows = []
    for kind, belongs in KINDS:
        own = [figure for figure in figures if belongs(figure["what"])]
        if own:
            rows.append(worst(f"{label}: {kind}", own))
    return rows


def worst(what, figures):
    """The figure that is furthest over or nearest to its bar; a missing tensor is over it."""
    missing = [f for f in figures if f["bar"] == 0 and not f["measured"] == 0]
    if missing:
        return Row.equal(what, int(missing[0]["measured"]), len(figures))
    nan = [f for f in figures if f["measured"] != f["measured"]]
    measured = (nan or sorted(figures, key=lambda f: f["measured"]))[-1]
    if measured["bar"] == 0:
        return Row.holds(what, "0", "0", True)
    return Row.most(what, measured["measured"], measured["bar"])


def gpt2_124m(kiln, seed):
    table = Table(
        "GPT-2 124M",
        "`GPT2Config()` as transformers has it, random weights of its default init, one sequence "
        f"of T = {CONTEXT:,}. The reference backend, plain loops in double precision, takes about "
        "six minutes for it.",
    )
    torch.set_num_threads(2)
    torch.manual_seed(seed)
    model = GPT2LMHeadModel(GPT2Config()).eval()
    folder = fixture(kiln.work / "gpt2-124m", model, seed)
    for backend in BACKENDS:
        table.rows += compared(kiln, backend, folder, "GPT-2 124M")
    table.rows += from_the_shell(kiln, folder)
    return table


def fixture(folder, model, seed):
    """A checkpoint and what one pass over a random sequence gives."""
    model.save_pretrained(folder / "model")
    generator = torch.Generator().manual_seed(seed)
    ids = torch.randint(model.config.vocab_size, (1, CONTEXT), generator=generator)
    tensors = {name: t.contiguous() for name, t in record.forward(model, ids).items()}
    save_file(tensors, folder / "expected.safetensors", metadata=generate.about(seed))
    return folder


def from_the_shell(kiln, folder):
    """`kiln logits --hidden` on a Hugging Face folder."""
    what = "`kiln logits --hidden`"
    out = folder / "kiln.safetensors"
    with safe_open(folder / "expected.safetensors", "pt") as expected:
        ids = ",".join(map(str, expected.get_tensor("ids")[0].tolist()))
        try:
            kiln.run("logits", folder / "model", "--ids", ids, "--hidden", "--out", out)
        except Failed as e:
            return [Row.holds(what, str(e), "runs", False)]
        with safe_open(out, "pt") as actual:
            return [
                Row.most(f"{what}: {kind}, max abs diff", difference(expected, actual, prefix), BAR)
                for kind, prefix in [
                    ("logits", "logits"),
                    ("hidden states of every layer", "hidden_states."),
                ]
            ]


def difference(expected, actual, prefix):
    """Over all tensors whose names begin so; infinite where one is missing."""
    largest = 0.0
    for name in (name for name in expected.keys() if name.startswith(prefix)):
        if name not in actual.keys():
            return float("inf")
        want = expected.get_tensor(name)
        delta = want - actual.get_tensor(name).reshape(want.shape)
        largest = max(largest, delta.abs().max().item())
    return largest
