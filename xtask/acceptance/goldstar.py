"""What acceptance scripts share: servers, calls, commands, sample data, and lines that count."""

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse
from pathlib import Path

START_SECONDS_MAX = 60
READY_SECONDS_MAX = 300
CALL_SECONDS_MAX = 60
RUN_SECONDS_MAX = 60
# What a program says that ended by a defect of its own.
PANIC = "panicked at"
ULID_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# The keys of the old tool's lines, in their order.
OLD_KEYS = [
    "custom_id",
    "candidate_name",
    "llm_output",
    "quality_score",
    "tags",
    "notes",
    "starred_by",
    "starred_at",
]


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
    """A Goldstar on a folder for the length of a `with` block, by default at a port of its choice."""

    def __init__(self, data, *arguments, under=(), port=0):
        serve = [binary(), "serve", "--data", str(data), "--port", str(port), *arguments]
        # `under`: a program that becomes this one, such as setpriv.
        self.command = [*under, *serve]
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
        said = self.stop()
        if PANIC in said:
            raise RuntimeError(f"the server has a defect: {said[-2000:]}")

    def kill(self):
        """Ends the server as a power cut would: it does nothing more."""
        self.process.kill()
        self.process.wait()

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
        is_stuck = False
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            is_stuck = True
            self.kill()
        self.reader.join(5)
        self.process.stdout.close()
        self.errors.seek(0)
        said = self.errors.read()
        self.errors.close()
        if is_stuck:
            raise RuntimeError("the server did not end when it was told to")
        return said

    def connection(self):
        """A connection for many calls."""
        return connect(self.address)

    def call(self, method, path, body=None, headers=None):
        """One HTTP call: (status, headers, bytes), whatever the status. Bytes go as they are."""
        connection = self.connection()
        try:
            return call(connection, method, path, body, headers)
        finally:
            connection.close()

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


def connect(address):
    """A connection to a server at an address such as http://127.0.0.1:8001."""
    place = urllib.parse.urlsplit(address)
    return http.client.HTTPConnection(place.hostname, place.port, timeout=CALL_SECONDS_MAX)


def call(connection, method, path, body=None, headers=None):
    """One HTTP call on a connection: (status, headers, bytes)."""
    headers = {"Accept": "application/json", **(headers or {})}
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        headers.setdefault("Content-Type", "application/json")
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


class Ran:
    """What a command said and how it ended."""

    def __init__(self, code, out, err):
        self.code = code
        self.out = out
        self.err = err

    def is_error(self, code, *words):
        """Ended with this code, and with a message that has these words in it."""
        said = self.err.lower()
        named = all(word.lower() in said for word in words)
        return self.code == code and said.startswith("error: ") and named

    def __repr__(self):
        return f"exit {self.code}, out {short(self.out)}, err {short(self.err)}"


def run(*arguments, data=None, under=(), stdin=None, seconds=RUN_SECONDS_MAX):
    """Runs a command of Goldstar to its end. One that hangs is a failure of the check."""
    chosen = [] if data is None else ["--data", str(data)]
    command = [*under, binary(), *map(str, arguments), *chosen]
    done = subprocess.run(
        command,
        stdin=stdin or subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=seconds,
        check=False,
    )
    if PANIC in done.stderr:
        raise RuntimeError(f"{command[1:]} has a defect: {done.stderr[-2000:]}")
    return Ran(done.returncode, done.stdout, done.stderr)


def run_all(*functions):
    """Runs checks, each in an empty folder of its own; an exception is that check's failure."""
    checks = Checks()
    for function in functions:
        folder = Path(tempfile.mkdtemp(prefix="goldstar-"))
        try:
            function(checks, folder)
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)
            line = [frame.lineno for frame in frames if frame.name == function.__name__][-1]
            checks.fail(f"{function.__name__}, line {line}", f"{type(error).__name__}: {error}")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    checks.close()


def request(custom_id, model, prompt, **body):
    """A request, as it is handed to the engine. A text stands for one message of a user."""
    messages = [{"role": "user", "content": prompt}] if isinstance(prompt, str) else prompt
    body = {"model": model, "messages": messages, **body}
    return {"custom_id": custom_id, "method": "POST", "url": "/v1/chat/completions", "body": body}


def result(custom_id, model, *texts):
    """A result as vLLM writes it, with one choice for each text."""
    choices = [
        {
            "index": index,
            "message": {"role": "assistant", "content": text, "refusal": None, "reasoning": None},
            "logprobs": None,
            "finish_reason": "stop",
            "stop_reason": None,
        }
        for index, text in enumerate(texts)
    ]
    body = {
        "id": f"chatcmpl-{custom_id}",
        "object": "chat.completion",
        "created": 1760000000,
        "model": model,
        "choices": choices,
        "usage": {"prompt_tokens": 20, "total_tokens": 50, "completion_tokens": 30},
    }
    response = {"status_code": 200, "request_id": f"vllm-batch-{custom_id}", "body": body}
    return {"id": f"vllm-{custom_id}", "custom_id": custom_id, "response": response, "error": None}


def failed_result(custom_id, message):
    """A result of vLLM for a request that failed; it does not name its model."""
    response = {"status_code": 400, "request_id": f"vllm-batch-{custom_id}", "body": None}
    error = {"message": message, "type": "BadRequestError", "param": None, "code": 400}
    return {
        "id": f"vllm-{custom_id}",
        "custom_id": custom_id,
        "response": response,
        "error": {"error": error},
    }


def write_lines(path, objects):
    """Writes JSON Lines as an engine does: compact, UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        for line in objects:
            file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def good_batch(data, model, records=3):
    """Makes a folder with nothing wrong: `good-0` and so on, with their requests."""
    ids = [f"good-{n}" for n in range(records)]
    asked = [request(i, model, f"Judge {i}.") for i in ids]
    write_lines(data / "batches" / "input" / "good.jsonl", asked)
    output = data / "batches" / "output"
    write_lines(output / "good.jsonl", [result(i, model, f"{i} is good.") for i in ids])
    return output


def journal(data):
    """Where the stars of a folder are."""
    return Path(data) / "gold_star" / "starred.jsonl"


def whole_and_torn(data):
    """The lines that are stars, and those that are not."""
    whole, torn = [], []
    for line in journal(data).read_bytes().split(b"\n")[:-1]:
        try:
            whole.append(json.loads(line))
        except ValueError:
            torn.append(line)
    return whole, torn


def private_bytes(pid):
    """Memory that only this process holds and that no file backs, so no page cache."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("this kernel does not say RssAnon")


def ulid(number):
    """The idempotency key with this number, below 2 to the power of 125."""
    digits = ""
    for _ in range(25):
        digits = ULID_DIGITS[number % 32] + digits
        number //= 32
    return "0" + digits


def old_line(custom_id, llm_output, quality_score, starred_by, starred_at, **more):
    """A line of the old tool: these keys, in this order, by Python's `json.dumps`."""
    star = dict.fromkeys(OLD_KEYS, "")
    star["tags"] = []
    star.update(custom_id=custom_id, llm_output=llm_output, quality_score=quality_score)
    star.update(starred_by=starred_by, starred_at=starred_at)
    return json.dumps({**star, **more}) + "\n"


def tree(folder):
    """Every file below a folder with its bytes; nothing where there is no folder."""
    files = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def within(seconds, holds):
    """Whether something comes to hold in time; tried again and again."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


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
