"""What leaves, computed a second time here: order, filters, scores, bytes, what trainers load."""

import hashlib
import json
import os
import re
import time
import urllib.parse
from collections import Counter
from datetime import datetime, timedelta

from goldstar import OLD_KEYS, Server, journal, lines, result, run, run_all, write_lines

EXPORT = "/api/export-gold-star"
ICL_KEYS = [
    "input",
    "llm_output",
    "custom_id",
    "candidate_name",
    "model",
    "quality_score",
    "tags",
    "notes",
    "starred_by",
    "starred_at",
]
ROLES = {"system", "developer", "user", "assistant", "tool"}
BEST = 150
# A chat template in ChatML, as many models have it.
CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{{ message['content'] }}<|im_end|>\n{% endfor %}"
)


class Made:
    """A demo whose journal was written here, so that everything about it is known."""

    def __init__(self, data, records=400):
        ran = run("demo", data, "--records", records)
        if ran.code != 0:
            raise RuntimeError(f"the demo was not made: {ran}")
        self.data = data
        self.prompts = prompts(data)
        self.outputs, self.failed = outputs(data)
        orphan = "No request for this was kept."
        write_lines(data / "batches/output/orphan.jsonl", [result("orphan-1", "acme/m", orphan)])
        write_journal(self, orphan)
        self.stars = lines(journal(data))


def prompts(data):
    """The messages that were asked, by custom_id."""
    asked = {}
    for file in sorted(data.glob("batches/input/*.jsonl")):
        for line in lines(file):
            asked[line["custom_id"]] = line["body"]["messages"]
    return asked


def outputs(data):
    """Plain outputs: answered once, with one choice, in text without reasoning; and errors."""
    count, plain, failed = Counter(), [], []
    for file in sorted(data.glob("batches/output/*.jsonl")):
        found = lines(file)
        model = next(
            line["response"]["body"]["model"] for line in found if line["response"]["body"]
        )
        for line in found:
            key = (line["custom_id"], model)
            count[key] += 1
            body = line["response"]["body"]
            if body is None:
                failed.append(key)
            elif len(body["choices"]) == 1 and body["choices"][0]["finish_reason"] == "stop":
                text = body["choices"][0]["message"]["content"] or ""
                if text.strip() and "<think>" not in text:
                    plain.append((*key, text))
    once = [output for output in plain if count[output[:2]] == 1]
    return once, [key for key in failed if count[key] == 1]


