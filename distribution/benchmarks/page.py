"""The page, made of what parts have left: see `benchmarks.py`."""

import paced
from chart import bars

HEAD = """# Performance

Kiln beside PyTorch and llama.cpp on the same cores. Made by `distribution/benchmarks/run` of
`performance.json`, not by hand; `distribution/benchmarks/README.md` says how. Programs of a part take
turns, round by round, once each has warmed up for so many seconds; a figure is the median of the
rounds, a ratio the median of the rounds' ratios, with the least and the most of them in brackets. All
weights and tokens are random. *Not run* has shown nothing.
"""


def page(results, images):
    return "\n".join([HEAD, *(section(word, results[word], images) for word in results)])


def section(word, result, images):
    lines = [f"## {result['title']}", "", taken(result), ""]
    lines += asked(result)
    for row in result["rows"]:
        lines += series(result, row) if result["series"] else table(result, row)
        lines += plot(word, result, row, images)
    lines += [f"- {name}: {described(said)}" for name, said in result["about"].items()]
    return "\n".join(lines) + "\n"


def taken(result):
    return (
        f"{result['machine']}; {result['date']}; {result['threads']} threads, "
        f"{result['rounds']} rounds, {result['warm']} s of warming up."
    )


def asked(result):
    rows = [line for bar in result["bars"] for line in judged(result, bar)]
    if not rows:
        return []
    return ["| asked for | at least | reached |", "| --- | ---: | --- |", *rows, ""]


def judged(result, bar):
    """A line of the table of bars; none where who is asked, or all peers, have not run."""
    figures, row, ours = result["figures"], bar["row"], bar["ours"]
    peers = [name for name in bar.get("peers", []) if name in figures]
    if ours not in figures or ("peers" in bar and not peers):
        return []
    if peers:
        best = max(peers, key=lambda name: paced.median(figures[name], row))
        spread = paced.ratio(figures[ours], figures[best], row)
    elif "over" in bar:
        spread = paced.spread(figures[ours], lambda f: rate(f, row) / rate(f, bar["over"]))
    else:
        spread = paced.spread(figures[ours], lambda f: f[row][bar["figure"]])
    against = f" ({best})" if peers else ""
    verdict = "yes" if spread[0] >= bar["least"] else "**no**"
    reached = f"{verdict}: {ratio_text(spread)}"
    return [f"| {ours}, {bar['says']}{against} | {bar['least']:g} | {reached} |"]


def rate(figures, row):
    return figures[row]["tokensPerSecond"]


def ratio_text(spread):
    return "{:.2f} ({:.2f}–{:.2f})".format(*spread)


def table(result, row):
    figures = result["figures"]
    ours = next((name for name in figures if name.startswith("Kiln")), None)
    lines = [f"### {row}", "", f"| program | tokens/s | ms | spread | {ours} is |"]
    lines += ["| --- | ---: | ---: | ---: | --- |"]
    for name, rounds in figures.items():
        middle, time = paced.median(rounds, row), paced.median(rounds, row, "milliseconds")
        rates = paced.values(rounds, row)
        wide = 100 * (max(rates) - min(rates)) / middle
        versus = ""
        if name != ours:
            versus = ratio_text(paced.ratio(figures[ours], rounds, row)) + " ×"
        lines.append(f"| {name} | {middle:,.1f} | {time:,.4g} | {wide:.1f} % | {versus} |")
    lines += [f"| {name} | not run | | | {why} |" for name, why in result["missing"].items()]
    return [*lines, ""]


def series(result, row):
    """Each round's time and memory: cost over the length of a run."""
    lines = []
    for name, rounds in result["figures"].items():
        lines += [f"### {name}", "", "| round | ms | peak MiB |", "| ---: | ---: | ---: |"]
        for i, figures in enumerate(rounds):
            memory = figures[row].get("peakMemoryBytes", 0) / 2**20
            lines.append(f"| {i + 1} | {figures[row]['milliseconds']:.3f} | {memory:,.0f} |")
    return [*lines, ""]


def plot(word, result, row, images):
    figures = result["figures"]
    if result["series"] or len(figures) < 2:
        return []
    heights = {name: paced.median(rounds, row) for name, rounds in figures.items()}
    title = f"{result['title']}: {row}"
    image = images / f"performance-{word}-{row}.svg"
    image.write_text(bars(f"{title}, tokens/s", heights), encoding="utf-8")
    return [f"![{title}](images/{image.name})", ""]


def described(said):
    """Version and, of Kiln, the backend's line."""
    if "kiln" in said:
        return f"Kiln {said['kiln']}, {said['about']['device']}, {said['machine']['java']}"
    return f"{said['peer']} {said['version']}"
