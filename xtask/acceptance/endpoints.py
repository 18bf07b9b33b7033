"""The old tool's three endpoints with its clients' bodies, and every kind of bad input."""

import json
import socket
import threading
import urllib.parse

from goldstar import (
    OLD_KEYS,
    Server,
    call,
    journal,
    lines,
    request,
    result,
    run_all,
    tree,
    write_lines,
)

ALPHA = "acme/alpha-70b"
BETA = "acme/beta-8b"
FORM = "application/x-www-form-urlencoded"
PROBLEM = "application/problem+json"
STAR = "/api/gold-star"
EXPORT = "/api/export-gold-star"
BODY_BYTES = 8 * 1024 * 1024
ULID = "01JB2Z3N4P5Q6R7S8T9VWXYZA"


def made(data):
    """`only-N` has one output, `both-N` one of each model."""
    batches = data / "batches"
    only = [f"only-{n}" for n in range(40)]
    both = [f"both-{n}" for n in range(5)]
    ask = [request(custom_id, "alpha", f"Judge {custom_id}.") for custom_id in only + both]
    write_lines(batches / "input" / "a.jsonl", ask)
    answers = [result(custom_id, ALPHA, f"{custom_id} is good.") for custom_id in only + both]
    write_lines(batches / "output" / "a.jsonl", answers)
    answers = [result(custom_id, BETA, f"{custom_id} is not bad.") for custom_id in both]
    write_lines(batches / "output" / "b.jsonl", answers)


def is_old_success(body):
    answer = json.loads(body)
    said = (answer["status"], answer["message"])
    return said == ("success", "Example starred successfully")


def old_bodies_get_old_answers(checks, data):
    """What the old tool's scripts send is taken as it was."""
    made(data)
    old = {
        "custom_id": "both-1",
        "candidate_name": "Ada",
        "llm_output": "both-1 is not bad.",
        "quality_score": 9,
        "tags": ["senior", "golang"],
        "notes": "clear",
        "starred_by": "ann",
    }
    with Server(data) as server:
        server.wait_until_ready()
        cases = [
            ("tags as a list", old, {"Content-Type": "application/json"}),
            ("tags as one text", {**old, "custom_id": "only-1", "tags": "senior, golang,"}, {}),
            ("no Content-Type", {**old, "custom_id": "only-2"}, {}),
            ("as curl -d sends it", {**old, "custom_id": "only-3"}, {"Content-Type": FORM}),
            ("only what is required", {"custom_id": "only-4", "quality_score": 10}, {}),
            ("in no batch, with its text", {**old, "custom_id": "gone-1"}, {}),
            (
                "nulls",
                {**old, "custom_id": "only-5", "tags": None, "notes": None, "model": None},
                {},
            ),
        ]
        for name, body, headers in cases:
            status, _, answer = server.call("POST", STAR, json.dumps(body).encode(), headers)
            holds = status == 200 and is_old_success(answer)
            checks.true(f"starred: {name}", holds, f"{status} {answer[:300]!r}")
        written = {line["custom_id"]: line for line in lines(journal(data))}
        first = {key: written["both-1"][key] for key in OLD_KEYS[:-1]}
        checks.equal("what was sent is what is written", first, old)
        checks.equal("the text says which model", written["both-1"]["model"], BETA)
        checks.equal("tags of one text", written["only-1"]["tags"], ["senior", "golang"])
        checks.equal("text from the batch", written["only-4"]["llm_output"], "only-4 is good.")
        checks.equal("reviewer by default", written["only-4"]["starred_by"], "user")
        listed = [star["custom_id"] for star in server.get(STAR)]
        checks.equal("GET lists the stars", listed, list(written))
        checks.equal(
            "min_quality", [s["custom_id"] for s in server.get(STAR, min_quality=10)], ["only-4"]
        )
        old_export = server.call("GET", f"{EXPORT}?format=icl&min_quality=9")
        checks.equal("GET exports them", old_export[0], 200)


ONLY = {"custom_id": "only-7", "quality_score": 9}
WITHOUT_ID = {"quality_score": 9}
WITHOUT_SCORE = {"custom_id": "only-7"}

