"""Programs that take turns: A B A B. Each measures a round when it is told to."""

import json
import os
import pathlib
import statistics
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]


class Failed(Exception):
    """A program can't be run here. The message is the line that says most."""


class Paced:
    """A program that prints a line of JSON when it is ready, and one more for each line it reads."""

    def __init__(self, name, words, environment=()):
        self.name = name
        # A file, not a pipe: nobody reads it while the program runs, and a full pipe would stop it.
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [str(word) for word in words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
            env=os.environ | dict(environment),
        )
        self.about = self.line()

    def line(self):
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            self.errors.seek(0)
            said = self.errors.read().strip().splitlines()
            raise Failed(f"{self.name}: {said[-1] if said else 'ended without a word'}")
        return json.loads(line)

    def round(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.line()["figures"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def in_turns(contestants, rounds):
    """Figures by contestant: a list with one entry a round. Who can't run is left out, and why is
    told beside: `contestants` are names with functions that start them."""
    running, missing = {}, {}
    for name, start in contestants.items():
        try:
            running[name] = start(name)
        except (Failed, OSError) as e:
            missing[name] = str(e)
    figures = {name: [] for name in running}
    for _ in range(rounds):
        for name, program in running.items():
            figures[name].append(program.round())
    about = {name: program.about for name, program in running.items()}
    for program in running.values():
        program.close()
    return figures, about, missing


def values(rounds, row, figure="tokensPerSecond"):
    return [figures[row][figure] for figures in rounds]


def median(rounds, row, figure="tokensPerSecond"):
    return statistics.median(values(rounds, row, figure))


def ratio(ours, theirs, row, figure="tokensPerSecond"):
    """Median of the rounds' ratios, and the least and the most of them."""
    pairs = zip(values(ours, row, figure), values(theirs, row, figure))
    ratios = [a / b for a, b in pairs]
    return statistics.median(ratios), min(ratios), max(ratios)
