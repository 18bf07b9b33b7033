"""Eight processes star one folder at once: servers, commands, and the old tool's appends.

`--full` writes 8 x 2,000 lines; else 8 x 250.
"""

import json
import multiprocessing
import os
import sys
import time
from collections import Counter

from goldstar import (
    OLD_KEYS,
    Server,
    call,
    connect,
    journal,
    old_line,
    run,
    run_all,
    within,
)

IS_FULL = "--full" in sys.argv
EACH = 2000 if IS_FULL else 250
# A command costs a process and an index to open: the short form does what it can in this time.
COMMAND_SECONDS = 600 if IS_FULL else 4
SHOWN_SECONDS_MAX = 10
# Longer than the buffers of Python and of pipes.
LONG = "A long text of a careful reviewer. " * 1000
MODEL = "Llama-4-70B"


def by_http(data, worker, address, start, written):
    """Stars through a server, over one connection."""
    connection = connect(address)
    start.wait()
    for number in range(1, EACH + 1):
        star = {"custom_id": f"cand-{number:07}", "quality_score": 1 + number % 10}
        star.update(model=MODEL, starred_by=worker, notes=LONG if number % 50 == 0 else "")
        status, _, body = call(connection, "POST", "/api/gold-star", star)
        if status != 200:
            written.put((worker, number, f"{status} {body[:300]!r}"))
            return
    written.put((worker, EACH, None))


def by_command(data, worker, start, written):
    """Stars by commands, as many as there is time for."""
    start.wait()
    deadline = time.monotonic() + COMMAND_SECONDS
    number = 0
    while number < EACH and time.monotonic() < deadline:
        options = ["--model", MODEL, "--score", 1 + number % 10, "--as", worker]
        ran = run("star", f"cand-{number + 1:07}", *options, data=data)
        if ran.code != 0:
            written.put((worker, number, repr(ran)))
            return
        number += 1
    written.put((worker, number, None))


def by_old_tool(data, worker, start, written):
    """Appends as the old tool does: without a lock, lines flushed, from a file kept open or not."""
    start.wait()
    kept = open(journal(data), "a", encoding="utf-8")
    for number in range(1, EACH + 1):
        text = LONG if number % 50 == 0 else "Good."
        line = old_line(f"cand-{number:07}", text, 1 + number % 10, worker, "2026-01-01T00:00:00Z")
        if number % 2:
            kept.write(line)
            kept.flush()
        else:
            with open(journal(data), "a", encoding="utf-8") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
    kept.close()
    written.put((worker, EACH, None))


def at_once(checks, data, servers):
    """Starts all eight, and gives how many stars each was told are kept."""
    spawn = multiprocessing.get_context("spawn")
    start, written = spawn.Barrier(8), spawn.Queue()
    work = []
    for number, server in enumerate(servers):
        for client in range(2):
            work.append(
                (by_http, (data, f"http-{number}-{client}", server.address, start, written))
            )
    for number in range(2):
        work.append((by_command, (data, f"command-{number}", start, written)))
        work.append((by_old_tool, (data, f"old-{number}", start, written)))
    processes = [spawn.Process(target=does, args=arguments) for does, arguments in work]
    for process in processes:
        process.start()
    told = [written.get(timeout=500) for _ in processes]
    for process in processes:
        process.join()
    wrong = {worker: why for worker, _, why in told if why}
    checks.equal("every star was acknowledged", wrong, {})
    return {worker: count for worker, count, _ in told}


def nothing_is_lost(checks, data):
    """Every line is whole, none is lost, none is there twice, and both servers show them all."""
    run("demo", data, "--records", EACH)
    journal(data).parent.mkdir()
    with Server(data) as one, Server(data) as other:
        servers = [one, other]
        for server in servers:
            server.wait_until_ready()
        began = time.monotonic()
        told = at_once(checks, data, servers)
        total = sum(told.values())
        commands = sum(count for worker, count in told.items() if worker.startswith("command"))
        print(f"{total} stars, {commands} of them by command, in {time.monotonic() - began:.1f} s")
        ended = time.monotonic()

        def all_shown():
            stars = [server.get("/api/status")["journal"]["stars"] for server in servers]
            return stars == [total, total]

        shown = within(SHOWN_SECONDS_MAX, all_shown)
        print(f"both servers showed all of them after {time.monotonic() - ended:.1f} s")
        statuses = [server.get("/api/status")["journal"] for server in servers]
        checks.true("both servers show all stars", shown, f"{statuses}, {total} are acknowledged")
        listed = [server.get("/api/gold-star") for server in servers]
        checks.true("both servers list the same", listed[0] == listed[1], "they do not")
    written = journal(data).read_bytes()
    whole, broken = read(written)
    checks.equal("lines that are not whole", broken, [])
    found = Counter((line["custom_id"], line["starred_by"]) for line in whole)
    expected = {
        (f"cand-{number:07}", worker)
        for worker, count in told.items()
        for number in range(1, count + 1)
    }
    checks.equal("lost", sorted(expected - set(found))[:5], [])
    checks.equal("not asked for", sorted(set(found) - expected)[:5], [])
    checks.equal("twice", [key for key, count in found.items() if count > 1][:5], [])
    ids = Counter(line["id"] for line in whole if "id" in line)
    checks.equal("ids twice", [key for key, count in ids.items() if count > 1], [])
    checks.equal("lines by id and without", len(whole), total)
    check = run("check", data=data)
    checks.true("goldstar check finds nothing wrong", check.code == 0, check)


def read(written):
    """The lines that are stars with the old keys first, and those that are not."""
    whole, broken = [], []
    if not written.endswith(b"\n"):
        broken.append("no newline at the end")
    for line in written.split(b"\n")[:-1]:
        try:
            star = json.loads(line)
            (whole if list(star)[:8] == OLD_KEYS else broken).append(star)
        except ValueError as error:
            broken.append(f"{error}: {line[:80]!r}")
    return whole, broken


if __name__ == "__main__":
    run_all(nothing_is_lost)
