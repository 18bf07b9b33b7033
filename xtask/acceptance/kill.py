"""Ends the server in the middle of its work, or fills its disk: what it acknowledged is there.

`--full` kills it 50 times; else 5 times.
"""

import contextlib
import http.client
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter

from goldstar import (
    OLD_KEYS,
    Server,
    call,
    journal,
    request,
    result,
    run,
    run_all,
    ulid,
    whole_and_torn,
    write_lines,
)

ROUNDS = 50 if "--full" in sys.argv else 5
CLIENTS = 32
MODEL = "acme/alpha-70b"
RECORDS = 100
STAR = "/api/gold-star"
DISK_BYTES = 1024 * 1024


def made(data):
    ids = [f"cand-{n:03}" for n in range(RECORDS)]
    write_lines(data / "batches/input/a.jsonl", [request(i, "alpha", f"Judge {i}.") for i in ids])
    write_lines(data / "batches/output/a.jsonl", [result(i, MODEL, f"{i} is good.") for i in ids])


class Clients:
    """Many who star at once until the server is gone. Each remembers what it was told."""

    def __init__(self):
        self.acknowledged = {}  # id -> the star of the answer
        self.unanswered = {}  # id -> the body
        self.refused = []
        self.next = 0
        self.lock = threading.Lock()

    def body(self, who):
        with self.lock:
            self.next += 1
            number = self.next
        star = {"custom_id": f"cand-{number % RECORDS:03}", "quality_score": 1 + number % 10}
        # Some are longer than a page of the disk.
        notes = "why " * (3000 if number % 7 == 0 else 5)
        return {**star, "id": ulid(number), "starred_by": f"who-{who}", "notes": notes}

    def star(self, connection, body):
        self.unanswered[body["id"]] = body
        status, _, answer = call(connection, "POST", STAR, body)
        if status == 200:
            self.acknowledged[body["id"]] = json.loads(answer)["star"]
        else:
            self.refused.append((status, answer[:300]))
        del self.unanswered[body["id"]]

    def until_the_end(self, server, who):
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = server.connection()
            while True:
                self.star(connection, self.body(who))

    def start(self, server):
        work = [
            threading.Thread(target=self.until_the_end, args=(server, n)) for n in range(CLIENTS)
        ]
        for thread in work:
            thread.start()
        return work


def killed_while_starring(checks, data):
    """32 clients star, `kill -9` comes, again and again: all that was acknowledged is there."""
    made(data)
    clients, tails = Clients(), 0
    for number in range(ROUNDS):
        with Server(data) as server:
            server.wait_until_ready()
            if number % 3 == 2:
                tails += 1
                sealed(checks, data, server, clients)
            sent_again(server, clients)
            threads = clients.start(server)
            time.sleep(random.uniform(0.05, 0.6))
            server.kill()
            for thread in threads:
                thread.join()
        lost = missing(data, clients)
        checks.equal(f"round {number + 1}: acknowledged and lost", lost, [])
        if number % 3 == 1:
            with open(journal(data), "ab") as file:
                file.write(b'{"custom_id": "cand-001", "candidate_name": "Torn in the mid')
    checks.equal("stars that were refused", clients.refused, [])
    with Server(data) as server:
        server.wait_until_ready()
        sent_again(server, clients)
        listed = {star["id"] for star in server.get(STAR)}
        latest = {}
        whole, torn = whole_and_torn(data)
        for line in whole:
            latest[line["custom_id"], line["starred_by"]] = line["id"]
        checks.equal("stars that are shown", listed, set(latest.values()))
    print(
        f"{ROUNDS} times killed, {len(clients.acknowledged)} stars acknowledged, {len(torn)} torn"
    )
    count = Counter(line["id"] for line in whole)
    checks.equal("lines that nobody was told of", set(count) - set(clients.acknowledged), set())
    checks.equal("ids twice", [key for key, times in count.items() if times > 1], [])
    wrong = [line for line in whole if list(line)[:8] != OLD_KEYS]
    checks.equal("lines that are not as they should be", wrong, [])
    checks.true(
        "only torn tails are no stars", len(torn) >= tails, f"{len(torn)} torn, {tails} made"
    )
    check = run("check", data=data)
    checks.equal("goldstar check: torn tails are wrong", check.code, 1 if torn else 0)


def sent_again(server, clients):
    """What got no answer is sent again with its id, as clients do; it may be there already."""
    connection = server.connection()
    for body in list(clients.unanswered.values()):
        clients.star(connection, body)


