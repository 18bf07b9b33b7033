"""Rows of keeping up: the search index, memory, batches that grow, stars."""

import json
import shutil
import time

import goldstar
import ours
from bars import GROWTH, SIZES
from corpora import forget
from measure import Peak, Unavailable, cpu_seconds, side_by_side
from opening import synced
from results import OURS

STARS = 500
GROWN_LINES = 1_000
GROWN_SECONDS_MAX = 60
IDLE_SECONDS = 3
# Polled long enough that hundredths of a second of CPU tell something.
POLLED_SECONDS = 2


def search_index(run, corpus):
    """How fast the full-text index is built, how large it is, and the memory of all phases."""
    folder = corpus.whole()
    corpus.warm()
    text = corpus.text_bytes(run.peers.count)
    size = text["answers"] + text["prompts"]
    found = side_by_side({OURS: lambda: built(folder)}, 1 if corpus.name == "10M" else run.rounds)
    series = found[OURS]
    if series.skipped and not series.get("indexing"):
        return run.results.skip("search index", corpus.name, "", series.skipped)
    for metric, work in [
        ("indexing", "private memory while indexing"),
        ("building", "private memory while search is built"),
        ("idle", "private memory when idle"),
    ]:
        if series.get(metric):
            note = "sampled each 50 ms" if metric != "idle" else f"{IDLE_SECONDS} s after"
            figures = series.get(metric)
            run.results.row(work, corpus.name, figures, stat="max", unit="B", note=note)
    if not series.get("seconds"):
        return run.results.skip("search index", corpus.name, "", ours.NO_SEARCH)
    speeds = [size / seconds for seconds in series.get("seconds")]
    note = f"{size / 1e6:.0f} MB of answers and prompts"
    run.results.row("search index, speed", corpus.name, speeds, unit="B/s", note=note)
    run.results.row("search index, size", corpus.name, series.get("size"), "text", [size], unit="B")
    run.results.row("search index, time", corpus.name, series.get("seconds"))
    run.results.row("search index, CPU", corpus.name, series.get("cpu"))


def built(folder):
    """One start without caches: peaks of memory, and the making of the search index."""
    forget(folder)
    found = {}
    with goldstar.Server(folder) as server, ours.Client(server.address) as client:
        pid = server.process.pid
        with Peak(pid) as peak:
            ours.until(client, ours.catalog_ready, pause=0.02)
        found["indexing"] = peak.bytes
        began, cpu = time.monotonic(), cpu_seconds(pid)
        try:
            with Peak(pid) as peak:
                ours.searchable(client)
            found["seconds"] = time.monotonic() - began
            found["cpu"] = cpu_seconds(pid) - cpu
            found["building"] = peak.bytes
            search = folder / ".goldstar" / "search"
            found["size"] = sum(
                path.stat().st_size for path in search.rglob("*") if path.is_file()
            )
        except Unavailable as error:
            if str(error) != ours.NO_SEARCH:
                raise
        time.sleep(IDLE_SECONDS)
        found["idle"] = goldstar.private_bytes(pid)
    return found


def growth(run, corpus):
    """1,000 lines appended to a batch while it is served."""
    folder = corpus.whole()
    other = corpus.linked("scanned", corpus.files)
    ours.indexed(folder)
    original = max(corpus.outputs, key=lambda path: path.stat().st_size)
    grown = folder / original.relative_to(corpus.source)
    lines = new_lines(original)

    def appended():
        # A copy is put in the link's place, for the corpus itself is never written.
        grown.unlink()
        shutil.copyfile(original, grown)
        with goldstar.Server(folder) as server, ours.Client(server.address) as client:
            return append(server, client, grown, lines)

    def whole():
        forget(other)
        return ours.listed(other)

    reference = "full index, CPU"
    try:
        found = side_by_side({reference: whole, OURS: appended}, run.rounds)
    finally:
        grown.unlink(missing_ok=True)
        corpus.whole()
    series = found[OURS]
    if not series.get("seen"):
        why = series.skipped or "no figure"
        return run.results.skip("1,000 lines appended", corpus.name, "", why)
    run.results.row("1,000 lines appended, until seen", corpus.name, series.get("seen"))
    run.results.row(
        "1,000 lines appended, CPU",
        corpus.name,
        series.get("cpu"),
        reference,
        found[reference].get("cpu"),
        note="CPU is counted in hundredths of a second; what the polling costs is taken off",
    )


