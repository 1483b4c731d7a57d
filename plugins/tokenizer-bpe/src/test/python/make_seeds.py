"""Makes the seeds of TokenizerFilesFuzzTest from the fixtures: small files that are read.

    python make_seeds.py

Vocabularies are as small as they may be: the 256 bytes, or a few symbols, and a merge or two.
"""

import json
import pathlib

RESOURCES = pathlib.Path(__file__).parent.parent / "resources"
SEEDS = RESOURCES / "dev/kiln/plugins/bpe/TokenizerFilesFuzzTestInputs"


def put(test, name, data):
    folder = SEEDS / test
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def small(settings, symbols, merges):
    tokens = symbols + ["".join(merge) for merge in merges]
    settings["model"]["vocab"] = {token: i for i, token in enumerate(tokens)}
    settings["model"]["merges"] = merges
    settings["added_tokens"] = [a for a in settings["added_tokens"] if a["content"] in tokens]
    for token in settings["added_tokens"]:
        token["id"] = tokens.index(token["content"])
    vocabulary = json.dumps(settings["model"]["vocab"], ensure_ascii=False)
    lines = "#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges)
    return settings, (vocabulary + "\0" + lines).encode()


def dump(settings):
    return json.dumps(settings, ensure_ascii=False).encode()


def main():
    saved = json.loads((RESOURCES / "trained-saved/tokenizer.json").read_text(encoding="utf-8"))
    alphabet = list(saved["model"]["vocab"])[:256] + ["<|endoftext|>"]
    gpt2, files = small(saved, alphabet, [["h", "e"], ["t", "he"]])
    put("tokenizerJson", "gpt2", dump(gpt2))
    put("vocabularyAndMerges", "gpt2", files)
    gpt2["model"]["merges"] = ["h e", "t he"]
    gpt2["pre_tokenizer"]["add_prefix_space"] = True
    put("tokenizerJson", "prefix-space", dump(gpt2))
    gpt2["pre_tokenizer"] = gpt2["decoder"] = None
    gpt2["model"] = {"type": "WordPiece", "vocab": {"a": 0}, "unk_token": "a"}
    put("tokenizerJson", "wordpiece", dump(gpt2))
    saved = json.loads((RESOURCES / "gpt1/tokenizer.json").read_text(encoding="utf-8"))
    gpt1, files = small(saved, ["<unk>", "h", "e", "e</w>", "t"], [["h", "e</w>"], ["t", "he</w>"]])
    put("tokenizerJson", "gpt1", dump(gpt1))
    put("vocabularyAndMerges", "gpt1", files)
    put("vocabularyAndMerges", "broken", b'{"a": 0, "b": 2, "a": \xff\0a b c\n')


main()
