"""The page, made of what parts have left: see `benchmarks.py`."""

import bars
import chart
import paced

HEAD = """# Performance

Kiln beside PyTorch and llama.cpp on the same cores. Made by `distribution/benchmarks/run` of
`performance.json`, not by hand; `distribution/benchmarks/README.md` says how.

## What is asked for
"""

METHOD = f"""## Method

- A figure is the median of the rounds, a ratio the median of the rounds' ratios, with the least
  and the most of them in brackets; *spread* is the most less the least, by the median. Whether a
  bar is reached is up to the median. *Not run* has shown nothing.
- Programs of a part take turns, A B A B, so that a machine that slows down slows all of them.
  Each has warmed up alone before, for so many seconds: what is compiled while it runs is compiled
  by then.
- Where there are too many peers to be in memory at once, each first has a heat of its own: two
  steps that do not count, compilation included, then {paced.HEAT_ROUNDS} rounds. The best of each
  precision goes on to the turns, and Kiln is held against that one. Who waits its turn sleeps.
- GPT-2 1.5B's programs run alone, one after the other. Its first token is timed from the start of
  the process to text behind the prompt on standard output, with all its files in the page cache.
- All weights and tokens are random. Training is forward, backward, clipping at 1.0 and AdamW
  (fused in PyTorch), with all dropout off. Generation is greedy; llama.cpp decodes given tokens
  without choosing any, as its own benchmark does.
- *Share* of training is model FLOPs, 6 for each parameter and token and those of attention, by
  the backend's fastest matrix product; of generation, by the measured read bandwidth over the
  bytes of weights that a token reads; of a kernel, the time that the faster of both would take.
  All are measured in the same process. *Peak* is the process's highest resident memory so far.
- A band of 256 keys holds 1/16.3 of the pairs of 8,192 tokens' dense attention: its bar of 1/16
  asks that time follows the pairs to within 2 %.
"""


def page(parts, results, images):
    asked = [bars.line(f"[{part['title']}](#{word})", bar, figures(results.get(word)))
             for word, part in parts.items() for bar in part["bars"]]
    table = ["| work | asked for | bar | measured | reached |", "| --- | --- | ---: | ---: | --- |"]
    sections = [section(word, part, results.get(word), images) for word, part in parts.items()]
    return "\n".join([HEAD, *table, *asked, "", METHOD, versions(results), *sections])


def figures(result):
    return result["figures"] if result else {}


def versions(results):
    said = {described(about) for result in results.values() for about in result["about"].values()}
    return "\n".join(["## Versions", "", *(f"- {line}" for line in sorted(said))]) + "\n"


def described(said):
    """Version and, of Kiln, the backend's line."""
    if "kiln" in said:
        computes, java = said["about"], said["machine"]["java"]
        return f"Kiln {said['kiln']}, {computes['backend']}: {computes['device']}, {java}"
    return f"{said['peer']} {said['version']}"


def section(word, part, result, images):
    lines = [f'<a id="{word}"></a>', "", f"## {part['title']}", ""]
    if result is None:
        return "\n".join([*lines, "Not run."]) + "\n"
    lines += [taken(result), "", *heats(part, result)]
    if part.get("series"):
        lines += series(result)
    elif part.get("alone"):
        lines += each(result)
    else:
        for row in part["rows"]:
            lines += beside(result, row) + plot(word, part, result, row, images)
    missing = [f"- {name}: not run: {why}" for name, why in result["missing"].items()]
    return "\n".join([*lines, *missing, *([""] if missing else [])])


def taken(result):
    return (
        f"{result['machine']}; {result['date']}, commit {result['commit']}; {result['threads']} "
        f"threads, {result['rounds']} rounds, {result['warm']:g} s of warming up."
    )


def heats(part, result):
    if not result["heats"]:
        return []
    row = part["rows"][0]
    lines = ["| heat | tokens/s, each round | |", "| --- | ---: | --- |"]
    for name, rounds in result["heats"].items():
        rates = ", ".join(f"{rate:,.1f}" for rate in paced.values(rounds, row))
        lines.append(f"| {name} | {rates} | {'goes on' if name in result['figures'] else ''} |")
    return [*lines, ""]


def percent_spread(values):
    middle, least, most = paced.spread(values)
    return f"{100 * (most - least) / middle:.1f} %"


def beside(result, row):
    """Programs that do the same, against Kiln's first."""
    shown = result["figures"]
    ours = next((name for name in shown if name.startswith("Kiln")), None)
    lines = [f"### {row}", "", f"| program | tokens/s | ms | spread | {ours or 'Kiln'} is |"]
    lines += ["| --- | ---: | ---: | ---: | --- |"]
    for name, rounds in shown.items():
        rate, time = paced.median(rounds, row), paced.median(rounds, row, "milliseconds")
        wide = percent_spread(paced.values(rounds, row))
        versus = ""
        if ours and name != ours:
            versus = bars.spread_text(paced.ratio(shown[ours], rounds, row)) + " ×"
        lines.append(f"| {name} | {rate:,.1f} | {time:,.4g} | {wide} | {versus} |")
    return [*lines, ""]


def each(result):
    """Programs that do different things, each with all its rows."""
    lines = ["| program | | ms | tokens/s | share | peak GiB | spread |"]
    lines += ["| --- | --- | ---: | ---: | ---: | ---: | ---: |"]
    for name, rounds in result["figures"].items():
        for row, first in rounds[0].items():
            def cell(figure, form, scale=1):
                known = figure in first
                return form.format(scale * paced.median(rounds, row, figure)) if known else ""

            cells = [
                cell("milliseconds", "{:,.4g}"),
                cell("tokensPerSecond", "{:,.1f}"),
                cell("share", "{:.1f} %", 100),
                cell("peakMemoryBytes", "{:.2f}", 2**-30),
                percent_spread(paced.values(rounds, row, "milliseconds")),
            ]
            lines.append(f"| {name} | {row} | {' | '.join(cells)} |")
    return [*lines, ""]


def series(result):
    """Each round's time and memory: cost over the length of a run."""
    lines = []
    for name, rounds in result["figures"].items():
        lines += [f"### {name}", "", "| round | ms | peak MiB |", "| ---: | ---: | ---: |"]
        for i, shown in enumerate(rounds):
            (step,) = shown.values()
            memory = step.get("peakMemoryBytes", 0) / 2**20
            lines.append(f"| {i + 1} | {step['milliseconds']:.3f} | {memory:,.0f} |")
    return [*lines, ""]


def plot(word, part, result, row, images):
    shown = result["figures"]
    if len(shown) < 2:
        return []
    heights = {name: paced.median(rounds, row) for name, rounds in shown.items()}
    title = f"{part['title']}: {row}"
    image = images / f"performance-{word}-{row}.svg"
    image.write_text(chart.bars(f"{title}, tokens/s", heights), encoding="utf-8")
    return [f"![{title}](images/{image.name})", ""]
