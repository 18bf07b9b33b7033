"""Several reviewers at once: nobody gets what another has before them, and everybody gets their own."""

import concurrent.futures
import datetime
import json
import time
from collections import Counter

import xxhash

from goldstar import (
    Server,
    call,
    failed_result,
    journal,
    lines,
    result,
    run,
    run_all,
    within,
    write_lines,
)

RECORDS = 200
MODEL = "acme/alpha"
NAMES = ["ada", "ben", "cleo"]
SEEN_SECONDS_MAX = 3
# A walk that gets nowhere ends.
TRIES_MAX = 5000


def make(data, settings="", reviewers=NAMES):
    """A folder of so many records, three of them errors; the tokens of its reviewers."""
    ids = [f"r-{number:03}" for number in range(RECORDS)]
    errors = ids[50:53]
    outputs = [
        failed_result(one, "too long") if one in errors else result(one, MODEL, f"{one} is good.")
        for one in ids
    ]
    write_lines(data / "batches" / "output" / "a.jsonl", outputs)
    (data / "goldstar.toml").write_text(settings, encoding="utf-8")
    added = {name: run("reviewer", "add", name, "--json", data=data) for name in reviewers}
    return ids, errors, {name: json.loads(ran.out)["token"] for name, ran in added.items()}


def assignment(overlap, names=NAMES):
    listed = ", ".join(f'"{name}"' for name in names)
    return f'[[assignment]]\nname = "week 1"\nreviewers = [{listed}]\noverlap = {overlap}\n'


def walk(server, token, query):
    """Goes from record to record as the page does; the records that were starred, in order."""
    connection = server.connection()
    headers = {"Authorization": f"Bearer {token}"}

    def ask(method, path, body=None):
        status, _, answer = call(connection, method, path, body, headers)
        if status != 200:
            raise RuntimeError(f"{method} {path} answered {status}: {answer[:300]!r}")
        return json.loads(answer)

    starred, refused = [], 0
    for _ in range(TRIES_MAX):
        found = ask("GET", f"/api/next?q={query}")
        if "custom_id" not in found:
            if not found.get("claimed"):
                return starred, refused
            time.sleep(0.01)
            continue
        record = found["custom_id"]
        body = {"custom_id": record, "unreviewed": not query}
        if not ask("POST", "/api/claim", body)["claimed"]:
            refused += 1
            continue
        ask("POST", "/api/gold-star", {"custom_id": record, "quality_score": 7})
        starred.append(record)
    raise RuntimeError(f"no end after {TRIES_MAX} steps")


def all_walk(data, tokens, query, servers):
    """Every reviewer at once, each in a thread, over the servers in turns."""
    with concurrent.futures.ThreadPoolExecutor() as pool:
        walks = {
            name: pool.submit(walk, servers[number % len(servers)], token, query)
            for number, (name, token) in enumerate(tokens.items())
        }
        return {name: done.result() for name, done in walks.items()}


def ready(server, token):
    headers = {"Authorization": f"Bearer {token}"}

    def status():
        return json.loads(server.call("GET", "/api/status", headers=headers)[2])

    return within(30, lambda: status()["catalog"]["state"] == "ready")


def together(checks, data):
    """Without assignments three walk over everything, and nothing is judged twice."""
    ids, errors, tokens = make(data)
    with Server(data) as server:
        ready(server, tokens["ada"])
        walks = all_walk(data, tokens, "", [server])
    times = Counter(record for starred, _ in walks.values() for record in starred)
    checks.equal("everything was starred", sorted(times), sorted(set(ids) - set(errors)))
    twice = [record for record, count in times.items() if count > 1]
    checks.equal("nothing was starred twice", twice, [])
    refused = sum(refused for _, refused in walks.values())
    print(f"{refused} claims came second", flush=True)
    claims = [line for line in lines(journal(data)) if line.get("event") == "claim"]
    checks.true("claims stand in the journal", len(claims) >= len(times), len(claims))
    checks.true("none with a score", all(line["quality_score"] == 0 for line in claims), "")
    exported = run("export", "--format", "raw", "--out", "-", data=data).out.splitlines()
    checks.equal("and none leaves", len(exported), len(times))


def expected_shares(ids, overlap):
    """Who gets what, computed as docs/together.md says it."""

    def weight(record, name):
        return xxhash.xxh3_64_intdigest(f"week 1\n{record}\n{name}".encode())

    shares = {name: set() for name in NAMES}
    for record in ids:
        for name in sorted(NAMES, key=lambda name: -weight(record, name))[:overlap]:
            shares[name].add(record)
    return shares


