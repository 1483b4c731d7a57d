"""Low-rank adapters: what Kiln keeps peft loads, and what peft keeps Kiln merges."""

import copy
import json
import re

import torch
from safetensors import safe_open
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

import check_folders
import tiny
from kiln import Failed
from table import Row, Table

BAR = 1e-4
CONTEXT = 64

# What peft adapts, and what Kiln does: its c_attn is GPT-Neo's q_proj, k_proj and v_proj.
PEFT_TARGETS = {
    "openai-gpt": ["c_attn", "c_proj", "c_fc"],
    "gpt2": ["c_attn", "c_proj", "c_fc"],
    "gpt_neo": ["q_proj", "v_proj", "out_proj", "c_fc"],
}

FINETUNE = """run: finetune
seed: 7
out: tuned
from: base
task: {wordnet-category: {limit: 200}}
schedule: {constant: {learningRate: 3e-3}}
training: {batch: 16, epochs: 1, examples: 160}
lora: {rank: 3, alpha: 5, targets: [c_attn, attn.c_proj, mlp.c_fc]}
"""


def adapters(kiln):
    """Tables of both directions."""
    try:
        import peft
    except ImportError:
        missing = Row.not_run("adapters", "this Python has no peft")
        return [Table("Adapters", "peft beside Kiln.", [missing])]
    written = Table(
        "Adapters that Kiln keeps",
        "Fine-tuned with `lora` from a Hugging Face folder, taken out with `kiln adapter extract`, "
        "and loaded by `PeftModel.from_pretrained` onto that folder's model with three more tokens.",
    )
    merged = Table(
        "Adapters that peft keeps",
        "Random ones on random weights, saved with `save_pretrained`, and merged by "
        "`kiln adapter merge` into the Hugging Face folder and into a run folder of it.",
    )
    for name in PEFT_TARGETS:
        folder = check_folders.fresh(kiln.work / "adapters" / name)
        try:
            base(kiln, folder, name)
            write_rows(kiln, peft, folder, name, written)
            merge_rows(kiln, peft, folder, name, merged)
        except Failed as e:
            written.rows.append(Row.holds(name, str(e), "runs", False))
    return [written, merged]


def base(kiln, folder, name):
    """A model of a few steps as a Hugging Face folder, and as the run folder that it came from."""
    model, tokenizer = check_folders.FAMILIES[name]
    check_folders.train(kiln, folder, model, tokenizer)
    kiln.run("export", "run", "base", folder=folder)


def write_rows(kiln, peft, folder, name, table):
    (folder / "finetune.yaml").write_text(FINETUNE)
    kiln.run("run", "finetune.yaml", folder=folder)
    adapter = folder / "adapter"
    kiln.run("adapter", "extract", "tuned", "--out", adapter, folder=folder)
    vocabulary = json.loads((folder / "base/config.json").read_text())["vocab_size"]
    model = load(AutoModelForCausalLM, folder, vocabulary)
    ids = random_ids(vocabulary)
    ids[0, -3:] = torch.arange(vocabulary, vocabulary + 3)
    with torch.no_grad():
        plain = model(ids).logits[0, :-3, :vocabulary]  # what the new rows have no part in
        # The same adapter as one of a language model: the head is left out.
        config = peft.PeftConfig.from_pretrained(adapter)
        config.task_type, config.modules_to_save = "CAUSAL_LM", None
        loaded = peft.PeftModel.from_pretrained(copy.deepcopy(model), adapter, config=config)
        expected = loaded.eval()(ids).logits[0]
    label = f"{name}, Kiln's adapter"
    kiln.run("adapter", "merge", "run", adapter, "--out", "again", folder=folder)
    for out, what in (("tuned", "in peft"), ("again", "merged again")):
        as_language_model(folder / out)
        add_logits(kiln, folder / out, ids, expected, plain, f"{label} {what}", table)
    table.rows.append(head_row(peft, folder, adapter, vocabulary, ids, label))


def as_language_model(run):
    """Lets `kiln logits` look past the head, which only answers tasks."""
    config = run / "config.yaml"
    text = re.sub(r"(?m)^head:\n(?:  .*\n)+", "head: language-model\n", config.read_text())
    config.write_text(text)


def load(kind, folder, vocabulary, **more):
    model = kind.from_pretrained(folder / "base", dtype=torch.float32, **more)
    model.resize_token_embeddings(vocabulary + 3, mean_resizing=False)
    return model.eval()


