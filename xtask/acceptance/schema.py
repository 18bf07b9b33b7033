"""The interface is what its OpenAPI document says, whatever it is sent.

Schemathesis makes calls from the document, right and wrong ones, alone and in sequences; no answer may be a server's
error, have a status or a content type that the document does not name, or a body of another shape. `--full` takes ten
minutes; else less than one. Afterwards the journal holds whole lines only.
"""

import json
import subprocess
import sys
from pathlib import Path

from goldstar import Server, good_batch, run, run_all, whole_and_torn

FULL = "--full" in sys.argv
# As somebody who may do everything where nobody signs in, as an admin, as an agent, and as nobody.
LONG = {"open": 240, "admin": 240, "agent": 90, "nobody": 30}
SHORT = {"open": 12, "admin": 8, "agent": 6, "nobody": 4}
SECONDS = LONG if FULL else SHORT
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
]
# Its answer never ends.
ENDLESS = "/api/events"
MODEL = "acme/alpha"
RECORDS = 40
# What bodies are made from.
ASKED = ["NewStarBody", "NewClaimBody", "BulkBody", "UndoBody", "RedoBody"]


def with_real_names(document):
    """The document, which asks with ids, names and queries that are there, so that more than 404 is reached."""
    real = {
        "custom_id": [f"good-{n}" for n in range(RECORDS)],
        "model": [MODEL],
        "starred_by": ["user", "the admin", "the agent"],
        "llm_output": [f"good-{n} is good." for n in range(RECORDS)],
        "q": ["", "is:starred", "good", "score:1..10 -tag:x", "model:acme", "/goo+d/", '"is good"'],
    }

    def told(name, schema):
        return {"type": "string", "enum": real[name]} if name in real else schema

    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", []):
                parameter["schema"] = told(parameter["name"], parameter["schema"])
    for asked in ASKED:
        properties = document["components"]["schemas"][asked]["properties"]
        # No text that comes by chance is the id of an agent's star.
        properties.pop("accepted", None)
        properties.update({name: told(name, schema) for name, schema in properties.items()})
    return document


def conformance(checks, folder):
    """Four kinds of callers, each with a server and a folder of its own."""
    for who, seconds in SECONDS.items():
        data = folder / who
        good_batch(data, MODEL, RECORDS)
        tokens = {role: add(data, role) for role in ["admin", "agent"]} if who != "open" else {}
        with Server(data) as server:
            token = tokens.get(who, tokens.get("admin"))
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            document = json.loads(server.call("GET", "/api/openapi.json", headers=headers)[2])
            file = folder / f"{who}.json"
            file.write_text(json.dumps(with_real_names(document)), encoding="utf-8")
            told = called(folder, who, server, file, seconds, tokens.get(who))
            status = server.call("GET", "/healthz")[0]
        counts = told["test_cases"]
        print(f"{who}: {counts['generated']} calls in {told['running_time']:.0f} s", flush=True)
        checks.true(f"{who} made calls", counts["generated"] >= 100, counts)
        checks.equal(f"{who}: errors of the tool", told["errors"], [])
        checks.equal(f"{who}: answers that the document does not know", told["failures"], [])
        checks.equal(f"{who}: the server is there", status, 200)
        if who != "nobody":
            whole, torn = whole_and_torn(data)
            checks.equal(f"{who}: torn lines", torn, [])
            checks.true(f"{who}: something was starred", len(whole) > 0, whole)


def add(data, role):
    """The token of a new reviewer with this role."""
    ran = run("reviewer", "add", f"the {role}", "--role", role, "--json", data=data)
    return json.loads(ran.out)["token"]


def called(folder, who, server, document, seconds, token):
    """What Schemathesis found."""
    report = folder / f"{who}.report.json"
    command = [
        str(Path(sys.executable).parent / "schemathesis"),
        *["run", str(document), "--url", server.address, "--exclude-path", ENDLESS],
        *["--checks", ",".join(CHECKS), "--continue-on-failure", "--seed", "1"],
        *["--max-time", str(seconds), "--request-timeout", "20"],
        *["--report-json-path", str(report), "--warnings", "off"],
        *(["--header", f"Authorization: Bearer {token}"] if token else []),
    ]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=seconds + 240, check=False
    )
    if not report.exists():
        raise RuntimeError(f"Schemathesis wrote no report: {(done.stdout + done.stderr)[-2000:]}")
    return json.loads(report.read_text(encoding="utf-8"))


if __name__ == "__main__":
    run_all(conformance)
