"""Makes the fixtures in ../resources with two independent tokenizers.

    pip install tiktoken==0.14.0 tokenizers==0.23.2 transformers==5.18.0
    python make_fixtures.py JTOKKIT_JAR

gpt2-ids.jsonl      texts and their GPT-2 ids, by tiktoken with the r50k ranks in jtokkit's jar
gpt2-bytes.jsonl    bytes, most of them not UTF-8, and the ids of tiktoken's Encoding._encode_bytes
gpt2-kinds.txt      the kind of every code point in tiktoken's pattern, a range a line
trained/            vocab.json and merges.txt that tokenizers trains on corpus.txt, a line a document
trained-ids.jsonl   the same texts and their ids, by tokenizers with those files
trained-saved/      the same tokenizer as transformers' GPT2Tokenizer saves it
gpt1/               GPT-1's files, as transformers' OpenAIGPTTokenizer saves them; the vocabulary is
                    learned from corpus.txt by the few lines below
gpt1-ids.jsonl      texts of many scripts, their ids and what these decode to, by that tokenizer
"""

import collections
import json
import pathlib
import random
import shutil
import sys

import tiktoken
from tokenizers import ByteLevelBPETokenizer, Tokenizer, models, normalizers, pre_tokenizers
from tokenizers import trainers
from transformers import GPT2Tokenizer, OpenAIGPTTokenizer

from gpt2_tiktoken import END, gpt2
from live_check import any_bytes, anywhere, script

RESOURCES = pathlib.Path(__file__).parent.parent / "resources"
CORPUS = (RESOURCES / "corpus.txt").read_text(encoding="utf-8")
VOCABULARY = 600

GPT1_VOCABULARY = 550

EDGES = [
    "a", " ", "  ", "   ", "\n", "\n\n", " \n", "\n ", "\t\tx", "x\t\t", " x", "  x", "x  ", "x  y",
    "'", "''", "'s", " 's", "'S", "'re", "'ll", "'l", "'r", "it's'", "it''s", "we'd've", "!'s",
    END, "a" + END + "b", "<|endoftext", "#version: 0.2", "\ufeffmark", "\u0000\u0001\u007f\u0080",
    "a\u00a0b\u00a0\u00a0c", "a\u2009b\u3000\u3000c", "a\u0085b\u2028c\u2029d", "\u001c\u001f x",
    "\u200bzero\u200dwidth", "\u180e mongolian", "e\u0301 combined", "\ufffd\ufffd", "\U0010ffff",
    "1" * 50, "a" * 100, " " * 100 + "x", "-" * 70, "\r\n\r\nx\r\n", "\u4e00" * 20, "\U0001f375" * 9,
]


def texts():
    return EDGES + CORPUS.splitlines() + [CORPUS]


def trained():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - 1,
        min_frequency=2,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(CORPUS.splitlines(), trainer)
    folder = RESOURCES / "trained"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    tokenizer.model.save(str(folder))
    file = folder / "vocab.json"
    vocabulary = json.loads(file.read_text(encoding="utf-8"))
    vocabulary[END] = len(vocabulary)
    file.write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    saved = ByteLevelBPETokenizer(str(file), str(folder / "merges.txt"))
    return lambda text: saved.encode(text).ids


def write(name, encode):
    with open(RESOURCES / name, "w", encoding="utf-8") as out:
        for text in texts():
            out.write(json.dumps({"text": text, "ids": encode(text)}) + "\n")


def trained_saved():
    folder = RESOURCES / "trained"
    vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
    lines = (folder / "merges.txt").read_text(encoding="utf-8").split("\n")[1:-1]
    saved = GPT2Tokenizer(vocab=vocabulary, merges=[tuple(line.split(" ")) for line in lines])
    shutil.rmtree(RESOURCES / "trained-saved", ignore_errors=True)
    saved.save_pretrained(RESOURCES / "trained-saved")


