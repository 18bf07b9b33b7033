"""Many people and agents star one folder for long, and the server is ended and started all the while.

Each act goes out under an id of its own until it is acknowledged. At the end the journal holds each
acknowledged act once, nothing that nobody sent, and every line of it is whole.

`--seconds N` for how long, `--restart N` after how many seconds the server is ended, every other
time as a power cut would; else 12 and 3. `--breath N` is how long a person waits between two acts at
most, an agent a fifth of it; else 0.05 seconds. `--folder DIR` is a collection of its own instead of
a small one.
"""

import argparse
import http.client
import json
import random
import statistics
import tempfile
import threading
import time
import urllib.parse
from collections import Counter
from pathlib import Path

from goldstar import (
    Checks,
    Server,
    call,
    connect,
    journal,
    private_bytes,
    request,
    result,
    ulid,
    whole_and_torn,
    write_lines,
)

PEOPLE = 24
AGENTS = 8
RECORDS = 400
MODELS = ["acme/alpha-70b", "acme/beta-8b"]
TAGS = ["senior", "tech", "clear", "wrong", "long"]
# What a reviewer waits before it tries again.
PATIENCE = 0.2
# Memory may grow by so much between the first and the last lives of the server; the journal that
# they fold grows, so what it costs is taken off first.
LEAK_MAX = 0.05


def main():
    options = asked()
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        data = options.folder or made(Path(folder))
        soak = Soak(data, options)
        soak.run()
        soak.judge(checks)
    checks.close()


def asked():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=12)
    parser.add_argument("--restart", type=float, default=3)
    parser.add_argument("--breath", type=float, default=0.05)
    parser.add_argument("--folder", type=Path)
    return parser.parse_args()


def made(data):
    ids = [f"cand-{n:04}" for n in range(RECORDS)]
    for at, model in enumerate(MODELS):
        lines = [result(i, model, f"{i} is good, says {model}.") for i in ids]
        write_lines(data / f"batches/output/{at}.jsonl", lines)
    write_lines(data / "batches/input/a.jsonl", [request(i, "m", f"Judge {i}.") for i in ids])
    return data


class Soak:
    """The server's lives, and those who star meanwhile."""

    def __init__(self, data, options):
        self.data = data
        self.options = options
        self.before = len(lines_of(data))
        self.address = None
        self.is_over = threading.Event()
        self.reviewers = []
        self.memory = []  # (lines in the journal, bytes) at the end of each life
        self.lives = 0

    def run(self):
        ends = time.monotonic() + self.options.seconds
        port = 0
        while time.monotonic() < ends:
            with Server(self.data, port=port) as server:
                server.wait_until_ready()
                self.address = server.address
                port = urllib.parse.urlsplit(server.address).port
                if not self.reviewers:
                    self.begin(server)
                self.live(server, ends)
            self.lives += 1
        # What was not acknowledged yet is sent once more, to a server that stays.
        with Server(self.data, port=port) as server:
            server.wait_until_ready()
            self.is_over.set()
            for reviewer in self.reviewers:
                reviewer.join()

    def begin(self, server):
        records = server.get("/api/records", limit=500)["records"]
        models = [model["name"] for model in server.get("/api/status")["models"]]
        ids = [record["custom_id"] for record in records]
        kinds = ["human"] * PEOPLE + ["agent"] * AGENTS
        self.reviewers = [Reviewer(self, at, kind, ids, models) for at, kind in enumerate(kinds)]
        for reviewer in self.reviewers:
            reviewer.start()

    def live(self, server, ends):
        """Waits for the end of this life, and sees what memory it took."""
        until = min(ends, time.monotonic() + self.options.restart)
        time.sleep(max(0, until - time.monotonic()))
        lines = server.get("/api/status")["journal"]["lines"]
        self.memory.append((lines, private_bytes(server.process.pid)))
        if self.lives % 2 == 1:
            server.kill()

    def judge(self, checks):
        found = Counter(line["id"] for line in lines_of(self.data)[self.before :])
        acknowledged = [act for reviewer in self.reviewers for act in reviewer.acknowledged]
        sent = {act for reviewer in self.reviewers for act in reviewer.sent}
        refused = [said for reviewer in self.reviewers for said in reviewer.refused]
        took = sorted(took for reviewer in self.reviewers for took in reviewer.took)
        print(
            f"{len(acknowledged)} acts of {len(self.reviewers)} reviewers, {self.lives} lives, "
            f"{sum(r.retries for r in self.reviewers)} tried again; acknowledged after p50 "
            f"{1000 * took[len(took) // 2]:.1f} p99 {1000 * took[int(len(took) * 0.99)]:.1f} ms"
        )
        checks.equal("nothing was refused", refused[:3], [])
        checks.equal("no acknowledged act is lost", [a for a in acknowledged if not found[a]], [])
        checks.equal("none is there twice", [a for a, count in found.items() if count > 1], [])
        checks.equal("nothing was invented", [a for a in found if a not in sent], [])
        checks.true("many acts", len(acknowledged) > 100, f"only {len(acknowledged)}")
        self.judge_memory(checks)

    def judge_memory(self, checks):
        """What lives at the end take more than those at the beginning, beside their journal."""
        print("memory, MB:", " ".join(f"{held / 1e6:.1f}" for _, held in self.memory))
        if len(self.memory) < 12:
            return print("too few lives to say whether memory stays flat")
        # Half of the lives say what a line costs, by the middle of all slopes; the rest is a leak.
        third = len(self.memory) // 3
        first, last = self.memory[:third], self.memory[-third:]
        a_line = statistics.median(
            (late[1] - early[1]) / (late[0] - early[0])
            for early, late in zip(self.memory, self.memory[third:], strict=False)
            if late[0] > early[0]
        )
        held = [statistics.median(held for _, held in part) for part in (first, last)]
        lines = [statistics.median(lines for lines, _ in part) for part in (first, last)]
        print(f"{a_line:.0f} bytes a line of the journal")
        checks.true("a line costs little", a_line < 1000, f"{a_line:.0f} bytes")
        grown = held[1] - held[0] - a_line * (lines[1] - lines[0])
        checks.true("memory stays flat", grown < LEAK_MAX * held[0], f"it grew by {grown:.0f} bytes")