def write_journal(made, orphan):
    """150 stars at 9 or 10, 30 below, several reviewers on some, three that cannot be formed."""
    start = datetime(2026, 1, 1)
    written = []

    def star(number, custom_id, model, text, score, by, tags):
        # Seven stars have the same time, so that the id has to decide.
        at = start + timedelta(minutes=(number * 7919 % 180) // 7)
        values = [custom_id, f"Person {number}", text, score, tags, f"note {number}", by]
        line = dict(zip(OLD_KEYS, [*values, at.strftime("%Y-%m-%dT%H:%M:%SZ")], strict=True))
        written.append({**line, "model": model, "choice": 0, "kind": "human"})

    for number, (custom_id, model, text) in enumerate(made.outputs[: BEST + 30]):
        score = 9 + number % 2 if number < BEST else 1 + number % 8
        star(number, custom_id, model, text, score, "ann", ["even" if number % 2 == 0 else "odd"])
    for number, (custom_id, model, text) in enumerate(made.outputs[:BEST:10]):
        star(200 + number, custom_id, model, text, 2 + number % 9, "bob", ["second"])
    for number, (custom_id, model, text) in enumerate(made.outputs[:BEST:30]):
        star(300 + number, custom_id, model, text, 10, "cho", ["third", "second"])
    star(400, *made.failed[0], "", 10, "ann", ["left out"])
    star(401, "orphan-1", "acme/m", orphan, 10, "ann", ["left out"])
    star(402, "gone-1", "acme/m", "In no batch.", 10, "ann", ["left out"])
    write_lines(journal(made.data), written)


def expected_icl(made, rule="mean", least=None, limit=100, **wanted):
    """The examples, as DESIGN says they come about."""
    groups = {}
    for place, line in enumerate(made.stars):
        if "left out" in line["tags"]:
            continue
        if wanted.get("tag") not in [None, *line["tags"]]:
            continue
        if any(wanted.get(key) not in [None, line[key]] for key in ["starred_by", "model"]):
            continue
        groups.setdefault((line["custom_id"], line["model"]), []).append((place, line))
    found = []
    for stars in groups.values():
        stars.sort(key=lambda star: (star[1]["starred_at"], star[0]))
        place, newest = stars[-1]
        scores = [line["quality_score"] for _, line in stars]
        score = {"mean": sum(scores) / len(scores), "latest": scores[-1], "min": min(scores)}[rule]
        if least is not None and score < least:
            continue
        tags = sorted({tag for _, line in stars for tag in line["tags"]})
        user = [m["content"] for m in made.prompts[newest["custom_id"]] if m["role"] == "user"]
        example = {**newest, "input": user[0], "quality_score": round(score, 2), "tags": tags}
        found.append((score, place, {key: example[key] for key in ICL_KEYS}))
    found.sort(key=lambda f: (f[2]["custom_id"], f[1]))
    found.sort(key=lambda f: f[2]["starred_at"], reverse=True)
    found.sort(key=lambda f: f[0], reverse=True)
    return [example for _, _, example in found][:limit]


class Export:
    """A download with its headers, the file that stayed, and the manifest beside it."""

    def __init__(self, server, data, **parameters):
        path = f"{EXPORT}?{urllib.parse.urlencode(parameters)}"
        status, headers, self.bytes = server.call("GET", path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}: {self.bytes[:300]!r}")
        self.disposition = headers["Content-Disposition"]
        self.name = re.search(r'filename="(.*)"', self.disposition).group(1)
        self.left_out = json.loads(headers["Goldstar-Left-Out"])
        self.path = data / "gold_star" / "exports" / self.name
        self.manifest_bytes = self.path.with_suffix(".manifest.json").read_bytes()
        self.manifest = json.loads(self.manifest_bytes)
        self.count = server.get(f"{EXPORT}/count", **parameters)

    def examples(self):
        return [json.loads(line) for line in self.bytes.decode().splitlines()]


def sorted_tags(examples):
    return [{**example, "tags": sorted(example["tags"])} for example in examples]


def in_context_examples(checks, data):
    """The button's export: a hundred lines, best first, keys in order; filters and scores."""
    made = Made(data)
    with Server(data) as server:
        server.wait_until_ready()
        icl = Export(server, data, format="icl", min_quality=9)
        checks.equal("icl: lines by default", len(icl.examples()), 100)
        keys = {tuple(example) for example in icl.examples()}
        checks.equal("icl: keys in order", keys, {tuple(ICL_KEYS)})
        checks.equal("icl: best first", sorted_tags(icl.examples()), expected_icl(made, least=9))
        model = made.outputs[0][1]
        cases = [
            ("all", {"limit": 1000}, {}),
            ("limit 0", {"limit": 0}, {}),
            ("min_quality 9.5", {"limit": 1000, "min_quality": 9.5}, {"least": 9.5}),
            ("tag", {"limit": 1000, "tag": "second"}, {"tag": "second"}),
            ("starred_by", {"limit": 1000, "starred_by": "bob"}, {"starred_by": "bob"}),
            ("model", {"limit": 1000, "model": model}, {"model": model}),
            ("unknown tag", {"tag": "none"}, {"tag": "none"}),
        ]
        for rule in ["mean", "latest", "min"]:
            parameters = {"limit": 1000, "min_quality": 5, "score": rule}
            cases.append((f"score {rule}", parameters, {"rule": rule, "least": 5}))
        for name, parameters, wanted in cases:
            wanted.setdefault("limit", parameters.get("limit", 100))
            found = sorted_tags(Export(server, data, **parameters).examples())
            checks.equal(f"icl: {name}", found, expected_icl(made, **wanted))
        by_several = {
            (line["custom_id"], line["model"]) for line in made.stars if line["starred_by"] != "ann"
        }
        found = Export(server, data, limit=1000).examples()
        often = Counter((example["custom_id"], example["model"]) for example in found)
        once = {often[key] for key in by_several}
        checks.equal("icl: an output of several reviewers leaves once", once, {1})


def what_cannot_be_formed(checks, data):
    """An error, a lost prompt and a lost record are left out and counted in all three places."""
    made = Made(data)
    with Server(data) as server:
        server.wait_until_ready()
        for kind in ["icl", "finetuning"]:
            export = Export(server, data, format=kind, limit=1000)
            checks.equal(f"{kind}: how many are left out", sum(export.left_out.values()), 3)
            checks.equal(f"{kind}: without a prompt", export.left_out.get("no prompt"), 1)
            checks.equal(f"{kind}: in the manifest", export.manifest["left_out"], export.left_out)
            checks.equal(f"{kind}: in the count", export.count["left_out"], export.left_out)
            checks.equal(f"{kind}: counted", export.count["examples"], len(export.examples()))
            checks.equal(f"{kind}: stars counted", export.count["stars"], len(made.stars))
            texts = export.bytes.decode()
            lost = [text for text in ["No request for this", "In no batch"] if text in texts]
            checks.equal(f"{kind}: none of them left", lost, [])
        raw = Export(server, data, format="raw")
        checks.equal("raw: nothing is left out", raw.left_out, {})
        before = server.get(f"{EXPORT}/count", limit=1000)["left_out"]
        custom_id, model = made.failed[1]
        star = {"custom_id": custom_id, "model": model, "quality_score": 9}
        status, _, body = server.call("POST", "/api/gold-star", star)
        if status == 200:
            after = server.get(f"{EXPORT}/count", limit=1000)["left_out"]
            more = sum(after.values()) - sum(before.values())
            checks.equal("an error starred by HTTP is left out", more, 1)
        else:
            checks.true(
                "an error cannot be starred", 400 <= status < 500, f"{status} {body[:200]!r}"
            )


def fine_tuning(checks, data):
    """Lines that OpenAI takes, and that datasets and TRL load as conversations."""
    made = Made(data)
    with Server(data) as server:
        server.wait_until_ready()
        export = Export(server, data, format="finetuning", min_quality=8)
    expected = expected_icl(made, least=8, limit=None)
    checks.equal("finetuning: no limit by default", len(export.examples()), len(expected))
    wanted = [
        {
            "messages": [
                *made.prompts[e["custom_id"]],
                {"role": "assistant", "content": e["llm_output"]},
            ]
        }
        for e in expected
    ]
    checks.equal("finetuning: prompts and answers, best first", export.examples(), wanted)
    wrong = [line for line in export.examples() if wrong_for_openai(line)]
    checks.equal("finetuning: lines that OpenAI would refuse", wrong, [])
    blank = [line for line in export.bytes.split(b"\n")[:-1] if not line.strip()]
    checks.equal("finetuning: blank lines", blank, [])
    load_as_trainers_do(checks, data, export)


def wrong_for_openai(line):
    messages = line["messages"]
    return (
        list(line) != ["messages"]
        or any(set(message) - {"role", "content"} for message in messages)
        or any(message["role"] not in ROLES for message in messages)
        or messages[-1]["role"] != "assistant"
        or not messages[-1]["content"].strip()
    )


def load_as_trainers_do(checks, data, export):
    """Loads the file by the libraries that training scripts use, without a network."""
    os.environ.update(HF_HUB_OFFLINE="1", HF_HOME=str(data / "hf"), TRANSFORMERS_VERBOSITY="error")
    try:
        import datasets
        from tokenizers import Tokenizer, models
        from transformers import PreTrainedTokenizerFast
        from trl.data_utils import apply_chat_template, is_conversational
    except ImportError as error:
        checks.skip("finetuning: datasets and trl", error)
        return
    datasets.disable_progress_bars()
    files = {"train": str(export.path)}
    loaded = datasets.load_dataset("json", data_files=files, cache_dir=str(data / "hf"))["train"]
    checks.equal("datasets: rows", loaded.num_rows, len(export.examples()))
    checks.equal("datasets: columns", loaded.column_names, ["messages"])
    checks.equal("datasets: first row", loaded[0], export.examples()[0])
    checks.true("trl: is_conversational", is_conversational(loaded[0]), f"{loaded[0]}")
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.BPE()))
    tokenizer.chat_template = CHAT_TEMPLATE
    text = apply_chat_template(loaded[0], tokenizer)["text"]
    written = "".join(
        f"<|im_start|>{m['role']}\n{m['content']}<|im_end|>\n" for m in loaded[0]["messages"]
    )
    checks.equal("trl: the chat template", text, written)