# A name, the body, the status, and the field that is named.
BAD_STARS = [
    *[
        (f"quality_score {score!r}", {**ONLY, "quality_score": score}, 400, "quality_score")
        for score in [0, 11, -1, 9.5, "9", True, None, [9], 10**30]
    ],
    ("no quality_score", WITHOUT_SCORE, 400, "quality_score"),
    *[
        (f"tags {tags!r}", {**ONLY, "tags": tags}, 400, "tags")
        for tags in [5, True, {"a": "b"}, ["a", 1], ["a", None], [["a"]]]
    ],
    ("a tag that is too long", {**ONLY, "tags": ["x" * 65]}, 400, "tags"),
    ("too many tags", {**ONLY, "tags": [f"tag-{n}" for n in range(65)]}, 400, "tags"),
    ("notes too long", {**ONLY, "notes": "x" * (64 * 1024 + 1)}, 400, "notes"),
    ("notes too long in bytes", {**ONLY, "notes": "é" * (32 * 1024 + 1)}, 400, "notes"),
    ("notes a number", {**ONLY, "notes": 5}, 400, "notes"),
    ("no custom_id", WITHOUT_ID, 400, "custom_id"),
    *[
        (f"custom_id {custom_id!r}", {**ONLY, "custom_id": custom_id}, 400, "custom_id")
        for custom_id in [7, None, "", ["only-7"]]
    ],
    ("llm_output a number", {**ONLY, "llm_output": 5}, 400, "llm_output"),
    ("candidate_name a list", {**ONLY, "candidate_name": ["Ada"]}, 400, "candidate_name"),
    ("starred_by a number", {**ONLY, "starred_by": 5}, 400, "starred_by"),
    ("starred_by with a newline", {**ONLY, "starred_by": "a\nb"}, 400, "starred_by"),
    ("model a number", {**ONLY, "model": 5}, 400, "model"),
    ("id of another form", {**ONLY, "id": "1234"}, 400, "id"),
    ("id a number", {**ONLY, "id": 1234}, 400, "id"),
    ("kind robot", {**ONLY, "kind": "robot"}, 400, "kind"),
    ("kind a number", {**ONLY, "kind": 1}, 400, "kind"),
    *[
        (f"choice {choice!r}", {**ONLY, "choice": choice}, 400, "choice")
        for choice in [-1, 1.5, "0", True, 70000]
    ],
    ("several models and none named", {**ONLY, "custom_id": "both-2"}, 400, "model"),
    ("an unknown custom_id", {**ONLY, "custom_id": "nobody"}, 404, None),
    ("an unknown model", {**ONLY, "model": "acme/gamma"}, 404, None),
    ("an unknown choice", {**ONLY, "model": ALPHA, "choice": 3}, 404, None),
    ("an unknown choice without model", {**ONLY, "choice": 3}, 404, None),
    ("JSON that is cut off", b'{"custom_id": "only-7", "quality', 400, "body"),
    ("a JSON list", b'[{"custom_id": "only-7", "quality_score": 9}]', 400, "body"),
    ("a JSON text", b'"only-7"', 400, "body"),
    ("JSON null", b"null", 400, "body"),
    ("two JSON objects", b'{"custom_id": "only-7", "quality_score": 9} {}', 400, "body"),
    ("NaN", b'{"custom_id": "only-7", "quality_score": NaN}', 400, "body"),
    ("an empty body", b"", 400, "body"),
    ("a form", b"custom_id=only-7&quality_score=9", 400, "body"),
    ("not UTF-8", b'{"custom_id": "only-7", "quality_score": 9, "notes": "\xff"}', 400, "body"),
    (
        "half a surrogate",
        b'{"custom_id": "only-7", "quality_score": 9, "notes": "\\ud83c"}',
        400,
        "body",
    ),
    ("brackets 100,000 deep", b'{"custom_id":' + b"[" * 100_000, 400, "body"),
]

# An address, the status, and the field that is named.
BAD_ADDRESSES = [
    *[
        (f"{path}?{query}", 400, field)
        for path in [EXPORT, EXPORT + "/count"]
        for query, field in [
            ("format=csv", "format"),
            ("format=ICL", "format"),
            *[
                (f"min_quality={least}", "min_quality")
                for least in ["abc", "0", "11", "nan", "inf", "-1"]
            ],
            *[(f"limit={limit}", "limit") for limit in ["-1", "abc", "1.5"]],
            ("score=median", "score"),
            ("min_qualty=9", "min_qualty"),
        ]
    ],
    *[
        (f"{STAR}?{query}", 400, field)
        for query, field in [
            ("min_quality=0", "min_quality"),
            ("min_quality=11", "min_quality"),
            ("limit=-1", "limit"),
            ("offset=-1", "offset"),
            ("q=score:", "q"),
            ("starrer=ann", "starrer"),
        ]
    ],
    *[
        (f"/api/records?{query}", 400, field)
        for query, field in [
            ("limit=501", "limit"),
            ("limit=-1", "limit"),
            ("offset=x", "offset"),
            ("sort=size", "sort"),
            ("q=%22open", "q"),
            ("q=" + "x" * 4097, "q"),
            ("page=2", "page"),
        ]
    ],
    ("/api/records/nobody", 404, None),
    ("/api/records/%ff", 400, None),
    ("/api/nothing", 404, None),
]