def shared_out(checks, data, overlap):
    ids, errors, tokens = make(data, assignment(overlap))
    shares = expected_shares(ids, overlap)
    with Server(data) as server, Server(data) as other:
        ready(server, tokens["ada"])
        ready(other, tokens["ada"])
        before = progress(other, tokens["ben"])
        counts = {name: len(shares[name]) for name in NAMES}
        found = {one["name"]: one["assigned"] for one in before["reviewers"]}
        checks.equal(f"overlap {overlap}: who has how many", found, counts)
        checks.equal(f"overlap {overlap}: nothing is done", before["complete"], False)
        walks = all_walk(data, tokens, "todo:me", [server, other])
        for name, (starred, _) in walks.items():
            own = sorted(shares[name] - set(errors))
            checks.equal(f"overlap {overlap}: {name} got their own", sorted(starred), own)
        times = Counter(record for starred, _ in walks.values() for record in starred)
        wrong = {record: times[record] for record in ids if record not in errors}
        wrong = {record: count for record, count in wrong.items() if count != overlap}
        checks.equal(f"overlap {overlap}: each exactly so often", wrong, {})
        expected = [
            {
                "name": name,
                "assigned": len(shares[name]),
                "done": len(shares[name] - set(errors)),
                "left": 0,
                "cannot": len(shares[name] & set(errors)),
            }
            for name in NAMES
        ]
        seen = within(SEEN_SECONDS_MAX, lambda: progress(other, tokens["ben"])["complete"])
        checks.true(f"overlap {overlap}: complete, on the other server too", seen, "")
        after = progress(other, tokens["ben"])
        checks.equal(f"overlap {overlap}: progress", after["reviewers"], expected)
        checks.equal(f"overlap {overlap}: full", after["full"], RECORDS - len(errors))
        # What comes is new work, and takes nothing from anybody.
        write_lines(data / "batches" / "output" / "b.jsonl", [result("late", MODEL, "x")])
        grown = lambda: progress(server, tokens["ada"])["records"] == RECORDS + 1
        checks.true(f"overlap {overlap}: what comes is seen", within(10, grown), "")
        checks.equal("no longer complete", progress(server, tokens["ada"])["complete"], False)
    listed = json.loads(run("assign", "list", "--json", data=data).out)["assignments"][0]
    left = sum(one["left"] for one in listed["reviewers"])
    checks.equal(f"overlap {overlap}: the command says the same", left, overlap)


def progress(server, token):
    headers = {"Authorization": f"Bearer {token}"}
    return json.loads(server.call("GET", "/api/assignments", headers=headers)[2])["assignments"][0]


def once(checks, data):
    shared_out(checks, data, 1)


def twice(checks, data):
    shared_out(checks, data, 2)


def times_up(checks, data):
    """What another program claims is passed over until its time is up, on every server."""
    ids, _, tokens = make(data, reviewers=["ada", "ben"])
    ben = {"Authorization": f"Bearer {tokens['ben']}"}
    ada = {"Authorization": f"Bearer {tokens['ada']}"}

    def next_of(server, headers):
        return json.loads(server.call("GET", "/api/next", headers=headers)[2])["custom_id"]

    def at(seconds):
        time_then = datetime.datetime.now(datetime.timezone.utc)
        time_then += datetime.timedelta(seconds=seconds)
        return time_then.strftime("%Y-%m-%dT%H:%M:%SZ")

    with Server(data) as server, Server(data) as other:
        ready(server, tokens["ada"])
        ready(other, tokens["ada"])
        body = {"custom_id": ids[0]}
        server.call("POST", "/api/claim", body, ada)
        passed = lambda: next_of(other, ben) == ids[1]
        checks.true("the other server leads past it", within(SEEN_SECONDS_MAX, passed), "")
        checks.equal("but not who has it", next_of(other, ada), ids[0])
        answer = json.loads(other.call("POST", "/api/claim", body, ben)[2])
        checks.equal("it is hers", (answer["claimed"], answer.get("by")), (False, "ada"))
        line = {"custom_id": ids[1], "candidate_name": "", "llm_output": "", "quality_score": 0}
        line |= {"tags": [], "notes": "", "starred_by": "a program", "starred_at": at(0)}
        line |= {"event": "claim", "until": at(4)}
        with open(journal(data), "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        passed = lambda: next_of(other, ben) == ids[2]
        checks.true("a program's claim is heeded", within(SEEN_SECONDS_MAX, passed), "")
        given = lambda: next_of(other, ben) == ids[1]
        checks.true("and given again when its time is up", within(10, given), "")
        for who, headers, expected in [("ben", ben, 403), ("nobody", {}, 401)]:
            named = {"custom_id": ids[5], "starred_by": "ada"}
            found = other.call("POST", "/api/claim", named, headers)[0]
            checks.equal(f"{who} claims for ada", found, expected)


def by_command(checks, data):
    """Assignments are added and removed in goldstar.toml, and all else stays as it was."""
    make(data, '# ours\nname_heading = "Question" # said twice\n', reviewers=[])
    file = data / "goldstar.toml"
    before = file.read_text(encoding="utf-8")
    words = ["week 1", "--reviewers", "ada,ben", "--query", "file:a.jsonl", "--overlap", 2]
    checks.equal("added", run("assign", "add", *words, data=data).code, 0)
    checks.true("what stood there stands", file.read_text().startswith(before), file.read_text())
    for name, more in [
        ("twice", words),
        ("too many", ["x", "--reviewers", "ada", "--overlap", 2]),
        ("a query that moves", ["x", "--reviewers", "ada", "--query", "is:starred"]),
        ("a query that is none", ["x", "--reviewers", "ada", "--query", "score:x"]),
        ("a share of nothing", ["x", "--reviewers", "ada", "--share", 0]),
    ]:
        text = file.read_text()
        ran = run("assign", "add", *more, data=data)
        checks.true(f"refused: {name}", ran.is_error(2), ran)
        checks.equal(f"and nothing written: {name}", file.read_text(), text)
    listed = run("assign", "list", data=data).out
    checks.true("listed", "ada" in listed and "not complete" in listed, listed)
    found = run("list", "--limit", 0, "--json", "todo:ada", data=data).out.splitlines()
    checks.equal("asked for", len(found), RECORDS - 3)
    checks.true("me is nobody here", run("list", "todo:me", data=data).is_error(2, "me"), "")
    checks.equal("removed", run("assign", "remove", "week 1", data=data).code, 0)
    checks.equal("as it was", file.read_text().rstrip(), before.rstrip())
    checks.true("gone", run("assign", "remove", "week 1", data=data).is_error(1, "week 1"), "")
    file.write_text(before + assignment(4), encoding="utf-8")
    ran = run("serve", "--port", 0, data=data, seconds=20)
    checks.true("a wrong one is refused with its line", ran.is_error(2, "line", "overlap"), ran)


if __name__ == "__main__":
    run_all(together, once, twice, times_up, by_command)