def raw_lines(checks, data):
    """The journal's own lines: current stars, in their order, byte for byte."""
    made = Made(data)
    path = journal(data)
    old = path.read_bytes().splitlines(keepends=True)
    with Server(data) as server:
        server.wait_until_ready()
        again = {**made.stars[5], "quality_score": 4}
        keys = ["custom_id", "model", "quality_score", "starred_by"]
        server.post("/api/gold-star", {key: again[key] for key in keys})
        taken = {key: made.stars[7][key] for key in ["custom_id", "model", "starred_by"]}
        server.call("DELETE", "/api/gold-star?" + urllib.parse.urlencode(taken))
        written = path.read_bytes().splitlines(keepends=True)
        expected = old[:5] + old[6:7] + old[8:] + [written[len(old)]]
        raw = Export(server, data, format="raw")
        checks.equal("raw: the lines", raw.bytes.splitlines(keepends=True), expected)
        filters = [
            ({"min_quality": 9}, lambda line: line["quality_score"] >= 9),
            ({"tag": "second"}, lambda line: "second" in line["tags"]),
            ({"starred_by": "cho"}, lambda line: line["starred_by"] == "cho"),
            (
                {"model": made.stars[0]["model"]},
                lambda line: line["model"] == made.stars[0]["model"],
            ),
            ({"limit": 3}, lambda line: line in [json.loads(one) for one in expected[:3]]),
        ]
        for parameters, passes in filters:
            found = Export(server, data, format="raw", **parameters).bytes.splitlines(keepends=True)
            wanted = [line for line in expected if passes(json.loads(line))]
            checks.equal(f"raw: {parameters}", found, wanted)


