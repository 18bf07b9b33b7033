"""Counts records, outputs and models of real batches in ten lines, and asks Goldstar for the same."""

import shutil
import tempfile
from collections import Counter
from pathlib import Path

from goldstar import Checks, Server, lines, shared

SETS = ["gsm8k", "vicuna80", "squality"]
SAMPLE = 200


def count(data):
    """What the batches hold, computed without Goldstar."""
    outputs, models = set(), Counter()
    for file in data.glob("batches/*/output/*.jsonl"):
        for line in lines(file):
            body = line["response"]["body"]
            for choice in body["choices"]:
                outputs.add((line["custom_id"], body["model"], choice["index"]))
    for _, model, _ in outputs:
        models[model] += 1
    return sorted({custom_id for custom_id, _, _ in outputs}), len(outputs), dict(models)


def prompts(data):
    """The messages that were asked, by custom_id; a record may have been asked several times."""
    asked = {}
    for file in data.glob("batches/*/input/*.jsonl"):
        for line in lines(file):
            messages = [(m["role"], m["content"]) for m in line["body"]["messages"]]
            asked.setdefault(line["custom_id"], []).append(messages)
    return asked


def check(checks, data):
    records, outputs, models = count(data)
    asked = prompts(data)
    with Server(data) as server:
        status = server.wait_until_ready()
        checks.equal("records", status["catalog"]["records"], len(records))
        checks.equal("outputs", status["catalog"]["outputs"], outputs)
        found = {model["name"]: model["outputs"] for model in status["models"]}
        checks.equal("outputs of each model", found, models)
        checks.equal("total of an empty query", server.get("/api/records")["total"], len(records))
        wrong = []
        for custom_id in records[:: max(1, len(records) // SAMPLE)]:
            prompt = server.record(custom_id)["prompt"]
            if [(m["role"], m["content"]) for m in prompt] not in asked[custom_id]:
                wrong.append(custom_id)
        checks.equal("records without their prompt", wrong, [])


def main():
    checks = Checks()
    real = shared("data/real")
    if real is None:
        checks.skip("counts", "GOLDSTAR_SHARED has no data/real")
        checks.close()
    with tempfile.TemporaryDirectory(prefix="goldstar-counts-") as folder:
        data = Path(folder)
        for name in SETS:
            for part in ["input", "output"]:
                shutil.copytree(real / name / part, data / "batches" / name / part)
        try:
            check(checks, data)
        except Exception as error:
            checks.fail("counts", f"{type(error).__name__}: {error}")
    checks.close()


if __name__ == "__main__":
    main()