def gpt2_bytes(encoding):
    rng = random.Random(4)
    cases = [any_bytes(rng) for _ in range(300)]
    cases += [b"a  \n\xff", b"  \t\xc3", b"\xe4\xb8", b" \xf0\x9f\x8d", b"\xed\xa0\x80", b"it's\xc2 x"]
    with open(RESOURCES / "gpt2-bytes.jsonl", "w", encoding="utf-8") as out:
        for case in cases:
            ids = encoding._encode_bytes(case)
            out.write(json.dumps({"text": case.hex(), "ids": ids}) + "\n")


def gpt2_kinds():
    """Asks a tokenizer of one class whether it takes the code point."""
    one_byte = {bytes([value]): value for value in range(256)}
    classes = {"space": r"\s", "letter": r"\p{L}", "number": r"\p{N}"}
    asked = {
        kind: tiktoken.Encoding(kind, pat_str=p, mergeable_ranks=one_byte, special_tokens={})
        for kind, p in classes.items()
    }
    ranges = []
    for c in range(0x110000):
        if 0xD800 <= c < 0xE000:
            continue
        kind = next((k for k, e in asked.items() if e.encode_ordinary(chr(c))), "other")
        if ranges and ranges[-1][2] == kind:
            ranges[-1][1] = c
        else:
            ranges.append([c, c, kind])
    text = "".join(f"{a:x} {b:x} {kind}\n" for a, b, kind in ranges)
    (RESOURCES / "gpt2-kinds.txt").write_text(text, encoding="ascii")


def gpt1_learn():
    """Sennrich et al.'s algorithm 1, as naive as there; of equal pairs that of smaller ids."""
    normalize = normalizers.BertNormalizer(lowercase=True).normalize_str
    split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str
    counts = collections.Counter(w for line in CORPUS.splitlines() for w, _ in split(normalize(line)))
    words = {tuple(word[:-1]) + (word[-1] + "</w>",): count for word, count in counts.items()}
    symbols = sorted({symbol for word in words for symbol in word}, key=lambda s: (s[0], len(s)))
    vocabulary = {token: i for i, token in enumerate(["<unk>", *symbols])}
    merges = []
    while len(vocabulary) < GPT1_VOCABULARY - 1:
        pairs = collections.Counter()
        for word, count in words.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += count
        best = min(pairs, key=lambda p: (-pairs[p], vocabulary[p[0]], vocabulary[p[1]]))
        if pairs[best] < 2:
            break
        merges.append(best)
        vocabulary["".join(best)] = len(vocabulary)
        words = {merged(word, best): count for word, count in words.items()}
    return vocabulary, merges


def merged(word, pair):
    out, i = [], 0
    while i < len(word):
        here = word[i : i + 2] == pair
        out.append("".join(pair) if here else word[i])
        i += 2 if here else 1
    return tuple(out)


def gpt1():
    vocabulary, merges = gpt1_learn()
    tokenizer = OpenAIGPTTokenizer(vocab=vocabulary, merges=merges, eos_token=END)
    shutil.rmtree(RESOURCES / "gpt1", ignore_errors=True)
    tokenizer.save_pretrained(RESOURCES / "gpt1")
    rng = random.Random(5)
    samples = [t for t in texts() if END not in t] + [script(rng) for _ in range(150)]
    samples += [anywhere(rng) for _ in range(150)] + ["\u1100\u1161 가각 각", "\U0001d15f\U0001d165\U0001d16d"]
    samples += ["a\u302e\U0001d165b \U0001d16d\u0301\U0001d165 \U0001d16d\u034f\U0001d165", "İi ǅ ẞ ΣΑΣ ﬁ"]
    with open(RESOURCES / "gpt1-ids.jsonl", "w", encoding="utf-8") as out:
        for text in samples:
            ids = tokenizer.encode(text)
            decoded = tokenizer.decode(ids, skip_special_tokens=True)
            out.write(json.dumps({"text": text, "ids": ids, "decoded": decoded}) + "\n")


gpt2_encoding = gpt2(sys.argv[1])
write("gpt2-ids.jsonl", gpt2_encoding.encode_ordinary)
gpt2_bytes(gpt2_encoding)
gpt2_kinds()
write("trained-ids.jsonl", trained())
trained_saved()
gpt1()
