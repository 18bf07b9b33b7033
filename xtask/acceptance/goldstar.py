"""What acceptance scripts share: a running server, HTTP calls, and the lines that are counted."""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

START_SECONDS_MAX = 60
READY_SECONDS_MAX = 300
CALL_SECONDS_MAX = 60


class Checks:
    """Counts by printing: `ok NAME`, `FAILED NAME: why`, `skipped NAME: why`."""

    def __init__(self):
        self.failed = 0

    def equal(self, name, found, expected):
        if found == expected:
            print(f"ok {name}", flush=True)
        else:
            self.fail(name, f"found {short(found)}, expected {short(expected)}")

    def true(self, name, holds, why):
        if holds:
            print(f"ok {name}", flush=True)
        else:
            self.fail(name, why)

    def fail(self, name, why):
        self.failed += 1
        print(f"FAILED {name}: {one_line(why)}", flush=True)

    def skip(self, name, why):
        print(f"skipped {name}: {one_line(why)}", flush=True)

    def close(self):
        """Ends the script; a failure is the exit code too."""
        sys.exit(1 if self.failed else 0)


class Server:
    """A Goldstar on a folder, at a port of its own choice, for the length of a `with` block."""

    def __init__(self, data, *arguments):
        self.command = [binary(), "serve", "--data", str(data), "--port", "0", *arguments]
        self.address = None

    def __enter__(self):
        self.errors = tempfile.TemporaryFile(mode="w+", encoding="utf-8", errors="replace")
        self.process = subprocess.Popen(
            self.command,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            stdin=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        self.started = threading.Event()
        # The reader goes on to the end, so that a full pipe never stops the server.
        self.reader = threading.Thread(target=self.read_output, daemon=True)
        self.reader.start()
        self.started.wait(START_SECONDS_MAX)
        if self.address is None:
            said = self.stop()
            raise RuntimeError(f"the server named no address; it said: {said[-2000:]}")
        return self

    def __exit__(self, *_):
        self.stop()

    def read_output(self):
        for line in self.process.stdout:
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found and self.address is None:
                self.address = found.group(0)
                self.started.set()
        self.started.set()

    def stop(self):
        """Ends the server as a user would, and gives what it wrote to its standard error."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.reader.join(5)
        self.process.stdout.close()
        self.errors.seek(0)
        said = self.errors.read()
        self.errors.close()
        return said

    def call(self, method, path, body=None, headers=None):
        """One HTTP call: (status, headers, bytes), whatever the status."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Accept": "application/json", **(headers or {})}
        if data is not None:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(self.address + path, data, headers, method=method)
        try:
            with OPENER.open(request, timeout=CALL_SECONDS_MAX) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.headers, answer.read()

    def get(self, path, **parameters):
        """The JSON of a GET that has to succeed."""
        query = urllib.parse.urlencode(parameters)
        status, _, body = self.call("GET", f"{path}?{query}" if query else path)
        if status != 200:
            raise RuntimeError(f"GET {path} answered {status}: {body[:500]!r}")
        return json.loads(body)

    def post(self, path, body):
        """The JSON of a POST that has to succeed."""
        status, _, answer = self.call("POST", path, body)
        if status != 200:
            raise RuntimeError(f"POST {path} answered {status}: {answer[:500]!r}")
        return json.loads(answer)

    def record(self, custom_id):
        """A record whole; its id may hold any character, a slash too."""
        return self.get("/api/records/" + urllib.parse.quote(custom_id, safe=""))

    def wait_until_ready(self):
        """The status once every batch is read."""
        deadline = time.monotonic() + READY_SECONDS_MAX
        while True:
            status = self.get("/api/status")
            if status["catalog"]["state"] == "ready":
                return status
            if time.monotonic() > deadline:
                raise RuntimeError(f"still indexing after {READY_SECONDS_MAX} s: {status}")
            time.sleep(0.1)


# A proxy set for the outside world must not come between a script and its own machine.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def binary():
    """The Goldstar under test."""
    path = os.environ.get("GOLDSTAR_BIN")
    if not path:
        sys.exit("GOLDSTAR_BIN is not set; run this by `cargo xtask acceptance`")
    return path


def shared(part):
    """A folder of sample data beside the workspace, or None where it is not there."""
    root = os.environ.get("GOLDSTAR_SHARED")
    folder = Path(root, part) if root else None
    return folder if folder and folder.exists() else None


def lines(path):
    """The JSON objects of a JSONL file."""
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def short(value, length=300):
    text = repr(value)
    return text if len(text) <= length else text[:length] + "…"


def one_line(text):
    return " ".join(str(text).split())
