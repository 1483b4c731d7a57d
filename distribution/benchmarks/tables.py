"""The parts of the comparison: what is run, and what is asked of it."""

import sys

import paced
from paced import HERE, ROOT, Paced

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


def part(title, rows, contestants, *bars):
    return {"title": title, "rows": rows, "contestants": contestants, "bars": list(bars)}


def bar(says, row, ours, least, **other):
    """`peers`: at least so many times the best of them; `over`: so many times one's own other row;
    neither: the figure itself."""
    return {"says": says, "row": row, "ours": ours, "least": least, **other}


def training(options, batch, context):
    size = ["--batch", batch, "--context", context]
    contestants, peers = {}, {precision: [] for precision in PRECISIONS}
    for precision in PRECISIONS:
        words = ["--precision", precision, *size]
        contestants[f"Kiln {precision}"] = kiln(options, "train", "--backend", "onednn", *words)
        for code in ["transformers", "nanogpt"]:
            for compiled in [False, True]:
                name = f"{code}{' compiled' if compiled else ''} {precision}"
                flags = ["--code", code, *(["--compile"] if compiled else [])]
                contestants[name] = python(options, "torch_train.py", *flags, *words)
                peers[precision].append(name)
    ours = "Kiln bfloat16"
    return part(
        f"Training GPT-2 124M, {batch} × {context}",
        ["step"],
        contestants,
        bar("times PyTorch's best bfloat16", "step", ours, 2, peers=peers["bfloat16"]),
        bar("times PyTorch's best float32", "step", ours, 4, peers=peers["float32"]),
        bar("share of the bfloat16 matmul peak", "step", ours, 0.4, figure="share"),
        bar("float32: times PyTorch's", "step", "Kiln float32", 1.2, peers=peers["float32"]),
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
    bars = [bar("times PyTorch's best", "step", f"Kiln {p}", 3, peers=peers) for p in PRECISIONS]
    return part("Shakespeare by characters, nanoGPT's CPU config", ["step"], contestants, *bars)


def nd4j(options):
    size = ["--precision", "float32", "--batch", 4, "--context", 256]
    names = {"Kiln onednn float32": "onednn", "Kiln nd4j float32": "nd4j"}
    contestants = {
        name: kiln(options, "train", "--backend", backend, *size)
        for name, backend in names.items()
    }
    return part("ND4J beside oneDNN: training GPT-2 124M, float32", ["step"], contestants)


def generation(options, weights):
    ours, model = f"Kiln {weights}", "gpt2-124m"
    words = ["--backend", "onednn", "--model", model, "--tokens", options.tokens]
    theirs = llama(options, model, weights, 16)
    contestants = {ours: kiln(options, "generate", "--format", weights, *words), **theirs}
    # PyTorch runs beside every format: its prompt is the one to beat.
    torch = ["--precision", "bfloat16", "--model", model, "--tokens", options.tokens]
    contestants["PyTorch bfloat16"] = python(options, "torch_generate.py", *torch)
    peers = list(theirs)
    return part(
        f"Generating with GPT-2 124M, {weights}",
        ["prompt", "stream", "streams"],
        contestants,
        bar("prompt: times PyTorch bfloat16", "prompt", ours, 1.5, peers=["PyTorch bfloat16"]),
        bar("prompt: times llama.cpp's best", "prompt", ours, 4, peers=peers),
        bar("one stream: times llama.cpp's best", "stream", ours, FORMATS[weights], peers=peers),
        bar("one stream: share of bandwidth ÷ bytes", "stream", ours, 0.8, figure="share"),
        bar("16 streams: times one stream", "streams", ours, 6, over="stream"),
    )


def growth(options):
    """Rounds of 500 steps of a tiny model, as many as make 10,000."""
    size = ["--model", "shakespeare-char", "--batch", 1, "--context", 64, "--steps", 500]
    run = kiln(options, "train", "--backend", "onednn", "--precision", "float32", *size)
    made = part("Ten thousand steps: 20 × 500 of a tiny model", ["step"], {"Kiln float32": run})
    return made | {"rounds": 20, "warm": 0, "series": True}


def parts(options):
    """Each part's word, and what makes it."""
    return {
        "train-4x256": lambda: training(options, 4, 256),
        "train-1x1024": lambda: training(options, 1, 1024),
        "shakespeare": lambda: shakespeare(options),
        **{f"generate-{w}": lambda w=w: generation(options, w) for w in FORMATS},
        "nd4j": lambda: nd4j(options),
        "growth": lambda: growth(options),
    }
