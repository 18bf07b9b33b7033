"""Runs what the documents say against the binary, and compares what they list with what there is."""

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

import pyarrow
import xxhash

from goldstar import Checks, Server, binary, one_line

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "STYLE.md",
    "docs/format.md",
    "docs/query.md",
    "docs/agreement.md",
    "docs/blind.md",
    "docs/api.md",
    "docs/serving.md",
    "docs/together.md",
    "docs/agents.md",
    "docs/dependencies.md",
    "docs/testing.md",
]
ADDRESS = "http://127.0.0.1:8001"
RUN_SECONDS_MAX = 60


class Block:
    """A fenced block: its language and text, the headings above it, the line before it."""

    def __init__(self, language, headings, before):
        self.language, self.headings, self.before = language, headings, before
        self.lines = []

    @property
    def text(self):
        return "\n".join(self.lines)

    @property
    def objects(self):
        return [json.loads(line) for line in self.lines]


def page(path):
    return (ROOT / path).read_text(encoding="utf-8")


def blocks(path):
    """All fenced blocks of a page."""
    found, headings, before, block = [], {}, "", None
    for line in page(path).splitlines():
        if line.startswith("```") and block is None:
            block = Block(line[3:].strip(), list(headings.values()), before)
            found.append(block)
        elif line.startswith("```"):
            block, before = None, ""
        elif block is not None:
            block.lines.append(line)
        elif match := re.match(r"(#+) (.*)", line):
            level = len(match[1])
            headings = {depth: text for depth, text in headings.items() if depth < level}
            headings[level] = match[2]
        elif line.strip():
            before = line
    return found


def sections(path):
    """The text below each heading, to the next heading of whatever level."""
    parts = re.split(
        r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", page(path), flags=re.S | re.M), flags=re.M
    )
    return dict(zip(parts[1::2], parts[2::2]))


def rows(text):
    """The rows of all tables in a text, as lists of cells with the heading's first cell."""
    lines = text.splitlines()
    head = ""
    for line, after in zip(lines, [*lines[1:], ""]):
        if re.match(r"\|\s*-", after):
            head = line.split("|")[1].strip()
        elif line.startswith("| ") and not re.match(r"\|\s*-", line):
            yield head, [cell.strip() for cell in line.strip().strip("|").split(" | ")]


def code(cell):
    """What a cell holds between backticks."""
    return cell.split("`")[1] if "`" in cell else cell


def run(arguments, folder=None, **more):
    return subprocess.run(
        arguments,
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        timeout=RUN_SECONDS_MAX,
        **more,
    )


def goldstar(*arguments):
    return run([binary(), *map(str, arguments)])


def shell_environment(folder):
    """`goldstar` on the path, and no proxy between curl and its own machine."""
    programs = folder / "programs"
    programs.mkdir()
    (programs / "goldstar").symlink_to(Path(binary()).resolve())
    known = {
        name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
    }
    return {**known, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "GOLDSTAR_DATA": "data"}


