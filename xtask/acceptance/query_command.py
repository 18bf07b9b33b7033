"""`goldstar query` in all its forms, read by DuckDB, pandas, pyarrow and Python itself."""

import csv
import json
import re
import subprocess
from collections import Counter
from datetime import datetime
from pathlib import Path

import duckdb
import pandas
import pyarrow.parquet
import xxhash

from goldstar import (
    binary,
    good_batch,
    journal,
    lines,
    old_line,
    request,
    result,
    run,
    run_all,
    write_lines,
)
from naive import Collection

FORMAT_PAGE = Path(__file__).resolve().parents[2] / "docs/format.md"
LISTS = ["tags", "reviewers"]
NASTY = [
    'He said "yes", then\nleft.',
    '"',
    "a,b;c\td",
    "line\r\nline\rline",
    " leading and trailing ",
    "👩‍🚀 naïve 日本語 \u202e turned",
    "=1+1",
    "\\N",
    "'; DROP TABLE--",
]


def demo(data, records=300):
    """A demo with a few reruns, and stars: plain, of several reviewers, stale, of no output."""
    ran = run("demo", data, "--records", records)
    if ran.code != 0:
        raise RuntimeError(f"the demo was not made: {ran}")
    again = Collection(data).records[5:12]
    again = [result(one.custom_id, one.outputs[0].model, "Asked again.") for one in again]
    write_lines(data / "batches/output/again.jsonl", again)
    made = []
    for number, record in enumerate(Collection(data).records[::3]):
        output = record.outputs[number % len(record.outputs)]
        more = {"model": output.model, "choice": output.choice}
        at = f"2026-11-22T10:{number // 60:02}:{number % 60:02}Z"
        text = "Something else." if number % 10 == 0 else output.text
        made.append((record, text, 1 + number % 10, "ada", at, {**more, "tags": ["b", "a"]}))
        if number % 4 == 0:
            made.append((record, text, 10, "bo", at, {**more, "tags": ["a", "ünï,c\"ode"]}))
        if number % 7 == 0:
            made.append((record, "Of no output.", 3, "cy", at, {"tags": ["whole"]}))
    journal(data).parent.mkdir(parents=True, exist_ok=True)
    with open(journal(data), "a", encoding="utf-8") as file:
        for record, *star, more in made:
            file.write(old_line(record.custom_id, *star, **more))


def expected_rows(data):
    """Every shown output as plain Python finds it: batches and journal read line by line."""
    collection = Collection(data)
    rows = {}
    for record in collection.records:
        stars = collection.stars.get(record.custom_id, [])
        runs = Counter((one.model, one.choice) for one in record.runs)
        for output in record.outputs:
            mine = [s for s in stars if (s.model, s.choice) == (output.model, output.choice)]
            scores = [star.score for star in mine]
            rows[record.custom_id, output.model, output.choice] = {
                "row": record.row,
                "name": record.name or record.custom_id,
                "state": output.state,
                "finish_reason": output.finish,
                "tokens": output.tokens,
                "chars": len(output.text),
                "created": output.created,
                "file": output.file,
                "output_hash": f"xxh3:{xxhash.xxh3_64_hexdigest(output.text.encode())}",
                "reruns": runs[output.model, output.choice] - 1,
                "score": sum(scores) / len(scores) if scores else None,
                "stars": len(scores),
                "tags": list(dict.fromkeys(tag for star in mine for tag in star.tags)),
                "reviewers": list(dict.fromkeys(star.by for star in mine)),
                "stale": any(star.is_stale for star in mine),
            }
    return rows


def found_rows(rows):
    """The same of JSON Lines; the number of a line alone is not compared."""
    keyed = {}
    for row in rows:
        key = row["custom_id"], row["model"], row["choice"]
        at = row["created"] and int(datetime.fromisoformat(row["created"]).timestamp())
        left_out = ["custom_id", "model", "choice", "line"]
        kept = {name: value for name, value in row.items() if name not in left_out}
        keyed[key] = {**kept, "created": at}
    return keyed


def misfits(found, expected):
    """The keys that differ, the first few with both sides."""
    keys = [key for key in {**found, **expected} if found.get(key) != expected.get(key)]
    return [(key, found.get(key), expected.get(key)) for key in keys[:2]]


def write(data, out, *arguments):
    """A file that `goldstar query` writes."""
    ran = run("query", *arguments, "--out", out, data=data)
    if ran.code != 0:
        raise RuntimeError(f"query --out {out.name}: {ran}")
    return out


