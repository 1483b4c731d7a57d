"""Compares Kiln's gpt2 tokenizer with tiktoken on 10 MB of mixed text, and on bytes of any kind.

    pip install tiktoken==0.14.0
    python live_check.py make FOLDER [--seed N] [--megabytes N]
    (encode FOLDER/text.txt and every line of FOLDER/bytes.hex with Kiln, see below)
    python live_check.py compare FOLDER JTOKKIT_JAR

make      text.txt, UTF-8 of many scripts, emoji, control characters, all code points, random bytes
          decoded both ways, long runs, digits, contractions, all kinds of line ends; bytes.hex,
          a line a case, bytes of which most are not UTF-8.
compare   reads text.ids (a JSON list of ids, or an object that has one under "ids") and bytes.ids
          (a list for each line of bytes.hex, a line each), compares them with tiktoken's and
          decodes them, and times tiktoken on one thread. Exits with 1 when anything differs.

EncodeFiles in ../java is what encodes FOLDER from the test classes; it prints Kiln's speed (Maven
must itself run on JDK 25 here):

    mvn -q -pl plugins/tokenizer-bpe test-compile exec:java -Dexec.classpathScope=test \
        -Dexec.mainClass=dev.kiln.plugins.bpe.EncodeFiles -Dexec.args=FOLDER
"""

import argparse
import json
import pathlib
import random
import sys
import time

from gpt2_tiktoken import END, gpt2

SCRIPTS = [
    (0x20, 0x7E), (0x20, 0x7E), (0xA0, 0x24F), (0x250, 0x36F), (0x370, 0x3FF), (0x400, 0x52F),
    (0x531, 0x58F), (0x591, 0x5F4), (0x600, 0x6FF), (0x700, 0x74F), (0x900, 0x97F), (0x980, 0x9FF),
    (0xA00, 0xAFF), (0xB80, 0xBFF), (0xC00, 0xCFF), (0xE00, 0xE7F), (0xE80, 0xEFF), (0xF00, 0xFFF),
    (0x1000, 0x109F), (0x10A0, 0x10FF), (0x1100, 0x11FF), (0x1200, 0x137F), (0x13A0, 0x13FF),
    (0x1400, 0x167F), (0x1780, 0x17FF), (0x1800, 0x18AF), (0x1E00, 0x1FFF), (0x2000, 0x206F),
    (0x2070, 0x218F), (0x2190, 0x2BFF), (0x2C00, 0x2DFF), (0x3000, 0x30FF), (0x4E00, 0x9FFF),
    (0xA000, 0xA4CF), (0xAC00, 0xD7A3), (0xE000, 0xF8FF), (0xF900, 0xFAFF), (0xFB00, 0xFDFF),
    (0xFE00, 0xFFFF), (0x10000, 0x100FF), (0x10300, 0x103DF), (0x12000, 0x123FF),
    (0x1D400, 0x1D7FF), (0x1F000, 0x1FAFF), (0x20000, 0x2A6DF), (0xE0000, 0xE01EF),
]  # fmt: skip
WORDS = """the kiln is warm and so are we; it's that we'd rather they'll not, I'm sure you've seen
    what isn't there: DON'T 'S 'Re 'tis rock'n'roll https://example.org/a?b=c&d=%20 foo_bar() {x} #1
    1,234.56 2026-11-25 3/4 0xFF 1e-10 v2.0 naïve Straße crème""".split()
EMOJI = ["😀", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "👍🏽", "❤️", "🧑🏿‍🚀", "#️⃣", "🏴\U000e0067\U000e0062\U000e007f"]
ENDS = ["\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\u2028", "\u0085", "\t", "\u000b", "\f"]


def script(rng):
    low, high = rng.choice(SCRIPTS)
    text = "".join(chr(rng.randint(low, high)) for _ in range(rng.randint(1, 60)))
    return text if rng.random() < 0.5 else " ".join(text[i : i + 4] for i in range(0, 60, 4))


def run(rng):
    one = rng.choice("a \n\t1-é字\u00a0\u3000'")
    return one * rng.choice([2, 3, 10, 100, 3000]) + rng.choice(["", "x", " x"])


def anywhere(rng):
    points = (rng.randrange(0x110000 - 0x800) for _ in range(rng.randint(1, 40)))
    return "".join(chr(c if c < 0xD800 else c + 0x800) for c in points)


