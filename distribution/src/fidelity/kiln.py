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

    def build(self):
        """Builds what is missing; afterwards the launcher only runs. Installs nothing."""
        self.run("--version")
        stages = sorted((DISTRIBUTION / "target").glob("kiln-*/bin/kiln"))
        self.home = stages[-1].parents[1]

    def run(self, *arguments, text="", folder=None):
        """Standard output of `./kiln ARGUMENTS`."""
        return command([ROOT / "kiln", *arguments], text, folder or self.work)

    def seconds(self, *arguments):
        begin = time.perf_counter()
        self.run(*arguments)
        return time.perf_counter() - begin

    def compare(self, backend, folders):
        """The figures of fixtures on a backend, as dictionaries."""
        classes = self.work / "classes"
        if not classes.exists():
            self.compile(classes)
        output = self.java(
            [classes, *self.test_path()],
            "dev.kiln.distribution.fidelity.Compare",
            [self.home, backend, *folders],
        )
        lines = [line for line in output.splitlines() if line.startswith("{")]
        return [json.loads(line) for line in lines]

    def test_path(self):
        return [self.home / "lib/*", *(ROOT / "api/testkit/target").glob("kiln-testkit-*.jar")]

    def compile(self, classes):
        sources = [file for file in JAVA.glob("*.java") if not file.name.endswith("IT.java")]
        path = os.pathsep.join(
            map(str, [*self.home.glob("lib/*.jar"), *self.test_path()[1:]])
        )
        partial = classes.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        command([jdk("javac"), "-nowarn", "-d", partial, "-cp", path, *sources])
        partial.rename(classes)

    def java(self, path, main, arguments):
        return command(
            [
                jdk("java"),
                f"@{self.home / 'lib/jvm.options'}",
                "--add-modules=jdk.incubator.vector",
                "-cp",
                os.pathsep.join(map(str, path)),
                main,
                *arguments,
            ]
        )


def jdk(program):
    return pathlib.Path(os.environ["JAVA_HOME"]) / "bin" / program


def command(words, text="", folder=None):
    """Standard output of a command. If it fails, the line of its errors that says most is told."""
    result = subprocess.run(
        [str(word) for word in words],
        input=text,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    if result.returncode != 0:
        said = (result.stderr or result.stdout).strip().splitlines() or ["nothing"]
        errors = [line for line in said if "error" in line.lower() or "kiln:" in line]
        raise Failed(f"exit code {result.returncode}: {(errors or said)[-1]}")
    return result.stdout