def of_parquet(path):
    """The rows of a Parquet file, times as JSON Lines have them."""
    rows = pyarrow.parquet.read_table(path).to_pylist()
    for row in rows:
        row["created"] = row["created"] and f"{row['created']:%Y-%m-%dT%H:%M:%SZ}"
    return rows


def of_csv(path):
    """The rows of a CSV as they were: numbers, lists and nulls again."""
    kinds = {
        **dict.fromkeys(["row", "choice", "tokens", "chars", "line", "reruns", "stars"], int),
        **dict.fromkeys(LISTS, json.loads),
        "score": float,
        "stale": {"true": True, "false": False}.get,
    }
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    return [
        {name: kinds.get(name, str)(cell) if cell else None for name, cell in row.items()}
        for row in rows
    ]


def the_same_in_every_form(checks, data):
    """A demo with stars against plain Python; then the forms against each other."""
    demo(data)
    expected = expected_rows(data)
    for name in ["stars", "reruns", "stale", "score", "tags", "created"]:
        has = sum(bool(row[name]) for row in expected.values())
        checks.true(f"the demo has outputs with {name}", 0 < has, f"{has}")
    parquet = write(data, data / "o.parquet")
    jsonl = write(data, data / "o.jsonl")
    rows = lines(jsonl)
    checks.equal("jsonl: as plain Python finds it", misfits(found_rows(rows), expected), [])
    checks.equal("jsonl: a line for each output", len(rows), len(expected))
    order = [row["row"] for row in rows]
    checks.equal("jsonl: in the order of the view", order, sorted(order))
    checks.true("parquet: as jsonl", of_parquet(parquet) == rows, "they differ")
    of_text = of_csv(write(data, data / "o.csv"))
    checks.true("csv: as jsonl", of_text == rows, f"{of_text[0]} {rows[0]}")
    batches = {file: lines(data / file) for file in {row["file"] for row in rows}}
    ids = [batches[row["file"]][row["line"] - 1]["custom_id"] for row in rows]
    checks.true("jsonl: lines of batches", ids == [r["custom_id"] for r in rows], "they differ")
    check_duckdb(checks, parquet, rows)
    check_pandas(checks, parquet, jsonl, rows)
    shown = run("query", "is:starred", "--sort", "-score", "--limit", 3, data=data)
    heads = shown.out.splitlines()[0].split()
    checks.equal("table: the first columns", heads[:3], ["custom_id", "name", "model"])
    ids = list(dict.fromkeys(line.split()[0] for line in shown.out.splitlines()[1:]))
    listed = run("list", "is:starred", "--sort", "-score", "--limit", 3, "--json", data=data)
    listed = [json.loads(line)["custom_id"] for line in listed.out.splitlines()]
    checks.equal("table: the records of list", ids, listed)
    said = re.fullmatch(r"(\d+) outputs of 3 records\n", shown.err)
    counted = said and int(said[1]) == len(shown.out.splitlines()) - 1
    checks.true("table: counted on standard error", counted, shown.err)


