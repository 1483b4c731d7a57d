"""What sparse attention and a plan cost."""

import re

from kiln import Failed
from table import Row, Table

PLAN = "configs/pretrain/gpt3-175b.yaml"
# Brown et al. (2020), table 2.1.
PUBLISHED = 175.0e9


def plan(kiln):
    table = Table(
        "Planning GPT-3 175B",
        f"`kiln plan {PLAN}`, wall time of the whole command, the best of three; the paper's table "
        "2.1 says 175.0 billion parameters.",
    )
    try:
        seconds = min(kiln.seconds("plan", kiln.root / PLAN) for _ in range(3))
        text = kiln.run("plan", kiln.root / PLAN)
    except Failed as e:
        table.rows.append(Row.holds("`kiln plan`", str(e), "runs", False))
        return table
    table.rows.append(Row.most("time", seconds, 2.0, "s"))
    count = int(re.search(r"^parameters\s+([\d,]+)", text, re.M)[1].replace(",", ""))
    off = abs(count / PUBLISHED - 1)
    table.rows.append(
        Row.holds("parameters", f"{count:,} ({off:.2%} off)", "within 1 %", off <= 0.01)
    )
    return table


def banded(kiln):
    table = Table(
        "Banded attention at T = 8,192",
        "Window 256, 12 heads, width 768, one sequence, float32, in turns with dense in one "
        "process, with the attention kernels that the CPU backends share; medians of their calls, "
        "and the scratch memory that a call takes beside its tensors. "
        "The bar is an eighth of dense.",
    )
    plugin = kiln.root / "plugins/attention-sparse"
    tests = plugin / "src/test/java/dev/kiln/plugins/sparse"
    try:
        output = kiln.main(
            "dev.kiln.plugins.sparse.AttentionBenchmark",
            [tests / "AttentionBenchmark.java"],
            [plugin / "target/classes"],
            [],
        )
    except Failed as e:
        table.rows.append(Row.holds("benchmark", str(e), "runs", False))
        return table
    rows = [cells(line) for line in output.splitlines() if line.startswith("|")]
    head, dense, narrow = rows[0], named(rows, "dense"), named(rows, "banded")
    for column, name in enumerate(head):
        if "ms" in name or "KiB" in name:
            wide, thin = (float(row[column].replace(",", "")) for row in (dense, narrow))
            table.rows.append(
                Row.holds(
                    name,
                    f"{thin:,.4g} of {wide:,.4g}: 1/{wide / thin:.1f}",
                    "1/8 or less",
                    8 * thin <= wide,
                )
            )
    return table


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def named(rows, start):
    return next(row for row in rows if row[0].startswith(start))
