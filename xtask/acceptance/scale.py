"""A large collection: the table is there while indexing goes on, and a second start reads no batch.

`--full` makes 170,000 records of 2 models; else 10,000. Times are printed, never judged.
"""

import re
import shutil
import subprocess
import sys
import time

from goldstar import READY_SECONDS_MAX, Server, run, run_all

RECORDS = 170_000 if "--full" in sys.argv else 10_000
MODELS = 2
TRIES = 5
CALLS = "open,openat,read,pread64,readv,preadv,preadv2"


def timed(what, began):
    print(f"{what}: {time.monotonic() - began:.2f} s")


def batches(data):
    files = list((data / "batches").rglob("*.jsonl"))
    return files, sum(path.stat().st_size for path in files)


def a_large_collection(checks, data):
    """From nothing to the first page, to the last record, and once more from the kept index."""
    began = time.monotonic()
    ran = run("demo", data, "--records", RECORDS, "--models", MODELS, seconds=500)
    timed(f"demo of {RECORDS} records", began)
    checks.equal("a demo is made", ran.code, 0)
    files, size = batches(data)
    print(f"{len(files)} batches, {size / 1e6:.0f} MB")
    shown_while_indexing(checks, data)
    status = started_again(checks, data, files, size)
    checks.equal("records", status["catalog"]["records"], RECORDS)
    outputs = status["catalog"]["outputs"]
    checks.true("outputs", outputs >= RECORDS * MODELS, f"{outputs}")
    checks.equal("batches", status["catalog"]["batches"], len(files))
    grown(checks, data, files)


def shown_while_indexing(checks, data):
    """A first start: records are answered while the status says `indexing`."""
    pages = []
    for _ in range(TRIES):
        shutil.rmtree(data / ".goldstar", ignore_errors=True)
        began = time.monotonic()
        with Server(data) as server:
            timed("address named", began)
            pages += pages_while_indexing(server, began)
            status = server.wait_until_ready()
            timed("all indexed", began)
            checks.equal("nothing reused on a first start", status["catalog"]["reused"], 0)
            last = server.get("/api/records", offset=RECORDS - 1, limit=50)
            checks.equal("the last page", len(last["records"]), 1)
            searchable(server)
        if any(pages):
            break
    name = "records are shown while indexing"
    if pages:
        checks.true(name, any(pages), f"{len(pages)} pages were asked for and all were empty")
    else:
        checks.skip(name, "indexing ended before a page could be asked for")


def searchable(server):
    """Waits until the full-text index is built: it reads each batch once more."""
    end = time.monotonic() + READY_SECONDS_MAX
    while server.get("/api/status")["search"]["state"] != "ready":
        if time.monotonic() > end:
            raise RuntimeError("the full-text index is not built in time")
        time.sleep(0.1)


def pages_while_indexing(server, began):
    """Asks for the first page until one with texts has come: how many rows were in each."""
    pages = []
    while True:
        page = server.get("/api/records", limit=50)["records"]
        # Asked after the page: if it is still indexing now, it was then.
        if server.get("/api/status")["catalog"]["state"] != "indexing":
            return pages
        pages.append(len([row for row in page if any(cell["preview"] for cell in row["outputs"])]))
        if pages[-1]:
            timed("first page", began)
            return pages


def started_again(checks, data, files, size):
    """A second start takes every batch from its kept index and reads none of them."""
    trace = data / "trace.txt"
    strace = shutil.which("strace")
    # With -D the server itself is our child, and strace watches it from beside.
    under = [strace, "-D", "-f", "-qq", "-y", "-e", f"trace={CALLS}", "-o", str(trace)] if strace else []
    if strace:
        tried = subprocess.run([strace, "-qq", "true"], capture_output=True, check=False)
        under = under if tried.returncode == 0 else []
    began = time.monotonic()
    with Server(data, under=under) as server:
        status = server.wait_until_ready()
        timed("second start" + (", traced" if under else ""), began)
        checks.equal("batches reused", status["catalog"]["reused"], len(files))
        checks.equal(
            "bytes done", status["catalog"]["bytes_done"], status["catalog"]["bytes_total"]
        )
        read = bytes_read(server.process.pid)
        print(f"{read / 1e6:.1f} MB read by a server with {size / 1e6:.0f} MB of batches")
        checks.true("far less is read than there is", read < size / 10, f"{read} of {size} bytes")
        if under:
            was_read = re.findall(
                r"p?readv?2?(?:64)?\(\d+<([^>]*/batches/[^>]*\.jsonl)>", trace.read_text(errors="replace")
            )
            checks.equal("batches read on a second start", was_read, [])
            index = re.search(r'"[^"]*/\.goldstar/', trace.read_text(errors="replace"))
            checks.true("its index was opened", index is not None, "strace saw nothing of it")
        else:
            checks.skip("batches read on a second start", "strace cannot be used here")
        began = time.monotonic()
        page = server.get("/api/records", offset=RECORDS // 2, limit=50)
        timed("a page from the middle", began)
        checks.equal("a page from the middle", len(page["records"]), 50)
    return status


def bytes_read(process):
    """Bytes that a process has asked to read since its start."""
    with open(f"/proc/{process}/io", encoding="ascii") as file:
        return int(re.search(r"rchar: (\d+)", file.read()).group(1))


def grown(checks, data, files):
    """A batch that has grown costs its new lines only."""
    grown = max(path for path in files if path.parent.name == "output")
    with open(grown, "rb") as file:
        line = file.readline()
    with open(grown, "ab") as file:
        file.write(re.sub(rb'"custom_id":"[^"]*"', b'"custom_id":"cand-new"', line))
    began = time.monotonic()
    with Server(data) as server:
        status = server.wait_until_ready()
        timed("start after one batch has grown", began)
        checks.equal("all others reused", status["catalog"]["reused"], len(files) - 1)
        checks.equal("one record more", status["catalog"]["records"], RECORDS + 1)
        checks.equal("the new record", len(server.record("cand-new")["outputs"]), 1)
        read = bytes_read(server.process.pid)
        size = grown.stat().st_size
        checks.true(
            "its old lines are not read", read < size, f"{read} bytes, the batch has {size}"
        )


if __name__ == "__main__":
    run_all(a_large_collection)
