"""Rows of measured figures, and the page that is made of them."""

from dataclasses import dataclass, field


@dataclass
class Row:
    """passed: None where the row could not be run; measured then says why."""

    what: str
    measured: str
    bar: str
    passed: bool | None

    @staticmethod
    def most(what, measured, bar, unit=""):
        """A figure that may be `bar` at most; NaN may not be anything."""
        return Row(what, number(measured, unit), f"≤ {number(bar, unit)}", measured <= bar)

    @staticmethod
    def equal(what, wrong, of):
        """How many of so many things differ; none may, and there must be some."""
        return Row(what, f"{wrong:,} of {of:,} differ", "0 differ", wrong == 0 and of > 0)

    @staticmethod
    def holds(what, measured, bar, passed):
        return Row(what, measured, bar, bool(passed))

    @staticmethod
    def not_run(what, why, bar=""):
        return Row(what, f"not run: {why}", bar, None)

    def verdict(self):
        return {True: "pass", False: "**FAIL**", None: "not run"}[self.passed]


def number(value, unit=""):
    if isinstance(value, int):
        text = f"{value:,}"
    elif value != 0 and abs(value) < 0.01:
        text = f"{value:.1e}"
    else:
        text = f"{value:.4g}"
    return f"{text} {unit}".strip()


@dataclass
class Table:
    """One of the issue's lines: what it shows, and the rows that show it."""

    title: str
    about: str
    rows: list = field(default_factory=list)

    def markdown(self):
        lines = [f"## {self.title}", "", self.about, ""]
        lines += ["| what | measured | bar | |", "| --- | --- | --- | --- |"]
        lines += [
            f"| {cell(r.what)} | {cell(r.measured)} | {cell(r.bar)} | {r.verdict()} |"
            for r in self.rows
        ]
        return "\n".join(lines) + "\n"

    def passed(self):
        """Whether no bar was missed; rows that were not run miss none, and show themselves."""
        return all(row.passed is not False for row in self.rows)


def cell(text):
    return " ".join(text.replace("|", "\\|").split())