BAD_DELETIONS = [
    (f"{STAR}?starred_by=ann", 400, "custom_id"),
    (f"{STAR}?custom_id=", 400, "custom_id"),
    (f"{STAR}?custom_id=only-7&choice=-1", 400, "choice"),
    (f"{STAR}?custom_id=only-7&modle=x", 400, "modle"),
    (f"{STAR}?custom_id=only-7", 404, None),
    (f"{STAR}?custom_id=nobody", 404, None),
]


def wrong_about(answer, status, field):
    """What is wrong with the answer to bad input; nothing when it is as it should be."""
    found, headers, body = answer
    kind = headers.get("Content-Type", "")
    if found != status or kind.split(";")[0] != PROBLEM:
        return f"{found} {kind} {body[:200]!r}"
    problem = json.loads(body)
    if problem["status"] != status or not problem["title"] or not problem["detail"]:
        return f"the problem {problem}"
    named = [error["field"] for error in problem.get("errors", [])]
    if field is not None and named != [field]:
        return f"fields {named}: {problem['detail']}"
    return None


def bad_input(checks, server, when):
    """All bad input there is; one line for each kind that is answered as it should not be."""
    cases = [(name, "POST", STAR, body, s, f) for name, body, s, f in BAD_STARS]
    cases += [(path, "GET", path, None, s, f) for path, s, f in BAD_ADDRESSES]
    cases += [("DELETE " + path, "DELETE", path, None, s, f) for path, s, f in BAD_DELETIONS]
    cases.append(("PUT", "PUT", STAR, ONLY, 405, None))
    for name, method, path, body, status, field in cases:
        answer = server.call(method, path, body)
        wrong = wrong_about(answer, status, field)
        checks.true(f"{when}: {name[:60]}", wrong is None, wrong)
    foreign = server.call("POST", STAR, ONLY, {"Origin": "https://evil.example"})
    wrong = wrong_about(foreign, 403, None)
    checks.true(f"{when}: from another site's page", wrong is None, wrong)
    several = {"custom_id": 5, "quality_score": 11, "tags": 5, "kind": "x", "choice": -1}
    _, _, body = server.call("POST", STAR, several)
    named = {error["field"] for error in json.loads(body)["errors"]}
    checks.equal(f"{when}: all mistakes at once", named, set(several))


def bad_input_is_refused(checks, data):
    """Each is a 4xx problem that names its field, and the journal has not one byte more."""
    made(data)
    kept = data / "gold_star"
    with Server(data) as server:
        server.wait_until_ready()
        bad_input(checks, server, "no journal")
        checks.equal("no journal came of bad input", tree(kept), {})
        server.post(STAR, {"custom_id": "only-0", "quality_score": 9})
        before = tree(kept)
        bad_input(checks, server, "a journal")
        checks.equal("the journal is as it was", tree(kept), before)
        checks.equal("the server goes on", server.call("GET", "/healthz")[2], b"ok")
    with Server(data, "--read-only") as server:
        server.wait_until_ready()
        wrong = wrong_about(server.call("POST", STAR, ONLY), 403, None)
        checks.true("--read-only refuses stars", wrong is None, wrong)
        wrong = wrong_about(server.call("DELETE", f"{STAR}?custom_id=only-0"), 403, None)
        checks.true("--read-only refuses to take back", wrong is None, wrong)
        checks.equal("--read-only exports", server.call("GET", f"{EXPORT}?format=raw")[0], 200)
        checks.equal("--read-only writes nothing", tree(kept), before)


def sent(server, head, pieces):
    """The first line and the body that answer a request sent as it is, piece by piece."""
    address = urllib.parse.urlsplit(server.address)
    with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
        head = f"POST {STAR} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n{head}\r\n"
        answer = b""
        try:
            connection.sendall(head.encode())
            for piece in pieces:
                connection.sendall(piece)
        except ConnectionError:
            pass  # the answer may have come before the end of the body
        try:
            while more := connection.recv(65536):
                answer += more
        except ConnectionError as error:
            answer += f" then {error}".encode()
        return answer


