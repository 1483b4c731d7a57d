"""Makes ../resources/folders.jsonl: what transformers' AutoTokenizer reads from folders of other layouts.

    pip install tokenizers==0.23.2 transformers==5.18.0
    python make_folders.py

A line a folder: the files beside trained/vocab.json and trained/merges.txt (or instead of them: those
of "base"), texts, their ids with special tokens taken as such and as text, the ids of a prompt, the
number of tokens, and the ids of bos and eos, -1 for none.
"""

import json
import pathlib
import shutil
import tempfile

from transformers import AutoTokenizer

RESOURCES = pathlib.Path(__file__).parent.parent / "resources"
GPT2 = {"tokenizer_class": "GPT2Tokenizer"}
TYPES = {"gpt1": "openai-gpt", "gpt2": "gpt2"}
FAST = {"tokenizer_class": "PreTrainedTokenizerFast"}
GPT1 = {"tokenizer_class": "OpenAIGPTTokenizer"}
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


STANDARDISED = [
    "The Kiln fires [USER] hot[BOT]kiln <pad>x <|endoftext|> \u00fcber KERNEL",
    "KIL kil \u015eKIL [user] [\u00dcSER]",
    "_start_ _START_ _start_kiln",
    "Wrd wrdx (WRD) a  l  b",
    "",
]


def token(content, special=False, **flags):
    return {"content": content, "special": special, **NO_FLAGS, **flags}


def decoder(*tokens, first=599):
    return {"added_tokens_decoder": {str(first + i): t for i, t in enumerate(tokens)}}


def template(before, after):
    """A post-processor that puts tokens around a text."""
    ids = {"[USER]": 600, "[BOT]": 601}
    special = lambda name: {"SpecialToken": {"id": name, "type_id": 0}}
    text = lambda name: {"Sequence": {"id": name, "type_id": 0}}
    around = lambda name: [*map(special, before), text(name), *map(special, after)]
    return {
        "type": "TemplateProcessing",
        "single": around("A"),
        "pair": around("A") + around("B"),
        "special_tokens": {
            name: {"id": name, "ids": [ids[name]], "tokens": [name]} for name in {*before, *after}
        },
    }


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
    "no names at all": {
        "tokenizer_config.json": {**GPT2, "eos_token": None, "bos_token": None, "unk_token": None},
    },
    "a beginning before every text": {
        "tokenizer_config.json": {**GPT2, "add_bos_token": True, "bos_token": "[BOT]"},
    },
    "an end after every text": {"tokenizer_config.json": {**GPT2, "add_eos_token": True}},
    "a beginning that there isn't": {
        "tokenizer_config.json": {**GPT2, "add_bos_token": True, "bos_token": None},
    },
    "a template around every text": {
        "base": "trained-saved",
        "special": {"[USER]": False, "[BOT]": True},
        "post": template(["[BOT]", "[USER]"], ["[BOT]"]),
        "tokenizer_config.json": {**GPT2, "add_bos_token": False},
    },
    "a template in a sequence": {
        "base": "trained-saved",
        "special": {"[USER]": False, "[BOT]": True},
        "post": {
            "type": "Sequence",
            "processors": [
                {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False, "use_regex": True},
                template(["[BOT]"], []),
            ],
        },
        "tokenizer_config.json": {**FAST, "eos_token": "[BOT]", "bos_token": "[BOT]"},
    },
    "tokenizer.json of no class and no names": {
        "base": "trained-saved",
        "special": {"[USER]": False},
        "tokenizer_config.json": FAST,
    },
    "GPT-1's added_tokens.json": {
        "base": "gpt1-older",
        "added_tokens.json": {"[USER]": 549, "[BOT]": 550, "<pad>": 551},
        "tokenizer_config.json": {**GPT1, "pad_token": "<pad>"},
    },
    "GPT-1's added_tokens_decoder": {
        "base": "gpt1-older",
        "tokenizer_config.json": {
            **GPT1,
            **decoder(
                token("[USER]", normalized=True),
                token("_start_"),
                token("[BOT]", True),
                token("KIL", normalized=True),
                token("Wrd", normalized=True, single_word=True),
                token("L", normalized=True, lstrip=True, rstrip=True),
                first=549,
            ),
            "eos_token": "[BOT]",
        },
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
        whole["post_processor"] = spec.get("post", whole["post_processor"])
        made["tokenizer.json"] = whole
    if name == "merges that come twice":
        merges = (RESOURCES / "trained/merges.txt").read_text(encoding="utf-8")
        lines = merges.split("\n")
        made["merges.txt"] = merges + "\n".join(lines[1:40]) + "\n"
    return {k: v if isinstance(v, str) else json.dumps(v) for k, v in made.items()}


def write_older(source, target):
    """The layout of before tokenizer.json."""
    model = json.loads((source / "tokenizer.json").read_text(encoding="utf-8"))["model"]
    target.mkdir(exist_ok=True)
    write = lambda name, text: (target / name).write_text(text, encoding="utf-8")
    write("vocab.json", json.dumps(model["vocab"], ensure_ascii=False))
    write("merges.txt", "\n".join(["#version: 0.2", *map(" ".join, model["merges"]), ""]))


write_older(RESOURCES / "gpt1", RESOURCES / "gpt1-older")
with open(RESOURCES / "folders.jsonl", "w", encoding="utf-8") as out:
    for name, spec in FOLDERS.items():
        base = spec.get("base", "trained")
        with tempfile.TemporaryDirectory() as path:
            folder = pathlib.Path(path)
            shutil.copytree(RESOURCES / base, folder, dirs_exist_ok=True)
            kind = "gpt1" if base.startswith("gpt1") else "gpt2"
            (folder / "config.json").write_text(json.dumps({"model_type": TYPES[kind]}))
            made = files(name, spec)
            for file, text in made.items():
                (folder / file).write_text(text, encoding="utf-8")
            read = AutoTokenizer.from_pretrained(path)
        texts = FLAGGED if name == "flags" else STANDARDISED if kind == "gpt1" else TEXTS
        ids = lambda text, **more: read.encode(text, add_special_tokens=False, **more)
        line = {
            "name": name,
            "kind": kind,
            "base": base,
            "files": made,
            "size": len(read),
            "bos": -1 if read.bos_token_id is None else read.bos_token_id,
            "eos": -1 if read.eos_token_id is None else read.eos_token_id,
            "texts": texts,
            "ids": [ids(text) for text in texts],
            "ordinary": [ids(text, split_special_tokens=True) for text in texts],
            "prompts": [read.encode(text) for text in texts],
            "decoded": [read.decode(ids(text)) for text in texts],
        }
        out.write(json.dumps(line) + "\n")
