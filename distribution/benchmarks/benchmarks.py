"""Kiln beside PyTorch and llama.cpp; writes docs/performance.md."""

import argparse
import datetime
import os
import pathlib
import sys

import paced
from chart import bars
from paced import HERE, ROOT, Paced, in_turns

PAGE = ROOT / "docs" / "performance.md"
IMAGES = ROOT / "docs" / "images"

HEAD = """# Performance

Kiln beside PyTorch and llama.cpp on the same cores. Made by `distribution/benchmarks/run`, not by
hand; `distribution/benchmarks/README.md` says how. Programs of a table take turns, round by round,
with {threads} threads each; a figure is the median of {rounds} rounds, a ratio the median of the
rounds' ratios with the least and the most of them. All weights and tokens are random. *Not run* has
shown nothing.

"""


def kiln(verb, options, *words):
    words = [ROOT / "kiln", "bench", verb, "--paced", "--threads", options.threads, *words]
    return lambda name: Paced(name, words)


def python(script, options, *words):
    words = [sys.executable, HERE / script, "--threads", options.threads, *words]
    environment = {"OMP_NUM_THREADS": str(options.threads)}
    return lambda name: Paced(name, words, environment)


def llama(options, weights, streams=16):
    """llama.cpp with and without its flash attention are two contestants."""

    def start(flash):
        def paced_llama(name):
            if not options.node_modules:
                raise paced.Failed("no --node-modules FOLDER with node-llama-cpp")
            file = options.work / f"{options.generate_model}-{weights}.gguf"
            if not file.exists():
                import make_gguf

                make_gguf.write(file, options.generate_model, weights)
            words = [options.threads, 512, 128, streams, flash]
            return Paced(name, ["node", HERE / "llama.mjs", options.node_modules, file, *words])

        return paced_llama

    return {f"llama.cpp {weights}": start(0), f"llama.cpp {weights}, flash attention": start(1)}


def training(options, batch, context):
    size = ["--batch", batch, "--context", context]
    contestants = {
        f"Kiln {backend} {precision}": kiln(
            "train", options, "--backend", backend, "--precision", precision, *size
        )
        for backend, precision in [
            ("onednn", "bfloat16"),
            ("onednn", "float32"),
            ("nd4j", "float32"),
        ]
    }
    for precision in ["bfloat16", "float32"]:
        words = ["--precision", precision, *size]
        contestants |= {
            f"transformers {precision}": python("torch_train.py", options, *words),
            f"nanoGPT-style {precision}": python(
                "torch_train.py", options, "--code", "nanogpt", *words
            ),
            f"nanoGPT-style compiled {precision}": python(
                "torch_train.py", options, "--code", "nanogpt", "--compile", *words
            ),
        }
    return f"Training GPT-2 124M, {batch} × {context}", ["step"], contestants


def shakespeare(options):
    size = ["--model", "shakespeare-char", "--batch", 12, "--context", 64, "--steps", 50]
    peer = ["--code", "nanogpt", "--warmup", 50, *size]
    contestants = {
        "Kiln onednn float32": kiln(
            "train", options, "--backend", "onednn", "--precision", "float32", *size
        ),
        "Kiln onednn bfloat16": kiln(
            "train", options, "--backend", "onednn", "--precision", "bfloat16", *size
        ),
        "Kiln nd4j float32": kiln("train", options, "--backend", "nd4j", *size),
        "nanoGPT-style float32": python("torch_train.py", options, *peer),
        "nanoGPT-style compiled float32": python("torch_train.py", options, "--compile", *peer),
    }
    return "Shakespeare by characters, nanoGPT's CPU config", ["step"], contestants


def generation(options, weights):
    model = ["--model", options.generate_model]
    contestants = {
        f"Kiln {weights}": kiln("generate", options, "--format", weights, *model),
        **llama(options, weights),
    }
    if weights == "bfloat16":
        contestants["PyTorch bfloat16"] = python(
            "torch_generate.py", options, "--precision", "bfloat16", *model
        )
    rows = ["prompt", "stream", "streams"]
    return f"Generating with {options.generate_model}, {weights}", rows, contestants


def tables(options):
    """Each table's word, and what makes its title, its rows and its contestants."""
    return {
        "train-4x256": lambda: training(options, 4, 256),
        "train-1x1024": lambda: training(options, 1, 1024),
        "shakespeare": lambda: shakespeare(options),
        "bfloat16": lambda: generation(options, "bfloat16"),
        "int8": lambda: generation(options, "int8"),
        "int4": lambda: generation(options, "int4"),
    }


def markdown(word, title, rows, contestants, options):
    figures, about, missing = in_turns(contestants, options.rounds)
    lines = [f"## {title}", ""]
    ours = next((name for name in figures if name.startswith("Kiln")), None)
    for row in rows:
        lines += [f"### {row}", "", "| program | tokens/s | ms | Kiln's first row is |"]
        lines += ["| --- | ---: | ---: | --- |"]
        for name, rounds in figures.items():
            rate = paced.median(rounds, row)
            time = paced.median(rounds, row, "milliseconds")
            lines.append(f"| {name} | {rate:,.1f} | {time:,.3g} | {versus(figures, ours, name, row)} |")
        lines += [f"| {name} | not run | | {why} |" for name, why in missing.items()]
        lines.append("")
        if figures and not options.only:
            heights = {name: paced.median(rounds, row) for name, rounds in figures.items()}
            image = IMAGES / f"performance-{word}-{row}.svg"
            image.write_text(bars(f"{title}: {row}, tokens/s", heights), encoding="utf-8")
            lines += [f"![{title}: {row}](images/{image.name})", ""]
    lines += [f"- {name}: {described(said)}" for name, said in about.items()]
    return "\n".join(lines) + "\n\n"


def versus(figures, ours, name, row):
    if ours is None or name == ours:
        return ""
    middle, least, most = paced.ratio(figures[ours], figures[name], row)
    return f"{middle:.2f} × ({least:.2f}–{most:.2f})"


def described(said):
    """Version and, of Kiln, the backend's line."""
    if "kiln" in said:
        return f"Kiln {said['kiln']}, {said['about']['device']}, {said['machine']['java']}"
    return f"{said['peer']} {said['version']}"


def machine():
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    processor = names[0] if names else "unknown processor"
    return f"{processor}, {os.cpu_count()} threads, {datetime.date.today().isoformat()}.\n"


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--only", nargs="+", help="tables to make; then no page is written")
    arguments.add_argument("--node-modules", type=pathlib.Path, help="folder with node-llama-cpp")
    arguments.add_argument("--generate-model", default="gpt2-124m")
    arguments.add_argument(
        "--work", type=pathlib.Path, default=ROOT / "distribution/target/benchmarks"
    )
    options = arguments.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    IMAGES.mkdir(parents=True, exist_ok=True)
    parts = [HEAD.format(threads=options.threads, rounds=options.rounds), machine(), "\n"]
    for word, make in tables(options).items():
        if not options.only or word in options.only:
            print(f"benchmarks: {word}", file=sys.stderr, flush=True)
            parts.append(markdown(word, *make(), options))
    page = "".join(parts)
    if options.only:
        print(page)
    else:
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
