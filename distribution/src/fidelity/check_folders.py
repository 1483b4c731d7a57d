"""Hugging Face folders: what Kiln writes transformers loads, and the other way round."""

import json
import shutil

import torch
from safetensors import safe_open
from transformers import AutoModelForCausalLM, AutoTokenizer, OpenAIGPTTokenizer

import tiny
from kiln import Failed
from table import Row, Table

BAR = 1e-4
CONTEXT = 64
PROMPT = "The river"
TEXTS = [
    "The river runs down to the sea.",
    "It's 1066, or 2,048?  Two  spaces\tand a tab",
    "naïve café – Straße, Ελλάδα, русский",
]
CORPUS = "The river runs down to the sea, and the sea does not fill. A bird: it's {} o'clock!\n"

# How Kiln's recipe says a family, and the tokenizer that goes with it.
FAMILIES = {
    "openai-gpt": ("gpt1: {layers: 2, heads: 3, width: 30, context: 64, dropout: 0}", "gpt1"),
    "openai-gpt, separate head": (
        "gpt1: {layers: 2, heads: 3, width: 30, context: 64, dropout: 0, outputHead: separate}",
        "gpt1",
    ),
    "gpt2": ("gpt2: {layers: 2, heads: 3, width: 36, context: 64, dropout: 0}", "bpe"),
    "gpt_neo": (
        "gpt3: {layers: 4, heads: 4, width: 36, context: 64, dropout: 0, qkvBias: false, "
        "attention: [dense, {banded: {window: 9}}]}",
        "bpe",
    ),
}

RECIPE = """run: pretrain
seed: 7
out: run
data: {{text: {{path: corpus.txt, heldOut: 0.1}}}}
tokenizer: {{{tokenizer}: {{vocabulary: 300}}}}
model: {{{model}}}
schedule: {{constant: {{learningRate: 3e-3}}}}
training: {{batch: 4, steps: 60}}
evaluation: {{every: 30}}
checkpoints: {{every: 60}}
samples: {{maxTokens: 0}}
"""

GENERATE = """run: generate
model: MODEL
checkpoint: best
prompts: ["The river"]
maxTokens: 32
sampler: greedy
"""


def folders(kiln):
    exports = Table(
        "Hugging Face folders that Kiln writes",
        "Models that Kiln trained for 60 steps, exported, and loaded with "
        "`AutoModelForCausalLM.from_pretrained` and `AutoTokenizer.from_pretrained`. Of GPT-1's "
        "decoded text the space behind the last word, which only Kiln writes, is left out.",
    )
    imports = Table(
        "Hugging Face folders that transformers writes",
        "Random weights, saved with `save_pretrained` in one file, in shards, in BF16 and in F16, "
        "imported, and beside transformers in float32 on the same stored weights.",
    )
    for name, (model, tokenizer) in FAMILIES.items():
        folder = fresh(kiln.work / "folders" / name.replace(", ", "-").replace(" ", "-"))
        try:
            train(kiln, folder, model, tokenizer)
            one = export(kiln, folder, name, "one", [], exports)
            export(kiln, folder, name, "shards", ["--max-shard-size", "50KB"], exports)
        except Failed as e:
            exports.rows.append(Row.holds(name, str(e), "runs", False))
            imports.rows.append(Row.not_run(name, "there is no exported folder to begin from"))
            continue
        bring_in(kiln, folder, name, one, imports)
    return [exports, imports]


def fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def train(kiln, folder, model, tokenizer):
    corpus = "".join(CORPUS.format(hour) for hour in range(400)) + "\n".join(TEXTS) * 20
    (folder / "corpus.txt").write_text(corpus, encoding="utf-8")
    (folder / "recipe.yaml").write_text(RECIPE.format(model=model, tokenizer=tokenizer))
    kiln.run("run", "recipe.yaml", folder=folder)


def export(kiln, folder, name, form, options, table):
    """Exports a run and adds the rows of what transformers makes of it."""
    out = folder / form
    kiln.run("export", "run", out, *options, folder=folder)
    label = f"{name}, {'sharded' if form == 'shards' else 'one file'}"
    if form == "shards":
        count = len(list(out.glob("model-*-of-*.safetensors")))
        table.rows.append(Row.holds(f"{label}: files", f"{count}", "2 or more", count >= 2))
    model, keys = load(out)
    table.rows.append(keys_row(f"{label}: missing, unexpected or misshapen tensors", keys))
    tokenizer = AutoTokenizer.from_pretrained(out)
    table.rows.append(logits_row(kiln, folder / "run", model, folder / "run.safetensors", label))
    if form == "one":
        table.rows.append(tokens_row(kiln, folder / "run", tokenizer, label))
    table.rows.append(greedy_row(kiln, folder, model, tokenizer, label))
    return out


