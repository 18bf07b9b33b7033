"""Damage to the caches: cut, flipped or of another version, they never change an answer.

A cut and a flip in every 4 KiB of the index of a small demo; with `--full`, of one with some 2 MB of
index. The full-text index is damaged too where there is one.
"""

import os
import random
import shutil
import sys
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import xxhash

from goldstar import Server, call, run, run_all, short, within

FULL = "--full" in sys.argv
RECORDS = 6_000 if FULL else 300
SEED = 4
BLOCK = 4096
TRAILER = 16
# Looked for in the full-text index; some are in every text, some in few.
WORDS = ["leadership", '"a project"', "name:a percent", "-scope", "budget model:llama", "lead*"]
# Files of the full-text index that are damaged in the short form: it takes a server each time.
SEARCH_FILES = None if FULL else 4
BUILT_SECONDS_MAX = 120


class Folder:
    """A demo with whole caches, their copy, and the answers that it gave."""

    def __init__(self, data):
        self.data, self.cache, self.kept = data / "data", data / "data/.goldstar", data / "kept"
        demo = ["demo", self.data, "--records", RECORDS, "--models", 2, "--seed", SEED]
        ran = run(*demo, seconds=120)
        if ran.code != 0:
            raise RuntimeError(f"no demo could be made: {ran}")
        # A server, so that the full-text index is made too where there is one.
        self.answer()
        with Server(self.data) as server:
            self.found = searched(server)
        self.rows = self.answer()
        shutil.copytree(self.cache, self.kept)

    def files(self, part):
        """Files of a cache, by their place in it."""
        found = [path for path in (self.kept / part).rglob("*") if path.is_file()]
        return sorted(path.relative_to(self.kept) for path in found)

    def damaged(self, file, content):
        """Whole caches but for this file, which gets other bytes; None takes it away."""
        shutil.rmtree(self.cache, ignore_errors=True)
        # Links are enough for what is whole: caches are replaced, never written in place.
        shutil.copytree(self.kept, self.cache, copy_function=linked)
        os.unlink(self.cache / file)
        if content is not None:
            (self.cache / file).write_bytes(content)

    def answer(self):
        """Every row as `goldstar list` gives it."""
        ran = run("list", "--limit", 0, "--json", data=self.data)
        return ran.out if ran.code == 0 else str(ran)

    def blemishes(self):
        """What `goldstar check` says of the caches; the next one says nothing any more."""
        said = run("check", data=self.data)
        return [line for line in said.out.splitlines() if line.startswith(".goldstar/")]


def linked(source, target):
    # A full-text index is mapped and may be written to, so it is copied.
    if Path(source).suffix == ".arrow":
        os.link(source, target)
    else:
        shutil.copy2(source, target)


def searched(server):
    """Ids that the words find, before and after the full-text index is ready."""
    server.wait_until_ready()
    connection = server.connection()
    answers = []
    for _ in range(2):
        for words in WORDS:
            path = "/api/records?limit=500&q=" + urllib.parse.quote(words)
            status, _, body = call(connection, "GET", path)
            answers.append((status, without_view(body)))
        state = lambda: server.get("/api/status")["search"]["state"]
        within(BUILT_SECONDS_MAX, lambda: state() != "building")
    connection.close()
    return answers


def without_view(body):
    """An answer without the name of its view, which is another after each start."""
    before, _, after = body.partition(b'"view":"')
    return before + after.partition(b'"')[2]


def damages(content, rng):
    """(what, bytes) for a file: cuts, flips, and no file at all."""
    yield "taken away", None
    for at in range(0, len(content), BLOCK):
        yield f"cut at {at}", content[:at]
        end = min(at + BLOCK, len(content))
        place, bit = rng.randrange(at, end), rng.randrange(8)
        flipped = bytearray(content)
        flipped[place] ^= 1 << bit
        yield f"bit {bit} of byte {place} flipped", bytes(flipped)
    if len(content) % BLOCK:
        yield "its last byte cut off", content[:-1]
    yield "zeros behind it", content + bytes(BLOCK)


def versions(content):
    """A file as a later Goldstar, or an earlier one, would have left it: (what, bytes)."""
    for version in [0, 2**31]:
        whole = content[:-12] + version.to_bytes(4, "little")
        # Beside a sum that fits, and beside the old one.
        yield f"version {version}", whole + xxhash.xxh3_64(whole).digest()[::-1]
        yield f"version {version} with the old sum", whole + content[-8:]


