"""Opens a folder as the old Python tool left it: every star is in place, no old line changes."""

import json

from goldstar import (
    OLD_KEYS,
    Server,
    journal,
    old_line,
    result,
    run,
    run_all,
    within,
    write_lines,
)

ALPHA = "acme/alpha-70b"
BETA = "acme/beta-8b"
TIME = "2025-10-29T12:34:56Z"


def text(model, number):
    """An output: Markdown, several scripts, quotes, and signs that json.dumps escapes."""
    name = model.rpartition("/")[2]
    return f'# {name} on {number}\n\n- "naïve" café, 東京, \u2028 and 🌟\t\\ end'


def made(data):
    """The batches of two models, without requests, and the old tool's journal."""
    for model in [ALPHA, BETA]:
        results = [result(f"cand-{n:03}", model, text(model, n)) for n in range(1, 13)]
        if model == ALPHA:
            results[5] = result("cand-006", ALPHA, "<think>They know Rust.</think>\n\nHire.")
        file = model.rpartition("/")[2] + "_batch_000.jsonl"
        write_lines(data / "batches" / "output" / file, results)
    old = [
        old_line(
            "cand-001",
            text(ALPHA, 1),
            9,
            "ann",
            TIME,
            candidate_name="Zoë Ünal 🌟",
            tags=["senior", "日本"],
            notes="two\nlines",
        ),
        old_line("cand-001", text(BETA, 1), 7, "ann", TIME, tags=["senior"]),
        old_line("cand-002", text(ALPHA, 2), 8, "bob", TIME),
        old_line("cand-003", "What an earlier run had said.", 6, "ann", TIME),
        old_line("cand-004", text(BETA, 4), 10, "ann", "2025-10-29T12:34:56.789012"),
        old_line("cand-005", text(ALPHA, 5), 5, "ann", TIME),
        old_line("cand-005", text(ALPHA, 5), 10, "ann", "2025-10-30T00:00:00Z"),
        old_line("cand-006", "<think>They know Rust.</think>\n\nHire.", 9, "bob", TIME),
        old_line("cand-012", text(BETA, 12), 8, "dan ", TIME),
        old_line("gone-001", "In no batch that is here.", 8, "ann", TIME),
    ]
    path = journal(data)
    path.parent.mkdir(parents=True)
    path.write_text("".join(old), encoding="utf-8")
    return old


def current(lines):
    """The stars that hold: of two on one text by one person, the last."""
    stars = {}
    for line in map(json.loads, lines):
        # Unlike there, a space behind a name makes nobody another one.
        line["starred_by"] = line["starred_by"].strip()
        key = (line["custom_id"], line["llm_output"], line["starred_by"])
        stars.pop(key, None)
        stars[key] = line
    return list(stars.values())


def old_part(star):
    return {key: star[key] for key in OLD_KEYS}


def places(record):
    """Where the stars of a record are: (model or None, choice, score, who)."""
    stars = record["stars"]
    return sorted(
        (s.get("model") or "", s["choice"], s["quality_score"], s["starred_by"]) for s in stars
    )


EXPECTED = {
    "cand-001": [(ALPHA, 0, 9, "ann"), (BETA, 0, 7, "ann")],
    "cand-002": [(ALPHA, 0, 8, "bob")],
    "cand-003": [("", 0, 6, "ann")],
    "cand-004": [(BETA, 0, 10, "ann")],
    "cand-005": [(ALPHA, 0, 10, "ann")],
    "cand-006": [(ALPHA, 0, 9, "bob")],
    "cand-012": [(BETA, 0, 8, "dan")],
}


def every_star_is_in_place(checks, data):
    """What the old tool starred is listed, and stands at the model whose text it was."""
    old = made(data)
    stars = current(old)
    with Server(data) as server:
        status = server.wait_until_ready()
        checks.equal("stars in /api/status", status["journal"]["stars"], len(stars))
        checks.equal("lines in /api/status", status["journal"]["lines"], len(old))
        checks.equal("nothing is a blemish", status["blemishes"], 0)
        listed = server.get("/api/gold-star")
        checks.equal("/api/gold-star", [old_part(star) for star in listed], stars)
        rows = server.get("/api/records", limit=500)["records"]
        found = {row["custom_id"]: places(row) for row in rows if row["stars"]}
        checks.equal("stars in /api/records", found, EXPECTED)
        whole = {custom_id: places(server.record(custom_id)) for custom_id in EXPECTED}
        checks.equal("stars in /api/records/{id}", whole, EXPECTED)
        of_record = server.record("cand-003")["stars"][0]
        checks.equal(
            "the text of a star that matches no output",
            of_record.get("llm_output"),
            "What an earlier run had said.",
        )
        checks.equal(
            "a record that no batch holds", places(server.record("gone-001")), [("", 0, 8, "ann")]
        )
        checks.equal("history of a star given twice", len(server.record("cand-005")["history"]), 2)
        stale = [star for row in rows for star in row["stars"] if star["stale"]]
        checks.equal("nothing is stale", stale, [])
        of_beta = [star["custom_id"] for star in server.get("/api/gold-star", model=BETA)]
        checks.equal(
            "stars of one model, old lines too", of_beta, ["cand-001", "cand-004", "cand-012"]
        )
        found = server.get("/api/records", q=f"is:starred model:{BETA} by:ann")["total"]
        checks.true("old stars are found by their model", found >= 2, f"{found} records")
    checks.equal(
        "the journal was only read", journal(data).read_text(encoding="utf-8"), "".join(old)
    )