class Reviewer(threading.Thread):
    """Reads pages, stars, and takes stars back, until the soak is over."""

    def __init__(self, soak, number, kind, ids, models):
        super().__init__(daemon=True)
        self.soak = soak
        self.kind = kind
        self.who = f"{kind}-{number:02}"
        self.ids = ids
        self.models = models
        self.random = random.Random(number)
        self.connection = None
        self.acknowledged = []
        self.sent = set()
        self.refused = []
        self.took = []
        self.retries = 0

    def run(self):
        while not self.soak.is_over.is_set():
            self.act()
            breath = self.soak.options.breath
            time.sleep(self.random.uniform(0, breath if self.kind == "human" else breath / 5))

    def act(self):
        if self.random.random() < 0.1:
            self.until_answered("GET", f"/api/records?limit=50&offset={self.random.randrange(300)}")
            return
        act = ulid(self.random.getrandbits(120))
        self.sent.add(act)
        star = {
            "custom_id": self.random.choice(self.ids),
            "model": self.random.choice(self.models),
            "quality_score": self.random.randint(1, 10),
            "tags": self.random.sample(TAGS, 2),
            "notes": "why " * (2000 if self.random.random() < 0.02 else 3),
            "starred_by": self.who,
            "kind": self.kind,
            "id": act,
        }
        began = time.perf_counter()
        status, body = self.until_answered("POST", "/api/gold-star", star)
        self.took.append(time.perf_counter() - began)
        if status == 200:
            self.acknowledged.append(act)
        else:
            self.refused.append((status, body[:200]))

    def until_answered(self, method, path, body=None):
        """One call, again and again while the server is away."""
        while True:
            try:
                if self.connection is None:
                    self.connection = connect(self.soak.address)
                status, _, answer = call(self.connection, method, path, body)
                if status != 503:
                    return status, answer
                # It has just begun, and does not know all records yet.
                self.retries += 1
                time.sleep(PATIENCE)
            except (OSError, http.client.HTTPException):
                self.connection = None
                self.retries += 1
                time.sleep(PATIENCE)


def lines_of(data):
    """The journal's whole lines; one that a power cut tore is sealed, and a blemish."""
    return whole_and_torn(data)[0] if journal(data).exists() else []


if __name__ == "__main__":
    main()
