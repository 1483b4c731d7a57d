"""The parts of the comparison: what is run, and what is asked of it."""

import json
import subprocess
import sys

import paced
from bars import bar
from paced import HERE, ROOT, Paced, Started

PRECISIONS = ["bfloat16", "float32"]
FORMATS = {"bfloat16": 1.2, "int8": 1.1, "int4": 1.2}


def kiln(options, verb, *words):
    words = [ROOT / "kiln", "bench", verb, "--paced", "--threads", options.threads, *words]
    return lambda name: Paced(name, words)


def python(options, script, *words):
    words = [sys.executable, HERE / script, "--threads", options.threads, *words]
    environment = {"OMP_NUM_THREADS": str(options.threads)}
    return lambda name: Paced(name, words, environment)


def llama(options, model, weights, streams):
    """llama.cpp with and without its flash attention are two contestants."""

    def start(flash):
        def paced_llama(name):
            if not options.node_modules:
                raise paced.Failed("no --node-modules FOLDER with node-llama-cpp")
            file = options.work / f"{model}-{weights}.gguf"
            if not file.exists():
                import make_gguf

                make_gguf.write(file, model, weights)
            words = [options.threads, 512, options.tokens, streams, flash]
            return Paced(name, ["node", HERE / "llama.mjs", options.node_modules, file, *words])

        return paced_llama

    return {f"llama.cpp {weights}": start(0), f"llama.cpp {weights}, flash attention": start(1)}


def part(title, rows, contestants, *bars, **how):
    return {"title": title, "rows": rows, "contestants": contestants, "bars": list(bars), **how}


def training(options, batch, context):
    size = ["--batch", batch, "--context", context]
    contestants, peers = {}, {precision: [] for precision in PRECISIONS}
    for precision in PRECISIONS:
        words = ["--precision", precision, *size]
        contestants[f"Kiln {precision}"] = kiln(options, "train", "--backend", "onednn", *words)
        for code in ["transformers", "nanogpt"]:
            for compiled in [False, True]:
                name = f"{code}{' compiled' if compiled else ''} {precision}"
                flags = ["--code", code, "--warmup", 1, *(["--compile"] if compiled else [])]
                contestants[name] = python(options, "torch_train.py", *flags, *words)
                peers[precision].append(name)
    ours = "Kiln bfloat16"
    bfloat16, float32 = peers["bfloat16"], peers["float32"]
    share = {"unit": " %", "scale": 100, "figure": "share"}
    return part(
        f"Training GPT-2 124M, {batch} × {context}",
        ["step"],
        contestants,
        bar("by PyTorch's best bfloat16", ours, "step", least=2, unit=" ×", peers=bfloat16),
        bar("by PyTorch's best float32", ours, "step", least=4, unit=" ×", peers=float32),
        bar("share of the matmul peak", ours, "step", least=40, **share),
        bar("by PyTorch's best", "Kiln float32", "step", least=1.2, unit=" ×", peers=float32),
        heats=list(peers.values()),
    )


def shakespeare(options):
    size = ["--model", "shakespeare-char", "--batch", 12, "--context", 64, "--steps", 50]
    contestants = {
        f"Kiln {p}": kiln(options, "train", "--backend", "onednn", "--precision", p, *size)
        for p in PRECISIONS
    }
    peer = ["--code", "nanogpt", *size]
    for precision in PRECISIONS:
        words = ["--precision", precision, *peer]
        contestants[f"nanogpt {precision}"] = python(options, "torch_train.py", *words)
        words += ["--compile"]
        contestants[f"nanogpt compiled {precision}"] = python(options, "torch_train.py", *words)
    peers = [name for name in contestants if not name.startswith("Kiln")]
    bars = [
        bar("by PyTorch's best", f"Kiln {p}", "step", least=3, unit=" ×", peers=peers)
        for p in PRECISIONS
    ]
    return part("Shakespeare by characters, nanoGPT's CPU config", ["step"], contestants, *bars)


def nd4j(options):
    size = ["--precision", "float32", "--batch", 4, "--context", 256]
    contestants = {
        f"Kiln {backend}": kiln(options, "train", "--backend", backend, *size)
        for backend in ["onednn", "nd4j"]
    }
    beside = bar("by nd4j", "Kiln onednn", "step", unit=" ×", peers=["Kiln nd4j"])
    title = "ND4J beside oneDNN: training GPT-2 124M, float32"
    return part(title, ["step"], contestants, beside)