def sealed(checks, data, server, clients):
    """A torn tail stays in its place, ended by a newline, and is named as a blemish."""
    before = journal(data).read_bytes()
    checks.true("a torn tail to begin with", not before.endswith(b"\n"), "there is none")
    said = server.get("/api/blemishes")["blemishes"]
    checks.true("a torn tail is a blemish", any("starred.jsonl" in b["file"] for b in said), said)
    clients.star(server.connection(), clients.body("tail"))
    after = journal(data).read_bytes()
    checks.true(
        "a torn tail is sealed in its place", after.startswith(before + b"\n{"), after[-300:]
    )
    checks.true("and the next star is whole", after.endswith(b"}\n"), after[-300:])
    said = server.get("/api/blemishes")["blemishes"]
    checks.true("it stays a blemish", any("starred.jsonl" in b["file"] for b in said), said)


def missing(data, clients):
    """Acknowledged stars that are not in the journal exactly once, as they were acknowledged."""
    whole, _ = whole_and_torn(data)
    found = {}
    for line in whole:
        found.setdefault(line["id"], []).append(line)
    return [star for key, star in clients.acknowledged.items() if found.get(key) != [star]]


@contextlib.contextmanager
def small_disk(folder):
    """A file system of one megabyte; None where it cannot be made."""
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={DISK_BYTES}", "goldstar-acceptance", str(folder)]
    mounted = (
        os.geteuid() == 0
        and subprocess.run(["mount", *options], capture_output=True, check=False).returncode == 0
    )
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


def the_disk_is_full(checks, folder):
    """Starring answers with a clear 5xx, loses nothing, and goes on when there is room again."""
    with small_disk(folder / "disk") as data:
        if data is None:
            checks.skip("the disk is full", "a small file system needs root and mount")
            return
        made(data)
        with Server(data) as server:
            server.wait_until_ready()
            filler = data / "filler"
            filler.write_bytes(b"x" * (DISK_BYTES // 2))
            acknowledged, refused = fill(server)
            checks.true("some stars fit", len(acknowledged) > 3, f"{len(acknowledged)}")
            status, headers, body = refused
            checks.true("then a 5xx", 500 <= status < 600, f"{status}")
            checks.equal("a problem", headers["Content-Type"], "application/problem+json")
            detail = json.loads(body)["detail"]
            clear = "starred.jsonl" in detail and "space" in detail
            checks.true("it names the file and the reason", clear, detail)
            checks.equal("the table is still there", server.get("/api/records")["total"], RECORDS)
            status, _, body = server.call("GET", "/api/export-gold-star?format=raw")
            checks.true(
                "an export says it too",
                status >= 500 and b"space" in body,
                f"{status} {body[:200]!r}",
            )
            ran = run("star", "cand-050", "--score", "9", "--notes", "x" * 40000, data=data)
            checks.true("the command says it, exit 3", ran.code == 3 and "space" in ran.err, ran)
            after(checks, "full", data, acknowledged)
            filler.unlink()
            status, _, answer = server.call("POST", STAR, star_of(900))
            checks.equal("with room again it stars", status, 200)
            acknowledged.append(json.loads(answer)["star"])
            after(checks, "room again", data, acknowledged)
            listed = {star["id"] for star in server.get(STAR)}
            expected = {star["id"] for star in acknowledged}
            checks.equal("the stars that are shown", listed, expected)
        with Server(data) as server:
            server.wait_until_ready()
            listed = {star["id"] for star in server.get(STAR)}
            checks.equal("and after a restart", listed, expected)


def star_of(number):
    star = {"custom_id": f"cand-{number % RECORDS:03}", "quality_score": 9}
    return {**star, "id": ulid(number), "starred_by": f"who-{number}", "notes": "why " * 5000}


def fill(server):
    """Stars until it is refused: the stars acknowledged, and the answer that refused."""
    acknowledged = []
    connection = server.connection()
    for number in range(1, 500):
        answer = call(connection, "POST", STAR, star_of(number))
        if answer[0] != 200:
            return acknowledged, answer
        acknowledged.append(json.loads(answer[2])["star"])
    raise RuntimeError("the disk is never full")


def after(checks, when, data, acknowledged):
    whole, _ = whole_and_torn(data)
    count = Counter(line["id"] for line in whole)
    lost = [star["id"] for star in acknowledged if count[star["id"]] != 1]
    checks.equal(f"{when}: acknowledged and lost", lost, [])


if __name__ == "__main__":
    run_all(killed_while_starring, the_disk_is_full)
