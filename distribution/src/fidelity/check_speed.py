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
