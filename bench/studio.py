"""Rows of Label Studio: tasks imported over its API, in a data folder of its own."""

import http.client
import json
import os
import secrets
import socket
import statistics
import subprocess
import time
from itertools import islice

import goldstar
import ours
from corpora import forget
from measure import Unavailable, end_group, side_by_side
from results import OURS

START_SECONDS_MAX = 240
IMPORT_SECONDS_MAX = 600
TASKS = [1_000, 10_000]
CONFIG = """<View><Text name="text" value="$content"/>
<Rating name="score" toName="text" maxRating="10"/></View>"""


def rows(run, corpus):
    """Imports of 1,000 and 10,000 outputs; the same lines as a folder for us."""
    tasks = list(islice(outputs(corpus), max(TASKS)))
    with LabelStudio(run, corpus.work / "label-studio") as studio:
        for count in TASKS:
            if count > len(tasks):
                run.results.skip("tasks imported", corpus.name, "Label Studio", "too few outputs")
                continue
            measure(run, corpus, studio, tasks[:count])


def measure(run, corpus, studio, tasks):
    folder = corpus.work / f"tasks-{len(tasks)}"
    output = folder / "batches" / "output"
    output.mkdir(parents=True, exist_ok=True)
    with open(output / "tasks.jsonl", "w", encoding="utf-8") as file:
        file.writelines(line for line, _ in tasks)

    def indexed():
        forget(folder)
        return ours.indexed(folder)

    works = {OURS: indexed, "Label Studio": lambda: studio.imported([task for _, task in tasks])}
    found = side_by_side(works, run.rounds, IMPORT_SECONDS_MAX)
    work = f"{len(tasks):,} outputs imported"
    took = found["Label Studio"].get()
    note = f"{len(tasks) / statistics.median(took):,.0f} tasks/s by Label Studio" if took else ""
    run.results.pair(work, corpus.name, found, "Label Studio", note=note)


def outputs(corpus):
    """Lines of the outputs with a text, and each as a task."""
    for path in corpus.outputs:
        with open(path, encoding="utf-8") as file:
            for line in file:
                whole = json.loads(line)
                body = (whole.get("response") or {}).get("body") or {}
                for choice in body.get("choices") or []:
                    content = (choice.get("message") or {}).get("content")
                    if content:
                        yield line, {"custom_id": whole["custom_id"], "content": content}


class LabelStudio:
    """A Label Studio in an empty folder with an invented user, for the length of a `with`."""

    def __init__(self, run, folder):
        self.program = run.peers.studio.program("label-studio")
        self.folder = folder

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        token = secrets.token_hex(20)
        self.headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
        command = [self.program, "start", "--no-browser", "--internal-host", "127.0.0.1"]
        command += ["--port", str(self.port), "--data-dir", str(self.folder)]
        command += ["--enable-legacy-api-token"]
        command += ["--username", "bench@example.org", "--password", secrets.token_hex(12)]
        command += ["--user-token", token]
        # It asks other machines for news and reports unless told not to.
        quiet = {"COLLECT_ANALYTICS": "false", "LATEST_VERSION_CHECK": "false"}
        quiet.update(SENTRY_DSN="", FRONTEND_SENTRY_DSN="", LABEL_STUDIO_DISABLE_SIGNUP="true")
        self.log = open(self.folder / "log.txt", "wb")
        self.process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=self.folder,
            env={**os.environ, **quiet},
        )
        if not goldstar.within(START_SECONDS_MAX, self.answers):
            self.__exit__()
            said = (self.folder / "log.txt").read_text("utf-8", errors="replace").split("\n")
            last = " ".join(said[-3:])
            raise Unavailable(f"Label Studio did not answer in {START_SECONDS_MAX} s: {last}")
        return self

    def __exit__(self, *_):
        end_group(self.process)
        self.process.wait()
        self.log.close()

    def answers(self):
        if self.process.poll() is not None:
            raise Unavailable("Label Studio ended by itself")
        try:
            return self.call("GET", "/api/projects")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def call(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=IMPORT_SECONDS_MAX)
        try:
            connection.request(method, path, body, self.headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def imported(self, tasks):
        """Seconds of one import into a new project."""
        project = {"title": "bench", "label_config": CONFIG}
        status, said = self.call("POST", "/api/projects", json.dumps(project))
        if status != 201:
            raise Unavailable(f"no project: {status} {said[:200]!r}")
        path = f"/api/projects/{json.loads(said)['id']}/import"
        body = json.dumps(tasks)
        began = time.monotonic()
        status, said = self.call("POST", path, body)
        took = time.monotonic() - began
        if status != 201 or json.loads(said).get("task_count") != len(tasks):
            raise Unavailable(f"the import was answered with {status}: {said[:200]!r}")
        return took