def act(checks, data, server):
    """Stars, stars again and takes back, by HTTP and by the command line."""

    def star(custom_id, score, by, **more):
        body = {"custom_id": custom_id, "quality_score": score, "starred_by": by, **more}
        return server.post("/api/gold-star", body)

    def now(custom_id):
        return places(server.record(custom_id))

    star("cand-007", 8, "cho", model=ALPHA, tags=["new"])
    checks.equal("a new star", now("cand-007"), [(ALPHA, 0, 8, "cho")])
    star("cand-001", 10, "ann", model=ALPHA)
    again = [(ALPHA, 0, 10, "ann"), (BETA, 0, 7, "ann")]
    checks.equal("an old star given again with its model", now("cand-001"), again)
    star("cand-001", 3, "ann", llm_output=text(BETA, 1))
    again = [(ALPHA, 0, 10, "ann"), (BETA, 0, 3, "ann")]
    checks.equal("an old star given again by its text", now("cand-001"), again)
    star("cand-003", 2, "ann", llm_output="What an earlier run had said.")
    checks.equal("a record's star given again", [place[2] for place in now("cand-003")], [2])
    path = "/api/gold-star?custom_id=cand-002&starred_by=bob"
    status, _, _ = server.call("DELETE", path)
    checks.equal("an old star taken back", (status, now("cand-002")), (200, []))
    path = "/api/gold-star?custom_id=cand-012&starred_by=dan%20"
    status, _, _ = server.call("DELETE", path)
    found = (status, now("cand-012"))
    checks.equal("taken back from a reviewer whose name ended in a space", found, (200, []))
    path = "/api/gold-star?custom_id=gone-001&starred_by=ann"
    status, _, _ = server.call("DELETE", path)
    gone, _, _ = server.call("GET", "/api/records/gone-001")
    checks.equal("an old star in no batch taken back", status, 200)
    checks.true("its record has no star", gone == 404 or now("gone-001") == [], f"answers {gone}")

    ran = run("star", "cand-008", "--model", BETA, "--score", "9", "--as", "dee", data=data)
    checks.equal("star by command", ran.code, 0)
    ran = run("star", "cand-005", "--model", ALPHA, "--score", "1", "--as", "ann", data=data)
    checks.equal("star again by command", ran.code, 0)
    ran = run("unstar", "cand-004", "--as", "ann", data=data)
    checks.equal("unstar by command", ran.code, 0)
    expected = ([(BETA, 0, 9, "dee")], [(ALPHA, 0, 1, "ann")], [])
    seen = within(10, lambda: (now("cand-008"), now("cand-005"), now("cand-004")) == expected)
    checks.true("the server sees what the commands did", seen, f"{now('cand-005')}")


def no_old_line_changes(checks, data):
    """After stars and unstars the old bytes are the beginning of the file, and each line is one."""
    old = "".join(made(data))
    with Server(data) as server:
        server.wait_until_ready()
        act(checks, data, server)
        before = server.get("/api/gold-star")
    written = journal(data).read_bytes()
    checks.true("the old lines are unchanged", written.startswith(old.encode()), "they are not")
    checks.true("the last line is ended", written.endswith(b"\n"), "it is not")
    lines = [json.loads(line) for line in written.decode().split("\n")[:-1]]
    checks.equal("lines of the journal", len(lines), len(old.splitlines()) + 10)
    wrong = [line for line in lines if list(line)[:8] != OLD_KEYS]
    checks.equal("lines that do not begin with the old keys", wrong, [])
    taken_back = [line["quality_score"] for line in lines if line.get("event") == "unstar"]
    checks.equal("a line that takes back is no good star for the old tool", max(taken_back), 0)
    with Server(data) as server:
        server.wait_until_ready()
        checks.equal("the same stars after a restart", server.get("/api/gold-star"), before)


def the_old_tool_goes_on(checks, data):
    """The old tool appends while the server runs; its star is seen, also from a line not ended."""
    made(data)
    with Server(data) as server:
        server.wait_until_ready()
        with open(journal(data), "a") as file:
            file.write(old_line("cand-009", text(BETA, 9), 4, "old", TIME))
        place = [(BETA, 0, 4, "old")]
        seen = within(10, lambda: places(server.record("cand-009")) == place)
        checks.true(
            "a line that the old tool appends", seen, f"{server.record('cand-009')['stars']}"
        )
        with open(journal(data), "a") as file:
            file.write(old_line("cand-010", text(BETA, 10), 5, "old", TIME).rstrip("\n"))
        body = {"custom_id": "cand-011", "model": ALPHA, "quality_score": 6, "starred_by": "ann"}
        server.post("/api/gold-star", body)
        place = [(BETA, 0, 5, "old")]
        checks.equal("a last line without its newline", places(server.record("cand-010")), place)
        place = [(ALPHA, 0, 6, "ann")]
        checks.equal("and the star after it", places(server.record("cand-011")), place)


if __name__ == "__main__":
    run_all(every_star_is_in_place, no_old_line_changes, the_old_tool_goes_on)
