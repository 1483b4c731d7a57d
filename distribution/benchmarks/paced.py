"""Programs that take turns: A B A B. Each measures a round when it is told to."""

import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

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
        try:
            self.process.stdin.write("\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # line() says what it said last
        return self.line()["figures"]

    def warm_up(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.round()

    def close(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass  # it has ended by itself
        self.process.wait()


def in_turns(contestants, rounds, warm):
    """Figures by contestant: a list with one entry a round. Who can't run is left out, and why is
    told beside: `contestants` are names with functions that start them. Each runs rounds that do not
    count for `warm` seconds, alone, so that what is compiled while it runs is compiled."""
    running, missing = {}, {}
    figures = {}
    try:
        for name, start in contestants.items():
            try:
                running[name] = start(name)
                running[name].warm_up(warm)
            except (Failed, OSError) as e:
                if name in running:
                    running.pop(name).close()
                missing[name] = str(e)
        figures = {name: [] for name in running}
        for _ in range(rounds):
            for name, program in running.items():
                figures[name].append(program.round())
        about = {name: program.about for name, program in running.items()}
    finally:
        for program in running.values():
            program.close()
    return figures, about, missing


def values(rounds, row, figure="tokensPerSecond"):
    return [figures[row][figure] for figures in rounds]


def median(rounds, row, figure="tokensPerSecond"):
    return statistics.median(values(rounds, row, figure))


def spread(rounds, of):
    """Median, least and most of a value of each round."""
    each = [of(figures) for figures in rounds]
    return statistics.median(each), min(each), max(each)


def ratio(ours, theirs, row, figure="tokensPerSecond"):
    """Of the rounds' ratios."""
    pairs = list(zip(values(ours, row, figure), values(theirs, row, figure)))
    return spread(pairs, lambda pair: pair[0] / pair[1])
