#!/usr/bin/env python3
"""This checkout beside another one of Kiln, in turns: has anything become slower or larger?

    distribution/benchmarks/regression.py OTHER [--rounds N] [--only WORD ...]

OTHER is another checkout's root, of the commit before, say; both are built when they are not. Prints
for each part the medians of both and the median of the rounds' ratios, this one's by the other's:
rates (at least 0.98 is the same) and peak memory (at most 1.02). Judge only on a quiet machine.
"""

import argparse
import pathlib
import subprocess

from benchmarks import machine
from paced import ROOT, Contest, Paced, median, ratio

TRAINING = ["train", "--backend", "onednn"]
GPT2 = [*TRAINING, "--batch", "4", "--context", "256"]
SHAKESPEARE = [*TRAINING, "--model", "shakespeare-char", "--batch", "12", "--context", "64"]
GENERATION = ["generate", "--backend", "onednn", "--tokens", "64"]
STREAMS = ["stream", "streams"]

PARTS = {
    "train-bfloat16": ([*GPT2, "--precision", "bfloat16"], ["step"]),
    "train-float32": ([*GPT2, "--precision", "float32"], ["step"]),
    "shakespeare-bfloat16": ([*SHAKESPEARE, "--steps", "50", "--precision", "bfloat16"], ["step"]),
    "shakespeare-float32": ([*SHAKESPEARE, "--steps", "50", "--precision", "float32"], ["step"]),
    "generate-bfloat16": ([*GENERATION, "--format", "bfloat16"], STREAMS),
    "generate-int8": ([*GENERATION, "--format", "int8"], STREAMS),
    "generate-int4": ([*GENERATION, "--format", "int4"], STREAMS),
}


def peak_mebibytes(process):
    """The launchers exec, so the process that was started is the JVM."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def compare(words, rows, other, options):
    def start(root):
        return lambda name: Paced(name, [root / "kiln", "bench", *words, "--paced"])

    made = Contest({"this": start(ROOT), "other": start(other)}, options.warm)
    try:
        made.in_turns(["this", "other"], options.rounds)
        peaks = {name: peak_mebibytes(paced.process) for name, paced in made.running.items()}
    finally:
        made.close_all()
    if made.missing:
        raise SystemExit(f"regression: {made.missing}")
    this, that = made.figures["this"], made.figures["other"]
    lines = []
    for row in rows:
        middle, least, most = ratio(this, that, row)
        lines.append(
            f"{row:8} {median(this, row):10.1f} {median(that, row):10.1f} tokens/s"
            f"   {middle:.3f} ({least:.3f} to {most:.3f})"
        )
    lines.append(
        f"{'memory':8} {peaks['this']:10.0f} {peaks['other']:10.0f} MiB     "
        f"   {peaks['this'] / peaks['other']:.3f}"
    )
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("other", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--warm", type=float, default=10, help="seconds of rounds that don't count")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    options = parser.parse_args()
    other = options.other.resolve()
    for root in [ROOT, other]:
        subprocess.run([root / "kiln", "--version"], capture_output=True, check=True)
    print(f"{machine()}, {options.rounds} rounds in turns; this, other, this by other")
    for name in options.only:
        words, rows = PARTS[name]
        for line in compare(words, rows, other, options):
            print(f"{name:20} {line}", flush=True)


if __name__ == "__main__":
    main()
