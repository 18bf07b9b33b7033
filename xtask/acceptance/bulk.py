"""Many outputs starred, tagged and taken back at once: all of them or none, and one undo for all.

`--full` is 100,000 of 340,000 outputs; else about a few thousand.
"""

import json
import sys
import threading
import time
import urllib.parse

from goldstar import OLD_KEYS, Server, call, journal, run, run_all, short, within

IS_FULL = "--full" in sys.argv
RECORDS = 170_000 if IS_FULL else 3_000
# So many records that, without errors and empty answers, 100,000 outputs are left.
STARRED = 102_000 if IS_FULL else 2_000
GIVEN_UP = 40_000 if IS_FULL else 15_000
EARLIER = 300
MODEL = "Qwen3-32B"
BULK = "/api/gold-star/bulk"
KEY = "01KAMRG6K0RJ1V9F4T3W9C5X"
CALL_SECONDS_MAX = 600


def send(server, path, body):
    """Status and answer of a call that may take long."""
    connection = server.connection()
    connection.timeout = CALL_SECONDS_MAX
    status, _, answer = call(connection, "POST", path, body)
    connection.close()
    return status, json.loads(answer)


def stars(server):
    """Every current star without its id, in an order of its own."""
    connection = server.connection()
    connection.timeout = CALL_SECONDS_MAX
    _, _, body = call(connection, "GET", "/api/gold-star")
    connection.close()
    found = [{key: star[key] for key in star if key != "id"} for star in json.loads(body)]
    return sorted(found, key=lambda star: json.dumps(star, sort_keys=True))


def differ(found, expected):
    """Where two lists of stars are not the same; nothing when they are."""
    if found == expected:
        return None
    at = next((at for at, pair in enumerate(zip(found, expected)) if pair[0] != pair[1]), None)
    parts = (found[at], expected[at]) if at is not None else ()
    return f"{len(found)} stars, expected {len(expected)}; the first other: {short(parts)}"


def timed(what, work):
    began = time.monotonic()
    done = work()
    print(f"{what}: {time.monotonic() - began:.1f} s", flush=True)
    return done


def starred_before(server):
    """Stars of two reviewers; some of them will be replaced."""
    ids = [r["custom_id"] for r in server.get("/api/records", limit=EARLIER)["records"]]
    connection = server.connection()
    for number, custom_id in enumerate(ids):
        star = {"custom_id": custom_id, "model": MODEL, "quality_score": 1 + number % 10}
        star |= {"tags": ["earlier"] if number % 2 else [], "notes": f"note {number}"}
        call(connection, "POST", "/api/gold-star", {**star, "starred_by": "abc"[number % 3]})
    connection.close()


def wanted(server):
    """An act about the first of the view that are neither errors nor empty, and their number."""
    view = server.get("/api/records", limit=1)
    body = {"q": "", "view": view["view"], "ranges": [[0, STARRED]], "model": MODEL}
    return {**body, "quality_score": 7, "tags": ["batch"], "starred_by": "a"}


def refused(checks, name, data, answer, field, said):
    """It was a 409 that names the field, and the journal has the same bytes."""
    before, (status, body) = said, answer
    fields = [error["field"] for error in body.get("errors", [])]
    checks.equal(name, (status, fields), (409, [field] if field else []))
    checks.true(f"{name}: nothing is written", journal(data).read_bytes() == before, "other bytes")


