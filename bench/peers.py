"""The reference programs: where they are, how they are installed, how they are run."""

import json
import os
import re
import select
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from measure import Unavailable, end_group, timed

HERE = Path(__file__).resolve().parent
INSTALL_SECONDS_MAX = 900
WORK_SECONDS_MAX = 900
ASK_SECONDS_MAX = 120


class Folder:
    """A Python with the packages of one requirements file, made once for each content of it."""

    def __init__(self, folder, requirements):
        self.folder = folder
        self.requirements = HERE / requirements
        self.missing = None
        self.is_made = False

    def program(self, name):
        """The path of an installed program; installs everything at the first call."""
        self.install()
        path = self.folder / "bin" / name
        if self.missing or not path.exists():
            raise Unavailable(self.missing or f"{name} is not in {self.requirements.name}")
        return path

    def install(self):
        if self.is_made:
            return
        self.is_made = True
        stamp = self.folder / "installed.txt"
        wanted = self.requirements.read_text(encoding="utf-8")
        if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
            return
        print(f"installing {self.requirements.name}", flush=True)
        try:
            venv.create(self.folder, clear=True, with_pip=True)
            pip = [self.folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-deps"]
            timed([*pip, "--no-input", "-r", self.requirements], INSTALL_SECONDS_MAX)
            stamp.write_text(wanted, encoding="utf-8")
        except (Unavailable, OSError, subprocess.SubprocessError) as error:
            self.missing = f"not installed: {error}"

    def version(self, package):
        """The pinned version of a package."""
        found = re.search(
            rf"^{re.escape(package)}==(\S+)", self.requirements.read_text("utf-8"), re.MULTILINE
        )
        return found.group(1) if found else None


class Peers:
    """All reference programs of a run."""

    def __init__(self, target):
        self.main = Folder(target / "peers", "requirements.txt")
        self.studio = Folder(target / "label-studio", "requirements-label-studio.txt")

    def job(self, *words, python=None, seconds_max=WORK_SECONDS_MAX):
        """Runs a work of jobs.py; its seconds are those it counted inside."""
        python = python or self.main.program("python")
        command = [python, HERE / "jobs.py", *words]
        cost, said = timed(command, seconds_max, capture=True)
        found = json.loads(said)
        return {**found, "cpu": cost["cpu"]}

    def loop(self, files):
        return self.job("loop", *files, python=sys.executable)

    def count(self, files):
        found = self.job("count", *files, python=sys.executable)
        return {"answers": found["answers"], "prompts": found["prompts"]}

    def table(self, folder, database=":memory:"):
        if database != ":memory:":
            Path(database).unlink(missing_ok=True)
            Path(f"{database}.wal").unlink(missing_ok=True)
        return self.job("table", database, folder)

    def ripgrep(self):
        """The ripgrep of this machine, else the installed one."""
        return shutil.which("rg") or self.main.program("rg")

    def grep(self, files, *words):
        """Counts matching lines; finding none is an answer too."""
        command = [self.ripgrep(), "--count", "--no-config", *words, *files]
        return timed(command, WORK_SECONDS_MAX, codes=(0, 1))

    def versions(self):
        """The version of each program that takes part."""
        wc = subprocess.run(["wc", "--version"], capture_output=True, text=True, check=False)
        found = {"wc": (wc.stdout.splitlines() or ["unknown"])[0].removeprefix("wc ")}
        try:
            said = subprocess.run(
                [self.ripgrep(), "--version"], capture_output=True, text=True, check=False
            )
            found["ripgrep"] = (said.stdout.splitlines() or ["unknown"])[0].split()[1]
        except Unavailable:
            pass
        for package in ["duckdb", "sqlite-utils", "datasette"]:
            if not self.main.missing:
                found[package] = self.main.version(package)
        return found


def wc(files):
    """Counts lines: the limit of reading."""
    return timed(["wc", "-l", *files], WORK_SECONDS_MAX)


def cat(files):
    """Reads and throws away: the limit of copying out of the page cache."""
    return timed(["cat", *files], WORK_SECONDS_MAX)


class Duck:
    """A DuckDB that has its file open and answers statements, for the length of a `with`."""

    def __init__(self, peers, database):
        self.command = [peers.main.program("python"), HERE / "jobs.py", "ask", database]

    def __enter__(self):
        self.process = subprocess.Popen(
            [str(word) for word in self.command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        return self

    def __exit__(self, *_):
        end_group(self.process)
        self.process.communicate()

    def ask(self, *statements):
        """Seconds until all rows of all statements are fetched."""
        self.process.stdin.write(json.dumps(statements).encode() + b"\n")
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], ASK_SECONDS_MAX)
        line = self.process.stdout.readline() if ready else b""
        if not line:
            raise Unavailable(f"DuckDB did not answer within {ASK_SECONDS_MAX} s")
        found = json.loads(line)
        if "error" in found:
            raise Unavailable(f"DuckDB: {found['error']}")
        return found["wall"]