def generation(options, weights):
    ours, model = f"Kiln {weights}", "gpt2-124m"
    words = ["--backend", "onednn", "--model", model, "--tokens", options.tokens]
    theirs = llama(options, model, weights, 16)
    contestants = {ours: kiln(options, "generate", "--format", weights, *words), **theirs}
    # PyTorch runs beside every format: its prompt is the one to beat.
    torch = ["--precision", "bfloat16", "--model", model, "--tokens", options.tokens]
    contestants["PyTorch bfloat16"] = python(options, "torch_generate.py", *torch)
    peers, times = list(theirs), {"unit": " ×"}
    torch = ["PyTorch bfloat16"]
    return part(
        f"Generating with GPT-2 124M, {weights}",
        ["prompt", "stream", "streams"],
        contestants,
        bar("prompt of 512 by PyTorch", ours, "prompt", least=1.5, peers=torch, **times),
        bar("prompt of 512 by llama.cpp's best", ours, "prompt", least=4, peers=peers, **times),
        bar("one stream", ours, "stream", least=FORMATS[weights], peers=peers, **times),
        bandwidth(ours),
        bar("16 streams by one", ours, "streams", least=6, over="stream", **times),
    )


def bandwidth(ours):
    says = "one stream: share of bandwidth ÷ bytes of a token"
    return bar(says, ours, "stream", least=80, unit=" %", scale=100, figure="share")


def banded(options):
    """GPT-2 124M's heads, one layer, one sequence."""
    length, window = 8192, 256
    words = ["--backend", "onednn", "--batch", 1, "--context", length, "--window", window]
    ours, time = "Kiln", {"unit": " ×", "figure": "milliseconds", "most": 1 / 16}
    bars = []
    for precision in PRECISIONS:
        for kernel in ["attention", "attentionBackward", "attention and backward"]:
            dense = f"{kernel} T={length}"
            row = f"{dense} window={window} {precision}"
            says = f"time of {kernel}, {precision}, by dense's"
            bars.append(bar(says, ours, row, over=f"{dense} {precision}", **time))
    title = f"Attention in a band of {window} keys, {length:,} tokens"
    return part(title, [], {ours: kiln(options, "kernel", *words)}, *bars, alone=True)


def first_token(options, model):
    """`kiln run` of a run file, from the start of the process."""

    def start(name):
        folder = options.work / model
        if not (folder / "model.safetensors").exists():
            words = [sys.executable, HERE / "make_folder.py", folder, "--model", model]
            subprocess.run(words, check=True, stdout=sys.stderr)
        prompt = "once upon a time"
        run = {
            "run": "generate",
            "model": str(folder),
            "prompts": [prompt],
            "maxTokens": 2,
            "precision": "bfloat16",
            "sampler": "greedy",
            "backend": {"onednn": {"threads": options.threads}},
        }
        file = options.work / f"{model}-first-token.yaml"
        file.write_text(json.dumps(run), encoding="utf-8")
        said = subprocess.run([ROOT / "kiln", "--version"], capture_output=True, text=True).stdout
        launcher = next(ROOT.glob("distribution/target/kiln-*/bin/kiln"))
        about = {"peer": "Kiln", "version": said.split()[-1]}
        return Started(about, [launcher, "run", file], prompt)

    return start


def large(options):
    model, gibibytes = "gpt2-1558m", {"unit": " GiB", "scale": 2**-30, "figure": "peakMemoryBytes"}
    common = ["--backend", "onednn", "--precision", "bfloat16", "--model", model]
    words = ["--format", "bfloat16", "--tokens", 32, "--streams", 1, *common]
    step = ["--batch", 1, "--context", 1024, "--checkpointing", "--state", "int8", *common]
    starts, writes, trains = "Kiln run", "Kiln generate", "Kiln train"
    second = {"unit": " s", "scale": 1e-3, "figure": "milliseconds"}
    return part(
        "GPT-2 1.5B, bfloat16",
        [],
        {
            starts: first_token(options, model),
            writes: kiln(options, "generate", *words),
            trains: kiln(options, "train", *step),
        },
        bar("first token after the start", starts, "first token", most=2, **second),
        bandwidth(writes),
        bar("peak memory of a step of 1 × 1,024", trains, "step", most=22, **gibibytes),
        alone=True,
    )


def growth(options):
    """Rounds of 500 steps of a tiny model, as many as make 10,000."""
    size = ["--model", "shakespeare-char", "--batch", 1, "--context", 64, "--steps", 500]
    ours = "Kiln float32"
    return part(
        "Ten thousand steps: 20 × 500 of a tiny model",
        [],
        {ours: kiln(options, "train", "--backend", "onednn", "--precision", "float32", *size)},
        *(
            bar(f"{says}, last quarter by first", ours, "step", most=1.05, last=True, figure=figure)
            for says, figure in [("time", "milliseconds"), ("peak memory", "peakMemoryBytes")]
        ),
        series=True,
        rounds=20,
    )


def parts(options):
    """Each part by its word. Nothing is started yet."""
    return {
        "train-4x256": training(options, 4, 256),
        "train-1x1024": training(options, 1, 1024),
        "shakespeare": shakespeare(options),
        **{f"generate-{weights}": generation(options, weights) for weights in FORMATS},
        "gpt2-1.5b": large(options),
        "banded": banded(options),
        "growth": growth(options),
        "nd4j": nd4j(options),
    }