def check_duckdb(checks, parquet, rows):
    ask = duckdb.connect().execute
    source = f"read_parquet('{parquet}')"
    for query, expected in [
        ("count(*)", len(rows)),
        ("count(DISTINCT custom_id)", len({row["custom_id"] for row in rows})),
        ("sum(stars)", sum(row["stars"] for row in rows)),
        ("count(score)", sum(row["score"] is not None for row in rows)),
        ("sum(tokens)", sum(row["tokens"] or 0 for row in rows)),
        ("count(created)", sum(row["created"] is not None for row in rows)),
        ("count(*) FILTER (WHERE list_contains(tags, 'a'))", sum("a" in r["tags"] for r in rows)),
        ("count(*) FILTER (WHERE stale)", sum(row["stale"] for row in rows)),
        ("sum(len(reviewers))", sum(len(row["reviewers"]) for row in rows)),
    ]:
        found = ask(f"SELECT {query} FROM {source}").fetchone()[0]
        checks.equal(f"duckdb: {query}", found, expected)
    kinds = {name: kind for name, kind, *_ in ask(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    told = (kinds["created"], kinds["tags"], kinds["chars"])
    checks.equal("duckdb: types", told, ("TIMESTAMP WITH TIME ZONE", "VARCHAR[]", "UINTEGER"))


def check_pandas(checks, parquet, jsonl, rows):
    by_model = Counter(row["model"] for row in rows)
    for name, frame in [
        ("parquet", pandas.read_parquet(parquet)),
        ("jsonl", pandas.read_json(jsonl, lines=True)),
    ]:
        checks.equal(f"pandas: models of {name}", frame["model"].value_counts().to_dict(), by_model)
        stale = int(frame["stale"].sum())
        checks.equal(f"pandas: stale of {name}", stale, sum(row["stale"] for row in rows))


def columns_are_as_documented(checks, data):
    """Names, types and nulls in `docs/format.md`, and what the file says about itself."""
    good_batch(data, "m")
    out = write(data, data / "o.parquet", "model:m", "--sort", "-chars:m", "--text", "--prompt")
    file = pyarrow.parquet.ParquetFile(out)
    found = []
    for field in file.schema_arrow:
        kind = re.sub(r"<element: (\w+) not null>", r"<\1>", str(field.type))
        found.append((field.name, kind, "yes" if field.nullable else "no"))
    section = FORMAT_PAGE.read_text(encoding="utf-8").split("\n## Outputs: `goldstar query`")[1]
    section = section.split("\n## ")[0]
    shown = re.findall(r"^\| `(\w+)` \| (\S[^|]*) \| (yes|no) \|", section, re.M)
    checks.equal("docs/format.md: columns of the outputs", shown, found)
    about = {key.decode(): value.decode() for key, value in file.metadata.metadata.items()}
    # The query as Goldstar prints it, with its values in quotation marks.
    asked = {"query": 'model:"m"', "sort": "-chars:m", "version": run("--version").out.split()[1]}
    asked = {f"goldstar.{key}": value for key, value in asked.items()}
    checks.equal("parquet: what it says about itself", about, asked)
    packed = file.metadata.row_group(0).column(0).compression
    checks.equal("parquet: how it is packed", packed, "ZSTD")


def nasty_texts_come_back(checks, data):
    """Quotation marks, newlines, commas and emoji in texts, prompts, ids, names and tags."""
    ids = [f"q-{number} {text}" for number, text in enumerate(NASTY)]
    asked = [request(i, "m", f"Judge {text}.") for i, text in zip(ids, NASTY, strict=True)]
    write_lines(data / "batches/input/a.jsonl", asked)
    answers = [result(i, "m,\"n\"", text) for i, text in zip(ids, NASTY, strict=True)]
    write_lines(data / "batches/output/a.jsonl", answers)
    journal(data).parent.mkdir(parents=True)
    tags = [",", '"q"', "x\ny"]
    at = "2026-11-22T10:00:00Z"
    star = old_line(ids[0], NASTY[0], 9, 'a "b", c', at, model='m,"n"', tags=tags)
    journal(data).write_text(star, encoding="utf-8")
    wanted = [
        (i, 'm,"n"', text, f"Judge {text}.") for i, text in zip(ids, NASTY, strict=True)
    ]
    columns = ["custom_id", "model", "text", "prompt"]
    arguments = ["--text", "--prompt"]
    for name, rows in [
        ("csv", of_csv(write(data, data / "o.csv", *arguments))),
        ("jsonl", lines(write(data, data / "o.jsonl", *arguments))),
        ("parquet", of_parquet(write(data, data / "o.parquet", *arguments))),
    ]:
        found = [tuple(row[column] for column in columns) for row in rows]
        checks.equal(f"{name}: nasty texts", found, wanted)
        starred = (rows[0]["reviewers"], rows[0]["score"])
        checks.equal(f"{name}: a nasty reviewer", starred, (['a "b", c'], 9.0))
        hashes = {f"xxh3:{xxhash.xxh3_64_hexdigest(text.encode())}" for text in NASTY}
        checks.equal(f"{name}: hashes", {row["output_hash"] for row in rows}, hashes)
    tagged = {tuple(lines(data / "o.jsonl")[0]["tags"]), tuple(of_csv(data / "o.csv")[0]["tags"])}
    checks.equal("csv and jsonl: the same nasty tags", len(tagged), 1)
    raw = (data / "o.csv").read_bytes()
    ends = raw.split(b"\n")[0].endswith(b",prompt\r") and raw.endswith(b"\r\n")
    checks.true("csv: CRLF", ends, raw)
    shown = run("query", *arguments, data=data)
    one_line_each = len(shown.out.splitlines()) == len(NASTY) + 1 and "\u202e" not in shown.out
    checks.true("table: a clean line for each", one_line_each, shown.out)


def the_same_bytes_twice(checks, data):
    """Two runs, one with a fresh index, and standard output."""
    demo(data, records=60)
    for form in ["table", "jsonl", "csv", "parquet"]:
        arguments = ["query", "-is:error", "--sort", "name", "--format", form, "--text"]
        files = [data / f"{n}.{form}" for n in range(2)]
        for file in files:
            run(*arguments, "--out", file, data=data)
        first = files[0].read_bytes()
        checks.true(f"{form}: twice", first and first == files[1].read_bytes(), "they differ")
        piped = subprocess.run(
            [binary(), *arguments, "--data", data], capture_output=True, timeout=60, check=False
        )
        checks.true(f"{form}: standard output", piped.stdout == first, piped.stderr)


def a_reader_may_stop(checks, data):
    """A closed pipe ends it quietly."""
    demo(data, records=5000)
    command = 'set -o pipefail; "$0" query "$2" --format csv --data "$1" | head -1'
    for query in ["finish:length", ""]:
        done = subprocess.run(
            ["bash", "-c", command, binary(), data, query],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        name = f"query {query!r} | head -1"
        checks.equal(f"{name}: exit code", done.returncode, 0)
        is_named = done.stdout.startswith("row,custom_id,") and done.stdout.count("\n") == 1
        checks.true(f"{name}: the names", is_named, done.stdout)
        checks.true(f"{name}: no complaint", "error" not in done.stderr, done.stderr)


def files_are_not_written_over(checks, data):
    """What is there stays, unless it is said; what is part of the collection always stays."""
    good_batch(data, "m")
    out = data / "elsewhere" / "o.csv"
    first = run("query", "--out", out, data=data)
    checks.equal("--out: says where", (first.code, first.out), (0, f"{out}\n"))
    before = out.read_bytes()
    ran = run("query", "good-1", "--out", out, data=data)
    checks.true("--out: refuses what is there", ran.is_error(2, "is there already", "--force"), ran)
    checks.equal("--out: it is as it was", out.read_bytes(), before)
    ran = run("query", "id:good-1", "--out", out, "--force", data=data)
    checks.equal("--force: writes over it", (ran.code, len(of_csv(out))), (0, 1))
    batch = data / "batches/output/good.jsonl"
    kept = batch.read_bytes()
    for path in [batch, data / "batches/new/o.csv", data / "goldstar.toml", journal(data)]:
        ran = run("query", "--force", "--format", "csv", "--out", path, data=data)
        checks.true(f"--out {path.name}: part of the collection", ran.is_error(2, "part of"), ran)
    checks.equal("the batch is as it was", batch.read_bytes(), kept)
    ran = run("query", "--out", data, "--format", "csv", data=data)
    checks.true("--out: a folder", ran.is_error(2, "is a folder"), ran)
    left = [path.name for path in out.parent.iterdir()]
    checks.equal("no drafts stay behind", left, ["o.csv"])


def mistakes_and_nothing(checks, data):
    """Wrong queries, sorts and forms; an answer without rows still has its columns."""
    good_batch(data, "m")
    for arguments, word in [
        (["score:high"], "at 7"),
        (["--sort", "size"], "--sort"),
        (["--sort", "chars:nobody"], "no model nobody"),
    ]:
        ran = run("query", *arguments, data=data)
        checks.true(f"query {' '.join(arguments)}", ran.is_error(2, word), ran)
    ran = run("query", "--format", "xml", data=data)
    checks.true("query --format xml", ran.code == 2 and "parquet" in ran.err, ran)
    empty = {
        form: write(data, data / f"o.{form}", "id:nobody") for form in ["csv", "jsonl", "parquet"]
    }
    names = pyarrow.parquet.read_table(empty["parquet"]).column_names
    checks.equal("parquet: columns without rows", len(names), 19)
    with open(empty["csv"], encoding="utf-8", newline="") as file:
        checks.equal("csv: names without rows", list(csv.reader(file)), [names])
    checks.equal("jsonl: nothing", empty["jsonl"].read_bytes(), b"")
    for arguments, ids in [
        (["--limit", 1], ["good-0"]),
        (["--offset", 2], ["good-2"]),
        (["--limit", 0], ["good-0", "good-1", "good-2"]),
        (["--", "-id:good-1"], ["good-0", "good-2"]),
        (["-id:good-0", "--limit", 1], ["good-1"]),
    ]:
        ran = run("query", "--format", "jsonl", "--data", data, *arguments)
        found = [json.loads(line)["custom_id"] for line in ran.out.splitlines()]
        checks.equal(f"query {arguments}", found, ids)


if __name__ == "__main__":
    run_all(
        the_same_in_every_form,
        columns_are_as_documented,
        nasty_texts_come_back,
        the_same_bytes_twice,
        a_reader_may_stop,
        files_are_not_written_over,
        mistakes_and_nothing,
    )
