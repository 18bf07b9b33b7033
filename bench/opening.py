"""Rows of the machine's limits, of opening and of indexing."""

import os
import statistics
import time

import ours
from corpora import forget
from measure import Unavailable, side_by_side
from peers import cat, wc
from results import OURS

SYNCS = 200
# What DuckDB is given as a table in memory.
MEMORY_BYTES_MAX = 4e9


def limits(run, corpus):
    """What this machine can do at most with these files."""
    corpus.warm()
    works = {"wc -l": lambda: wc(corpus.files), "cat": lambda: cat(corpus.files)}
    found = side_by_side(works, run.rounds)
    rates = {
        f"{name} of warm files": corpus.bytes_whole / statistics.median(series.get())
        for name, series in found.items()
        if series.get()
    }
    rates["read of a file that is not cached"] = cold_read(corpus.outputs[0])
    run.results.facts.setdefault("limits", {})[corpus.name] = {
        "bytes_per_second": rates,
        "fdatasync_seconds": statistics.median(synced(corpus.work)),
        "is_warm": corpus.is_warm,
        "bytes_outputs": corpus.bytes,
        "bytes_whole": corpus.bytes_whole,
    }


def cold_read(path):
    """Bytes a second of one file after the kernel was asked to forget it."""
    with open(path, "rb", buffering=0) as file:
        # What is not on the disk yet cannot be forgotten.
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        began = time.perf_counter()
        count = 0
        while block := file.read(1 << 22):
            count += len(block)
    return count / (time.perf_counter() - began)


def synced(folder, count=SYNCS):
    """Seconds of appending 4 KiB and making it durable, so many times."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "synced"
    times = []
    with open(path, "wb", buffering=0) as file:
        for _ in range(count):
            began = time.perf_counter()
            file.write(b"x" * 4096)
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - began)
    path.unlink()
    return times


def cold_open(run, corpus):
    """From the start of the process, with no cache, to the first page of 50 records."""
    outputs, whole = corpus.outputs_only(), corpus.whole()
    corpus.warm()
    batches = outputs / "batches" / "output"

    def of(folder):
        forget(folder)
        return ours.opened(folder)

    works = {
        OURS: lambda: of(outputs),
        "wc -l": lambda: wc(corpus.outputs),
        "DuckDB, first 50 rows": lambda: run.peers.job("first", batches),
        "whole": lambda: of(whole),
        "whole, wc": lambda: wc(corpus.files),
    }
    found = side_by_side(works, run.rounds)
    for name in ["wc -l", "DuckDB, first 50 rows"]:
        run.results.pair("cold open, outputs", corpus.name, found, name)
    found["wc -l"] = found.pop("whole, wc")
    run.results.pair("cold open, whole folder", corpus.name, found, "wc -l", ours="whole")


def full_index(run, corpus):
    """From the start of the process, with no cache, until every record is there."""
    outputs, whole = corpus.outputs_only(), corpus.whole()
    corpus.warm()
    batches = outputs / "batches" / "output"
    database = corpus.work / "outputs.duckdb"

    def of(work, folder):
        forget(folder)
        return work(folder)

    works = {
        OURS: lambda: of(ours.indexed, outputs),
        "wc -l": lambda: wc(corpus.outputs),
        "ripgrep of every line": lambda: run.peers.grep(corpus.outputs, "--", '"custom_id"'),
        "ripgrep of a rare phrase": lambda: run.peers.grep(corpus.outputs, "--", "zebra quagga"),
        "DuckDB, table in memory": lambda: in_memory(run, corpus, batches),
        "DuckDB, table in a file": lambda: run.peers.table(batches, database),
        "Python json loop": lambda: run.peers.loop(corpus.outputs),
        "list": lambda: of(ours.listed, outputs),
        "whole": lambda: of(ours.indexed, whole),
        "whole, wc": lambda: wc(corpus.files),
    }
    found = side_by_side(works, run.rounds)
    names = [name for name in works if name not in (OURS, "list", "whole", "whole, wc")]
    for name in names:
        run.results.pair("full index, outputs", corpus.name, found, name)
        if name in ("DuckDB, table in a file", "Python json loop", "wc -l"):
            run.results.pair(
                "full index, outputs, CPU", corpus.name, found, name, ours="list", metric="cpu"
            )
    run.results.pair(
        "full index by `goldstar list`, outputs", corpus.name, found, "wc -l", ours="list"
    )
    found["wc -l"] = found.pop("whole, wc")
    run.results.pair("full index, whole folder", corpus.name, found, "wc -l", ours="whole")


def in_memory(run, corpus, batches):
    if corpus.bytes > MEMORY_BYTES_MAX:
        raise Unavailable("not tried with more than 4 GB of outputs")
    return run.peers.table(batches)


def reopen(run, corpus):
    """With the caches kept: from the start of the process to the first page."""
    folder = corpus.whole()
    ours.indexed(folder)
    database = run.database(corpus)
    works = {
        OURS: lambda: ours.opened(folder),
        "DuckDB, first 50 rows of its file": lambda: run.peers.job("reopen", database()),
    }
    found = side_by_side(works, run.rounds)
    run.results.row("reopen", corpus.name, found[OURS].get())
    run.results.pair("reopen", corpus.name, found, "DuckDB, first 50 rows of its file")
