"""Figures: runs side by side, what each cost, and the machine they ran on."""

import math
import os
import platform
import signal
import statistics
import subprocess
import threading
import time
from pathlib import Path

from goldstar import private_bytes

TICKS = os.sysconf("SC_CLK_TCK")


class Unavailable(Exception):
    """What was to be measured is not there; the message is the reason that the page gives."""


class Series:
    """The figures of one program at one work: by metric, all that was measured."""

    def __init__(self):
        self.metrics = {}
        self.skipped = None
        self.spent = 0.0
        self.longest = 0.0

    def add(self, found):
        found = found if isinstance(found, dict) else {"wall": found}
        for metric, value in found.items():
            values = value if isinstance(value, list) else [value]
            self.metrics.setdefault(metric, []).extend(values)

    def get(self, metric="wall"):
        return self.metrics.get(metric, [])


def side_by_side(works, rounds, seconds_max=300):
    """Runs each work once a round, so that a change of the machine's mood meets them all.

    A work that would take longer than `seconds_max` in all is repeated less often, and one that
    fails is left out with its reason.
    """
    found = {name: Series() for name in works}
    for number in range(rounds):
        names = list(works)
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            series = found[name]
            if series.skipped or series.spent + series.longest > seconds_max:
                continue
            began = time.monotonic()
            try:
                series.add(works[name]())
            except Exception as error:  # A peer that fails must not end the others.
                series.skipped = reason(error)
            took = time.monotonic() - began
            series.spent += took
            series.longest = max(series.longest, took)
    return found


def reason(error):
    """An exception as one line for the page."""
    text = " ".join(str(error).split())
    named = text if isinstance(error, Unavailable) else f"{type(error).__name__}: {text}"
    return named if len(named) <= 300 else named[:300] + "…"


def summary(values):
    """What the page says of a series: its middle, its quartiles and its ends."""
    ordered = sorted(values)
    if len(ordered) > 1:
        first, middle, third = statistics.quantiles(ordered, n=4, method="inclusive")
    else:
        first = middle = third = ordered[0]
    return {
        "n": len(ordered),
        "median": middle,
        "q1": first,
        "q3": third,
        "min": ordered[0],
        "max": ordered[-1],
        "p50": middle,
        "p95": percentile(ordered, 95),
        "p99": percentile(ordered, 99),
    }


def percentile(ordered, percent):
    """The smallest figure that so many of a hundred do not exceed (nearest rank)."""
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def timed(command, seconds_max, codes=(0,), stdin=None, capture=False):
    """Runs a program to its end: seconds, seconds of CPU, and what it said if asked for.

    It has a group of its own, so that at its time limit its children end with it.
    """
    out = subprocess.PIPE if capture else subprocess.DEVNULL
    began = time.monotonic()
    process = subprocess.Popen(
        [str(word) for word in command],
        stdin=stdin or subprocess.DEVNULL,
        stdout=out,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    said = [b"", b""]
    readers = [
        threading.Thread(target=drain, args=(pipe, said, number), daemon=True)
        for number, pipe in enumerate([process.stdout, process.stderr])
        if pipe
    ]
    for reader in readers:
        reader.start()
    late = threading.Event()
    timer = threading.Timer(seconds_max, lambda: (late.set(), end_group(process)))
    timer.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
        took = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        timer.cancel()
        end_group(process)
        for reader in readers:
            reader.join(5)
    name = Path(str(command[0])).name
    if late.is_set():
        raise Unavailable(f"{name} took longer than its limit of {seconds_max} s")
    if process.returncode not in codes:
        last = said[1].decode(errors="replace").strip().splitlines()[-1:]
        raise Unavailable(f"{name} ended with {process.returncode}: {' '.join(last)}")
    cost = {"wall": took, "cpu": usage.ru_utime + usage.ru_stime}
    return (cost, said[0].decode(errors="replace")) if capture else cost


def drain(pipe, said, number):
    with pipe:
        said[number] = pipe.read()


def end_group(process):
    """Ends a process that we started, and what it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def cpu_seconds(pid):
    """CPU time that a running process has used, its ended threads included."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    fields = fields.rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Peak:
    """The highest private memory of a process while a `with` block runs, sampled each 50 ms."""

    def __init__(self, pid):
        self.pid = pid
        self.bytes = 0
        self.ended = threading.Event()

    def __enter__(self):
        self.thread = threading.Thread(target=self.sample, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def sample(self):
        while not self.ended.is_set():
            try:
                self.bytes = max(self.bytes, private_bytes(self.pid))
            except OSError:
                return
            self.ended.wait(0.05)


def machine():
    """The machine as the page names it."""
    said = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    models = [line.split(":", 1)[1].strip() for line in said.splitlines() if "model name" in line]
    return {
        "cpu": models[0] if models else platform.processor() or platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def load():
    """The load average over 1, 5 and 15 minutes."""
    return [round(value, 2) for value in os.getloadavg()]


def memory_available():
    """Bytes that could be page cache."""
    for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 0
