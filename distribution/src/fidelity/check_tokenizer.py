"""GPT-2's tokenizer beside tiktoken, GPT-1's beside transformers, through Kiln's commands."""

import json
import random
import sys
import zipfile

from transformers import OpenAIGPTTokenizer

from kiln import ROOT, Failed
from table import Row, Table

# The plugin's own comparison makes the text and knows how to build tiktoken without a hub.
sys.path.append(str(ROOT / "plugins/tokenizer-bpe/src/test/python"))
import gpt2_tiktoken  # noqa: E402
import live_check  # noqa: E402

TEXT = 10_000_000
CASES = 20_000
GPT1_TEXT = 5_000_000


def tokenizers(kiln, seed):
    table = Table(
        "Tokenizers",
        "GPT-2's beside tiktoken's `gpt2`: 10 MB of mixed text (many scripts, every code point, "
        "emoji, control characters, random bytes decoded both ways, long runs), and bytes that are "
        "mostly not UTF-8. GPT-1's, trained by Kiln and exported, beside transformers' "
        "`OpenAIGPTTokenizer` on 5 MB of the same kind. A special token's name in a text is text to "
        "all of them (`encode_ordinary`, `split_special_tokens`).",
    )
    rng = random.Random(seed)
    encoding = gpt2_tiktoken.gpt2(jtokkit(kiln))
    mixed = live_check.mixed(rng, TEXT)
    broken = b"".join(live_check.any_bytes(rng) for _ in range(CASES)) + rng.randbytes(300_000)
    cases = [
        ("text", mixed.encode(), encoding.encode_ordinary(mixed)),
        ("any kind", broken, encoding._encode_bytes(broken)),
    ]
    for kind, raw, expected in cases:
        label = f"gpt2, {len(raw):,} bytes of {kind}"
        table.rows += attempted(label, lambda: gpt2_rows(kiln, label, raw, expected))
    table.rows += attempted("gpt1", lambda: gpt1_rows(kiln, live_check.mixed(rng, GPT1_TEXT)))
    return table


def attempted(label, rows):
    try:
        return rows()
    except Failed as e:
        return [Row.holds(label, str(e), "runs", False)]


def jtokkit(kiln):
    """The jar with GPT-2's ranks, out of the plugin's archive."""
    archive = next((kiln.home / "plugins").glob("tokenizer-bpe-*.zip"))
    with zipfile.ZipFile(archive) as plugin:
        name = next(n for n in plugin.namelist() if n.startswith("lib/jtokkit-"))
        return plugin.extract(name, kiln.work)


def gpt2_rows(kiln, label, raw, expected):
    ids = json.loads(kiln.run("tokenize", "gpt2", data=raw))["ids"]
    back = kiln.run("detokenize", "gpt2", "--raw", data=json.dumps(ids).encode(), binary=True)
    return [
        Row.equal(f"{label}: ids", differing(expected, ids), len(expected)),
        Row.equal(f"{label}: decode(encode(x)), bytes", differing(raw, back), len(raw)),
    ]


def gpt1_rows(kiln, text):
    folder = kiln.work / "folders/openai-gpt/one"
    if not folder.exists():
        return [Row.not_run("gpt1: ids", "there is no exported folder; run the part 'folders'")]
    tokenizer = OpenAIGPTTokenizer.from_pretrained(folder)
    expected = tokenizer.encode(text, add_special_tokens=False, split_special_tokens=True)
    ids = json.loads(kiln.run("tokenize", folder, data=text.encode()))["ids"]
    label = f"gpt1, {len(text.encode()):,} bytes of text: ids"
    return [Row.equal(label, differing(expected, ids), len(expected))]


def differing(expected, found):
    """How many places differ; places that only one of the two has do."""
    wrong = sum(a != b for a, b in zip(expected, found))
    return wrong + abs(len(expected) - len(found))
