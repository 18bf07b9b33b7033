"""Wrong words on the command line, ports that are taken, readers who stop: the exit codes."""

import contextlib
import socket
import subprocess

from goldstar import PANIC, binary, good_batch, result, run, run_all, write_lines

MODEL = "acme/alpha-70b"


def ports(checks, data):
    """A port that is taken: exit 3 and a hint."""
    good_batch(data, MODEL)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = run("serve", "--port", taken.getsockname()[1], data=data)
        checks.true("a port in use", ran.is_error(3, "hint:", "--port"), ran)
    ran = run("serve", "--port", "0", "--host", "203.0.113.7", data=data)
    checks.true("an address of somebody else", ran.is_error(3, "203.0.113.7"), ran)


def wrong_words(checks, data):
    """The exit codes: 1 what was asked for is not there, 2 the command line is wrong, 3 files."""
    output = good_batch(data, MODEL)
    write_lines(output / "other.jsonl", [result("good-0", "acme/beta", "So so.")])
    write_lines(output / "two.jsonl", [result("two", MODEL, "One.", "Two.")])
    (data / "folder").mkdir()
    star = ["star", "good-1", "--score"]
    cases = [
        (1, ["star", "nobody", "--score", "9"]),
        (1, [*star, "9", "--model", "acme/gamma"]),
        (1, [*star, "9", "--model", MODEL, "--choice", "4"]),
        (1, [*star, "9", "--choice", "4"]),
        (2, ["star", "good-0", "--score", "9"]),
        (2, ["star", "good-1"]),
        (2, ["star", "--score", "9"]),
        (2, ["star", "", "--score", "9"]),
        *[(2, [*star, score]) for score in ["0", "11", "-1", "9.5", "nine", ""]],
        (2, [*star, "9", "--choice", "-1"]),
        (2, [*star, "9", "--tags", "x" * 65]),
        (2, [*star, "9", "--notes", "x" * 70_000]),
        (2, [*star, "9", "--as", ""]),
        (2, [*star, "9", "--as", "a\nb"]),
        (1, ["unstar", "good-1"]),
        (1, ["unstar", "nobody"]),
        (2, ["unstar"]),
        (2, ["unstar", "good-1", "--choice", "x"]),
        (2, ["list", "score:"]),
        (2, ["list", 'one "open']),
        (2, ["list", "score:12..1x"]),
        (2, ["list", "--sort", "size"]),
        (2, ["list", "--limit", "-1"]),
        (2, ["list", "--offset", "x"]),
        (2, ["list", "x " * 3000]),
        (2, ["export", "--format", "csv"]),
        *[
            (2, ["export", "--min-quality", least])
            for least in ["0", "11", "nan", "inf", "abc", "-1"]
        ],
        (2, ["export", "--limit", "-1"]),
        (2, ["export", "--score", "median"]),
        (2, ["export", "--out", data / "folder"]),
        (3, ["export", "--out", "/dev/null/x.jsonl"]),
        (2, ["check", "--jsn"]),
        (2, ["demo", data]),
        (2, ["demo", data / "new", "--records", "0"]),
        (2, ["demo", data / "new", "--models", "0"]),
        (3, ["demo", data / "goldstar.toml" / "demo"]),
        (2, ["serve", "--port", "70000"]),
        (2, ["serve", "--host", "nowhere"]),
        (2, ["shine"]),
    ]
    (data / "goldstar.toml").write_text("")
    for code, words in cases:
        ran = run(*words, data=data, seconds=20)
        name = " ".join(str(word)[:20] for word in words).replace("\n", "\\n")
        checks.true(f"exit {code}: {name[:70]}", ran.is_error(code), ran)
    checks.true("nothing was written", not (data / "gold_star").exists(), "gold_star is there")
    checks.true("no demo was begun", not (data / "new").exists(), "it is there")
    checks.equal("no command", run().code, 2)


def readers_who_stop(checks, data):
    """`goldstar list | head -1` ends quietly; a full disk behind standard output is exit 3."""
    run("demo", data, "--records", "3000")
    run("star", "cand-0000001", "--model", "Llama-4-70B", "--score", "9", data=data)
    cases = [
        ["list", "--limit", "0"],
        ["list", "--limit", "0", "--json"],
        ["check", "--json"],
        ["export", "--format", "raw", "--out", "-"],
        ["--help"],
        ["completions", "bash"],
    ]
    for words in cases:
        command = [binary(), *words, *([] if words[0] == "--help" else ["--data", str(data)])]
        with contextlib.ExitStack() as stack:
            process = stack.enter_context(
                subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            )
            process.stdout.close()
            said = process.stderr.read().decode()
            code = process.wait(60)
        quiet = PANIC not in said and "error" not in said
        checks.true(f"closed early: {' '.join(words)}", quiet and code in (0, 1), f"{code} {said}")
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                command, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False
            )
        said = done.stderr.decode()
        told = PANIC not in said and (done.returncode == 3 or words[0] in ("--help", "completions"))
        checks.true(f"nowhere to write: {' '.join(words)}", told, f"{done.returncode} {said}")


if __name__ == "__main__":
    run_all(ports, wrong_words, readers_who_stop)