def body_of(size):
    """A good star of exactly so many bytes."""
    star = {"custom_id": "only-9", "quality_score": 9, "llm_output": ""}
    star["llm_output"] = "x" * (size - len(json.dumps(star)))
    return json.dumps(star).encode()


def chunked(body):
    piece = 64 * 1024
    for start in range(0, len(body), piece):
        part = body[start : start + piece]
        yield b"%x\r\n%s\r\n" % (len(part), part)
    yield b"0\r\n\r\n"


def the_limit_of_a_body(checks, data):
    """8 MiB are taken; one byte more is refused, with or without a length said before."""
    made(data)
    kept = data / "gold_star"
    with Server(data) as server:
        server.wait_until_ready()
        for name, size in [
            ("one byte more", BODY_BYTES + 1),
            ("five times as much", 5 * BODY_BYTES),
        ]:
            body = body_of(size)
            length = f"Content-Length: {size}\r\n"
            for how, head, pieces in [
                ("", length, [body]),
                (", chunked", "Transfer-Encoding: chunked\r\n", chunked(body)),
            ]:
                answer = sent(server, head, pieces)
                holds = answer.startswith(b"HTTP/1.1 413") and PROBLEM.encode() in answer
                checks.true(f"{name}{how}", holds, f"{answer[:400]!r}")
        checks.equal("nothing was written", tree(kept), {})
        status, _, answer = server.call("POST", STAR, body_of(BODY_BYTES))
        checks.equal("a body as large as the limit", status, 200)
        answer = sent(server, "Transfer-Encoding: chunked\r\n", chunked(body_of(BODY_BYTES)))
        checks.true("and chunked", answer.startswith(b"HTTP/1.1 200"), f"{answer[:300]!r}")


def the_same_id_is_one_star(checks, data):
    """Sent twice, or sixteen times at once: one line, and every answer is that star."""
    made(data)
    with Server(data) as server:
        server.wait_until_ready()
        body = {**ONLY, "id": ULID + "0", "starred_by": "ann"}
        first = server.post(STAR, body)
        again = server.post(STAR, body)
        changed = server.post(STAR, {**body, "quality_score": 1})
        checks.equal("sent twice: the same answer", again, first)
        checks.equal("sent again with other values: the star that is there", changed, first)
        checks.equal("sent twice: one line", len(lines(journal(data))), 1)
        answers = []
        gate = threading.Barrier(16)

        def send(round_number):
            connection = server.connection()
            connection.connect()
            body = {"custom_id": f"only-{10 + round_number}", "quality_score": 8}
            body["id"] = ULID + "123456789A"[round_number]
            gate.wait()
            answers.append(call(connection, "POST", STAR, body))
            connection.close()

        for round_number in range(10):
            threads = [threading.Thread(target=send, args=(round_number,)) for _ in range(16)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        checks.equal("at once: all succeed", [a[0] for a in answers], [200] * 160)
        checks.equal("at once: one answer each", len({a[2] for a in answers}), 10)
        checks.equal("at once: one line each", len(lines(journal(data))), 11)


def an_id_is_taken_as_it_is(checks, data):
    """Ids that differ only by a space are two records, and a star stays on its own."""
    ids = ["spaced", "spaced ", " spaced", "a/b", "..", "50%", "q?x=1&y", "日本", "x" * 500]
    write_lines(data / "batches/output/a.jsonl", [result(i, ALPHA, f"{i} is good.") for i in ids])
    with Server(data) as server:
        server.wait_until_ready()
        for custom_id in ids:
            name = repr(custom_id[:20])
            checks.equal(f"record {name}", server.record(custom_id)["custom_id"], custom_id)
            star = {"custom_id": custom_id, "quality_score": 9, "starred_by": "ann"}
            status, _, body = server.call("POST", STAR, star)
            if status == 200:
                written = json.loads(body)["star"]
                found = (written["custom_id"], written["llm_output"])
                checks.equal(f"starred: {name}", found, (custom_id, f"{custom_id} is good."))
            else:
                checks.fail(f"starred: {name}", f"{status} {body[:200]!r}")
        found = [star["custom_id"] for star in server.get(STAR)]
        checks.equal("each has its star", found, ids)


if __name__ == "__main__":
    run_all(
        old_bodies_get_old_answers,
        bad_input_is_refused,
        the_limit_of_a_body,
        the_same_id_is_one_star,
        an_id_is_taken_as_it_is,
    )
