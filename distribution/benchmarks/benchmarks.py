"""Kiln beside PyTorch and llama.cpp: runs parts, keeps their figures in docs/performance.json, and
makes docs/performance.md anew of all that are kept."""

import argparse
import datetime
import json
import os
import pathlib
import subprocess
import sys

from page import page
from paced import ROOT, contest
from tables import parts

PAGE = ROOT / "docs" / "performance.md"
KEPT = ROOT / "docs" / "performance.json"
IMAGES = ROOT / "docs" / "images"


def machine():
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else 'unknown processor'}, {os.cpu_count()} hardware threads"


def commit():
    words = ["git", "-C", ROOT, "describe", "--always", "--dirty"]
    return subprocess.run(words, capture_output=True, text=True).stdout.strip() or "unknown"


def measured(part, options):
    """What the page needs of a part, beside what is asked of it."""
    rounds, warm = part.get("rounds", options.rounds), part.get("warm", options.warm)
    made = contest(part, rounds, warm)
    return {
        "machine": machine(),
        "date": datetime.date.today().isoformat(),
        "commit": commit(),
        "threads": options.threads,
        "rounds": rounds,
        "warm": warm,
        "figures": made.figures,
        "heats": made.heats,
        "about": made.about,
        "missing": made.missing,
    }


def keep(parts, results):
    """Writes both, the results in the order of the parts."""
    results = {word: results[word] for word in parts if word in results}
    KEPT.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    IMAGES.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(parts, results, IMAGES), encoding="utf-8")


def chosen(all, only):
    """The words of the parts to run: `train` stands for all that begin with it."""
    unknown = [word for word in only if not any(name.startswith(word) for name in all)]
    if unknown:
        sys.exit(f"benchmarks: --only: no part {unknown[0]}; expected some of {', '.join(all)}")
    return [name for name in all if not only or any(name.startswith(word) for word in only)]


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--warm", type=float, default=15, help="seconds, of each program")
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--tokens", type=int, default=128, help="that a stream writes")
    arguments.add_argument("--only", nargs="*", default=[], help="parts, or how they begin")
    arguments.add_argument("--page", action="store_true", help="run nothing, make the page anew")
    arguments.add_argument("--node-modules", type=pathlib.Path, help="folder with node-llama-cpp")
    work = ROOT / "distribution/target/benchmarks"
    arguments.add_argument("--work", type=pathlib.Path, default=work)
    options = arguments.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    all = parts(options)
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    for word in [] if options.page else chosen(all, options.only):
        print(f"benchmarks: {word}", file=sys.stderr, flush=True)
        kept[word] = measured(all[word], options)
        keep(all, kept)
    if options.page:
        keep(all, kept)


if __name__ == "__main__":
    main()