def the_same_state_the_same_bytes(checks, data):
    """A file that stays as it was sent, a manifest that fits it, and names that differ."""
    Made(data)
    with Server(data) as server:
        server.wait_until_ready()
        for kind in ["icl", "finetuning", "raw"]:
            # Four are faster than a second, so that two of them have the same time in their name.
            exports = [Export(server, data, format=kind, min_quality=8) for _ in range(4)]
            first = exports[0]
            name = rf"gold_star_{kind}_\d{{8}}_\d{{6}}(_\d+)?\.jsonl"
            named = all(re.fullmatch(name, export.name) for export in exports)
            checks.true(f"{kind}: file names", named, [export.name for export in exports])
            attached = first.disposition == f'attachment; filename="{first.name}"'
            checks.true(f"{kind}: an attachment", attached, first.disposition)
            checks.equal(f"{kind}: four names", len({export.name for export in exports}), 4)
            checks.equal(f"{kind}: one content", len({export.bytes for export in exports}), 1)
            checks.equal(f"{kind}: one manifest", len({e.manifest_bytes for e in exports}), 1)
            kept = [export.path.read_bytes() == export.bytes for export in exports]
            checks.true(f"{kind}: the file is the download", all(kept), kept)
            digest = hashlib.sha256(first.bytes).hexdigest()
            told = (first.manifest["sha256"], first.manifest["bytes"], first.manifest["examples"])
            expected = (digest, len(first.bytes), len(first.examples()))
            checks.equal(f"{kind}: what the manifest says", told, expected)
            by_command(checks, data, kind, first)
            time.sleep(0.01)
        drafts = [p.name for p in (data / "gold_star/exports").iterdir() if p.name.startswith(".")]
        checks.equal("no drafts stay behind", drafts, [])


def by_command(checks, data, kind, export):
    """`goldstar export`, in its three ways, gives the same."""
    options = ["export", "--format", kind, "--min-quality", "8"]
    shown = run(*options, "--out", "-", data=data)
    checks.equal(f"{kind}: command, shown", shown.out.encode(), export.bytes)
    out = data / "elsewhere" / f"{kind}.jsonl"
    run(*options, "--out", out, data=data)
    checks.equal(f"{kind}: command, to a file", out.read_bytes(), export.bytes)
    manifest = out.with_suffix(".manifest.json").read_bytes()
    checks.equal(f"{kind}: command, manifest", manifest, export.manifest_bytes)
    kept = run(*options, data=data)
    name = kept.out.strip().rpartition("/")[2]
    path = data / "gold_star" / "exports" / name
    checks.true(f"{kind}: command, kept", path.read_bytes() == export.bytes, kept)


if __name__ == "__main__":
    run_all(
        in_context_examples,
        what_cannot_be_formed,
        fine_tuning,
        raw_lines,
        the_same_state_the_same_bytes,
    )
