"""Rows of the page: ours beside a reference, with bar and verdict, kept as they come."""

import json

from bars import bar_for
from measure import summary

OURS = "Goldstar"


class Results:
    """All rows of a run; each is written to a file at once, so that an ended run has its part."""

    def __init__(self, path):
        self.path = path
        self.facts = {}
        self.rows = []
        self.skipped = []

    def row(self, work, corpus, ours, name="", reference=(), stat="median", unit="s", **more):
        """One row: our figures, and those of a reference where there is one."""
        ours = summary(ours)
        theirs = summary(reference) if reference else None
        value = theirs[stat] if theirs else None
        bar = more.pop("bar", None) or bar_for(work, name, corpus)
        row = {
            "work": work,
            "corpus": corpus,
            "unit": unit,
            "stat": stat,
            "goldstar": ours,
            "reference": name,
            "theirs": theirs,
            "ratio": ours[stat] / value if value else None,
            "bar": bar.words if bar else "",
            "met": bar.is_met(ours[stat], value) if bar else None,
            "note": more.pop("note", ""),
        }
        self.rows.append(row)
        self.say(row)
        self.save()

    def pair(self, work, corpus, found, name, ours=OURS, metric="wall", **more):
        """A row from two series that ran side by side; a missing one is a skipped row."""
        mine, theirs = found[ours], found[name]
        for series, who in [(mine, ours), (theirs, name)]:
            if series.skipped and not series.get(metric):
                return self.skip(work, corpus, name, series.skipped, who)
        return self.row(work, corpus, mine.get(metric), name, theirs.get(metric), **more)

    def skip(self, work, corpus, name, reason, who=""):
        """A row that could not be measured, and why."""
        entry = {"work": work, "corpus": corpus, "reference": name or who, "reason": reason}
        if entry not in self.skipped:
            self.skipped.append(entry)
            print(f"skipped {work}, {corpus}, {name or who}: {reason}", flush=True)
            self.save()

    def find(self, work, corpus, stat="median"):
        """Our figure of a row, or None."""
        for row in self.rows:
            if row["work"] == work and row["corpus"] == corpus:
                return row["goldstar"][stat]
        return None

    def say(self, row):
        ratio = f", {row['ratio']:.3g} x {row['reference']}" if row["ratio"] else ""
        verdict = {True: ", met", False: ", MISSED", None: ""}[row["met"]]
        figure = row["goldstar"][row["stat"]]
        bar = f" (bar {row['bar']})" if row["bar"] else ""
        print(
            f"{row['work']}, {row['corpus']}: {row['stat']} {figure:.4g} {row['unit']}"
            f"{ratio}{bar}{verdict}",
            flush=True,
        )

    def save(self):
        self.path.write_text(self.as_json(), encoding="utf-8")

    def as_json(self):
        whole = {"facts": self.facts, "rows": self.rows, "skipped": self.skipped}
        # Five digits are more than any of these figures can hold.
        rounded = json.loads(json.dumps(whole), parse_float=five_digits)
        return json.dumps(rounded, indent=1, ensure_ascii=False) + "\n"


def five_digits(text):
    return float(f"{float(text):.5g}")