def files(folder):
    """The content of every file below a folder, by name."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def misfit(shown, found, where="the answer"):
    """Where an answer is not of the form that is shown; None when it fits. At the top the keys are the
    same; further in the shown ones are there."""
    if isinstance(shown, dict) and isinstance(found, dict):
        differ = set(shown) - set(found) if where != "the answer" else set(shown) ^ set(found)
        if differ:
            return f"{where}: {', '.join(sorted(differ))} on one side only"
        below = (misfit(shown[key], found[key], f"{where} . {key}") for key in shown)
        return next((what for what in below if what), None)
    if isinstance(shown, list) and isinstance(found, list):
        if not shown:
            return None
        # Top level lists are answers too, so their elements have exactly these keys.
        below = [
            misfit(shown[0], one, where if where == "the answer" else f"{where}[]") for one in found
        ]
        return None if None in below else next(iter(below), f"{where}: nothing in the list")
    kind = {int: float}
    same = kind.get(type(shown), type(shown)) is kind.get(type(found), type(found))
    return None if same else f"{where}: {type(found).__name__}, shown as {type(shown).__name__}"


def misfit_text(block, said):
    """Compares what a call said with the block that shows it."""
    if block.language == "json":
        shown = json.loads(block.text)
        try:
            found = json.loads(said)
        except ValueError:
            found = json.loads(said.splitlines()[0])
        return misfit(shown, found)
    for shown, found in zip(block.lines, said.splitlines()):
        if shown.startswith("data: "):
            if what := misfit(json.loads(shown[6:]), json.loads(found[6:])):
                return what
        elif shown != found:
            return f"said {found!r}, shown as {shown!r}"
    return None if said.strip() else "it said nothing"


def check_readme(checks, folder):
    environment = shell_environment(folder)
    lines = [
        line for block in blocks("README.md") if block.language == "sh" for line in block.lines
    ]
    checks.true("README.md has commands", len(lines) >= 5, f"only {len(lines)}")
    for line in lines:
        if line.startswith("goldstar serve"):
            said = first_line_of_server([*shlex.split(line), "--port", "0"], folder, environment)
            checks.true(f"README.md: {line}", "http://127.0.0.1:" in said, said)
            continue
        done = run(["sh", "-ec", line], folder, env=environment)
        checks.true(f"README.md: {line}", done.returncode == 0, done.stderr)
    exports = list(folder.glob("data/gold_star/exports/*.jsonl"))
    checks.equal(
        "README.md: examples exported", sum(len(e.read_text().splitlines()) for e in exports), 1
    )


def first_line_of_server(command, folder, environment):
    command[0] = binary()
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        said = server.stdout.readline()
        server.terminate()
    return said


def check_api(checks, folder):
    if shutil.which("curl") is None:
        return checks.skip("docs/api.md: the examples", "curl is not installed")
    data = folder / "data"
    goldstar("demo", data, "--records", 20, "--models", 2, "--seed", 1)
    before = files(data / "batches")
    environment = shell_environment(folder)
    all_blocks = [
        block for block in blocks("docs/api.md") if block.language in ("sh", "json", "text")
    ]
    with Server(data) as server:
        server.wait_until_ready()
        for block, after in zip(all_blocks, [*all_blocks[1:], None]):
            if block.language != "sh":
                continue
            name = f"docs/api.md: {block.headings[-1]}"
            done = run(
                ["sh", "-ec", block.text.replace(ADDRESS, server.address)], folder, env=environment
            )
            if done.returncode != 0:
                checks.fail(name, f"exit code {done.returncode}: {done.stderr or done.stdout}")
            elif after is not None and after.language != "sh":
                what = misfit_text(after, done.stdout)
                checks.true(name, what is None, what)
            else:
                checks.fail(name, "nothing shows its answer")
    checks.equal("batches are as they were", files(data / "batches"), before)
    for form in ["icl", "finetuning", "raw"]:
        once, twice = (
            goldstar("export", "--data", data, "--format", form, "--out", "-").stdout for _ in "12"
        )
        checks.true(
            f"the same {form} twice", once and once == twice, "the bytes differ, or there are none"
        )


def check_agreement(checks, folder):
    """The example of docs/agreement.md, made of stars."""
    *_, judged, expected = blocks("docs/agreement.md")
    data = folder / "observers"
    goldstar("demo", data, "--records", len(judged.lines[0].split()) - 1, "--models", 1)
    listed = goldstar("list", "--data", data, "--json", "--limit", 0).stdout.splitlines()
    ids = [json.loads(line)["custom_id"] for line in listed]
    stars = []
    for line in judged.lines:
        observer, *scores = line.split()
        stars += [
            {"custom_id": custom_id, "llm_output": "x", "quality_score": int(score)}
            | {"starred_by": observer, "starred_at": "2026-11-22T10:00:00Z"}
            for custom_id, score in zip(ids, scores)
            if score != "."
        ]
    journal = data / "gold_star" / "starred.jsonl"
    journal.parent.mkdir(exist_ok=True)
    journal.write_text("".join(json.dumps(star) + "\n" for star in stars))
    alpha = json.loads(goldstar("agreement", "--data", data, "--json").stdout)["alpha"]
    found = {metric: round(measured["value"], 3) for metric, measured in alpha.items()}
    checks.equal("docs/agreement.md: the example", found, expected.objects[0])


def check_routes(checks):
    document = json.loads(goldstar("openapi").stdout)
    pages = sections("docs/api.md")
    headings = {code(heading) for heading in pages if re.match(r"`[A-Z]+ /", heading)}
    routes = {
        f"{method.upper()} {path}": route
        for path, methods in document["paths"].items()
        for method, route in methods.items()
    }
    checks.equal("docs/api.md: the routes", sorted(headings), sorted(routes))
    for name, route in routes.items():
        # Who asks is said once, above the routes.
        names = {parameter["name"] for parameter in route.get("parameters", [])} - {"reviewer"}
        for content in route.get("requestBody", {}).get("content", {}).values():
            schema = document["components"]["schemas"][content["schema"]["$ref"].split("/")[-1]]
            names |= set(schema["properties"])
        if not names:
            continue
        text = name + pages.get(f"`{name}`", "")
        missing = [
            one for one in sorted(names) if f"`{one}`" not in text and f"{{{one}}}" not in text
        ]
        checks.equal(f"docs/api.md: what {name} takes", missing, [])


def place(block):
    """The file that an example of docs/format.md stands for, if it is one of a collection."""
    named = re.search(r"`((?:batches|gold_star)/\S+)`:$", block.before)
    if named:
        return named[1]
    folder = re.search(r"`(batches/\w+/|gold_star/starred.jsonl)`", block.headings[1])
    if folder and folder[1].endswith("/"):
        return f"{folder[1]}example.{block.language}"
    return folder and folder[1]


def check_format(checks, folder):
    """Each example by itself; the worked example as a whole."""
    examples, worked = [], []
    for block in blocks("docs/format.md"):
        if block.language in ("json", "jsonl") and len(block.headings) > 1 and place(block):
            (worked if block.headings[-1] == "A worked example" else examples).append(block)
    checks.true("docs/format.md has examples", len(examples) >= 15, f"only {len(examples)}")
    for number, block in enumerate(examples):
        report = read(folder / str(number), [block])
        where = place(block).split("/")
        name = f"docs/format.md: {block.headings[-1]}, example {number + 1}"
        key = {"input": "requests", "output": "outputs", "starred.jsonl": "lines"}[where[1]]
        enough = report[key] >= len(block.lines)
        checks.true(
            name,
            report["blemish_count"] == 0 and enough,
            f"{key} {report[key]}, {report['blemishes']}",
        )
    data = folder / "worked"
    report = read(data, worked)
    checks.equal("docs/format.md: the worked example has no blemish", report["blemishes"], [])
    checks.equal(
        "docs/format.md: its star is not stale", (report["stars"], report["stale"]), (1, [])
    )
    check_hashes(checks, worked)
    check_datasets(checks, data)
    check_index(checks, data)


def read(data, parts):
    """The report of `goldstar check` on a collection of these examples."""
    for block in parts:
        file = data / place(block)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block.text + "\n", encoding="utf-8")
    done = goldstar("check", "--json", "--data", data)
    if not done.stdout:
        raise RuntimeError(f"goldstar check: {done.stderr}")
    return json.loads(done.stdout)


def check_hashes(checks, worked):
    """Takes the hashes as the page describes them."""
    request, star = worked[0].objects[0], worked[-1].objects[0]
    name = "docs/format.md: hash of the {}"
    text = xxhash.xxh3_64_hexdigest(star["llm_output"].encode())
    checks.equal(name.format("output"), star["output_hash"], f"xxh3:{text}")
    parts = [
        part.encode() + b"\0"
        for m in request["body"]["messages"]
        for part in (m["role"], m["content"])
    ]
    checks.equal(
        name.format("input"),
        star["input_hash"],
        f"xxh3:{xxhash.xxh3_64_hexdigest(b''.join(parts))}",
    )


def check_datasets(checks, data):
    shown = [
        b
        for b in blocks("docs/format.md")
        if b.headings[1:2] and b.headings[1].startswith("Datasets")
    ]
    icl, finetuning, manifest = (json.loads(block.text) for block in shown)
    for form, example in [("icl", icl), ("finetuning", finetuning)]:
        done = goldstar("export", "--data", data, "--format", form, "--out", "-")
        checks.equal(f"docs/format.md: the line of {form}", json.loads(done.stdout), example)
    goldstar("export", "--data", data, "--format", "icl", "--min-quality", 9)
    for file in data.glob("gold_star/exports/*.manifest.json"):
        checks.equal("docs/format.md: the manifest", json.loads(file.read_text()), manifest)
    names = [file.name for file in (data / "gold_star/exports").iterdir()]
    fit = [
        name
        for name in names
        if re.fullmatch(r"gold_star_icl_\d{8}_\d{6}\.(jsonl|manifest\.json)", name)
    ]
    checks.equal("docs/format.md: names of exports", (len(names), len(fit)), (2, 2))


def check_index(checks, data):
    file = next((data / ".goldstar/index").glob("*.arrow")).read_bytes()
    body, trailer = file[:-16], file[-16:]
    summed = xxhash.xxh3_64_intdigest(file[:-8])
    checks.equal(
        "docs/format.md: the end of an index",
        (trailer[:4], int.from_bytes(trailer[8:], "little")),
        (b"GSIX", summed),
    )
    schema = pyarrow.ipc.open_file(pyarrow.BufferReader(body)).schema
    found = [(field.name, str(field.type), "yes" if field.nullable else "no") for field in schema]
    table = rows(sections("docs/format.md")["Caches: `.goldstar/`"])
    shown = [(code(cells[0]), cells[1], cells[2]) for head, cells in table if head == "column"]
    checks.equal("docs/format.md: columns of the index", shown, found)


def check_settings(checks, folder):
    source = page("crates/collection/src/settings.rs")
    declared = []
    parts = ["", "limits.", "blind.", "review."]
    for prefix in parts:
        name = "Written" + prefix[:-1].capitalize()
        fields = re.search(rf"struct {name} \{{(.*?)\n\}}", source, re.S)[1]
        found = re.findall(r"^\s*(?:pub\(crate\) )?(\w+): Option<", fields, re.M)
        declared += [prefix + field for field in found]
    table = rows(sections("docs/format.md")["Settings: `goldstar.toml`"])
    shown = {code(cells[0]): cells[1:3] for head, cells in table if head == "key"}
    checks.equal("docs/format.md: the settings", sorted(shown), sorted(declared))
    folder.mkdir()

    def accepts(text):
        (folder / "goldstar.toml").write_text(text, encoding="utf-8")
        return goldstar("list", "--data", folder).returncode

    example = next(b.text for b in blocks("docs/format.md") if b.language == "toml")
    checks.equal("docs/format.md: the example of settings", accepts(example), 0)
    limited = {key: cells for key, cells in shown.items() if key.startswith("limits.")}
    ranges = {k: span for k, (_, span) in limited.items() if re.fullmatch(r"\d+ to \d+", span)}
    for key, span in ranges.items():
        least, most = map(int, span.split(" to "))
        codes = [
            accepts("[{}]\n{} = {}\n".format(*key.split("."), value))
            for value in (least - 1, least, most, most + 1)
        ]
        checks.equal(f"docs/format.md: range of {key}", codes, [2, 0, 0, 2])
    accepts("")
    with Server(folder) as server:
        status = server.get("/api/status")
    limits = {f"limits.{key}": str(value) for key, value in status["limits"].items()}
    found = {**limits, "name_heading": f"`{status['heading']}`"}
    defaults = {key: shown.get(key, ["?"])[0] for key in found}
    checks.equal("docs/format.md: defaults", defaults, found)


def check_queries(checks, data):
    goldstar("demo", data, "--records", 20)
    short = next(block for block in blocks("docs/query.md") if block.headings[-1] == "In short")
    asked = [(["--", line], None) for line in short.lines]
    for title, text in sections("docs/query.md").items():
        for head, cells in rows(text):
            query = code(cells[0])
            if head == "sort":
                asked.append((["--sort", query], None))
            elif head == "example":
                asked.append((["--", query], code(cells[1]) if title == "Mistakes" else None))
    checks.true("docs/query.md has examples", len(asked) >= 40, f"only {len(asked)}")
    for arguments, mistake in asked:
        done = goldstar("list", "--data", data, *arguments)
        name = f"docs/query.md: {arguments[1]}"
        if mistake:
            holds = done.returncode == 2 and mistake in done.stderr
        else:
            holds = done.returncode == 0
        checks.true(name, holds, f"exit code {done.returncode}: {done.stderr}")


def check_verbs(checks):
    lines = goldstar("--help").stdout.split("Commands:")[1].split("Options:")[0].splitlines()
    verbs = [line.split()[0] for line in lines if re.match(r"  [a-z]", line)]
    shown = {
        code(cells[0]): cells[1] for head, cells in rows(page("README.md")) if head == "command"
    }
    checks.equal(
        "README.md: the commands",
        sorted(shown),
        sorted(f"goldstar {v}" for v in verbs if v != "help"),
    )
    for verb in verbs:
        if verb in ("completions", "help"):
            continue  # they have no options
        said = goldstar(verb, "--help").stdout
        options = set(re.findall(r"^\s+(?:-\w, )?(--[a-z-]+)", said, re.M)) - {"--help", "--data"}
        missing = [
            option
            for option in sorted(options)
            if f"`{option}" not in shown.get(f"goldstar {verb}", "")
        ]
        checks.equal(f"README.md: options of {verb}", missing, [])


def check_names(checks):
    """Links lead somewhere; files and functions that are named are there."""
    rust = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("crates/*/src/**/*.rs"))
    script = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("ui/src/state/*.ts"))
    for name in PAGES:
        text = re.sub(r"^```.*?^```$", "", page(name), flags=re.S | re.M)
        missing = [
            link
            for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"<!--.*?-->", "", text))
            if not link.startswith("http") and not leads(name, link)
        ]
        named = re.findall(r"`((?:crates|ui|xtask|docs|\.ci)/[^`\s]*)`", text)
        missing += [path for path in named if not list(ROOT.glob(path.rstrip("/")))]
        if name == "ARCHITECTURE.md":
            functions = re.findall(r"`[\w:]+::([a-z_]+)`", text)
            missing += [f for f in functions if not re.search(rf"\bfn {f}\b", rust)]
            methods = [m for m in re.findall(r"`([A-Z]\w+\.\w+)`", text) if not (ROOT / m).exists()]
            missing += [m for m in methods if not re.search(rf"\b{m.split('.')[1]}\(", script)]
            for room, said in sections(name).items():
                inside = re.findall(r"`((?:src/|build)[^`\s]*)`", said)
                missing += [file for file in inside if not (ROOT / code(room) / file).exists()]
        checks.equal(f"{name}: what it names is there", missing, [])


def leads(name, link):
    path, _, anchor = link.partition("#")
    target = (ROOT / name).parent / path if path else ROOT / name
    if not target.exists() or not anchor:
        return target.exists()
    headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.M)
    return anchor in [
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings
    ]


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="goldstar-docs-") as scratch:
        parts = [
            (check_readme, "readme"),
            (check_api, "api"),
            (check_format, "format"),
            (check_settings, "settings"),
            (check_queries, "queries"),
            (check_agreement, "agreement"),
            (check_routes, None),
            (check_verbs, None),
            (check_names, None),
        ]
        for part, name in parts:
            try:
                if name is None:
                    part(checks)
                    continue
                folder = Path(scratch, name)
                if part in (check_readme, check_api, check_format, check_agreement):
                    folder.mkdir()
                part(checks, folder)
            except Exception as error:
                checks.fail(part.__name__, f"{type(error).__name__}: {one_line(error)}")
    checks.close()


if __name__ == "__main__":
    main()