def head_row(peft, folder, adapter, vocabulary, ids, label):
    """Kiln's own head on peft's hidden states, beside the head that peft loaded; it has no bias."""
    stored = load_file(adapter / "adapter_model.safetensors")
    weight = stored["base_model.model.score.weight"]
    model = load(AutoModelForSequenceClassification, folder, vocabulary, num_labels=len(weight))
    model.config.pad_token_id = vocabulary + 2
    model = peft.PeftModel.from_pretrained(model, adapter).eval()
    loaded = model.base_model.model.score.modules_to_save["default"].weight
    same = torch.equal(loaded, weight)
    ids = ids.clamp(max=vocabulary + 1)
    with torch.no_grad():
        scores = model(ids).logits[0]
        hidden = model.base_model.model.transformer(ids)[0][0, -1]
    difference = (scores - weight @ hidden).abs().max().item()
    return Row.holds(
        f"{label}: its head as peft's score",
        f"{'loaded' if same else 'not loaded'}, {difference:.1e}",
        f"loaded, ≤ {BAR:.0e}",
        same and difference <= BAR,
    )


def merge_rows(kiln, peft, folder, name, table):
    forms = {
        "plain": {},
        "rsLoRA, ranks and alphas by module": {
            "use_rslora": True,
            "rank_pattern": {"c_fc": 2},
            "alpha_pattern": {"h.0.mlp.c_fc": 9},
        },
        "some rows of tokens": {"trainable_token_indices": [3, 7]},
    }
    for number, (form, options) in enumerate(forms.items()):
        model = check_folders.load(folder / "base")[0]
        generator = torch.Generator().manual_seed(11 + number)
        tiny.fill(model, generator)
        source = folder / f"source-{number}"
        model.save_pretrained(source)
        ids = random_ids(model.config.vocab_size)
        with torch.no_grad():
            plain = model(ids).logits[0]
        config = peft.LoraConfig(
            r=3,
            lora_alpha=5,
            target_modules=PEFT_TARGETS[name],
            fan_in_fan_out=name != "gpt_neo",
            task_type="CAUSAL_LM",
            **options,
        )
        adapted = peft.get_peft_model(model, config).eval()
        with torch.no_grad():
            for key, weight in adapted.named_parameters():
                if weight.requires_grad:
                    weight.normal_(0, 0.2, generator=generator)
            expected = adapted(ids).logits[0]
        saved = folder / f"saved-{number}"
        adapted.save_pretrained(saved)
        label = f"{name}, {form}"
        kiln.run("adapter", "merge", source, saved, "--out", f"merged-{number}", folder=folder)
        out = folder / f"merged-{number}"
        add_logits(kiln, out, ids, expected, plain, label, table)
        with torch.no_grad():
            again = check_folders.load(out)[0](ids).logits[0]
        difference = (again - expected).abs().max().item()
        table.rows.append(Row.most(f"{label}: the same in transformers", difference, BAR))
        if not options:
            run_folder_row(kiln, folder, (source, saved), ids, expected, plain, table)


def run_folder_row(kiln, folder, sources, ids, expected, plain, table):
    """The first adapter once more, on the base as a run folder."""
    source, saved = sources
    kiln.run("import", source, "--out", "imported", folder=folder)
    kiln.run("adapter", "merge", "imported", saved, "--out", "merged-run", folder=folder)
    label = f"{folder.name}, plain, run folder"
    add_logits(kiln, folder / "merged-run", ids, expected, plain, label, table)


def random_ids(vocabulary):
    generator = torch.Generator().manual_seed(3)
    return torch.randint(vocabulary, (1, CONTEXT), generator=generator)


def add_logits(kiln, model, ids, expected, plain, label, table):
    """Kiln's logits beside peft's; an adapter that changes nothing shows nothing."""
    out = model.with_suffix(".safetensors")
    kiln.run("logits", model, "--ids", ",".join(map(str, ids[0].tolist())), "--out", out)
    with safe_open(out, "pt") as file:
        actual = file.get_tensor("logits").reshape(expected.shape)
    rows, columns = plain.shape
    change = (expected[:rows, :columns] - plain).abs().max().item()
    difference = (expected - actual).abs().max().item()
    passed = difference <= BAR < change / 10
    table.rows.append(
        Row.holds(
            f"{label}: logits, max abs diff",
            f"{difference:.1e}; the adapter changes them by {change:.2g}",
            f"≤ {BAR:.0e}",
            passed,
        )
    )
