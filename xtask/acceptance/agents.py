"""The tools for agents, called by the official MCP client and by hand, over HTTP and over pipes."""

import asyncio
import json
import re
import subprocess
import sys
import time

from jsonschema import Draft202012Validator
from mcp import Client, StdioServerParameters

from docs import ADDRESS, blocks, code, misfit_text, page, rows, run, sections, shell_environment
from goldstar import PANIC, Server, binary, journal, run as goldstar, run_all

SECONDS_MAX = 60
LEGACY = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]
MODERN = "2026-07-28"
READS = {"readOnlyHint": True, "destructiveHint": False, "idempotentHint": True}
HINTS = {
    "star_output": {"readOnlyHint": False, "destructiveHint": False, "idempotentHint": False},
    "unstar_output": {"readOnlyHint": False, "destructiveHint": True, "idempotentHint": True},
}
# Right arguments for each tool, in an order in which each finds something.
CALLS = [
    ("search_records", {"q": "is:unreviewed", "sort": "-name", "offset": 1, "limit": 3}),
    ("read_record", {"custom_id": "cand-0000012", "max_chars": 50}),
    ("star_output", {"custom_id": "cand-0000012", "model": "Qwen3-32B", "quality_score": 8}),
    ("suggest_tags", {"prefix": "c", "custom_id": "cand-0000012", "limit": 5}),
    ("list_stars", {"min_quality": 8, "q": "is:suggested", "limit": 1}),
    ("export_examples", {"format": "icl", "include_agents": True, "limit": 2}),
    ("collection_stats", {"q": "model:qwen"}),
    ("unstar_output", {"custom_id": "cand-0000012", "model": "Qwen3-32B"}),
]
STAR = {"custom_id": "cand-0000012", "model": "Qwen3-32B", "quality_score": 8}
# Calls that cannot be done, and a word of what is said about each.
WRONG = [
    ("search_records", {"q": "score:high"}, "q at 7: expected a number"),
    ("search_records", {"limit": 501}, "limit must be a number from 0 to 500"),
    ("search_records", {"query": "x"}, "query is not known here; there are limit, offset, q, sort"),
    ("read_record", {}, "custom_id is required"),
    ("read_record", {"custom_id": "nobody"}, "no batch and no star has a record nobody"),
    ("read_record", {"custom_id": "cand-0000012", "max_chars": 0}, "max_chars must be a number"),
    ("star_output", STAR | {"quality_score": 11}, "quality_score must be a whole number from 1 to 10"),
    ("star_output", STAR | {"quality_score": 8.5}, "quality_score must be a whole number, not 8.5"),
    ("star_output", STAR | {"model": "Qwen"}, "has no output of model Qwen; it has outputs of"),
    ("star_output", {"custom_id": "cand-0000012", "quality_score": 8}, "model must be named"),
    ("star_output", STAR | {"tags": "a, b"}, "tags must be a list of texts"),
    ("star_output", STAR | {"tags": ["a,b"]}, "tags `a,b` holds a comma"),
    ("star_output", STAR | {"id": "17"}, "id must be a ULID"),
    ("star_output", STAR | {"starred_by": "ada"}, "starred_by is not known here"),
    ("unstar_output", CALLS[-1][1], "agent has no star on cand-0000012 of model Qwen3-32B"),
    ("suggest_tags", {"custom_id": "nobody"}, "no batch and no star has a record nobody"),
    ("list_stars", {"limit": 0}, "limit must be a number from 1 to 500"),
    ("export_examples", {"format": "csv"}, "format must be icl or finetuning or raw"),
    ("export_examples", {"include_agents": "yes"}, "include_agents must be true or false"),
    ("collection_stats", {"q": "is:great"}, "q at 4: expected starred"),
]


def pipes(data, *options):
    """How the client starts `goldstar mcp` on a folder."""
    arguments = ["mcp", "--data", str(data), *options]
    return StdioServerParameters(command=binary(), args=arguments)


def lines_of(data):
    """The journal's lines."""
    path = journal(data)
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


