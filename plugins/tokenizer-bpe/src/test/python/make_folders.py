"""Makes ../resources/folders.jsonl: what transformers' AutoTokenizer reads from folders of other layouts.

    pip install tokenizers==0.23.2 transformers==5.18.0
    python make_folders.py

A line a folder: the files beside trained/vocab.json and trained/merges.txt (or instead of them:
"trained-saved" in "base"), texts, their ids with special tokens taken as such and as text, the number
of tokens, and the ids of bos and eos, -1 for none.
"""

import json
import pathlib
import shutil
import tempfile

from transformers import AutoTokenizer

RESOURCES = pathlib.Path(__file__).parent.parent / "resources"
GPT2 = {"tokenizer_class": "GPT2Tokenizer"}
FAST = {"tokenizer_class": "PreTrainedTokenizerFast"}
NO_FLAGS = {"lstrip": False, "rstrip": False, "single_word": False, "normalized": False}
TEXTS = [
    "the kiln fires [USER] hot[BOT]kiln <|endoftext|>x <pad>\u00fcber 12 zzkilnzz kil",
    "",
    " [USER]",
    "<|endoftext|>",
    "a[USER][USER] b  [BOT]\n",
    "kernel her er",
]
FLAGGED = [
    "a  <l> b",
    "a <r> \u00a0\u3000 b",
    "<r> <l> x",
    "wrd wrdx xwrd _wrd wrd. \u00e9wrd wrd",
    "a <lr> <lr>\n b",
    "<r> <r> <l>  ",
    "a <s>  b",
]


def token(content, special=False, **flags):
    return {"content": content, "special": special, **NO_FLAGS, **flags}


def decoder(*tokens):
    return {"added_tokens_decoder": {str(599 + i): t for i, t in enumerate(tokens)}}


END = token("<|endoftext|>", True)
ADDED = {"[USER]": 600, "[BOT]": 601, "<pad>": 602}

FOLDERS = {
    "added_tokens.json": {
        "added_tokens.json": ADDED,
        "special_tokens_map.json": {
            "pad_token": "<pad>",
            "additional_special_tokens": ["[USER]", "[BOT]"],
        },
        "tokenizer_config.json": GPT2,
    },
    "added_tokens.json in another order": {"added_tokens.json": {"[BOT]": 601, "[USER]": 600}},
    "special by the config's list": {
        "added_tokens.json": ADDED,
        "tokenizer_config.json": {**GPT2, "pad_token": "<pad>", "additional_special_tokens": ["[BOT]"]},
    },
    "added_tokens_decoder": {
        "tokenizer_config.json": {
            **GPT2,
            **decoder(
                token("<|endoftext|>", True, normalized=True), token("[USER]"), token("[BOT]", True)
            ),
        },
    },
    "added_tokens_decoder before older files": {
        "added_tokens.json": {"<pad>": 600},
        "special_tokens_map.json": {"eos_token": "<pad>"},
        "tokenizer_config.json": {**GPT2, **decoder(END, token("[USER]"))},
    },
    "names alone": {
        "special_tokens_map.json": {
            "eos_token": {"content": "[BOT]", **NO_FLAGS},
            "pad_token": "<pad>",
        },
        "tokenizer_config.json": {**GPT2, "eos_token": "kil", "bos_token": "[USER]"},
    },
    "no beginning, no end": {
        "tokenizer_config.json": {**GPT2, "eos_token": None, "bos_token": None},
    },
    "a space before": {
        "added_tokens.json": ADDED,
        "tokenizer_config.json": {**GPT2, "add_prefix_space": True},
    },
    "a token of the vocabulary is added": {"added_tokens.json": {"er": 267, "kil": 600}},
    "overlapping tokens": {
        "added_tokens.json": {"[US": 600, "SER] h": 601, "[USER]": 602, "<sp [USER]>": 603},
        "special_tokens_map.json": {"pad_token": "<sp [USER]>"},
    },
    "flags": {
        "tokenizer_config.json": {
            **GPT2,
            **decoder(
                END,
                token("<l>", lstrip=True),
                token("<r>", rstrip=True),
                token("wrd", single_word=True),
                token("<lr>", lstrip=True, rstrip=True, normalized=True),
                token("<s>", True, lstrip=True),
            ),
        },
    },
    "merges that come twice": {"tokenizer_config.json": GPT2},
    "tokenizer.json of GPT-2's class": {
        "base": "trained-saved",
        "special": {"[USER]": False, "[BOT]": True},
        "tokenizer_config.json": {**GPT2, "add_prefix_space": True, "eos_token": "[BOT]", "add_bos_token": True},
    },
    "tokenizer.json of no class": {
        "base": "trained-saved",
        "special": {"[USER]": False, "[BOT]": True},
        "space": True,
        "tokenizer_config.json": {**FAST, "eos_token": "[BOT]", "bos_token": "<|endoftext|>"},
    },
    "tokenizer.json and a stale vocabulary": {
        "base": "trained-saved",
        "vocab.json": {"a": 0, "b": 1},
        "merges.txt": "#version: 0.2\na b\n",
        "added_tokens.json": {"[USER]": 600},
        "tokenizer_config.json": {**FAST, "eos_token": "<|endoftext|>", "bos_token": "<|endoftext|>"},
    },
}


def files(name, spec):
    """The files of a folder, those of its base apart."""
    made = {k: v for k, v in spec.items() if "." in k}
    if spec.get("special") or spec.get("space"):
        whole = json.loads((RESOURCES / "trained-saved/tokenizer.json").read_text(encoding="utf-8"))
        for content, special in spec["special"].items():
            size = 599 + len(whole["added_tokens"])
            whole["added_tokens"].append({"id": size, **token(content, special)})
        whole["pre_tokenizer"]["add_prefix_space"] = spec.get("space", False)
        made["tokenizer.json"] = whole
    if name == "merges that come twice":
        merges = (RESOURCES / "trained/merges.txt").read_text(encoding="utf-8")
        lines = merges.split("\n")
        made["merges.txt"] = merges + "\n".join(lines[1:40]) + "\n"
    return {k: v if isinstance(v, str) else json.dumps(v) for k, v in made.items()}


with open(RESOURCES / "folders.jsonl", "w", encoding="utf-8") as out:
    for name, spec in FOLDERS.items():
        base = spec.get("base", "trained")
        with tempfile.TemporaryDirectory() as path:
            folder = pathlib.Path(path)
            shutil.copytree(RESOURCES / base, folder, dirs_exist_ok=True)
            (folder / "config.json").write_text('{"model_type": "gpt2"}')
            made = files(name, spec)
            for file, text in made.items():
                (folder / file).write_text(text, encoding="utf-8")
            read = AutoTokenizer.from_pretrained(path)
        texts = FLAGGED if name == "flags" else TEXTS
        ids = lambda text, **more: read.encode(text, add_special_tokens=False, **more)
        line = {
            "name": name,
            "base": base,
            "files": made,
            "size": len(read),
            "bos": -1 if read.bos_token_id is None else read.bos_token_id,
            "eos": -1 if read.eos_token_id is None else read.eos_token_id,
            "texts": texts,
            "ids": [ids(text) for text in texts],
            "ordinary": [ids(text, split_special_tokens=True) for text in texts],
            "decoded": [read.decode(ids(text)) for text in texts],
        }
        out.write(json.dumps(line) + "\n")