def load(folder):
    """The model in float32, and the names that did not fit."""
    model, about = AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, output_loading_info=True
    )
    kinds = ("missing_keys", "unexpected_keys", "mismatched_keys", "error_msgs")
    return model.eval(), [str(key) for kind in kinds for key in about.get(kind, [])]


def keys_row(what, keys):
    return Row.holds(what, ", ".join(keys[:3]) or "none", "none", not keys)


def logits_row(kiln, model_folder, model, out, label):
    generator = torch.Generator().manual_seed(3)
    ids = torch.randint(model.config.vocab_size, (1, CONTEXT), generator=generator)
    words = ",".join(map(str, ids[0].tolist()))
    kiln.run("logits", model_folder, "--ids", words, "--out", out)
    with torch.no_grad():
        expected = model(ids).logits[0]
    with safe_open(out, "pt") as file:
        actual = file.get_tensor("logits").reshape(expected.shape)
    return Row.most(f"{label}: logits, max abs diff", (expected - actual).abs().max().item(), BAR)


def tokens_row(kiln, model_folder, tokenizer, label):
    """Texts to ids and back, with both."""
    text = "".join(text + "\n" for text in TEXTS)
    lines = kiln.run("tokenize", model_folder, "--lines", data=text.encode())
    ids = [json.loads(line)["ids"] for line in lines.splitlines()]
    back = kiln.run("detokenize", model_folder, "--lines", data=lines.encode())
    decoded = [json.loads(line)["text"] for line in back.splitlines()]
    wrong = 0
    for text, own, text_again in zip(TEXTS, ids, decoded, strict=True):
        expected = tokenizer.encode(text, add_special_tokens=False)
        wrong += own != expected or tidy(text_again, tokenizer) != decode(tokenizer, expected)
    return Row.equal(f"{label}: texts whose ids or decoded text differ", wrong, len(TEXTS))


def tidy(text, tokenizer):
    """GPT-1's words end with a space in OpenAI's code and in Kiln; transformers drops the last."""
    return text.removesuffix(" ") if isinstance(tokenizer, OpenAIGPTTokenizer) else text


def decode(tokenizer, ids):
    """Special tokens have no text: not in Kiln either, where `<unk>` is one."""
    return tokenizer.decode(ids, clean_up_tokenization_spaces=False, skip_special_tokens=True)


def greedy_row(kiln, folder, model, tokenizer, label):
    recipe = folder / "generate.yaml"
    recipe.write_text(GENERATE.replace("MODEL", "run").replace("The river", PROMPT))
    actual = kiln.run("run", recipe, folder=folder).strip("\n")
    ids = tokenizer(PROMPT, return_tensors="pt", add_special_tokens=False).input_ids
    written = model.generate(
        ids, attention_mask=torch.ones_like(ids), max_new_tokens=32, do_sample=False
    )[0, ids.shape[1] :]
    expected = PROMPT + decode(tokenizer, written)
    same = tidy(actual, tokenizer) == expected.strip("\n")
    return Row.holds(
        f"{label}: greedy text of 32 tokens",
        "equal" if same else f"{actual[-40:]!r} for {expected[-40:]!r}",
        "equal",
        same,
    )


def bring_in(kiln, folder, name, exported, table):
    """Saves fresh weights with transformers in several forms, and imports each."""
    tokenizer = AutoTokenizer.from_pretrained(exported)
    forms = {
        "one file": (torch.float32, "5GB"),
        "sharded": (torch.float32, "50KB"),
        "BF16": (torch.bfloat16, "5GB"),
        "F16": (torch.float16, "5GB"),
    }
    for form, (dtype, shard) in forms.items():
        label = f"{name}, {form}"
        saved = fresh(folder / f"saved-{form.replace(' ', '-')}")
        model = load(exported)[0]
        tiny.fill(model, torch.Generator().manual_seed(5)).to(dtype)
        model.save_pretrained(saved, max_shard_size=shard)
        tokenizer.save_pretrained(saved)
        imported = folder / f"imported-{form.replace(' ', '-')}"
        shutil.rmtree(imported, ignore_errors=True)
        try:
            kiln.run("import", saved, "--out", imported)
            out = folder / "imported.safetensors"
            table.rows.append(logits_row(kiln, imported, load(saved)[0], out, label))
            if form == "one file":
                table.rows.append(tokens_row(kiln, imported, tokenizer, label))
        except Failed as e:
            table.rows.append(Row.holds(label, str(e), "runs", False))
