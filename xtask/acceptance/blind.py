"""Blind reviewers from outside: what others gave is not seen before, the order of columns can be
made again from the journal, what is planted is found, scores that are given twice are compared."""

import json
import re
import time
from pathlib import Path

from goldstar import (
    Server,
    good_batch,
    journal,
    old_line,
    result,
    run,
    run_all,
    ulid,
    within,
    write_lines,
)

PAPER = Path(__file__).parents[2] / "docs" / "blind.md"
CANARY = "canary-note"
RECORDS = 40
MODELS = ["acme/alpha", "acme/beta", "acme/gamma"]


def settings(data, text):
    data.mkdir(parents=True, exist_ok=True)
    (data / "goldstar.toml").write_text(text, encoding="utf-8")


def token(data, name, role):
    ran = run("reviewer", "add", name, "--role", role, "--json", data=data)
    return {"Authorization": f"Bearer {json.loads(ran.out)['token']}"}


def asked(server, path, who, method="GET", body=None):
    """Status and JSON of a call in somebody's name."""
    status, _, answer = server.call(method, path, body, who)
    return status, json.loads(answer)


def scores(checks, data):
    """A star of another is seen once one has starred the output, and not before."""
    good_batch(data, MODELS[0])
    settings(data, "[blind]\nscores = true\n")
    ada, ben, root = (
        token(data, name, role)
        for name, role in [("ada", "reviewer"), ("ben", "reviewer"), ("root", "admin")]
    )
    star = {"custom_id": "good-0", "quality_score": 3, "tags": ["canary-tag"], "notes": CANARY}
    with Server(data) as server:
        ready = lambda: asked(server, "/api/status", root)[1]["catalog"]["state"] == "ready"
        checks.true("ready", within(20, ready), "it still indexes")
        before = asked(server, "/api/records/good-0", ada)
        asked(server, "/api/gold-star", ben, "POST", star)
        after = asked(server, "/api/records/good-0", ada)
        checks.equal("nothing has changed for another", after, before)
        document = asked(server, "/api/openapi.json", ada)[1]
        paths = [p for p, methods in document["paths"].items() if "get" in methods]
        more = {"/api/position": "?custom_id=good-0", "/api/stats/pairs": "?x=a&y=b"}
        found = []
        for path in paths:
            if path == "/api/events":
                continue
            address = path.replace("{custom_id}", "good-0") + more.get(path, "")
            answer = server.call("GET", address, None, ada)[2]
            if b"canary" in answer:
                found.append(path)
        checks.equal("in no answer of any route", found, [])
        for question in ["score:3", "is:starred", "tag:canary-tag", "canary*", "by:ben"]:
            query = question.replace(":", "%3A")
            total = asked(server, f"/api/records?q={query}", ada)[1]["total"]
            checks.equal(f"{question} finds nothing", total, 0)
            total = asked(server, f"/api/records?q={query}", root)[1]["total"]
            checks.equal(f"{question} finds it for an admin", total, 1)
        refused, problem = asked(server, "/api/export-gold-star/count", ada)
        checks.true("no export", refused == 403 and "admin" in problem["detail"], problem)
        checks.equal("an admin exports", asked(server, "/api/export-gold-star/count", root)[0], 200)
        asked(server, "/api/gold-star", ada, "POST", {"custom_id": "good-0", "quality_score": 9})
        stars = asked(server, "/api/records/good-0", ada)[1]["stars"]
        found = sorted(star["quality_score"] for star in stars)
        checks.equal("with one's own star both are there", found, [3, 9])
        asked(server, "/api/gold-star?custom_id=good-0", ada, "DELETE")
        answer = server.call("GET", "/api/records/good-0", None, ada)[2]
        checks.true("without it neither is", CANARY.encode() not in answer, answer)


def paper():
    """The program of docs/blind.md, and the table beside it."""
    text = PAPER.read_text(encoding="utf-8")
    found = {}
    exec(re.search(r"```python\n(.*?)```", text, re.S)[1], found)
    table = re.findall(r"^\| (\d+) \| (\S+) \| (\S+) \| (\w+), (\w+), (\w+) \|$", text, re.M)
    return found["order"], table


