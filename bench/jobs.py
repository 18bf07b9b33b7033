"""Works of the peers, run in their own Python; prints one line of JSON for each work.

The seconds are counted inside, so that starting Python is not held against a peer.
"""

import json
import sys
import time

# The five columns with a declared schema: DuckDB's fast way. A line it cannot read is passed over.
ROWS = """
SELECT custom_id, response.body.model AS model,
       response.body.choices[1].message.content AS content,
       response.body.usage.completion_tokens AS completion_tokens,
       response.body.choices[1].finish_reason AS finish_reason
FROM read_json('{files}', format = 'newline_delimited', ignore_errors = true, columns = {{
  custom_id: 'VARCHAR',
  response: 'STRUCT(body STRUCT(model VARCHAR, choices STRUCT(message STRUCT(content VARCHAR),
             finish_reason VARCHAR)[], usage STRUCT(completion_tokens BIGINT)))'}})
"""


def answer(**found):
    print(json.dumps(found), flush=True)


def table(database, folder):
    """DuckDB: all outputs into a table, in memory or in a file."""
    import duckdb

    connection = duckdb.connect(database)
    rows = ROWS.format(files=f"{folder}/*.jsonl")
    began = time.perf_counter()
    connection.execute(f"CREATE TABLE outputs AS {rows}")
    took = time.perf_counter() - began
    count = connection.execute("SELECT count(*) FROM outputs").fetchone()[0]
    connection.close()
    answer(wall=took, rows=count)


def first(folder):
    """DuckDB: the first 50 rows straight from the files."""
    import duckdb

    began = time.perf_counter()
    rows = duckdb.sql(ROWS.format(files=f"{folder}/*.jsonl") + " LIMIT 50").fetchall()
    answer(wall=time.perf_counter() - began, rows=len(rows))


def reopen(database):
    """DuckDB: its file opened, and the first 50 rows."""
    import duckdb

    began = time.perf_counter()
    connection = duckdb.connect(database, read_only=True)
    rows = connection.execute("SELECT * FROM outputs LIMIT 50").fetchall()
    answer(wall=time.perf_counter() - began, rows=len(rows))


def ask(database):
    """DuckDB: one line of statements in, one line with its seconds out, until the input ends."""
    import duckdb

    connection = duckdb.connect(database, read_only=True)
    for line in sys.stdin:
        began = time.perf_counter()
        rows = 0
        try:
            for statement in json.loads(line):
                rows += len(connection.execute(statement).fetchall())
        except duckdb.Error as error:
            answer(error=str(error))
            continue
        answer(wall=time.perf_counter() - began, rows=rows)


def loop(*files):
    """Python's json, line by line, the same five columns kept: how the old tool reads."""
    began = time.perf_counter()
    rows = []
    for path in files:
        with open(path, encoding="utf-8") as file:
            for line in file:
                try:
                    whole = json.loads(line)
                except ValueError:
                    continue
                body = (whole.get("response") or {}).get("body") or {}
                choice = (body.get("choices") or [{}])[0]
                rows.append(
                    (
                        whole.get("custom_id"),
                        body.get("model"),
                        (choice.get("message") or {}).get("content"),
                        (body.get("usage") or {}).get("completion_tokens"),
                        choice.get("finish_reason"),
                    )
                )
    answer(wall=time.perf_counter() - began, rows=len(rows))


def count(*files):
    """Bytes of text: answers and prompts, as UTF-8."""
    answers = prompts = 0
    for path in files:
        with open(path, encoding="utf-8") as file:
            for line in file:
                try:
                    whole = json.loads(line)
                except ValueError:
                    continue
                for message in (whole.get("body") or {}).get("messages") or []:
                    prompts += len((message.get("content") or "").encode())
                body = (whole.get("response") or {}).get("body") or {}
                for choice in body.get("choices") or []:
                    answers += len(((choice.get("message") or {}).get("content") or "").encode())
    answer(answers=answers, prompts=prompts)


if __name__ == "__main__":
    {work.__name__: work for work in [table, first, reopen, ask, loop, count]}[sys.argv[1]](
        *sys.argv[2:]
    )
