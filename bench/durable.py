"""Rows of starring together: 64 clients at once, each star on the disk before it is acknowledged."""

import json
import shutil
import subprocess

import goldstar
import ours
from measure import Unavailable, percentile, side_by_side
from opening import synced
from results import OURS

CLIENTS = 64
SECONDS = 5
FDATASYNC = "fdatasync of 4 KiB"
# Each thread of wrk has a script of its own, so that ids of records differ between them.
SCRIPT = """
local number, thread = 0, 0
function setup(it) it:set("thread", thread); thread = thread + 1 end
request = function()
  number = number + 1
  local id = string.format("cand-%07d", 1 + (number * 7919 + thread * 31) % RECORDS)
  local body = '{"custom_id":"' .. id .. '","quality_score":' .. 1 + number % 10 ..
    ',"model":"MODEL","starred_by":"bench-' .. thread .. '","tags":["clear"]}'
  return wrk.format("POST", "/api/gold-star", {["Content-Type"] = "application/json"}, body)
end
done = function(summary, latency, requests)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read +
    summary.errors.write + summary.errors.timeout
  io.write(string.format('\\n{"stars":%d,"seconds":%f,"failed":%d,"p99":%f}\\n',
    summary.requests, summary.duration / 1e6, failed, latency:percentile(99) / 1e6))
end
"""


def rows(run, corpus):
    """Stars a second and how long one waits, beside the disk's own rate in the same run."""
    wrk = shutil.which("wrk")
    if not wrk:
        raise Unavailable("wrk is not installed; Debian's package is called wrk")
    folder = corpus.whole()
    with goldstar.Server(folder) as server, ours.Client(server.address) as client:
        status = ours.settled(client)
        script = folder / "stars.lua"
        text = SCRIPT.replace("MODEL", status["models"][0]["name"])
        script.write_text(text.replace("RECORDS", str(status["catalog"]["records"])))
        address = server.address
        works = {
            OURS: lambda: together(wrk, script, address),
            FDATASYNC: lambda: alone(folder),
        }
        found = side_by_side(works, run.rounds)
        script.unlink()
        # On a connection of its own: the one from before has been idle for too long.
        lines = server.get("/api/status")["journal"]["lines"]
    acknowledged = sum(found[OURS].get("stars"))
    if lines < acknowledged:
        raise RuntimeError(f"{acknowledged} stars were acknowledged, {lines} lines are there")
    note = f"{CLIENTS} clients by wrk, {SECONDS} s a round"
    run.results.pair(
        "stars together", corpus.name, found, FDATASYNC, metric="rate", unit="/s", note=note
    )
    run.results.pair("stars together, wait", corpus.name, found, FDATASYNC, metric="p99")


def together(wrk, script, address):
    load = [wrk, "-t2", f"-c{CLIENTS}", f"-d{SECONDS}s", "-s", str(script), address]
    ran = subprocess.run(load, capture_output=True, text=True, timeout=60, check=True)
    said = json.loads(ran.stdout.strip().splitlines()[-1])
    if said["failed"]:
        raise RuntimeError(f"{said['failed']} stars failed: {ran.stdout[-500:]}")
    return {"stars": said["stars"], "p99": said["p99"], "rate": said["stars"] / said["seconds"]}


def alone(folder):
    """What the disk gives to one who syncs each write."""
    times = sorted(synced(folder))
    return {"p99": percentile(times, 99), "rate": len(times) / sum(times)}