def places(checks, data):
    """Stars with a place: kept, checked, shown, and what is planted is found."""
    order, table = paper()
    checks.equal("the paper's table has rows", len(table), 5)
    for seed, reviewer, custom_id, *expected in table:
        made = order(["alpha", "beta", "gamma"], int(seed), reviewer, custom_id)
        checks.equal(f"the order of {seed}, {reviewer}, {custom_id}", made, expected)
    output = data / "batches" / "output"
    ids = [f"q-{n}" for n in range(RECORDS)]
    for model in MODELS:
        lines = [result(i, model, f"{i} by {model}. " + "x" * (len(i + model) % 7)) for i in ids]
        write_lines(output / f"{model[5:]}.jsonl", lines)
    settings(data, "[blind]\nmodels = true\n")
    with Server(data) as server:
        server.wait_until_ready()
        blind = server.get("/api/status")["blind"]
        checks.equal("status", blind, {"scores": False, "models": True})
        bad = {"custom_id": "q-0", "model": MODELS[0], "quality_score": 5}
        outside = [{"seed": 1, "place": place, "of": 3} for place in (0, 4)]
        for blind in [*outside, [], {"place": 1}]:
            status = server.call("POST", "/api/gold-star", {**bad, "blind": blind})[0]
            checks.equal(f"refused: {blind}", status, 400)
        given = []
        for n, custom_id in enumerate(ids):
            for place, model in enumerate(order(MODELS, 7, "ada", custom_id), 1):
                # Two points more for what stands first.
                score = 4 + n % 3 + (2 if place == 1 else 0)
                blind = {"seed": 7, "place": place, "of": 3}
                star = {"custom_id": custom_id, "model": model, "quality_score": score}
                server.post("/api/gold-star", {**star, "starred_by": "ada", "blind": blind})
                given.append((place, score))
        stars = server.get("/api/gold-star")
        stood = []
        for star in stars:
            seed, reviewer = star["blind"]["seed"], star["starred_by"]
            again = order(MODELS, seed, reviewer, star["custom_id"])
            stood.append(again.index(star["model"]) + 1 == star["blind"]["place"])
        found = (len(stood), all(stood))
        checks.equal("the journal tells what stood where", found, (len(given), True))
        bias = server.get("/api/bias")
    mean = lambda wanted: sum(s for p, s in given if wanted(p)) / sum(wanted(p) for p, _ in given)
    found = bias["all"]["place"]
    expected = mean(lambda p: p == 1) - mean(lambda p: p > 1)
    checks.true("the difference", abs(found["first"]["value"] - expected) < 1e-9, found)
    checks.equal("stars with a place", found["scores"], len(given))
    own = bias["reviewers"][0]["sway"]["place"]
    checks.equal("it is flagged", (found["flag"], own["flag"]), (True, True))
    said = run("bias", "--json", data=data)
    checks.equal("the command says the same", json.loads(said.out), bias)
    said = run("bias", data=data)
    checks.true("in words", "depends on the place" in said.out, said)


def twice(checks, data):
    """A share of steps leads back; two scores of one text by one reviewer are a pair."""
    good_batch(data, MODELS[0], 6)
    settings(data, "[review]\nreshow = 1\nreshow_days = 7\n")
    day = 24 * 60 * 60
    at = lambda days: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - days * day))
    old = [(0, 9, 8), (1, 4, 10), (2, 6, 1)]
    named = {"model": MODELS[0], "choice": 0}
    lines = [
        old_line(f"good-{n}", f"good-{n} is good.", score, "ada", at(days), **named)
        for n, score, days in old
    ]
    journal(data).parent.mkdir()
    journal(data).write_text("".join(lines), encoding="utf-8")
    with Server(data) as server:
        server.wait_until_ready()
        ask = lambda **more: server.get("/api/next", reviewer="ada", **more)
        seen = {ask(reshow="true").get("custom_id") for _ in range(60)}
        checks.equal("those that are old enough", seen, {"good-0", "good-1"})
        checks.equal("they say so", ask(reshow="true")["reshown"], True)
        checks.equal("only who asks for it", ask()["custom_id"], "good-3")
        other = server.get("/api/next", reviewer="ben", reshow="true")
        checks.equal("nobody else", other["custom_id"], "good-3")
        for n, score in [(0, 7), (1, 5)]:
            star = {"custom_id": f"good-{n}", "quality_score": score, "starred_by": "ada"}
            key = {"id": ulid(n + 1)}
            server.post("/api/gold-star", {**star, **key, "reshown": True})
        own = server.get("/api/agreement")["self"]
        found = [(one["value"], one["outputs"]) for one in own]
        checks.equal("one reviewer, two outputs", found, [("ada", 2)])
        # 9 and 4 before, 7 and 5 after.
        checks.equal("drift", own[0]["drift"]["value"], -0.5)
        found = (own[0]["exact"]["value"], own[0]["within_one"]["value"])
        checks.equal("equal, within one", found, (0, 0.5))
        kept = [json.loads(line) for line in journal(data).read_text().splitlines()]
        found = [star.get("reshown", False) for star in kept]
        checks.equal("the journal says so", found, [False] * 3 + [True] * 2)
        server.post("/api/undo", {"starred_by": "ada", "undo": ulid(2)})
        own = server.get("/api/agreement")["self"]
        checks.equal("what is taken back is no pair", [o["outputs"] for o in own], [1])
    said = run("agreement", data=data)
    checks.true("the command tells it", re.search(r"^ada +1 ", said.out, re.M), said)


if __name__ == "__main__":
    run_all(scores, places, twice)
