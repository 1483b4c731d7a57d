"""Kiln from outside: the launcher, and the comparison that is written in Java."""

import json
import os
import pathlib
import shutil
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
DISTRIBUTION = ROOT / "distribution"
JAVA = DISTRIBUTION / "src/test/java/dev/kiln/distribution/fidelity"


class Failed(Exception):
    """A command ended badly. The message is its last line, for a row of the table."""


class Kiln:
    def __init__(self, work):
        self.work = work
        self.root = ROOT
        self.home = None
        self.compiled = set()

    def build(self):
        """Builds what is missing; afterwards the launcher only runs. Installs nothing."""
        self.run("--version")
        stages = sorted((DISTRIBUTION / "target").glob("kiln-*/bin/kiln"))
        self.home = stages[-1].parents[1]

    def run(self, *arguments, data=b"", folder=None, binary=False):
        """Standard output of `./kiln ARGUMENTS`, as text if not `binary`."""
        out = command([ROOT / "kiln", *arguments], data, folder or self.work)
        return out if binary else out.decode()

    def seconds(self, *arguments):
        begin = time.perf_counter()
        self.run(*arguments)
        return time.perf_counter() - begin

    def compare(self, backend, folders):
        """The figures of fixtures on a backend, as dictionaries."""
        output = self.main(
            "dev.kiln.distribution.fidelity.Compare",
            [file for file in JAVA.glob("*.java") if not file.name.endswith("IT.java")],
            [],
            [self.home, backend, *folders],
        )
        lines = [line for line in output.splitlines() if line.startswith("{")]
        return [json.loads(line) for line in lines]

    def main(self, name, sources, path, arguments):
        """Output of a class of the tests, compiled from its sources beside the built Kiln."""
        path = [*self.home.glob("lib/*.jar"), *(ROOT / "api").glob("*/target/kiln-*.jar"), *path]
        classes = self.work / "classes" / name
        if classes not in self.compiled:
            shutil.rmtree(classes, ignore_errors=True)
            command([jdk("javac"), "-nowarn", "-d", classes, "-cp", joined(path), *sources])
            self.compiled.add(classes)
        return self.java([classes, *path], name, arguments)

    def java(self, path, main, arguments):
        return command(
            [
                jdk("java"),
                f"@{self.home / 'lib/jvm.options'}",
                "--add-modules=jdk.incubator.vector",
                "-cp",
                joined(path),
                main,
                *arguments,
            ]
        ).decode()


def joined(path):
    return os.pathsep.join(map(str, path))


def jdk(program):
    return pathlib.Path(os.environ["JAVA_HOME"]) / "bin" / program


def command(words, data=b"", folder=None):
    """Standard output of a command. If it fails, the line of its errors that says most is told."""
    result = subprocess.run(
        [str(word) for word in words], input=data, cwd=folder, capture_output=True
    )
    if result.returncode != 0:
        said = (result.stderr or result.stdout).decode(errors="replace").strip().splitlines()
        marks = ("kiln:", "error:", "Exception in thread", "Caused by:")
        errors = [line for line in said if any(mark in line for mark in marks)]
        raise Failed(f"exit code {result.returncode}: {(errors or said or ['nothing'])[-1]}")
    return result.stdout