def acts_in_bulk(checks, data):
    """Wrong count, right count, undo, redo, tags, taking back; after a restart too."""
    run("demo", data, "--records", RECORDS, "--models", 2, "--seed", 4, seconds=900)
    with Server(data) as server:
        server.wait_until_ready()
        starred_before(server)
        before, written = stars(server), journal(data).read_bytes()
        body = wanted(server)
        counted = timed("counted", lambda: send(server, BULK + "/count", body))[1]
        left_out = sum(one["count"] for one in counted["left_out"])
        checks.equal("records", counted["records"], STARRED)
        checks.equal("outputs and those left out", counted["count"] + left_out, STARRED)
        own = sum(star["starred_by"] == "a" for star in before)
        checks.true("stars to be replaced", 0 < counted["replaces"] <= own, counted["replaces"])
        checks.equal("counting writes nothing", journal(data).read_bytes() == written, True)
        count = counted["count"]
        for wrong in [0, count - 1, count + 1]:
            answer = send(server, BULK, {**body, "expect": wrong})
            refused(checks, f"expect {wrong} of {count}", data, answer, "expect", written)
        answer = send(server, BULK, {**body, "view": "0" * 16, "expect": count})
        refused(checks, "another view", data, answer, "view", written)
        key = KEY + "00"
        act = {**body, "expect": count, "id": key}
        status, done = timed(f"{count} starred", lambda: send(server, BULK, act))
        checks.equal("done", (status, done.get("count"), done.get("undo")), (200, count, key))
        after, size = stars(server), journal(data).stat().st_size
        mine = [star for star in after if star["starred_by"] == "a" and "batch" in star["tags"]]
        checks.equal("its stars", len(mine), count)
        lines_are_whole(checks, data, written, count)
        again = send(server, BULK, act)[1]
        checks.equal("the same id", (again["count"], journal(data).stat().st_size), (count, size))
        back_and_forth(checks, server, before, after, key)
    with Server(data) as server:
        server.wait_until_ready()
        checks.true("after a restart", stars(server) == after, differ(stars(server), after))
        other_acts(checks, server, after)
        last = send(server, "/api/undo", {"starred_by": "a"})[1]
        checks.equal("the last act is the first one now", last["act"]["id"], key)
        found = stars(server)
        checks.true("undone after a restart", found == before, differ(found, before))
    checks.equal("goldstar check", run("check", data=data, seconds=900).code, 0)


def lines_are_whole(checks, data, before, count):
    """What was added: a line for each output and one that closes them, each with the old keys."""
    with open(journal(data), "rb") as file:
        file.seek(len(before))
        added = [json.loads(line) for line in file]
    events = [line.get("event") for line in added]
    checks.equal("lines that were added", (len(added), events[-1]), (count + 1, "bulk"))
    checks.equal("all but the last are stars", set(events[:-1]), {None})
    wrong = [line for line in added if list(line)[:8] != OLD_KEYS]
    checks.equal("lines without the old keys", wrong[:1], [])


def back_and_forth(checks, server, before, after, key):
    undone = timed("taken back", lambda: send(server, "/api/undo", {"starred_by": "a"}))[1]
    checks.equal("undo", (undone["act"]["id"], undone["act"]["is_undone"]), (key, True))
    checks.equal("what has changed", len(undone["changed"]), min(200, undone["act"]["count"]))
    found = stars(server)
    checks.true("one undo: as it was", found == before, differ(found, before))
    redone = timed("done again", lambda: send(server, "/api/redo", {"starred_by": "a"}))[1]
    checks.equal("redo", redone["act"]["id"], key)
    found = stars(server)
    checks.true("one redo: as it was done", found == after, differ(found, after))


def other_acts(checks, server, after):
    """Tags added, taken away, stars taken back; then each undone."""
    states = [after]
    for what, more in [("tag", {"tags": ["new"]}), ("untag", {"tags": ["batch"]}), ("unstar", {})]:
        body = {"what": what, "q": "by:a", "starred_by": "a", **more}
        count = send(server, BULK + "/count", body)[1]["count"]
        doing = lambda: send(server, BULK, {**body, "expect": count})
        status, done = timed(f"{count}: {what}", doing)
        checks.equal(what, (status, done.get("count")), (200, count))
        states.append(stars(server))
    tagged, untagged, gone = states[1:]
    mine = lambda found: [star for star in found if star["starred_by"] == "a"]
    checks.true("tag", all("new" in star["tags"] for star in mine(tagged)), "one has it not")
    checks.true("untag", not any("batch" in star["tags"] for star in mine(untagged)), "one has it")
    checks.equal("unstar", mine(gone), [])
    for number in [2, 1, 0]:
        send(server, "/api/undo", {"starred_by": "a"})
        found = stars(server)
        checks.true(f"undo {3 - number}", found == states[number], differ(found, states[number]))