def an_index_is_damaged(checks, folder):
    """Each damage to the columns: the same rows as from whole ones, and a blemish that names it."""
    folder = Folder(folder)
    files = folder.files("index")
    size = sum((folder.kept / file).stat().st_size for file in files)
    began, tried = time.monotonic(), 0
    wrong, silent, told = [], [], []
    rng = random.Random(SEED)
    for file in files:
        content = (folder.kept / file).read_bytes()
        name = f".goldstar/{file.as_posix()}: "
        for what, other in [*damages(content, rng), *versions(content)]:
            tried += 1
            folder.damaged(file, other)
            if (rows := folder.answer()) != folder.rows:
                wrong.append(f"{file.name}, {what}: {first_difference(rows, folder.rows)}")
            # Once more, since the first look has made it whole.
            folder.damaged(file, other)
            said = folder.blemishes()
            is_told = len(said) == 1 and said[0].startswith(name)
            may_be_silent = other is None or (what.startswith("version") and "old" not in what)
            if not is_told and not may_be_silent:
                silent.append(f"{file.name}, {what}: {said}")
            if said and may_be_silent:
                told.append(f"{file.name}, {what}: {said}")
    print(f"{tried} damages to {len(files)} files of {size} bytes: {time.monotonic() - began:.1f} s")
    checks.true("rows are right after every damage", not wrong, f"{len(wrong)}: {wrong[:2]}")
    checks.true("each damage is a blemish", not silent, f"{len(silent)}: {silent[:2]}")
    checks.true("no file, or another version, is none", not told, f"{len(told)}: {told[:2]}")
    files_change_places(checks, folder, files)
    a_server_starts(checks, folder, files)
    a_search_index_is_damaged(checks, folder)


def files_change_places(checks, folder, files):
    """A whole index under another batch's name is not taken for that batch's."""
    wrong = []
    for file, other in zip(files, files[1:] + files[:1]):
        folder.damaged(file, (folder.kept / other).read_bytes())
        if (rows := folder.answer()) != folder.rows:
            wrong.append(f"{other.name} as {file.name}: {first_difference(rows, folder.rows)}")
    checks.true("an index of another batch is not used", not wrong, f"{len(wrong)}: {wrong[:2]}")


def a_server_starts(checks, folder, files):
    """The server too: all index files damaged at once, each a blemish of its own."""
    rng = random.Random(SEED)
    folder.damaged(files[0], None)
    for file in files:
        content = (folder.kept / file).read_bytes()
        changed = bytearray(content)
        changed[rng.randrange(len(content))] ^= 16
        os.unlink(folder.cache / file) if (folder.cache / file).exists() else None
        (folder.cache / file).write_bytes(changed)
    with Server(folder.data) as server:
        found = searched(server)
        said = {blemish["file"] for blemish in server.get("/api/blemishes")["blemishes"]}
    checks.true("a server answers the same", found == folder.found, first_answer(found, folder.found))
    expected = {f".goldstar/{file.as_posix()}" for file in files}
    checks.equal("and tells of each file", expected - said, set())


def a_search_index_is_damaged(checks, folder):
    """Damage to the full-text index: words find the same, by a server started on it."""
    files = folder.files("search") if (folder.kept / "search").is_dir() else []
    if not files:
        checks.skip("a damaged full-text index", "there is no .goldstar/search")
        return
    began, tried, noticed, wrong = time.monotonic(), 0, 0, []
    rng = random.Random(SEED)
    chosen = []
    for file in rng.sample(files, min(SEARCH_FILES or len(files), len(files))):
        content = (folder.kept / file).read_bytes()
        all_of_it = list(damages(content, rng))
        chosen += [(file, *each) for each in (all_of_it if FULL else rng.sample(all_of_it, 3))]
    for file, what, other in chosen:
        tried += 1
        folder.damaged(file, other)
        try:
            with Server(folder.data) as server:
                found = searched(server)
                said = server.get("/api/blemishes")["blemishes"]
        except (RuntimeError, OSError) as error:
            wrong.append(f"{file}, {what}: {error}")
            continue
        noticed += any(blemish["file"].startswith(".goldstar/search") for blemish in said)
        if found != folder.found:
            wrong.append(f"{file}, {what}: {first_answer(found, folder.found)}")
    took = f"{time.monotonic() - began:.1f} s"
    print(f"{tried} damages to {len(files)} files of the full-text index, {noticed} noticed: {took}")
    checks.true("words find the same after every damage", not wrong, f"{len(wrong)}: {wrong[:2]}")


def first_difference(rows, expected):
    pairs = zip(rows.splitlines(), expected.splitlines())
    found = [(one, other) for one, other in pairs if one != other]
    counts = f"{rows.count(chr(10))} rows of {expected.count(chr(10))}"
    return f"{counts}, the first other one: {short(found[0]) if found else 'none'}"


def first_answer(found, expected):
    wrong = [at for at, (one, other) in enumerate(zip(found, expected)) if one != other]
    if not wrong:
        return "as many answers"
    at = wrong[0]
    return f"`{WORDS[at % len(WORDS)]}`: {short(found[at])}, expected {short(expected[at])}"


if __name__ == "__main__":
    run_all(an_index_is_damaged)
