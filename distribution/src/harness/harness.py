"""Compares Kiln's evaluation with lm-evaluation-harness; writes docs/evaluation.md."""

import argparse
import json
import math
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

import texts
from kiln import ROOT, Failed, Kiln
from machine import machine
from table import Row, Table

PAGE = ROOT / "docs" / "evaluation.md"
ASK = pathlib.Path(__file__).with_name("ask.py")
PACKAGES = ["lm_eval", "torch", "transformers", "tokenizers", "datasets"]

LIKELIHOOD_BAR = 1e-3
PERPLEXITY_BAR = 1e-4
SPEED_BAR = 2.0
BATCHES = [8, 32]
TRIED = 25

HEAD = """# Evaluation beside lm-evaluation-harness

The same requests to the same checkpoint, by `run: evaluate` and by EleutherAI's
lm-evaluation-harness on transformers. Made by `distribution/src/harness/run`, not by hand;
`distribution/src/harness/README.md` says how.

The checkpoint is a GPT-2 of 4 layers of 256, vocabulary 2,048, context 256, that Kiln began from
random weights, trained for 40 steps and exported. Of the task files, which are random too, the
harness's own tasks `hellaswag`, `lambada_standard` and `wikitext` make the requests on its side.

"""

PRETRAIN = """run: pretrain
out: model
data: {text: {path: corpus.txt, heldOut: 0.02}}
tokenizer: {bpe: {vocabulary: 2048}}
model: {gpt2: {layers: 4, heads: 4, width: 256, context: 256, dropout: 0}}
schedule: {constant: {learningRate: 2e-3}}
training: {batch: 4, steps: 40}
evaluation: {every: 40}
checkpoints: {every: 40}
samples: {maxTokens: 0}
"""

EVALUATE = """run: evaluate
model: checkpoint
out: answers
tasks: [{hellaswag: {path: ., test: hellaswag_val.jsonl}}, {lambada: {path: .}}, {wikitext: {path: .}}]
bootstrap: 0
"""

# What Kiln calls the figures of the harness.
FIGURES = {
    "hellaswag": {
        "acc": "accuracy",
        "acc_norm": "accuracy/byte",
        "acc_bytes": "accuracy/byte",
    },
    "lambada": {"acc": "accuracy", "perplexity": "perplexity/word"},
    "wikitext": {
        "word_perplexity": "perplexity/word",
        "byte_perplexity": "perplexity/byte",
        "bits_per_byte": "bits/byte",
    },
}


class Peers:
    """Both programs on one folder of files. Each question is answered anew."""

    def __init__(self, kiln, folder):
        self.kiln = kiln
        self.folder = folder

    def prepare(self, seed, questions, passages, articles):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        texts.write(self.folder, seed, questions, passages, articles)
        self._recipe("pretrain", PRETRAIN + f"seed: {seed}\n")
        self._recipe("evaluate", EVALUATE)
        self.kiln.run("run", "pretrain.yaml", folder=self.folder)
        self.kiln.run("export", "model", "checkpoint", folder=self.folder)

    def _recipe(self, name, text):
        (self.folder / f"{name}.yaml").write_text(text)

    def ask_kiln(self):
        """Seconds from the opened model to the scores, and of the whole command."""
        shutil.rmtree(self.folder / "answers", ignore_errors=True)
        begin = time.perf_counter()
        self.kiln.run("run", "evaluate.yaml", folder=self.folder)
        return self.kiln_results()["seconds"], time.perf_counter() - begin

    def ask_harness(self, batch, limit=None):
        """Its answers, and seconds: of its requests, and of the whole command."""
        out = self.folder / "harness.json"
        words = [sys.executable, ASK, "checkpoint", self.folder, out, "--batch", batch]
        words += ["--limit", limit] if limit else []
        begin = time.perf_counter()
        result = subprocess.run(
            list(map(str, words)),
            cwd=self.folder,
            env=os.environ | {"HF_HOME": str(self.folder / "hub")},
            capture_output=True,
            text=True,
        )
        if result.returncode != 0:
            said = result.stderr.strip().splitlines()
            raise Failed(f"lm-evaluation-harness: {(said or ['nothing'])[-1]}")
        answers = json.loads(out.read_text())
        return answers, answers["seconds"], time.perf_counter() - begin

    def best_batch(self):
        """The batch size with which the harness answers some of the requests soonest."""
        return min(BATCHES, key=lambda batch: self.ask_harness(batch, TRIED)[1])

    def kiln_requests(self):
        """What Kiln has of each request, by its key: log-likelihood, tokens, greedy."""
        lines = (self.folder / "answers/requests.txt").read_text().splitlines()[1:]
        fields = [line.removesuffix(".").split(" ") for line in lines if line.startswith("l")]
        return {key: (float(total), int(count), same == "true") for key, total, count, same in fields}

    def kiln_results(self):
        return json.loads((self.folder / "answers/results.json").read_text())

    def kiln_figures(self):
        return {
            score["task"]: {name: one["value"] for name, one in score["figures"].items()}
            for score in self.kiln_results()["scores"]
        }


