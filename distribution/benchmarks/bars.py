"""What is asked of figures, and whether they reach it."""

import statistics

import paced


def bar(says, ours, row, *, least=None, most=None, unit="", scale=1, **measure):
    """Asks `least` or `most` of a contestant's figure, `tokensPerSecond` if no `figure` is named;
    neither only shows it. `peers`: by the best of them; `over`: by another row of its own; `last`:
    the last quarter of the rounds by the first."""
    return {
        "says": says,
        "ours": ours,
        "row": row,
        "least": least,
        "most": most,
        "unit": unit,
        "scale": scale,
        "figure": "tokensPerSecond",
        **measure,
    }


def limit(bar):
    if bar["least"] is None and bar["most"] is None:
        return "shown"
    sign, value = ("≥", bar["least"]) if bar["least"] is not None else ("≤", bar["most"])
    return f"{sign} {value:.3g}{bar['unit']}"


def reached(bar, figures):
    """Median, least and most, and the best peer's name if there are peers; None where who is asked,
    or all peers, have not run."""
    row, figure = bar["row"], bar["figure"]
    ours = figures.get(bar["ours"], [])
    peers = {name: figures[name] for name in bar.get("peers", []) if name in figures}
    if not ours or ("peers" in bar and not peers):
        return None
    if peers:
        name = paced.best(peers, row)
        return paced.ratio(ours, peers[name], row, figure), name
    values = [value * bar["scale"] for value in paced.values(ours, row, figure)]
    if bar.get("last"):
        return (quarters(values),) * 3, None
    if "over" in bar:
        values = [a / b for a, b in zip(values, paced.values(ours, bar["over"], figure))]
    return paced.spread(values), None


def quarters(values):
    size = max(1, len(values) // 4)
    return statistics.median(values[-size:]) / statistics.median(values[:size])


def verdict(bar, median):
    if bar["least"] is not None:
        return "yes" if median >= bar["least"] else "**no**"
    if bar["most"] is not None:
        return "yes" if median <= bar["most"] else "**no**"
    return ""


def spread_text(spread):
    """The median, and the least and the most where they differ."""
    middle, least, most = (f"{value:.3g}" for value in spread)
    return middle if least == most else f"{middle} ({least}–{most})"


def line(title, bar, figures):
    """Of a table of what is asked for, the bar, what was reached, and whether that is enough."""
    found = reached(bar, figures)
    says = f"| {title} | {bar['ours']}: {bar['says']}"
    if found is None:
        return f"{says} | {limit(bar)} | | not run |"
    spread, peer = found
    beside = f" ({peer})" if peer else ""
    text = spread_text(spread) + bar["unit"]
    return f"{says}{beside} | {limit(bar)} | {text} | {verdict(bar, spread[0])} |"