async def every_tool(checks, name, to, mode):
    """Lists the tools and calls each, as an agent's client does."""
    async with Client(to, mode=mode) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        checks.equal(f"{name}: tools", list(tools), described())
        for tool in tools.values():
            check_description(checks, f"{name}: {tool.name}", tool)
        for tool, arguments in CALLS:
            answer = await client.call_tool(tool, arguments)
            check_answer(checks, f"{name}: {tool} answers", tools[tool], answer)
        for tool, arguments, said in WRONG:
            await refused(checks, f"{name}: {tool} {arguments}", client, tool, arguments, said)
        await wrong_types(checks, name, client, tools)


def described():
    """The tools as docs/agents.md lists them."""
    table = rows(sections("docs/agents.md")["Tools"])
    return [code(cells[0]) for head, cells in table if head == "tool"]


def check_description(checks, name, tool):
    told = dump(tool)
    hints = HINTS.get(tool.name, READS) | {"openWorldHint": False, "title": tool.title}
    checks.equal(f"{name}: hints", told["annotations"], hints)
    for schema in [told["inputSchema"], told["outputSchema"]]:
        Draft202012Validator.check_schema(schema)
        checks.equal(f"{name}: a schema is an object's", schema["type"], "object")
    checks.equal(f"{name}: takes nothing else", told["inputSchema"]["additionalProperties"], False)
    cells = [c for h, c in rows(sections("docs/agents.md")["Tools"]) if code(c[0]) == tool.name][0]
    named = re.findall(r"`(\w+)`", cells[2])
    checks.equal(f"{name}: as described", sorted(named), sorted(told["inputSchema"]["properties"]))
    checks.true(f"{name}: says what it does", len(tool.description) > 40, tool.description)


def dump(model):
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


def check_answer(checks, name, tool, answer):
    told = dump(answer)
    text = told["content"][0]["text"]
    if told.get("isError"):
        return checks.fail(name, text)
    Draft202012Validator(dump(tool)["outputSchema"]).validate(told["structuredContent"])
    checks.equal(name, json.loads(text), told["structuredContent"])


async def refused(checks, name, client, tool, arguments, said):
    told = dump(await client.call_tool(tool, arguments))
    text = told["content"][0]["text"]
    teaches = said in text and f"For example: {tool} {{" in text and text.count("\n") == 2
    checks.true(name, told.get("isError") and teaches, text)


async def wrong_types(checks, name, client, tools):
    """Each argument with values of other types: refused each time, and the server goes on."""
    right = dict(CALLS)
    tried, wrong = 0, []
    for tool in tools.values():
        for key, schema in dump(tool)["inputSchema"]["properties"].items():
            for value in ["text", 7, -1, 0.5, True, {"a": 1}, [1], [["x"]], "", 1e300]:
                if Draft202012Validator(schema).is_valid(value):
                    continue
                tried += 1
                error = await error_of(client, tool.name, right[tool.name] | {key: value})
                if error is None:
                    wrong.append(f"{tool.name} {key} {value!r}")
    checks.true(f"{name}: {tried} arguments of other types are refused", not wrong, wrong[:3])


async def error_of(client, tool, arguments):
    """What is said against a call; nothing when it was done."""
    try:
        told = dump(await client.call_tool(tool, arguments))
    except Exception as error:
        return str(error)
    return told["content"][0]["text"] if told.get("isError") else None


def post(server, body, **headers):
    """One message by hand: the status and the JSON of the answer."""
    said = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    said |= {name.replace("_", "-"): value for name, value in headers.items()}
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    status, _, answer = server.call("POST", "/mcp", body, said)
    return status, json.loads(answer) if answer[:1] == b"{" else answer.decode(errors="replace")


def message(method, **params):
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}


