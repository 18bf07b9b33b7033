"""Broken folders, files, journals and caches: a clear message, never a crash, never a hang."""

import codecs
import gzip
import json
import os
import shutil
import tempfile
from pathlib import Path

from goldstar import (
    Server,
    binary,
    good_batch,
    journal,
    lines,
    old_line,
    result,
    run,
    run_all,
    write_lines,
)

MODEL = "acme/alpha-70b"
LONG_BYTES = 300 * 1024 * 1024
NOBODY = 65534
TIME = "2025-10-29T12:34:56Z"


def one(custom_id):
    return (json.dumps(result(custom_id, MODEL, f"{custom_id} is good.")) + "\n").encode()


def records(data, **options):
    """The records that the command line lists, by id."""
    ran = run("list", "--json", "--limit", "0", data=data, **options)
    if ran.code != 0:
        raise RuntimeError(f"list: {ran}")
    found = [json.loads(line) for line in ran.out.splitlines()]
    return {record["custom_id"]: record for record in found}


def report(data, **options):
    """What `check` finds: its exit code, and the report."""
    ran = run("check", "--json", data=data, **options)
    return ran.code, json.loads(ran.out)


def bad_files(checks, data):
    """Every kind of file that is none: each is a blemish by its name, and good lines are shown."""
    output = good_batch(data, MODEL)
    files = {
        "long.jsonl": ["before", "after"],
        "not_utf8.jsonl": ["latin-1"],
        "utf16.jsonl": [],
        "cut.jsonl.gz": ["zipped-0"],
        "garbage.jsonl.zst": [],
        "garbage.jsonl.gz": [],
        "binary.jsonl": [],
        "no_json.jsonl": ["mixed"],
        "loop.jsonl": [],
        "dangling.jsonl": [],
    }
    with open(output / "long.jsonl", "wb") as file:
        file.write(one("before") + b'{"custom_id": "')
        for _ in range(LONG_BYTES // (1024 * 1024)):
            file.write(b"x" * (1024 * 1024))
        file.write(b'"}\n' + one("after"))
    spoilt = b'{"custom_id": "caf\xe9", "response": {}}\n'
    (output / "not_utf8.jsonl").write_bytes(spoilt + one("latin-1"))
    (output / "utf16.jsonl").write_bytes(
        codecs.BOM_UTF16_LE + one("wide").decode().encode("utf-16-le")
    )
    packed = gzip.compress(b"".join(one(f"zipped-{n}") for n in range(5000)))
    (output / "cut.jsonl.gz").write_bytes(packed[: len(packed) * 2 // 3])
    (output / "garbage.jsonl.zst").write_bytes(os.urandom(5000))
    (output / "garbage.jsonl.gz").write_bytes(b"\x1f\x8b" + os.urandom(5000))
    (output / "binary.jsonl").write_bytes(os.urandom(20000))
    (output / "no_json.jsonl").write_bytes(
        b"not JSON\n[]\n5\nnull\n{}\n" + one("mixed") + b'{"custom'
    )
    (output / "loop.jsonl").symlink_to("loop.jsonl")
    (output / "dangling.jsonl").symlink_to("nowhere.jsonl")
    (output / "empty.jsonl").write_bytes(b"")
    (output / "blank.jsonl").write_bytes(b"\n\r\n  \n")
    (output / "folder.jsonl").mkdir()
    write_lines(output / "folder.jsonl" / "inside.jsonl", [result("inside", MODEL, "Inside.")])
    code, found = report(data, seconds=120)
    checks.equal("check: something is wrong", code, 1)
    shown = records(data)
    blemishes = {Path(blemish["file"]).name for blemish in found["blemishes"]}
    for name, ids in files.items():
        checks.true(f"{name} is a blemish", name in blemishes, f"blemishes: {sorted(blemishes)}")
        missing = [custom_id for custom_id in ids if custom_id not in shown]
        checks.equal(f"{name}: good lines that are not shown", missing, [])
    for name in ["good.jsonl", "inside.jsonl"]:
        checks.true(f"{name} is no blemish", name not in blemishes, f"{found['blemishes']}")
    expected = {f"good-{n}" for n in range(3)} | {"inside"}
    checks.equal("good files beside them are shown", expected - set(shown), set())
    with_line = [b for b in found["blemishes"] if b["file"].endswith("no_json.jsonl")]
    named = [blemish.get("line") for blemish in with_line]
    checks.true("blemishes have their line", named[:2] == [1, 2] and 7 in named, f"{with_line}")
    with Server(data) as server:
        status = server.wait_until_ready()
        checks.equal("served: blemishes", status["blemishes"], found["blemish_count"])
        checks.equal("served: records", status["catalog"]["records"], len(shown))
        checks.equal(
            "served: a good record", server.record("after")["outputs"][0]["text"], "after is good."
        )


def links_that_go_round(checks, data):
    """A folder that links to itself is neither walked for ever nor shown many times."""
    output = good_batch(data, MODEL)
    (output / "again").symlink_to(".")
    (output / "up").symlink_to("..")
    (output / "more").symlink_to(output)
    shown = records(data, seconds=10)
    checks.equal("records", len(shown), 3)
    code, found = report(data, seconds=10)
    checks.equal("outputs", found["outputs"], 3)
    checks.equal("batches", found["batches"], 2)


def without_rights(checks, data):
    """As a user who may not read some of it: a blemish or exit 3, and what may be read is shown."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        checks.skip("without rights", "needs root and setpriv to become nobody")
        return
    home = Path(tempfile.mkdtemp(prefix="goldstar-nobody-"))
    try:
        as_nobody(checks, home)
    finally:
        shutil.rmtree(home)


def as_nobody(checks, home):
    # The binary may lie where nobody may not go.
    program = home / "goldstar"
    shutil.copy(binary(), program)
    setpriv = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    data = home / "data"
    output = good_batch(data, MODEL)
    (output / "secret.jsonl").write_bytes(one("secret"))
    (output / "locked").mkdir()
    (output / "locked" / "inside.jsonl").write_bytes(one("inside"))
    own(home)
    (output / "secret.jsonl").chmod(0)
    (output / "locked").chmod(0)
    kept = os.environ["GOLDSTAR_BIN"]
    os.environ["GOLDSTAR_BIN"] = str(program)
    try:
        checks.equal("no rights: good records", len(records(data, under=setpriv)), 3)
        code, found = report(data, under=setpriv)
        names = sorted(Path(blemish["file"]).name for blemish in found["blemishes"])
        checks.equal(
            "no rights: a file and a folder", (code, names), (1, ["locked", "secret.jsonl"])
        )
        ran = run("star", "good-0", "--score", "9", data=data, under=setpriv)
        checks.equal("a star beside them", ran.code, 0)
        no_right_to_write(checks, data, setpriv)
        no_right_to_read(checks, data, setpriv)
    finally:
        os.environ["GOLDSTAR_BIN"] = kept


def own(folder):
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, NOBODY, NOBODY)


def no_right_to_write(checks, data, setpriv):
    """A folder on a read-only disk, so to say: it is shown, and every act says why it fails."""
    shutil.rmtree(data / ".goldstar")
    for path in [
        data,
        data / "gold_star",
        data / "gold_star/starred.jsonl",
        data / "batches/output",
    ]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    checks.equal("read-only: good records", len(records(data, under=setpriv)), 3)
    ran = run("star", "good-1", "--score", "9", data=data, under=setpriv)
    checks.true("read-only: star exits 3", ran.is_error(3, "starred.jsonl", "permission"), ran)
    ran = run("export", data=data, under=setpriv)
    checks.true("read-only: export exits 3", ran.is_error(3, "exports", "permission"), ran)
    ran = run("export", "--out", "-", data=data, under=setpriv)
    checks.true("read-only: export to the screen", ran.code == 0 and ran.out.count("\n") == 1, ran)
    with Server(data, under=setpriv) as server:
        server.wait_until_ready()
        star = {"custom_id": "good-1", "quality_score": 9}
        status, _, body = server.call("POST", "/api/gold-star", star)
        checks.true(
            "read-only: a star is 5xx", status >= 500 and b"ermission" in body, f"{status} {body!r}"
        )
        status, _, body = server.call("GET", "/api/export-gold-star")
        checks.true(
            "read-only: export is 5xx", status >= 500 and b"ermission" in body, f"{status} {body!r}"
        )
        checks.equal("read-only: the star that is there", len(server.get("/api/gold-star")), 1)


def no_right_to_read(checks, data, setpriv):
    """Without its journal, or without its folder, nothing is pretended."""
    journal(data).chmod(0)
    for words in [
        ["list"],
        ["star", "good-1", "--score", "9"],
        ["export"],
        ["check"],
        ["serve", "--port", "0"],
    ]:
        ran = run(*words, data=data, under=setpriv)
        checks.true(f"secret journal: {words[0]} exits 3", ran.is_error(3, "starred.jsonl"), ran)
    data.chmod(0)
    ran = run("list", data=data, under=setpriv)
    checks.true("secret folder: exit 3", ran.is_error(3, str(data)), ran)
    data.chmod(0o755)
    journal(data).chmod(0o644)


def folders_that_are_none(checks, folder):
    """No folder, a file, a folder without batches, an empty one."""
    (folder / "file").write_text("x")
    commands = [
        ["list"],
        ["check"],
        ["export"],
        ["star", "a", "--score", "9"],
        ["unstar", "a"],
        ["serve", "--port", "0"],
    ]
    for words in commands:
        for name, word in [("nowhere", "no such folder"), ("file", "not a folder")]:
            ran = run(*words, data=folder / name)
            checks.true(f"{words[0]} --data {name}: exit 3", ran.is_error(3, name, word), ran)
    checks.true("nothing was made", not (folder / "nowhere").exists(), "the folder is there now")
    empty = folder / "empty"
    empty.mkdir()
    ran = run("list", data=empty)
    checks.true("list of an empty folder", ran.code == 0 and "0 of 0" in ran.out, ran)
    ran = run("check", data=empty)
    checks.true("check of an empty folder", ran.code == 1 and "no batches/" in ran.err, ran)
    with Server(empty) as server:
        status = server.wait_until_ready()
        checks.equal("serve without batches", status["catalog"]["records"], 0)
        checks.equal("its first page", server.get("/api/records")["total"], 0)
        checks.equal("its export", server.call("GET", "/api/export-gold-star")[2], b"")


def settings_that_are_wrong(checks, data):
    """A broken goldstar.toml ends everything with exit 2 and names the line."""
    good_batch(data, MODEL)
    cases = [
        ('name_heading = "Question"\nlimits = [[\n', "line 2"),
        ('# fine\n\nname_headin = "Q"\n', "line 3"),
        ("name_heading = 5\n", "line 1"),
        ("[limits]\npage = 0\n", "limits.page"),
        ("[limits]\nbody_bytes = -5\n", "line 2"),
        ('name_regex = "("\n', "name_regex"),
    ]
    for text, word in cases:
        (data / "goldstar.toml").write_text(text)
        for words in [["list"], ["serve", "--port", "0"]]:
            ran = run(*words, data=data)
            checks.true(f"{words[0]} with {text!r}", ran.is_error(2, "goldstar.toml", word), ran)
    (data / "goldstar.toml").write_bytes(b"\xff\xfe\x00")
    ran = run("list", data=data)
    checks.true("settings that are not UTF-8", ran.is_error(2, "goldstar.toml"), ran)
    (data / "goldstar.toml").unlink()
    (data / "goldstar.toml").mkdir()
    ran = run("list", data=data)
    checks.true("settings that are a folder", ran.is_error(3, "goldstar.toml"), ran)


def journals_that_are_none(checks, data):
    """Garbage is kept and named, stars go on behind it; a folder in its place ends with exit 3."""
    good_batch(data, MODEL)
    path = journal(data)
    path.parent.mkdir()
    garbage = os.urandom(100_000).replace(b"\n", b"?") + b"\n\xff\xfe\n{}\n[1]\n\x00\x00\n"
    garbage += b'{"custom_id": "good-1", "quality_score": 99}\n'
    good = old_line("good-2", "good-2 is good.", 7, "ann", TIME).encode()
    path.write_bytes(garbage + good)
    code, found = report(data)
    checks.equal("garbage: check", (code, found["stars"]), (1, 1))
    named = {b["file"] for b in found["blemishes"]}
    checks.equal("garbage: named", named, {"gold_star/starred.jsonl"})
    checks.equal("garbage: each line", found["blemish_count"], 6)
    ran = run("star", "good-0", "--score", "9", data=data)
    checks.equal("garbage: a star behind it", ran.code, 0)
    with Server(data) as server:
        server.wait_until_ready()
        checks.equal("garbage: stars", len(server.get("/api/gold-star")), 2)
        checks.equal(
            "garbage: raw leaves without it",
            server.call("GET", "/api/export-gold-star?format=raw")[0],
            200,
        )
    checks.true("garbage: kept", path.read_bytes().startswith(garbage + good), "it is not")
    path.unlink()
    path.mkdir()
    for words in [
        ["list"],
        ["star", "good-0", "--score", "9"],
        ["check"],
        ["serve", "--port", "0"],
    ]:
        ran = run(*words, data=data)
        checks.true(f"a folder as journal: {words[0]}", ran.is_error(3, "starred.jsonl"), ran)
    shutil.rmtree(path.parent)
    path.parent.write_text("x")
    ran = run("star", "good-0", "--score", "9", data=data)
    checks.true("a file where gold_star/ should be", ran.is_error(3, "gold_star"), ran)


def caches_that_are_broken(checks, data):
    """An index that is cut, flipped or no file gives the same answers and is said to be damaged."""
    good_batch(data, MODEL, records=50)
    expected = records(data)
    kept = list((data / ".goldstar" / "index").glob("*.arrow"))
    checks.true("there is an index", len(kept) >= 2, f"{kept}")
    index = max(kept, key=lambda path: path.stat().st_size)
    whole = index.read_bytes()
    size = len(whole)
    broken = {f"cut at {at}": whole[:at] for at in [0, 1, 15, 16, size // 2, size - 17, size - 1]}
    for at in [0, 8, size // 3, size // 2, size - 20, size - 12, size - 1]:
        flipped = bytes([whole[at] ^ 0x10])
        broken[f"flipped at {at}"] = whole[:at] + flipped + whole[at + 1 :]
    broken["zeros"] = bytes(size)
    broken["twice"] = whole + whole
    for name, content in broken.items():
        index.write_bytes(content)
        code, found = report(data)
        said = [b for b in found["blemishes"] if "index" in b["what"]]
        checks.true(f"index {name}: it is said", code == 1 and len(said) == 1, f"{code} {found}")
        checks.true(f"index {name}: the same answers", records(data) == expected, "they differ")
        checks.equal(f"index {name}: made anew", report(data)[0], 0)
    index.unlink()
    index.mkdir()
    checks.true(
        "an index that is a folder: the same answers", records(data) == expected, "they differ"
    )
    shutil.rmtree(data / ".goldstar")
    (data / ".goldstar").write_text("x")
    checks.true("a file as .goldstar: the same answers", records(data) == expected, "they differ")


def changed_after_starring(checks, data):
    """`check` is 0 on a clean folder, 1 when a starred output is another now; the star stays."""
    output = good_batch(data, MODEL)
    for custom_id in ["good-0", "good-1"]:
        run("star", custom_id, "--score", "9", data=data)
    ran = run("check", data=data)
    checks.true("clean: exit 0", ran.code == 0 and "nothing is wrong" in ran.out, ran)
    good = lines(output / "good.jsonl")
    good[1]["response"]["body"]["choices"][0]["message"]["content"] = "On reflection, no."
    write_lines(output / "good.jsonl", good)
    ran = run("check", data=data)
    told = ran.code == 1 and "stale" in ran.out and "good-1" in ran.out and "good-0" not in ran.out
    checks.true("stale: exit 1, and which star", told, ran)
    checks.equal(
        "stale: in the report", [s["custom_id"] for s in report(data)[1]["stale"]], ["good-1"]
    )
    found = {key: [s["stale"] for s in record["stars"]] for key, record in records(data).items()}
    checks.equal(
        "stale: shown, not dropped", found, {"good-0": [False], "good-1": [True], "good-2": []}
    )
    (output / "good.jsonl").unlink()
    (data / "batches/input/good.jsonl").unlink()
    checks.equal("no batch any more: stars are not stale", report(data)[1]["stars"], 2)
    write_lines(output / "good.jsonl", [result("other", MODEL, "Other.")])
    with Server(data) as server:
        server.wait_until_ready()
        checks.equal("and are still listed", len(server.get("/api/gold-star")), 2)


if __name__ == "__main__":
    run_all(
        bad_files,
        links_that_go_round,
        without_rights,
        folders_that_are_none,
        settings_that_are_wrong,
        journals_that_are_none,
        caches_that_are_broken,
        changed_after_starring,
    )