def append(server, client, grown, lines):
    """Seconds until the lines are counted, and what the server spent on them."""
    pid = server.process.pid
    outputs = ours.settled(client)["catalog"]["outputs"]
    idle = cpu_seconds(pid)
    poll(client, POLLED_SECONDS)
    idle = cpu_seconds(pid) - idle
    spent = cpu_seconds(pid)
    with open(grown, "ab") as file:
        file.write(lines)
    began = time.monotonic()
    target = outputs + GROWN_LINES
    ours.until(client, lambda status: status["catalog"]["outputs"] >= target, GROWN_SECONDS_MAX)
    seen = time.monotonic() - began
    poll(client, max(0, POLLED_SECONDS - seen))
    share = (time.monotonic() - began) / POLLED_SECONDS
    return {"seen": seen, "cpu": max(0.0, cpu_seconds(pid) - spent - idle * share)}


def poll(client, seconds):
    """Asks for the status as often as `until` does, so that what it costs can be taken off."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        client.status()
        time.sleep(0.005)


def new_lines(path):
    """Lines of this batch under ids that are not there yet."""
    made = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            result = json.loads(line)
            if result.get("error") is None and len(made) < GROWN_LINES:
                result["custom_id"] = f"cand-new-{len(made)}"
                made.append(json.dumps(result, ensure_ascii=False, separators=(",", ":")) + "\n")
    if len(made) < GROWN_LINES:
        raise Unavailable("the batch is too short")
    return "".join(made).encode()


def stars(run, corpus):
    """Stars one after the other over HTTP, each on the disk before it is acknowledged."""
    folder = corpus.whole()
    with goldstar.Server(folder) as server, ours.Client(server.address) as client:
        model = ours.settled(client)["models"][0]["name"]
        connection = server.connection()

        def one_round():
            return [star(connection, model, number) for number in range(STARS)]

        works = {OURS: one_round, "fdatasync of 4 KiB": lambda: synced(folder)}
        found = side_by_side(works, run.rounds)
        connection.close()
    for stat in ["p50", "p99"]:
        run.results.pair("star", corpus.name, found, "fdatasync of 4 KiB", stat=stat)


def star(connection, model, number):
    body = {
        "custom_id": f"cand-{number + 1:07}",
        "quality_score": 1 + number % 10,
        "model": model,
        "starred_by": "bench",
        "tags": ["clear"],
    }
    began = time.perf_counter()
    status, _, said = goldstar.call(connection, "POST", "/api/gold-star", body)
    took = time.perf_counter() - began
    if status != 200:
        raise Unavailable(f"a star was answered with {status}: {said[:200]!r}")
    return took


def scaling(run):
    """Cost per output at the largest corpus over the cost at 340k, for what should be linear."""
    names = [corpus.name for corpus in run.corpora]
    largest = max(names, key=lambda name: SIZES.get(name, 0), default=None)
    works = [
        ("cold open, outputs", "median"),
        ("full index, outputs", "median"),
        ("full index, outputs, CPU", "median"),
        ("full index, whole folder", "median"),
        ("reopen", "median"),
        ("new view", "p95"),
        ("facets", "p95"),
        ("full text", "p95"),
        ("search index, time", "median"),
        ("search index, size", "median"),
        ("private memory while indexing", "max"),
        ("private memory when idle", "max"),
    ]
    if "340k" not in names or SIZES.get(largest, 0) <= SIZES["340k"]:
        return run.results.skip("growth", largest or "", "340k", "needs 340k and a larger corpus")
    for work, stat in works:
        small, large = (run.results.find(work, name, stat) for name in ("340k", largest))
        if small and large:
            cost = [small / SIZES["340k"], large / SIZES[largest]]
            run.results.row(
                f"growth of {work}",
                largest,
                [cost[1] / cost[0]],
                bar=GROWTH,
                unit="×",
                note=f"cost per output at {largest} over that at 340k, by {stat}",
            )