def by_hand(checks, server):
    """Every revision of the protocol, and messages that no client sends."""
    client = {"name": "by-hand", "version": "1"}
    for version in LEGACY:
        begin = message("initialize", protocolVersion=version, capabilities={}, clientInfo=client)
        status, answer = post(server, begin)
        result = answer["result"]
        checks.equal(f"initialize {version}", (status, result["protocolVersion"]), (200, version))
        checks.equal(f"server of {version}", result["serverInfo"]["name"], "goldstar")
        listing = post(server, message("tools/list"), MCP_Protocol_Version=version)
        checks.equal(f"tools/list {version}", names_in(listing), described())
    newer = message("initialize", protocolVersion="2099-01-01", capabilities={}, clientInfo=client)
    offered = post(server, newer)[1]["result"]["protocolVersion"]
    checks.equal("a revision of the future is offered the newest that has initialize", offered, LEGACY[-1])
    modern(checks, server, client)
    for name, body in [
        ("no tool", message("tools/call", name="fly", arguments={})),
        ("arguments that are a list", message("tools/call", name="list_stars", arguments=[1])),
        ("no name", message("tools/call", arguments={})),
    ]:
        status, answer = post(server, body, MCP_Protocol_Version=LEGACY[-1])
        code = answer["error"]["code"] if isinstance(answer, dict) and "error" in answer else answer
        checks.true(f"by hand: {name}", code == -32602 or status in (400, 415, 422), (status, answer))
    for body in [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"jsonrpc":"2.0"}', b"[" * 5000]:
        status, _ = post(server, body)
        checks.true(f"by hand: {body[:20]!r}", 400 <= status < 500, status)
    for name, headers in [("host", {"Host": "evil.example"}), ("origin", {"Origin": "https://evil.example"})]:
        status, _ = post(server, message("tools/list"), **headers)
        checks.equal(f"another {name} is refused", status, 403)
    checks.equal("it goes on", server.call("GET", "/healthz")[0], 200)


def names_in(listing):
    status, answer = listing
    return [tool["name"] for tool in answer["result"]["tools"]] if status == 200 else listing


def modern(checks, server, client):
    """The revision without a beginning."""
    prefix = "io.modelcontextprotocol/"
    meta = {f"{prefix}protocolVersion": MODERN, f"{prefix}clientInfo": client}
    meta[f"{prefix}clientCapabilities"] = {}
    send = lambda method, version=MODERN, **params: post(
        server,
        message(method, _meta=meta | {f"{prefix}protocolVersion": version}, **params),
        MCP_Protocol_Version=version,
        Mcp_Method=method,
        **({"Mcp_Name": params["name"]} if "name" in params else {}),
    )
    status, answer = send("server/discover")
    result = answer.get("result", answer)
    checks.true("discover names the revision", MODERN in result.get("supportedVersions", []), answer)
    listing = send("tools/list")
    checks.equal(f"tools/list {MODERN}", names_in(listing), described())
    result = listing[1]["result"]
    checks.equal("a result says that it is one", result.get("resultType"), "complete")
    checks.true("and how long it holds", "ttlMs" in result and "cacheScope" in result, list(result))
    status, answer = send("tools/call", name="collection_stats", arguments={})
    checks.equal(f"tools/call {MODERN}", (status, answer["result"]["isError"]), (200, False))
    status, answer = send("tools/list", version="2099-01-01")
    checks.equal("an unknown revision", answer["error"]["code"], -32022)


