"""Makes ../../main/resources/dev/kiln/plugins/bpe/gpt1-characters.txt by asking tokenizers.

    pip install tokenizers==0.23.2
    python make_characters.py

What transformers' OpenAIGPTTokenizer does to each code point (its normalizer and pre-tokenizer are
BERT's, lower-casing), found by trying them all. The Unicode versions behind it are a mixture (8 for
marks and punctuation, 12 for decomposition, 17 for lower case), so no Unicode of the JDK's will do.

    drop A B-C …           removed, as control characters and marks are
    stop A B-C …           removed, but marks are not reordered across it
    order N A B-C …        marks that stay, with their canonical combining class
    isolate A B-C …        a word by itself: a space before and after
    punctuation A B-C …    a word by itself: split off
    map A B-C > X Y …      becomes X Y …; of a range, the second becomes X + 1, and so on

Numbers are hexadecimal, but for N. Hangul syllables, which follow a rule, are left out.
"""

import pathlib
import unicodedata

from tokenizers import normalizers, pre_tokenizers

OUT = pathlib.Path(__file__).parents[2] / "main/resources/dev/kiln/plugins/bpe/gpt1-characters.txt"
POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
HANGUL = range(0xAC00, 0xD7A4)
NFD = normalizers.NFD()
BERT = normalizers.BertNormalizer(lowercase=True)
SPLIT = pre_tokenizers.BertPreTokenizer()
YPOGEGRAMMENI = 0x345  # the mark with the highest combining class: all others go before it


def only(**options):
    off = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return normalizers.BertNormalizer(**(off | options))


def become(normalizer, c):
    return normalizer.normalize_str("a" + chr(c) + "b")[1:-1]


def ranges(points):
    out = []
    for c in sorted(points):
        if out and out[-1][1] == c - 1:
            out[-1][1] = c
        else:
            out.append([c, c])
    return [f"{a:x}" if a == b else f"{a:x}-{b:x}" for a, b in out]


def reordered(c):
    moved = NFD.normalize_str("a" + chr(YPOGEGRAMMENI) + chr(c) + "b")
    return c == YPOGEGRAMMENI or moved == "a" + chr(c) + chr(YPOGEGRAMMENI) + "b"


def maps(mapping):
    """Joins neighbours that become neighbours."""
    joined = []
    for c, to in sorted(mapping.items()):
        last = joined[-1] if joined else None
        if last and len(to) == len(last[2]) == 1 and c == last[1] + 1:
            if ord(to) - c == ord(last[2]) - last[0]:
                last[1] = c
                continue
        joined.append([c, c, to])
    for a, b, to in joined:
        place = f"{a:x}" if a == b else f"{a:x}-{b:x}"
        yield f"map {place} > {' '.join(f'{ord(t):x}' for t in to)}"


def main():
    chinese, clean = only(handle_chinese_chars=True), only(clean_text=True)
    strip = only(strip_accents=True)
    isolated = {c for c in POINTS if become(chinese, c) != chr(c)}
    removed = {c for c in POINTS if become(clean, c) == ""}
    marks = {c for c in POINTS if become(strip, c) == ""} - removed
    nonstarters = {c for c in POINTS if become(NFD, c) == chr(c) and reordered(c)}
    decomposed = {c for c in marks if become(NFD, c) != chr(c)}
    stops = marks - nonstarters - decomposed
    kept = nonstarters - marks - removed
    punctuation = {c for c in POINTS if len(SPLIT.pre_tokenize_str("a" + chr(c) + "b")) == 3}
    mapping = {}
    gone = removed | marks
    for c in POINTS:
        to = become(BERT, c)
        to = to[1:-1] if c in isolated else to
        if c not in gone and to != chr(c) and c not in HANGUL:
            mapping[c] = to
    lines = ["drop " + " ".join(ranges(removed | (marks - stops)))]
    lines.append("stop " + " ".join(ranges(stops)))
    classes = {unicodedata.combining(chr(c)) for c in kept}
    assert 0 not in classes
    for order in sorted(classes):
        same = {c for c in kept if unicodedata.combining(chr(c)) == order}
        lines.append(f"order {order} " + " ".join(ranges(same)))
    lines.append("isolate " + " ".join(ranges(isolated)))
    lines.append("punctuation " + " ".join(ranges(punctuation)))
    lines.extend(maps(mapping))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text("\n".join(lines) + "\n", encoding="ascii")


main()
