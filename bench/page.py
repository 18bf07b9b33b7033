"""The page: every row as a ratio beside its reference, the spread, the machine, what is missing."""

from plot import picture

PICTURED = ["340k", "1M", "10M", "10k"]

METHOD = """
Every figure is of one run on one machine: Goldstar and the references took turns on the same
files, which were read once before so that they lie in the page cache (where they do not fit, the
table of corpora says so). Of times the median counts, of requests the percentile that is named.
Peers count their seconds without starting their Python; Goldstar's begin with its process. The
ratio is Goldstar's figure over the reference's, so less than 1 is less time, memory or disk. A bar
that is missed is shown as missed. `cargo xtask bench` does it again.
"""


def page(results):
    """The Markdown of a run."""
    facts = results.facts
    parts = ["# Benchmarks", METHOD.strip(), machine(facts), corpora(facts)]
    if any(row["ratio"] for row in results.rows):
        parts.append("## Ratios\n\n![Ratios of Goldstar to its references](benchmarks.svg)")
    for corpus in dict.fromkeys(row["corpus"] for row in results.rows):
        rows = [row for row in results.rows if row["corpus"] == corpus]
        parts.append(f"## {corpus} outputs\n\n{ratios(rows)}")
    parts.append(f"## Spread\n\n{spread(results.rows)}")
    parts.append(f"## Not measured\n\n{missing(results.skipped)}")
    return "\n\n".join(filter(None, parts)) + "\n"


def drawing(results):
    """The SVG: the ratios of the corpus that most bars are about, or of what there is."""
    present = {row["corpus"] for row in results.rows}
    chosen = next((name for name in PICTURED if name in present), None) or next(iter(present), "")
    rows = [row for row in results.rows if row["corpus"] == chosen and row["ratio"]]
    return picture([(f"{row['work']} / {row['reference']}", row["ratio"]) for row in rows])


def machine(facts):
    host = facts["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    load = [" ".join(str(value) for value in facts[when]) for when in ("load_start", "load_end")]
    rows = [
        ("processor", f"{host['cpu']}, {host['cores']} cores"),
        ("memory", figure(host["memory_bytes"], "B")),
        ("system", host["kernel"]),
        ("load average at the start, at the end", " · ".join(load)),
        ("programs", f"{versions}, Python {host['python']}"),
        ("when", f"{facts['began']}, {facts['minutes']} minutes, {facts['rounds']} rounds"),
    ]
    return "## Machine\n\n" + table(["what", ""], rows)


def corpora(facts):
    rows = []
    for name, limit in facts.get("limits", {}).items():
        rates = limit["bytes_per_second"]
        rows.append(
            [
                name,
                figure(limit["bytes_outputs"], "B"),
                figure(limit["bytes_whole"], "B"),
                "page cache" if limit["is_warm"] else "larger than memory: cold",
                *[figure(rates[key], "B/s") if key in rates else "" for key in RATES],
                figure(limit["fdatasync_seconds"], "s"),
            ]
        )
    if not rows:
        return ""
    head = ["corpus", "outputs", "with requests", "read from", "`wc -l`", "`cat`"]
    head += ["one file, not cached", "fdatasync of 4 KiB"]
    return "## Corpora, and the limits of the machine\n\n" + table(head, rows)


RATES = ["wc -l of warm files", "cat of warm files", "read of a file that is not cached"]


def ratios(rows):
    """The rows of one corpus: ours beside the reference, and the verdict."""
    head = ["work", "", "Goldstar", "reference", "", "ratio", "bar", ""]
    told = []
    for row in rows:
        theirs = row["theirs"][row["stat"]] if row["theirs"] else None
        told.append(
            [
                row["work"],
                row["stat"],
                figure(row["goldstar"][row["stat"]], row["unit"]),
                row["reference"],
                "" if theirs is None else figure(theirs, row["unit"]),
                "" if row["ratio"] is None else f"{row['ratio']:.3g}",
                row["bar"],
                {True: "met", False: "**missed**", None: ""}[row["met"]],
            ]
        )
    return table(head, told)


def spread(rows):
    """Every series: how often, from where to where."""
    head = ["corpus", "work", "whose", "n", "min", "quartile", "median", "quartile", "p95", "p99"]
    head += ["max", "note"]
    told = {}
    for row in rows:
        for whose, series in [("Goldstar", row["goldstar"]), (row["reference"], row["theirs"])]:
            if series:
                keys = ["min", "q1", "median", "q3", "p95", "p99", "max"]
                figures = [figure(series[key], row["unit"]) for key in keys]
                note = row["note"] if whose == "Goldstar" else ""
                line = [row["corpus"], row["work"], whose, str(series["n"]), *figures, note]
                told[tuple(line[:-1])] = line
    return table(head, told.values())


def missing(skipped):
    if not skipped:
        return "Nothing was left out."
    head = ["corpus", "work", "who", "why"]
    return table(
        head, [[row["corpus"], row["work"], row["reference"], row["reason"]] for row in skipped]
    )


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(cell, line)) + " |" for line in lines)


def cell(words):
    return str(words).replace("|", "\\|").replace("\n", " ")


def figure(value, unit):
    """A number with three digits and a unit that suits it."""
    if unit == "s":
        for factor, name in [(1, "s"), (1e-3, "ms"), (1e-6, "µs")]:
            if value >= factor:
                return f"{short(value / factor)} {name}"
        return f"{value * 1e6:.2g} µs"
    if unit.startswith("B"):
        for factor, name in [(1e9, "G"), (1e6, "M"), (1e3, "k")]:
            if value >= factor:
                return f"{short(value / factor)} {name}{unit}"
    return f"{short(value)} {unit}"


def short(value):
    """Three digits, and no power of ten where there is room for the number itself."""
    return f"{value:.3g}" if value < 999.5 else f"{value:,.0f}"