def piped(checks, data):
    """`goldstar mcp` as a process: what it writes, how it ends."""
    client = {"name": "by-hand", "version": "1"}
    begin = message("initialize", protocolVersion=LEGACY[-1], capabilities={}, clientInfo=client)
    done = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    star = message("tools/call", name="star_output", arguments=STAR) | {"id": 2}
    said = "".join(json.dumps(one) + "\n" for one in [begin, done, star])
    command = [binary(), "mcp", "--data", str(data), "--as", "judge-1"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        process.stdin.write(said)
        process.stdin.flush()
        answers = [json.loads(process.stdout.readline()) for _ in range(2)]
        rest, errors = process.communicate(timeout=SECONDS_MAX)
    checks.equal("pipes: answers", [answer["id"] for answer in answers], [1, 2])
    checks.equal("pipes: nothing else, and a good end", (rest, process.returncode), ("", 0))
    checks.true("pipes: no defect", PANIC not in errors, errors)
    line = lines_of(data)[-1]
    checks.equal("pipes: who stars", (line["starred_by"], line["kind"]), ("judge-1", "agent"))
    ended = run([binary(), "mcp", "--data", str(data)])
    checks.equal("pipes: an empty input is no error", (ended.stdout, ended.returncode), ("", 0))


def papers(checks, server, folder):
    """Runs the examples of docs/agents.md, and follows the links of /llms.txt."""
    environment = shell_environment(folder)
    found = blocks("docs/agents.md")
    for block, after in zip(found, found[1:]):
        if block.language == "sh":
            text = block.text.replace(ADDRESS, server.address)
            done = run(["sh", "-ec", text], folder, env=environment)
            what = misfit_text(after, done.stdout) if done.returncode == 0 else done.stderr
            checks.true("docs/agents.md: curl", what is None, what)
    script = folder / "review.py"
    text = [block.text for block in found if block.language == "python"][0]
    script.write_text(text.replace(ADDRESS, server.address), "utf-8")
    before = len(lines_of(folder / "data"))
    done = run([sys.executable, str(script)], folder, env=environment)
    checks.equal("docs/agents.md: the loop", done.stdout or done.stderr, "100 starred\n")
    written = lines_of(folder / "data")[before:]
    where = {(line["custom_id"], line["model"], line["choice"]) for line in written}
    counts = len(written), len(where), len({line["id"] for line in written})
    checks.equal("a hundred stars, each of another output", counts, (100, 100, 100))
    whose = {(line["kind"], line["starred_by"]) for line in written}
    checks.equal("all of them an agent's", whose, {("agent", "agent")})
    status = server.get("/api/status")["journal"]
    checks.equal("they are suggestions", (status["stars"], status["suggestions"]), (0, 100))
    llms = server.call("GET", "/llms.txt")[2].decode()
    checks.true("llms.txt opens with a heading", llms.startswith("# Goldstar\n\n> "), llms[:40])
    links = re.findall(r"\]\((/\S+)\)", llms)
    gone = [link for link in links if server.call("GET", link)[0] != 200]
    checks.true("llms.txt: its links lead somewhere", len(links) >= 5 and not gone, gone or links)
    served = server.call("GET", "/docs/agents.md")[2].decode()
    checks.equal("/docs/agents.md is the paper", served, page("docs/agents.md"))


async def read_only(checks, data):
    async with Client(pipes(data, "--read-only")) as client:
        said = await error_of(client, "star_output", STAR)
        checks.true("a server that only reads refuses a star", said and "only reads" in said, said)


def signed_in(checks, folder):
    """Where reviewers sign in, the token says who stars, and without one there are no tools."""
    data = folder / "data"
    goldstar("demo", data, "--records", 20, "--models", 2, "--seed", 1)
    tokens = {}
    for role in ["agent", "reviewer", "viewer"]:
        added = goldstar("reviewer", "add", f"the-{role}", "--role", role, data=data)
        tokens[role] = re.search(r"gs_\w+", added.out).group()
    call = message("tools/call", name="star_output", arguments=STAR)
    with Server(data) as server:
        by = {role: {"Authorization": f"Bearer {token}"} for role, token in tokens.items()}
        checks.equal("without a token", post(server, call)[0], 401)
        wait = lambda: server.call("GET", "/api/status", headers=by["viewer"])[2]
        while json.loads(wait())["catalog"]["state"] != "ready":
            time.sleep(0.1)
        for role, kind in [("agent", "agent"), ("reviewer", "human")]:
            status, answer = post(server, call, **by[role])
            star = answer["result"]["structuredContent"]["star"]
            found = status, star["starred_by"], star["kind"]
            checks.equal(f"the token of a role, {role}", found, (200, f"the-{role}", kind))
        _, answer = post(server, call, **by["viewer"])
        checks.equal("a viewer stars nothing", answer["result"]["isError"], True)
    checks.equal("two stars", len(lines_of(data)), 2)


def agents(checks, folder):
    data = folder / "data"
    made = goldstar("demo", data, "--records", 100, "--models", 2, "--seed", 1)
    checks.equal("a demo is made", made.code, 0)
    with Server(data) as server:
        server.wait_until_ready()
        papers(checks, server, folder)
        by_hand(checks, server)
        for mode in ["legacy", MODERN]:
            name, to = f"HTTP, {mode}", server.address + "/mcp"
            asyncio.run(every_tool(checks, name, to, mode))
    for mode in ["legacy", MODERN]:
        asyncio.run(every_tool(checks, f"pipes, {mode}", pipes(data), mode))
    asyncio.run(read_only(checks, data))
    piped(checks, data)


if __name__ == "__main__":
    run_all(agents, signed_in)
