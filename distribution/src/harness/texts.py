"""Task files in their official formats, and a corpus of the same language, all made from a seed."""

import json
import random

CONSONANTS = "b c d f g h k l m n p r s t v w z st tr pl".split()
VOWELS = "a e i o u ai ou".split()
CODAS = ["", "", "n", "r", "s", "nd", "th"]
# Letters of more than one byte; not in endings, where acc_norm counts characters and Kiln bytes.
FOREIGN = ["naïve", "Straße", "Ωμέγα", "мир"]
FOLLOWERS = 8


class Language:
    """Words of which a few are frequent, and each of which is mostly followed by a few others."""

    def __init__(self, generator, size=2500):
        self.generator = generator
        self.words = sorted({self._word() for _ in range(size)})
        generator.shuffle(self.words)
        self.weights = [1 / (rank + 5) for rank in range(len(self.words))]
        self.next = {word: self._some(FOLLOWERS) for word in self.words}

    def _word(self):
        choose = self.generator.choice
        syllables = self.generator.choice([1, 2, 2, 3])
        return "".join(choose(CONSONANTS) + choose(VOWELS) for _ in range(syllables)) + choose(CODAS)

    def _some(self, count):
        return self.generator.choices(self.words, self.weights, k=count)

    def phrase(self, length):
        """Words, without a sign at the end."""
        words = self._some(1)
        while len(words) < length:
            usual = self.generator.random() < 0.8
            words.append(
                self.generator.choice(self.next[words[-1]]) if usual else self._some(1)[0]
            )
        return words

    def sentence(self, foreign=True):
        words = self.phrase(self.generator.randint(5, 14))
        if foreign and self.generator.random() < 0.1:
            words.insert(1, self.generator.choice(FOREIGN))
        if self.generator.random() < 0.3:
            words[len(words) // 2] += ","
        return " ".join(words).capitalize() + self.generator.choice([".", ".", ".", "!", "?"])

    def sentences(self, count):
        return " ".join(self.sentence() for _ in range(count))


def write(folder, seed, questions, passages, articles):
    """Writes corpus.txt, hellaswag_val.jsonl, lambada_test.jsonl, wiki.test.raw; and pages.jsonl,
    which is wiki.test.raw as the harness takes it, an article a line."""
    generator = random.Random(seed)
    language = Language(generator)
    corpus = "\n".join(language.sentences(6) for _ in range(2000))
    (folder / "corpus.txt").write_text(corpus + "\n", encoding="utf-8")
    _lines(folder / "hellaswag_val.jsonl", [_question(language, i) for i in range(questions)])
    _lines(folder / "lambada_test.jsonl", [{"text": _passage(language)} for _ in range(passages)])
    pages = [_article(language) for _ in range(articles)]
    (folder / "wiki.test.raw").write_text("\n".join(pages), encoding="utf-8")
    _lines(folder / "pages.jsonl", [{"page": page} for page in pages])


def _lines(file, rows):
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    file.write_text(text, encoding="utf-8")


def _question(language, index):
    """A context that breaks off, and four ways on: HellaSwag's keys, with WikiHow's marks."""
    marked = index % 3 == 0
    context = language.sentences(language.generator.randint(1, 3))
    return {
        "ind": index,
        "activity_label": " ".join(language.phrase(2)).capitalize(),
        "ctx_a": ("[header] " if marked else "") + context + (" [title] Next" if marked else ""),
        "ctx_b": "" if index % 4 == 0 else " ".join(language.phrase(2)),
        "endings": [
            ("[step] " if marked else "") + language.sentence(foreign=False) for _ in range(4)
        ],
        "label": language.generator.randrange(4),
        "split": "val",
    }


def _passage(language):
    """Some sentences, and the beginning of one whose last word is asked for."""
    return language.sentences(language.generator.randint(2, 5)) + " " + " ".join(language.phrase(9))


def _article(language):
    """Tokenized as WikiText is: a title, sections, spaces around signs."""
    title = " ".join(language.phrase(2)).capitalize()
    parts = [f" = {title} = ", " "]
    for section in range(language.generator.randint(2, 4)):
        heading = " ".join(language.phrase(2)).capitalize()
        parts += [f" = = {heading} = = ", " "] if section else []
        parts += [f" {_tokenized(language)} " for _ in range(2)] + [" "]
    return "\n".join(parts)


def _tokenized(language):
    text = language.sentences(language.generator.randint(4, 8))
    for sign in ".,!?":
        text = text.replace(sign, f" {sign}")
    year = language.generator.randint(1, 9)
    return f'{text} In {year} @,@ 066 ( or so ) , it was " well @-@ known " .'
