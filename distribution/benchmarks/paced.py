"""Programs that measure a round when they are told to: alone, or in turns, A B A B."""

import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
HEAT_ROUNDS = 2


class Failed(Exception):
    """A program can't be run here. The message is the line that says most."""


def last_line(file, otherwise):
    file.seek(0)
    said = file.read().strip().splitlines()
    return said[-1] if said else otherwise


class Paced:
    """A program that prints a line of JSON when it is ready, and one for each that it reads."""

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
            raise Failed(last_line(self.errors, "ended without a word"))
        return json.loads(line)

    def round(self):
        try:
            self.process.stdin.write("\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # line() says what it said last
        return self.line()["figures"]

    def close(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass  # it has ended by itself
        self.process.wait()


class Started:
    """A program that a round starts anew, and how long it takes to write more than its prompt."""

    def __init__(self, about, words, prompt):
        self.about, self.words, self.prompt = about, [str(word) for word in words], prompt

    def round(self):
        with tempfile.TemporaryFile("w+") as errors:
            begin = time.perf_counter()
            program = subprocess.Popen(self.words, stdout=subprocess.PIPE, stderr=errors)
            written = 0
            while written <= len(self.prompt):
                some = os.read(program.stdout.fileno(), 4096)
                if not some:
                    raise Failed(last_line(errors, "ended before its first token"))
                written += len(some)
            milliseconds = 1000 * (time.perf_counter() - begin)
            program.stdout.read()
            program.wait()
        return {"first token": {"milliseconds": milliseconds}}

    def close(self):
        """Nothing runs between rounds."""


def best(rounds_by_name, row):
    """The name with the highest rate, by its median."""
    return max(rounds_by_name, key=lambda name: median(rounds_by_name[name], row))


@dataclasses.dataclass
class Contest:
    """Programs by name, with the functions that start them, and what they have shown so far."""

    contestants: dict
    warm: float
    figures: dict = dataclasses.field(default_factory=dict)
    heats: dict = dataclasses.field(default_factory=dict)
    about: dict = dataclasses.field(default_factory=dict)
    missing: dict = dataclasses.field(default_factory=dict)
    running: dict = dataclasses.field(default_factory=dict)

    def attempt(self, name, work):
        """Runs `work()`. Who fails is left out, and why is told in `missing`."""
        try:
            work()
        except (Failed, OSError) as e:
            self.missing[name] = str(e)
            self.figures.pop(name, None)
            self.close(name)

    def start(self, name):
        self.running[name] = self.contestants[name](name)
        self.about[name] = self.running[name].about

    def start_warm(self, name):
        """Rounds that do not count, alone, so that what is compiled while it runs is compiled."""
        self.start(name)
        end = time.monotonic() + self.warm
        while time.monotonic() < end:
            self.running[name].round()

    def start_heat(self, name):
        """A round that does not count, and those that do."""
        self.start(name)
        self.running[name].round()
        self.heats[name] = [self.running[name].round() for _ in range(HEAT_ROUNDS)]

    def heat(self, names, row):
        """One after the other. The best goes on running, so that no more than it and the next are
        in memory at a time."""
        for name in names:
            self.attempt(name, lambda: self.start_heat(name))
            still = [other for other in names if other in self.running]
            for other in still:
                if other != best({each: self.heats[each] for each in still}, row):
                    self.close(other)

    def in_turns(self, names, rounds):
        for name in names:
            if name not in self.running:
                self.attempt(name, lambda: self.start_warm(name))
        for _ in range(rounds):
            for name in [name for name in names if name in self.running]:
                self.attempt(name, lambda: self.round(name))

    def round(self, name):
        self.figures.setdefault(name, []).append(self.running[name].round())

    def close(self, name):
        if name in self.running:
            self.running.pop(name).close()

    def close_all(self):
        for name in list(self.running):
            self.close(name)


def contest(part, rounds, warm):
    """Runs a part. With `heats`, lists of peers, the best of each list goes on to the turns; if it
    is `alone`, programs run one after the other, each without the others in memory."""
    made = Contest(part["contestants"], warm)
    heats, names = part.get("heats", []), list(part["contestants"])
    try:
        for peers in heats:
            made.heat(peers, part["rows"][0])
        out = {name for peers in heats for name in peers if name not in made.running}
        names = [name for name in names if name not in out]
        if part.get("alone"):
            for name in names:
                made.in_turns([name], rounds)
                made.close(name)
        else:
            made.in_turns(names, rounds)
    finally:
        made.close_all()
    return made


def values(rounds, row, figure="tokensPerSecond"):
    return [figures[row][figure] for figures in rounds]


def median(rounds, row, figure="tokensPerSecond"):
    return statistics.median(values(rounds, row, figure))


def spread(values):
    """Median, least and most."""
    return statistics.median(values), min(values), max(values)


def ratio(ours, theirs, row, figure="tokensPerSecond"):
    """The spread of the rounds' ratios."""
    pairs = zip(values(ours, row, figure), values(theirs, row, figure))
    return spread([our / their for our, their in pairs])
