"""Makes the fixtures in ../resources with two independent tokenizers.

    pip install tiktoken==0.14.0 tokenizers==0.23.2
    python make_fixtures.py JTOKKIT_JAR

gpt2-ids.jsonl      texts and their GPT-2 ids, by tiktoken with the r50k ranks in jtokkit's jar
trained/            vocab.json and merges.txt that tokenizers trains on corpus.txt, a line a document
trained-ids.jsonl   the same texts and their ids, by tokenizers with those files
"""

import base64
import json
import pathlib
import shutil
import sys
import zipfile

import tiktoken
from tokenizers import ByteLevelBPETokenizer, Tokenizer, models, pre_tokenizers, trainers

RESOURCES = pathlib.Path(__file__).parent.parent / "resources"
CORPUS = (RESOURCES / "corpus.txt").read_text(encoding="utf-8")
END = "<|endoftext|>"
VOCABULARY = 600

SPLIT = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"

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


def gpt2(jar):
    ranks_name = "com/knuddels/jtokkit/r50k_base.tiktoken"
    lines = zipfile.ZipFile(jar).read(ranks_name).split(b"\n")
    pairs = (line.split() for line in lines if line)
    ranks = {base64.b64decode(token): int(rank) for token, rank in pairs}
    encoding = tiktoken.Encoding(
        "gpt2", pat_str=SPLIT, mergeable_ranks=ranks, special_tokens={END: 50256}
    )
    return lambda text: encoding.encode_ordinary(text)


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


write("gpt2-ids.jsonl", gpt2(sys.argv[1]))
write("trained-ids.jsonl", trained())