PIECES = [
    (12, lambda rng: " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 30)))),
    (12, script),
    (2, anywhere),
    (2, lambda rng: "".join(rng.choice(EMOJI) for _ in range(rng.randint(1, 6)))),
    (2, lambda rng: "".join(chr(rng.randrange(0xA1)) for _ in range(rng.randint(1, 20)))),
    (1, run),
    (2, lambda rng: str(rng.getrandbits(rng.randint(1, 200)))),
    (2, lambda rng: rng.randbytes(rng.randint(1, 40)).decode("latin-1")),
    (2, lambda rng: rng.randbytes(rng.randint(1, 40)).decode("utf-8", errors="replace")),
    (1, lambda rng: END),
    (6, lambda rng: rng.choice(["", " ", "  ", "   "])),
    (4, lambda rng: rng.choice(ENDS)),
]  # fmt: skip


def mixed(rng, size):
    """All code points once, then pieces of all kinds."""
    parts = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    parts = ["".join(parts[i : i + 64]) + " " for i in range(0, len(parts), 64)]
    rng.shuffle(parts)
    weights = [weight for weight, _ in PIECES]
    kinds = [piece for _, piece in PIECES]
    length = sum(len(part.encode()) for part in parts)
    while length < size:
        parts.append(rng.choices(kinds, weights)[0](rng))
        length += len(parts[-1].encode())
    return "".join(parts)


def any_bytes(rng):
    """Text, with bytes in or behind it that break it off."""
    text = b"".join(piece(rng).encode()[:80] for _, piece in rng.choices(PIECES, k=4))
    cut = rng.randint(0, len(text))
    return text[:cut] + rng.randbytes(rng.randint(0, 5)) + text[cut : rng.randint(cut, len(text))]


def make(folder, seed, megabytes):
    rng = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "text.txt").write_bytes(mixed(rng, megabytes * 1_000_000).encode())
    cases = [any_bytes(rng) for _ in range(20_000)] + [rng.randbytes(300_000)]
    (folder / "bytes.hex").write_text("".join(case.hex() + "\n" for case in cases))


def listed(line):
    ids = json.loads(line)
    return ids["ids"] if isinstance(ids, dict) else ids


def same(name, expected, found, decoded, encoding):
    if expected != found:
        place = next((i for i, (a, b) in enumerate(zip(expected, found)) if a != b), -1)
        print(f"{name}: the ids differ from place {place} on")
        return False
    if encoding.decode_bytes(found) != decoded:
        print(f"{name}: the ids decode to something else")
        return False
    return True


def compare(folder, jar):
    encoding = gpt2(jar)
    raw = (folder / "text.txt").read_bytes()
    text = raw.decode()
    encoding.encode_ordinary(text[:100_000])
    start = time.perf_counter()
    expected = encoding.encode_ordinary(text)
    seconds = time.perf_counter() - start
    print(f"tiktoken: {len(raw) / seconds / 1e6:.1f} MB/s, {len(raw)} bytes, {len(expected)} ids")
    good = same("text.txt", expected, listed((folder / "text.ids").read_text()), raw, encoding)
    cases = [bytes.fromhex(line) for line in (folder / "bytes.hex").read_text().split("\n")[:-1]]
    lines = (folder / "bytes.ids").read_text().splitlines()
    assert len(cases) == len(lines), f"{len(lines)} lists of ids for {len(cases)} cases"
    for number, (case, line) in enumerate(zip(cases, lines), 1):
        ids = encoding._encode_bytes(case)
        good = same(f"bytes.hex:{number}", ids, listed(line), case, encoding) and good
    print("equal" if good else "DIFFERENT", f"on the text and {len(cases)} cases of bytes")
    return good


parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
commands = parser.add_subparsers(dest="command", required=True)
maker = commands.add_parser("make")
maker.add_argument("folder", type=pathlib.Path)
maker.add_argument("--seed", type=int, default=1)
maker.add_argument("--megabytes", type=int, default=10)
comparer = commands.add_parser("compare")
comparer.add_argument("folder", type=pathlib.Path)
comparer.add_argument("jar")
if __name__ == "__main__":
    arguments = parser.parse_args()
    if arguments.command == "make":
        make(arguments.folder, arguments.seed, arguments.megabytes)
    else:
        sys.exit(0 if compare(arguments.folder, arguments.jar) else 1)
