"""The bars: what Goldstar has set itself to reach, each with the corpora it is meant for."""

MS = 1e-3
GB = 1e9
SIZES = {"10k": 5_000, "340k": 170_000, "1M": 500_000, "10M": 5_000_000}


class Bar:
    """A limit that may depend on the reference of the same run, and its words."""

    def __init__(self, words, limit, corpora=("340k",), is_least=False):
        self.words = words
        self.limit = limit
        self.corpora = corpora
        self.is_least = is_least

    def is_met(self, ours, reference):
        limit = self.limit(reference)
        return ours >= limit if self.is_least else ours <= limit


def times(factor, words, plus=0.0, **options):
    return Bar(words, lambda reference: factor * reference + plus, **options)


def at_most(limit, words, **options):
    return Bar(words, lambda _: limit, **options)


# By work and reference ("" when the bar is a plain number); several where the corpus matters.
BARS = {
    ("cold open, outputs", "wc -l"): [times(1.5, "≤ 1.5 × + 150 ms", plus=150 * MS)],
    ("cold open, whole folder", "wc -l"): [times(1.5, "≤ 1.5 × + 150 ms", plus=150 * MS)],
    ("full index, outputs", "wc -l"): [times(4, "≤ 4 ×")],
    ("full index, whole folder", "wc -l"): [times(4, "≤ 4 ×")],
    ("full index, outputs", "DuckDB, table in memory"): [times(1 / 4, "≤ 1/4")],
    ("full index, outputs", "DuckDB, table in a file"): [
        times(1 / 4, "≤ 1/4", corpora=("340k", "10M"))
    ],
    ("full index, outputs", "Python json loop"): [times(1 / 7, "≤ 1/7")],
    ("reopen", ""): [
        at_most(100 * MS, "≤ 100 ms"),
        at_most(500 * MS, "≤ 500 ms", corpora=("10M",)),
    ],
    ("page of 50", ""): [at_most(5 * MS, "p99 ≤ 5 ms", corpora=("10M",))],
    ("new view", ""): [
        at_most(25 * MS, "p95 ≤ 25 ms"),
        at_most(250 * MS, "p95 ≤ 250 ms", corpora=("10M",)),
    ],
    ("facets", ""): [at_most(300 * MS, "p95 ≤ 300 ms", corpora=("10M",))],
    ("full text", ""): [
        at_most(15 * MS, "p95 ≤ 15 ms"),
        at_most(100 * MS, "p95 ≤ 100 ms", corpora=("10M",)),
    ],
    ("search index, speed", ""): [
        Bar("≥ 40 MB/s", lambda _: 40e6, corpora=("340k", "1M", "10M"), is_least=True)
    ],
    ("search index, size", "text"): [times(0.35, "≤ 35%", corpora=("340k", "1M", "10M"))],
    ("private memory while indexing", ""): [at_most(1 * GB, "≤ 1 GB", corpora=("10M",))],
    ("private memory while search is built", ""): [
        at_most(1.2 * GB, "≤ 1.2 GB", corpora=("10M",))
    ],
    ("private memory when idle", ""): [at_most(0.6 * GB, "≤ 600 MB", corpora=("10M",))],
    ("1,000 lines appended, until seen", ""): [at_most(1, "≤ 1 s")],
    ("1,000 lines appended, CPU", "full index, CPU"): [times(0.05, "< 5%")],
    ("stars together", "fdatasync of 4 KiB"): [
        times(20, "≥ 20 ×", corpora=("10k", "340k"), is_least=True)
    ],
    ("stars together, wait", "fdatasync of 4 KiB"): [
        times(4, "p99 ≤ 4 ×", corpora=("10k", "340k"))
    ],
}
# Growth of cost per output from 340k to the largest corpus.
GROWTH = at_most(1.3, "≤ 1.3 ×", corpora=("1M", "10M"))


def bar_for(work, reference, corpus):
    """The bar of a row, or None where none is set."""
    for bar in BARS.get((work, reference), []):
        if corpus in bar.corpora:
            return bar
    return None
