"""Rows of SQLite: sqlite-utils fills a table, Datasette serves it."""

import http.client
import json
import socket
import subprocess

import goldstar
import ours
from corpora import forget
from measure import Unavailable, end_group, side_by_side, timed
from results import OURS

INSERT_SECONDS_MAX = 300
START_SECONDS_MAX = 60
TRIES = 20
PEER = "sqlite-utils insert"
# The same five columns that the other peers take.
CONVERT = """
def convert(row):
    body = (row.get("response") or {}).get("body") or {}
    choice = (body.get("choices") or [{}])[0]
    return {
        "custom_id": row["custom_id"],
        "model": body.get("model"),
        "content": (choice.get("message") or {}).get("content"),
        "completion_tokens": (body.get("usage") or {}).get("completion_tokens"),
        "finish_reason": choice.get("finish_reason"),
    }
"""


def rows(run, corpus):
    """All outputs into a table of SQLite as its users do, and that table in a browser."""
    database = corpus.work / "outputs.sqlite"
    folder = corpus.outputs_only()
    corpus.warm(corpus.outputs)

    def indexed():
        forget(folder)
        return ours.indexed(folder)

    works = {OURS: indexed, PEER: lambda: filled(run, corpus, database)}
    found = side_by_side(works, run.rounds, INSERT_SECONDS_MAX)
    work = "full index, outputs"
    run.results.pair(work, corpus.name, found, PEER)
    if run.is_small:
        return
    if found[PEER].skipped or not database.exists():
        reason = f"no database: {found[PEER].skipped}"
        return run.results.skip("page of a browser", corpus.name, "Datasette", reason)
    served(run, corpus, database)


def filled(run, corpus, database):
    """Seconds of one insert from nothing, all batches in one stream."""
    database.unlink(missing_ok=True)
    program = run.peers.main.program("sqlite-utils")
    command = [program, "insert", database, "outputs", "-", "--nl", "--convert", CONVERT]
    stream = subprocess.Popen(["cat", *corpus.outputs], stdout=subprocess.PIPE)
    try:
        return timed(command, INSERT_SECONDS_MAX, stdin=stream.stdout)
    finally:
        stream.stdout.close()
        stream.kill()
        stream.wait()


def served(run, corpus, database):
    """The same three requests to Datasette and to us, over kept connections, side by side."""
    folder = corpus.whole()
    ours.indexed(folder)
    with (
        Datasette(run, database) as datasette,
        goldstar.Server(folder) as server,
        ours.Client(server.address) as mine,
        ours.Client(datasette.address) as theirs,
    ):
        ours.until(mine, ours.catalog_ready)
        table = {"path": "/outputs/outputs.json", "_size": 50, "_shape": "objects"}
        facets = {"_facet": ["model", "finish_reason"]}
        chosen = {"finish_reason": "length"}
        works = {
            "first page of 50": ({"path": "/api/records", "limit": 50}, table),
            "filter and sort": (
                {"path": "/api/records", "q": "finish:length", "sort": "-custom_id", "limit": 50},
                {**table, **chosen, "_sort_desc": "custom_id"},
            ),
            "facets": (
                {"path": "/api/facets", "q": "finish:length"},
                {**table, **chosen, **facets},
            ),
        }
        for name, (own, other) in works.items():
            pair = {
                OURS: lambda own=own: [mine.timed(**own)[0] for _ in range(TRIES)],
                "Datasette": lambda other=other: [asked(theirs, other) for _ in range(TRIES)],
            }
            found = side_by_side(pair, run.rounds, START_SECONDS_MAX)
            note = "asked again and again, so our view is a kept one"
            work = f"page of a browser: {name}"
            run.results.pair(work, corpus.name, found, "Datasette", note=note)


def asked(client, parameters):
    """Seconds of one page of Datasette; a page cut short by its own time limits is none."""
    took, body = client.timed(**parameters)
    answer = json.loads(body)
    cut = answer.get("facets_timed_out") or answer.get("truncated")
    if cut:
        raise Unavailable(f"datasette's own time limit was reached: {cut}")
    return took


class Datasette:
    """A Datasette on a database, with its defaults, for the length of a `with` block."""

    def __init__(self, run, database):
        self.program = run.peers.main.program("datasette")
        self.database = database

    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [self.program, "serve", self.database, "-h", "127.0.0.1", "-p", port]
        self.process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.address = f"http://127.0.0.1:{port}"
        if not goldstar.within(START_SECONDS_MAX, self.answers):
            self.__exit__()
            raise Unavailable(f"datasette did not answer within {START_SECONDS_MAX} s")
        return self

    def __exit__(self, *_):
        end_group(self.process)
        self.process.wait()

    def answers(self):
        try:
            with ours.Client(self.address) as client:
                client.timed("/-/versions.json")
        except (OSError, http.client.HTTPException):
            return False
        return True
