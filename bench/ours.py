"""Goldstar as it is measured: started, watched until it can answer, and asked."""

import http.client
import json
import socket
import time
import urllib.parse

import goldstar
from measure import Unavailable, cpu_seconds, timed

READY_SECONDS_MAX = 900
BUILT_SECONDS_MAX = 3_600
NO_SEARCH = "this Goldstar has no full-text index: search.state is scan"


class Client:
    """One kept connection; a call gives seconds and the bytes of the answer."""

    def __init__(self, address):
        place = urllib.parse.urlsplit(address)
        self.connection = http.client.HTTPConnection(place.hostname, place.port, timeout=120)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def timed(self, path, **parameters):
        """A GET that has to succeed; reading the JSON is not part of the time."""
        query = urllib.parse.urlencode(parameters, doseq=True)
        target = f"{path}?{query}" if query else path
        began = time.perf_counter()
        self.connection.request("GET", target)
        answer = self.connection.getresponse()
        body = answer.read()
        took = time.perf_counter() - began
        if answer.status == 404:
            raise Unavailable(f"this Goldstar has no {path}")
        if answer.status != 200:
            raise Unavailable(f"GET {target} answered {answer.status}: {body[:200]!r}")
        return took, body

    def get(self, path, **parameters):
        return json.loads(self.timed(path, **parameters)[1])

    def status(self):
        return self.get("/api/status")


def first_page(server, began, seconds_max=READY_SECONDS_MAX):
    """Seconds until a page of 50 records with their outputs is served."""
    with Client(server.address) as client:
        while time.monotonic() - began < seconds_max:
            records = client.get("/api/records", limit=50)["records"]
            took = time.monotonic() - began
            if len(records) == 50 and all(map(has_output, records)):
                return took
            time.sleep(0.002)
    raise Unavailable(f"no page of 50 records within {seconds_max} s")


def has_output(record):
    return any(cell.get("preview") or cell["state"] != "ok" for cell in record["outputs"])


def until(client, holds, seconds_max=READY_SECONDS_MAX, pause=0.005):
    """The first status for which something holds."""
    deadline = time.monotonic() + seconds_max
    while True:
        status = client.status()
        if holds(status):
            return status
        if time.monotonic() > deadline:
            raise Unavailable(f"not there within {seconds_max} s: {json.dumps(status)[:200]}")
        time.sleep(pause)


def catalog_ready(status):
    return status["catalog"]["state"] == "ready"


def search_ready(status):
    return status["search"]["state"] == "ready"


def opened(data):
    """From the start of the process to the first page, as a server."""
    began = time.monotonic()
    with goldstar.Server(data) as server:
        return first_page(server, began)


def indexed(data):
    """From the start of the process until all is indexed, as a server."""
    began = time.monotonic()
    with goldstar.Server(data) as server, Client(server.address) as client:
        until(client, catalog_ready)
        return {"wall": time.monotonic() - began, "cpu": cpu_seconds(server.process.pid)}


def listed(data):
    """One command that opens the collection, prints one record and ends."""
    command = [goldstar.binary(), "list", "--limit", "1", "--data", data]
    return timed(command, READY_SECONDS_MAX)


def settled(client):
    """The status once nothing is built any more, so that nothing else takes the cores."""
    until(client, catalog_ready)
    return until(
        client, lambda status: status["search"]["state"] != "building", BUILT_SECONDS_MAX, 0.01
    )


def searchable(client):
    """The status once the search index is ready; says so when there is none."""
    until(client, catalog_ready)
    try:
        until(client, lambda status: status["search"]["state"] != "scan", seconds_max=2)
    except Unavailable as error:
        raise Unavailable(NO_SEARCH) from error
    return until(client, search_ready, BUILT_SECONDS_MAX, pause=0.01)