def events(server, seen, stop):
    """Collects `progress` events until told to stop."""
    connection = server.connection()
    connection.request("GET", "/api/events")
    answer, name = connection.getresponse(), None
    while not stop.is_set():
        line = answer.readline().decode().strip()
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: ") and name == "progress":
            seen.append(json.loads(line[6:]))
    connection.close()


def started(server, body):
    """The act on a thread of its own, and where its answer comes."""
    answers = []

    def act():
        try:
            answers.append(send(server, BULK, body))
        except OSError as error:
            answers.append((0, {"error": str(error)}))

    thread = threading.Thread(target=act)
    thread.start()
    return thread, answers


def given_up(checks, data):
    """Cancelled while lines are written, and killed: nothing of it counts, and it can be done again."""
    run("demo", data, "--records", GIVEN_UP, "--models", 2, "--seed", 4, seconds=900)
    with Server(data) as server:
        server.wait_until_ready()
        starred_before(server)
        before = stars(server)
        body = {**wanted(server), "q": "", "ranges": [[0, GIVEN_UP]]}
        count = send(server, BULK + "/count", body)[1]["count"]
        seen, stop = [], threading.Event()
        threading.Thread(target=events, args=(server, seen, stop), daemon=True).start()
        key = KEY + "10"
        thread, answers = started(server, {**body, "expect": count, "id": key})
        size = journal(data).stat().st_size
        grows = within(120, lambda: journal(data).stat().st_size > size or not thread.is_alive())
        checks.true("lines are written", grows and thread.is_alive(), answers)
        status, _, _ = server.call("DELETE", f"{BULK}/{key}")
        checks.equal("it can be cancelled", status, 200)
        thread.join()
        checks.equal("then it answers 409", answers[0][0], 409)
        told = within(10, lambda: any(one["state"] == "cancelled" for one in seen))
        checks.true("and says so", told, seen[-1:])
        checks.true("it said how far it was", any(one["state"] == "reading" for one in seen), seen)
        checks.equal("stars after that", differ(stars(server), before), None)
        checks.equal("blemishes", server.get("/api/blemishes")["total"], 0)
        checks.equal("none runs", server.call("DELETE", f"{BULK}/{key}")[0], 404)
        size = journal(data).stat().st_size
        key = KEY + "20"
        thread, answers = started(server, {**body, "expect": count, "id": key})
        grows = within(120, lambda: journal(data).stat().st_size > size or not thread.is_alive())
        # In the middle of the lines, with others between them.
        star = {"custom_id": "other", "llm_output": "x", "quality_score": 5, "starred_by": "z"}
        between = server.call("POST", "/api/gold-star", star)[0]
        is_running = thread.is_alive()
        stop.set()
        server.kill()
        thread.join()
        checks.true("killed in the middle", grows and is_running, answers)
        checks.equal("another star between the lines", between, 200)
    with Server(data) as server:
        server.wait_until_ready()
        found = [one for one in stars(server) if one["starred_by"] != "z"]
        checks.equal("killed: nothing counts", differ(found, before), None)
        acts = server.get("/api/acts", starred_by="a")
        checks.true("it is no act", acts["undo"] != key, acts["undo"])
        status, done = send(server, BULK, {**body, "view": view_of(server), "expect": count, "id": key})
        checks.equal("the same id is done then", (status, done.get("count")), (200, count))
        checks.equal("blemishes after all", run("check", data=data).code, 0)


def view_of(server):
    return server.get("/api/records?" + urllib.parse.urlencode({"limit": 1}))["view"]


if __name__ == "__main__":
    run_all(acts_in_bulk, given_up)
