"""Goldstar, its peers and the machine's limit side by side; writes docs/benchmarks.md.

Run by `cargo xtask bench`. Everything it makes lies in its own folder, servers listen on 127.0.0.1
only, and every program it starts is ended by it.
"""

import argparse
import shutil
import signal
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "xtask" / "acceptance"))

import goldstar  # noqa: E402
import asking  # noqa: E402
import corpora  # noqa: E402
import durable  # noqa: E402
import keeping  # noqa: E402
import opening  # noqa: E402
import page  # noqa: E402
import sqlite_peers  # noqa: E402
import studio  # noqa: E402
from measure import Unavailable, load, machine, reason  # noqa: E402
from peers import Peers  # noqa: E402
from results import Results  # noqa: E402

ROWS = {
    "limits": opening.limits,
    "open": opening.cold_open,
    "index": opening.full_index,
    # The search index comes early: what follows is measured with nothing in the making.
    "search": keeping.search_index,
    "reopen": opening.reopen,
    "page": asking.pages,
    "view": asking.new_views,
    "facets": asking.facets,
    "words": asking.words,
    "growth": keeping.growth,
    "star": keeping.stars,
    "durable": durable.rows,
    "sqlite": sqlite_peers.rows,
    "studio": studio.rows,
}
# The peers that import row by row would take hours with more.
ONLY_AT = {"sqlite": ["10k", "340k"], "studio": ["340k"]}
ROUNDS = 5
ROUNDS_SMALL = 3


class Run:
    """What all rows need: the results so far, the peers, the corpora, how often."""

    def __init__(self, options):
        self.is_small = options.small
        self.rounds = ROUNDS_SMALL if options.small else ROUNDS
        self.results = Results(options.target / "benchmarks.json")
        self.peers = Peers(options.target)
        self.corpora = []
        # A row broke off that had all it needed.
        self.is_broken = False

    def database(self, corpus):
        """Gives the corpus's DuckDB file when called; made at the first need."""
        path = corpus.work / "outputs.duckdb"

        def at_hand():
            if not path.exists():
                corpus.work.mkdir(parents=True, exist_ok=True)
                self.peers.table(corpus.outputs_only() / "batches" / "output", path)
            return path

        return at_hand


def options():
    asked = argparse.ArgumentParser(prog="cargo xtask bench", description=__doc__.split("\n")[0])
    size = asked.add_mutually_exclusive_group()
    size.add_argument("--small", action="store_true", help="only the corpus of 10k, 3 rounds")
    size.add_argument("--large", action="store_true", help="also 10M outputs: 35 GB of disk")
    asked.add_argument("--corpus", type=Path, help="a demo collection instead of the corpora")
    asked.add_argument("--name", default="340k", help="the size that --corpus has: %(default)s")
    asked.add_argument("--target", type=Path, required=True, help=argparse.SUPPRESS)
    asked.add_argument("only", nargs="*", metavar="ONLY", help=f"rows: {' '.join(ROWS)}")
    found = asked.parse_args()
    unknown = sorted(set(found.only) - set(ROWS))
    if unknown:
        asked.error(f"there are no rows called {' '.join(unknown)}; there are {' '.join(ROWS)}")
    return found


def chosen(asked, work):
    """The corpora of this run, one after the other; each is made when its turn comes."""
    if asked.corpus:
        yield corpora.Corpus(asked.name, asked.corpus.resolve(), work)
        return
    names = ["10k"] if asked.small else ["10k", "340k", "1M"]
    for name in names + (["10M"] if asked.large else []):
        yield corpora.made(name, asked.target / "corpora", work)


def measure(run, corpus, only):
    """All rows of one corpus; a row that fails is told and the others go on."""
    for name, row in ROWS.items():
        is_asked = name in only if only else not (run.is_small and name == "studio")
        if not is_asked or (not only and corpus.name not in ONLY_AT.get(name, [corpus.name])):
            continue
        began = time.monotonic()
        print(f"--- {name}, {corpus.name}", flush=True)
        try:
            row(run, corpus)
        except Exception as error:
            run.is_broken = run.is_broken or not isinstance(error, Unavailable)
            run.results.skip(name, corpus.name, "", reason(error))
        print(f"    {time.monotonic() - began:.1f} s", flush=True)


def main():
    asked = options()
    # Told to end, it ends what it started, as it does when interrupted by hand.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    asked.target.mkdir(parents=True, exist_ok=True)
    work = asked.target / "work"
    shutil.rmtree(work, ignore_errors=True)
    run = Run(asked)
    facts = run.results.facts
    began = time.monotonic()
    facts.update(machine=machine(), load_start=load(), rounds=run.rounds)
    facts["began"] = time.strftime("%Y-%m-%d", time.gmtime())
    facts["versions"] = {"goldstar": version(), **run.peers.versions()}
    try:
        for corpus in chosen(asked, work):
            run.corpora.append(corpus)
            measure(run, corpus, asked.only)
            corpus.clear()
        if not asked.only:
            keeping.scaling(run)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    facts.update(load_end=load(), minutes=round((time.monotonic() - began) / 60, 1))
    # A part of the rows, or another corpus, is no benchmark to be shown.
    is_whole = not (asked.only or asked.small or asked.corpus)
    write(run.results, ROOT / "docs" if is_whole else asked.target)
    return 1 if run.is_broken else 0


def version():
    ran = goldstar.run("--version")
    return ran.out.split()[-1] if ran.code == 0 else f"unknown: {ran}"


def write(results, folder):
    drawing = page.drawing(results)
    if drawing:
        (folder / "benchmarks.svg").write_text(drawing, encoding="utf-8")
    (folder / "benchmarks.json").write_text(results.as_json(), encoding="utf-8")
    (folder / "benchmarks.md").write_text(page.page(results), encoding="utf-8")
    print(f"wrote {folder / 'benchmarks.md'}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
