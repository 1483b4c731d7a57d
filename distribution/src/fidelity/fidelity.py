"""Compares Kiln with transformers, PyTorch and tiktoken; writes docs/fidelity.md."""

import argparse
import pathlib
import sys

import check_adapters
import check_continue
import check_folders
import check_numbers
import check_speed
import check_tokenizer
from kiln import ROOT, Kiln
from machine import machine

PACKAGES = ["torch", "transformers", "tokenizers", "tiktoken", "safetensors", "numpy"]
PAGE = ROOT / "docs" / "fidelity.md"

HEAD = """# Fidelity

Kiln beside transformers, PyTorch and tiktoken. Made by `distribution/src/fidelity/run`, not by
hand; `distribution/src/fidelity/README.md` says how. Every row is a figure that was measured in
this run and the bar that it has to keep. A row that says *not run* has shown nothing.

{result}

"""


def checks(kiln, seed):
    """Each part's name and what makes its tables."""
    return {
        "tiny": lambda: [check_numbers.tiny_checkpoints(kiln, seed)],
        "large": lambda: [check_numbers.gpt2_124m(kiln, seed)],
        "folders": lambda: check_folders.folders(kiln),
        "adapters": lambda: check_adapters.adapters(kiln),
        "continue": lambda: check_continue.continued(kiln),
        "tokenizer": lambda: [check_tokenizer.tokenizers(kiln, seed)],
        "banded": lambda: [check_speed.banded(kiln)],
        "plan": lambda: [check_speed.plan(kiln)],
    }


def result(tables):
    rows = [row for table in tables for row in table.rows]
    count = {verdict: sum(row.passed is verdict for row in rows) for verdict in (True, False, None)}
    return f"**{count[True]} rows pass, {count[False]} fail, {count[None]} were not run.**"


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seed", type=int, default=2, help="of the fresh checkpoints")
    arguments.add_argument("--only", nargs="+", help="parts to run; then no page is written")
    arguments.add_argument(
        "--work", type=pathlib.Path, default=ROOT / "distribution/target/fidelity"
    )
    options = arguments.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    kiln = Kiln(options.work.resolve())
    kiln.build()
    tables = []
    for name, check in checks(kiln, options.seed).items():
        if not options.only or name in options.only:
            print(f"fidelity: {name}", file=sys.stderr, flush=True)
            tables += check()
    parts = [HEAD.format(result=result(tables)), *(table.markdown() + "\n" for table in tables)]
    page = "".join([*parts, machine(PACKAGES)])
    if options.only:
        print(page)
    else:
        PAGE.write_text(page, encoding="utf-8")
    print("fidelity:", result(tables).strip("*"), file=sys.stderr)
    sys.exit(0 if all(table.passed() for table in tables) else 1)


if __name__ == "__main__":
    main()