def compared(name, theirs, requests, figures):
    """A task's table."""
    documents = all(request["greedy"] is None for request in theirs["requests"])
    count, tokens = len(theirs["requests"]), sum(r["tokens"] for r in theirs["requests"])
    what = "documents" if documents else "requests"
    table = Table(name, f"{count:,} {what}, {tokens:,} tokens whose likelihood is asked for.")
    missing = [r for r in theirs["requests"] if not all(key in requests for key in r["keys"])]
    table.rows.append(Row.equal(f"{what} whose tokens differ", len(missing), count))
    if missing:
        return table
    differences = [
        abs(r["sum"] - sum(requests[key][0] for key in r["keys"])) for r in theirs["requests"]
    ]
    table.rows.append(
        Row.most(f"log-likelihood of {what}, max abs diff", max(differences), LIKELIHOOD_BAR)
    )
    if not documents:
        wrong = [r for r in theirs["requests"] if r["greedy"] != requests[r["keys"][0]][2]]
        greedy = sum(r["greedy"] for r in theirs["requests"])
        what = f"greedy matches ({greedy:,} of {count:,})"
        table.rows.append(Row.equal(what, len(wrong), count))
    for metric, own in FIGURES[name].items():
        table.rows.append(figure(f"{metric}, {own}", theirs["figures"][metric], figures[own]))
    return table


def figure(what, theirs, own):
    both = f"{theirs:.6g} and {own:.6g}"
    if what.startswith("acc"):
        return Row.holds(what, both, "equal", math.isclose(theirs, own, rel_tol=1e-12))
    apart = abs(theirs - own) / theirs
    bar = f"within {PERPLEXITY_BAR:.0e} of it"
    return Row.holds(what, f"{both}: {apart:.1e} apart", bar, apart <= PERPLEXITY_BAR)


def speed(rounds, batch, threads, count):
    """rounds: of each side, seconds of its requests and of its command."""
    table = Table(
        "Speed",
        f"The {count:,} requests of all three tasks, float32, {threads} threads, {len(rounds)} "
        f"rounds in turns; medians. The harness has batches of {batch}, of {BATCHES[0]} and "
        f"{BATCHES[1]} those that answered some of the requests sooner; Kiln its default of 16. Each "
        "round is a process of its own. Of the harness's requests only what its model takes to "
        "encode and answer counts; of Kiln's all from the opened model to the scores.",
    )
    for column, what in enumerate(["requests", "the whole command"]):
        theirs, own = ([one[side][column] for one in rounds] for side in range(2))
        ratios = [one / other for one, other in zip(theirs, own, strict=True)]
        ratio = statistics.median(theirs) / statistics.median(own)
        table.rows.append(
            Row.holds(
                what,
                f"{statistics.median(theirs):.2f} s and {statistics.median(own):.2f} s: {ratio:.2f} "
                f"times as fast ({min(ratios):.2f} to {max(ratios):.2f})",
                f"≥ {SPEED_BAR:g} times",
                ratio >= SPEED_BAR,
            )
        )
    return table


def tell(text):
    print(f"harness: {text}", file=sys.stderr, flush=True)


def compare(peers, options):
    """The tables of the tasks, and that of the speed."""
    tell("task files and checkpoint")
    peers.prepare(options.seed, options.questions, options.passages, options.articles)
    batch = options.batch or peers.best_batch()
    tell(f"the harness takes batches of {batch}")
    rounds = []
    for number in range(1, options.rounds + 1):
        answers, asked, command = peers.ask_harness(batch)
        own = peers.ask_kiln()
        rounds.append(((asked, command), own))
        theirs, ours = (f"{one:.1f} s of {whole:.1f} s" for one, whole in rounds[-1])
        tell(f"round {number}: harness {theirs}, Kiln {ours}")
    requests, figures = peers.kiln_requests(), peers.kiln_figures()
    tasks = [
        compared(name, theirs, requests, figures[name])
        for name, theirs in answers["tasks"].items()
    ]
    count = sum(len(theirs["requests"]) for theirs in answers["tasks"].values())
    return tasks, speed(rounds, batch, answers["threads"], count)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seed", type=int, default=1, help="of texts and weights")
    arguments.add_argument("--questions", type=int, default=2000, help="of HellaSwag's form")
    arguments.add_argument("--passages", type=int, default=2000, help="of LAMBADA's form")
    arguments.add_argument("--articles", type=int, default=40, help="of WikiText's form")
    arguments.add_argument("--batch", type=int, help="the harness's; tried out if not given")
    arguments.add_argument("--rounds", type=int, default=3, help="of which medians are taken")
    arguments.add_argument("--print", action="store_true", help="print the page, do not write it")
    arguments.add_argument(
        "--work", type=pathlib.Path, default=ROOT / "distribution/target/harness"
    )
    options = arguments.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    kiln = Kiln(options.work.resolve())
    kiln.build()
    try:
        tasks, speeds = compare(Peers(kiln, kiln.work / "files"), options)
    except Failed as e:
        sys.exit(f"harness: {e}")
    page = HEAD + "".join(table.markdown() + "\n" for table in [*tasks, speeds])
    page += machine(PACKAGES)
    if options.print:
        print(page)
    else:
        PAGE.write_text(page, encoding="utf-8")
    missed = [row.what for table in [*tasks, speeds] for row in table.rows if not row.passed]
    tell(f"bars that were missed: {', '.join(missed) or 'none'}")
    sys.exit(0 if all(table.passed() for table in tasks) else 1)


if __name__ == "__main__":
    main()
