"""Kiln beside PyTorch and llama.cpp: runs parts, keeps their figures in docs/performance.json, and
makes docs/performance.md anew of all that are kept."""

import argparse
import datetime
import json
import os
import pathlib
import sys

from page import page
from paced import ROOT, in_turns
from tables import parts

PAGE = ROOT / "docs" / "performance.md"
KEPT = ROOT / "docs" / "performance.json"
IMAGES = ROOT / "docs" / "images"


def machine():
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else 'unknown processor'}, {os.cpu_count()} hardware threads"


def measured(made, options):
    """What the page needs of a part."""
    rounds, warm = made.get("rounds", options.rounds), made.get("warm", options.warm)
    figures, about, missing = in_turns(made["contestants"], rounds, warm)
    return {
        "title": made["title"],
        "rows": made["rows"],
        "bars": made["bars"],
        "series": made.get("series", False),
        "machine": machine(),
        "date": datetime.date.today().isoformat(),
        "threads": options.threads,
        "rounds": rounds,
        "warm": warm,
        "figures": figures,
        "about": about,
        "missing": missing,
    }


def keep(results):
    KEPT.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    IMAGES.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(results, IMAGES), encoding="utf-8")


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
        kept[word] = measured(all[word](), options)
        keep({name: kept[name] for name in all if name in kept})
    if options.page:
        keep({name: kept[name] for name in all if name in kept})


if __name__ == "__main__":
    main()
