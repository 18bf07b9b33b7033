"""Random queries, answered by Goldstar and by a naive look at every record: the same rows.

`--full` takes 170,000 records of 2 models and stars on some 20,000; else 3,000 of 3. `--substrings` looks
for words as was done before the full-text index: anywhere, and without `lead*` and `/regex/`.
`--all` prints every query that differs.
"""

import datetime
import gc
import gzip
import json
import random
import re
import sys
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import xxhash

from goldstar import Server, call, failed_result, journal, old_line, request, result
from goldstar import run, run_all, within, write_lines
from naive import SORTS, Clause, Collection, batches, means, name_shown

FULL = "--full" in sys.argv
SUBSTRINGS = "--substrings" in sys.argv
SEED = 20
RECORDS, MODELS, STARS, POSTED = (170_000, 2, 34_000, 2_000) if FULL else (3_000, 3, 900, 150)
QUERIES_EACH = 20
PAGE = 500
# Larger views are few among the random ones.
SHARE_MOST = 0.15
SETTLED_SECONDS_MAX = 900 if FULL else 60
# The second with which a day begins, and that with which it ends.
FIRST, LAST = {"hour": 0, "minute": 0, "second": 0}, {"hour": 23, "minute": 59, "second": 59}
REVIEWERS = ["ada", "bo", "Chloë M", "judge-1", "o'brien", "王芳"]
TAGS = ["senior", "clear", "very good", "Senior", "naïve", "needs-work", "日本語", "c++", 'a "b"']
NOTES = [
    "",
    "Names the gap; zebrafinch.",
    "Too long. Says “leadership” twice!",
    "很好的回答 and fair",
    "see https://example.org/notes?id=7",
    "don't use -- C++ / Rust\nsecond line",
    "ÉCLAIR Straße ΣΟΦΟΣ",
]
TOKENS = re.compile(r"\w+")


def make(data, rng):
    """A demo, and beside it lines such as the demo has none of."""
    made = run("demo", data, "--records", RECORDS, "--models", MODELS, seconds=900)
    if made.code != 0:
        raise RuntimeError(f"no demo could be made: {made}")
    odd_lines(data / "batches", rng)
    return Collection(data, SUBSTRINGS)


def odd_lines(folder, rng):
    """Re-runs with and without time, choices, errors, tools, reasoning; alphabets, long words."""
    texts = [
        "Leader of ten. He leads; leadership counts.",
        "東京タワーのリーダー、データ契約。",
        "x" * 70 + " tail-word and " + "y" * 64 + "z",
        "C++ / C# — “quoted” \\ back\\slash {json: [1, 2]} ++",
        "<think>\nzebrafinch secretly\n</think>\n\nAnswer A.",
        "thought aloud: zebrafinch\n</think>\nAnswer B.",
        "Das STRASSENFEST, die Straße, ΣΟΦΌΣ and İstanbul; e\u0301c \u00e9clair.",
        "10:30 https://example.org/a?b=c foo_bar it's 3.14 10 years",
        "Ends in the middle of a wor",
        "",
        "first line\nsecond\tline\u00a0here\u2003too",
        "सुनीता शर्मा और สมชาย ใจดี 한국어 텍스트",
    ]
    served = ["Llama-4-70B", "Qwen3-32B", "odd-model:v2-2025-01-01"]
    system = [{"role": "system", "content": "hidden instruction quokka"}]
    asked, early, late = [], [], []
    for number in range(300):
        custom_id = rng.choice([f"odd/{number:03}", f"Ünï-{number}", f"cand-{number * 7 + 1:07}"])
        if number % 5:
            name = rng.choice(["", "Name: Ödön Šťastný", "name: ada"])
            prompt = f"Judge {rng.choice(texts[:4])}\n{name}"
            turns = [{"role": "user", "content": prompt}, {"role": "assistant", "content": "Hm?"}]
            last = [{"role": "user", "content": "Go on."}]
            prompt = rng.choice([prompt, system + turns[:1], turns + last, system + turns + last])
            asked.append(request(custom_id, "odd-model:v2", prompt))
        for lines in [early, late]:
            if rng.random() < 0.3:
                continue
            if rng.random() < 0.1:
                message = rng.choice(["Too long.", "quota: zebrafinch"])
                lines.append(failed_result(custom_id, message))
                continue
            count = rng.choice([1, 1, 1, 2, 3])
            line = result(custom_id, rng.choice(served), *rng.choices(texts, k=count))
            odd_body(line["response"]["body"], rng)
            lines.append(line)
    write_lines(folder / "input" / "odd_10.jsonl", asked)
    write_lines(folder / "output" / "odd_10.jsonl", late)
    with gzip.open(folder / "output" / "odd_9.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in early)


def odd_body(body, rng):
    body["created"] = rng.choice([1_600_000_000, 1_760_000_000, 1_790_000_000])
    if rng.random() < 0.2:
        del body["created"]
    if rng.random() < 0.1:
        del body["usage"]
    for choice in body["choices"]:
        choice["finish_reason"] = rng.choice(["stop", "length", "tool_calls", None])
        if rng.random() < 0.1:
            function = {"name": "weather", "arguments": '{"city":"Lisbon"}'}
            calls = [{"id": "c1", "type": "function", "function": function}] * rng.choice([1, 2])
            choice["message"].update(content=None, tool_calls=calls)


def append_stars(collection, rng, count):
    """Lines of several programs: new stars, old ones, stale ones, some taken back."""
    path = journal(collection.data)
    path.parent.mkdir(exist_ok=True)
    written = []
    for _ in range(count):
        if written and rng.random() < 0.15:
            line = dict(rng.choice(written))
            line.update(quality_score=0, event="unstar")
        elif written and rng.random() < 0.1:
            line = dict(rng.choice(written), quality_score=rng.randint(1, 10))
            line.update(starred_at=random_time(rng), notes=rng.choice(NOTES))
        else:
            line = new_line(collection, rng)
            written.append(line)
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=rng.random() < 0.5) + "\n")


def new_line(collection, rng):
    # A few records get many stars, so that one and the same star matters.
    record = rng.choice(collection.records[:40] if rng.random() < 0.2 else collection.records)
    output = rng.choice(record.outputs)
    # As it is, changed, or with the reasoning that an engine or a tool kept.
    text = output.text if rng.random() < 0.7 else f"{output.text} (changed)"
    kept = "<think>\nhm\n</think>\n\n" * (rng.random() < 0.1) + text
    more = {"tags": rng.sample(TAGS, rng.randint(0, 3)), "notes": rng.choice(NOTES)}
    if rng.random() < 0.1:
        more["tags"] = "senior, clear"
    if rng.random() < 0.7:
        more |= {"model": output.model, "choice": output.choice}
        more |= {"kind": rng.choice(["human", "agent"])}
    if rng.random() < 0.3:
        more["output_hash"] = "xxh3:" + xxhash.xxh3_64(text.encode()).hexdigest()
    by, at = rng.choice(REVIEWERS), random_time(rng)
    line = old_line(record.custom_id, kept, rng.randint(1, 10), by, at, **more)
    return json.loads(line)


def random_time(rng):
    # Few different days, so that there are ties.
    day = datetime.datetime(2025, 10, rng.randint(1, 28), rng.choice([0, 12]), 30, 0)
    return day.isoformat() + rng.choice(["Z", "Z", "", ".500000Z", "+02:00"])


def post_stars(server, collection, rng, count):
    """Stars as reviewers give them, by four of them at a time; each tenth is taken back."""
    bodies = []
    for number in range(count):
        record = rng.choice(collection.records)
        output = rng.choice(record.outputs)
        body = {"custom_id": record.custom_id, "model": output.model, "choice": output.choice}
        body |= {"quality_score": rng.randint(1, 10), "starred_by": rng.choice(REVIEWERS)}
        body |= {"tags": rng.sample(TAGS, 2), "notes": rng.choice(NOTES)}
        body |= {"llm_output": output.text + " otherwise"} if number % 10 == 1 else {}
        bodies.append((body, number % 10 == 2))

    def post(part):
        connection = server.connection()
        for body, is_taken_back in part:
            answers = [call(connection, "POST", "/api/gold-star", body)]
            if is_taken_back:
                keys = {key: body[key] for key in ["custom_id", "model", "choice", "starred_by"]}
                where = "/api/gold-star?" + urllib.parse.urlencode(keys)
                answers.append(call(connection, "DELETE", where))
            for status, _, answer in answers:
                if status != 200:
                    raise RuntimeError(f"{body}: {status} {answer[:300]!r}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(post, [bodies[at::4] for at in range(4)]))


class Asker:
    """Makes random queries that mostly hold for a record that it has in mind."""

    def __init__(self, collection, rng):
        self.collection, self.rng = collection, rng
        self.starred = sorted(collection.stars)

    def target(self, is_starred=False):
        rng = self.rng
        if self.starred and (is_starred or rng.random() < 0.2):
            return self.collection.by_id[rng.choice(self.starred)]
        # The last are those with odd lines.
        records = self.collection.records
        return rng.choice(records[-250:] if rng.random() < 0.3 else records)

    def output_clause(self, record, output=None):
        rng = self.rng
        output = output or rng.choice(record.outputs)
        match rng.randrange(6):
            case 0:
                return Clause("model", self.recased(self.part(output.model)))
            case 1 if output.finish:
                return Clause("finish", output.finish)
            case 2 if output.tokens is not None:
                return Clause("tokens", self.range(output.tokens, 50))
            case 3:
                return Clause("file", rng.choice([output.file, self.part(output.file)]))
            case 4:
                return Clause("state", rng.choice(["error", "empty"]))
        return Clause("chars", self.range(len(output.text), 300))

    def star_clause(self, record):
        rng = self.rng
        stars = self.collection.every_star(record)
        kind = rng.randrange(9)
        if kind < 2 or not stars:
            score = rng.choice(stars).score if stars else rng.randint(1, 10)
            return Clause("score", self.range(score, 2))
        star = rng.choice(stars)
        if kind == 2 and star.tags:
            return Clause("tag", rng.choice(star.tags))
        if kind == 3:
            return Clause("by", star.by)
        if kind == 6 and star.place[0]:
            return Clause("of", star.place[0])
        if kind == 7:
            return Clause("given", self.times(star.at))
        return Clause({4: "stale", 5: "suggested"}.get(kind, "starred"))

    def record_clause(self, record):
        match self.rng.randrange(7):
            case 5:
                return Clause("disputed")
            case 6:
                found = list(means(self.collection.stars.get(record.custom_id, [])).items())
                model, mean = self.rng.choice(found or [(record.outputs[0].model, 5)])
                return Clause("rated", (model, self.range(round(mean), 2)))
            case 0 | 1:
                return Clause("name", self.recased(self.part(name_shown(record))))
            case 2 | 3:
                return Clause("id", self.recased(self.part(record.custom_id)))
        return Clause("unreviewed")

    def text(self, record, output=None):
        """Some text in which words of this record are looked for, long ones cut."""
        rng = self.rng
        stars = self.collection.every_star(record)
        short = [record.prompt, name_shown(record), record.custom_id]
        short += [text for star in stars for text in [star.notes, *star.tags]]
        output = output or rng.choice(record.outputs)
        texts = [output.text, rng.choice([text for text in short if text])]
        text = texts[0] if rng.random() < 0.6 and texts[0] else texts[1]
        start = rng.randrange(max(1, len(text) - 300))
        return text if start == 0 else text[start : start + 400].partition(" ")[2]

    def some_words(self, record, least, most, output=None):
        """So many words as they stand, with what is between them."""
        found = list(TOKENS.finditer(text := self.text(record, output)))
        if not found:
            return "leader"
        first = self.rng.randrange(len(found))
        last = min(first + self.rng.randint(least, most), len(found)) - 1
        return self.recased(text[found[first].start() : found[last].end()][:200])

    def word_clause(self, record, output=None):
        return Clause("words", self.some_words(record, 1, 1, output))

    def phrase_clause(self, record, output=None):
        phrase = self.some_words(record, 2, 5, output)
        if self.rng.random() < 0.2:
            # Not as it stands: another order, or another gap.
            parts = phrase.split()
            phrase = self.rng.choice([" ".join(reversed(parts)), ", ".join(parts)])
        return Clause("words", phrase)

    def prefix_clause(self, record, output=None):
        rng = self.rng
        if rng.random() < 0.3:
            signs = ["++", "**", "•", "?", "—", "\\", "/", '"', "\n\n", "## ", "…", "* *"]
            return Clause("words", rng.choice(signs))
        words = self.some_words(record, 1, rng.choice([1, 1, 3]), output)
        cut = rng.randint(0, 4)
        is_safe = cut < len(TOKENS.findall(words)[-1])
        return Clause("words", words[: len(words) - cut] if is_safe else words, is_prefix=True)

    def regex_clause(self, record, output=None):
        rng = self.rng
        known = re.findall(r"[A-Za-z]{4,}", self.text(record, output))
        word = rng.choice(known or ["leader"])
        patterns = [word, rf"\b{word}\b", rf"(?i){word.upper()}", rf"^{word}", rf"{word}\."]
        patterns += [rf"{word[:3]}[a-z]+\W", rf"(?:{word}|zebrafinch)\s\w+", r"[A-Z]{3,}"]
        patterns += [r"\d{2,3}\spercent", r"\A\S+:", rf"{word[0]}.{{2}}{word[3:]}"]
        return Clause("regex", rng.choice(patterns))

    def any_clause(self, record, output=None):
        kinds = [self.star_clause, self.record_clause]
        of_output = [self.output_clause, self.output_clause, self.word_clause, self.phrase_clause]
        of_output += [] if SUBSTRINGS else [self.prefix_clause, self.regex_clause]
        kind = self.rng.choice(kinds + of_output)
        return kind(record, output) if kind in of_output else kind(record)

    def clauses(self, theme):
        """Clauses of a theme; mostly such as few records answer, which tell more and cost less."""
        while True:
            clauses = getattr(self, theme)()
            if self.rng.random() < 0.1 or self.collection.share(clauses) < SHARE_MOST:
                return clauses

    def of_kind(self, kind):
        record = self.target(kind == self.star_clause)
        return [kind(record) for _ in range(self.rng.randint(1, 2))]

    stars = lambda self: self.of_kind(self.star_clause)
    words = lambda self: self.of_kind(self.word_clause)
    phrases = lambda self: self.of_kind(self.phrase_clause)
    prefixes = lambda self: self.of_kind(self.prefix_clause)
    regexes = lambda self: self.of_kind(self.regex_clause)

    def about_outputs(self):
        record = self.target()
        output = self.rng.choice(record.outputs)
        return [self.output_clause(record, output) for _ in range(self.rng.randint(1, 3))]

    def about_records(self):
        clauses = self.of_kind(self.record_clause)
        record = self.target()
        return clauses + ([self.output_clause(record)] if self.rng.random() < 0.3 else [])

    def negations(self):
        record = self.target(self.rng.random() < 0.5)
        clauses = [self.any_clause(record) for _ in range(self.rng.randint(1, 3))]
        for at, clause in enumerate(clauses):
            clause.negated = at == 0 or self.rng.random() < 0.4
        return clauses

    def mixtures(self):
        record = self.target(self.rng.random() < 0.5)
        output = self.rng.choice(record.outputs)
        clauses = [self.any_clause(record, output) for _ in range(self.rng.randint(2, 4))]
        if self.rng.random() < 0.3:
            clauses.append(self.any_clause(self.target()))
            clauses[-1].negated = True
        return clauses

    def sort(self, share=0.5):
        if self.rng.random() > share:
            return ""
        models = [f"chars:{model}" for model in self.collection.models()]
        return self.rng.choice(["", "-"]) + self.rng.choice(SORTS + models)

    def part(self, text):
        """Some characters in a row."""
        start = self.rng.randrange(len(text))
        return text[start : start + self.rng.randint(1, 12)]

    def recased(self, text):
        # ASCII only: what other capitals are is not what is looked at here.
        swaps = lambda letter: letter.isascii() and self.rng.random() < 0.2
        return "".join(letter.swapcase() if swaps(letter) else letter for letter in text)

    def range(self, number, spread):
        """Bounds that mostly hold the number."""
        low, high = number - self.rng.randint(0, spread), number + self.rng.randint(0, spread)
        low = max(low, 0)
        return self.rng.choice([(number, number), (low, high), (low, None), (None, high)])

    def times(self, at):
        """Bounds that mostly hold the moment, to the second; some of them days."""
        steps = [datetime.timedelta(seconds=self.rng.choice([0, 1, 3600, 90_000])) for _ in "ab"]
        at = at.astimezone(datetime.timezone.utc).replace(microsecond=0)
        low, high = at - steps[0], at + steps[1]
        if self.rng.random() < 0.4:
            low, high = low.replace(**FIRST), high.replace(**LAST)
        return self.rng.choice([(at, at), (low, high), (low, high), (low, None), (None, high)])


def written(clauses, rng):
    return " ".join(("-" if c.negated else "") + clause_text(c, rng) for c in clauses)


def clause_text(clause, rng):
    match clause.field:
        case "words":
            bare = re.fullmatch(r"\w+(['.+]\w+)*", clause.value) and rng.random() < 0.7
            text = clause.value if bare else quoted(clause.value)
            return text + ("*" if clause.is_prefix else "")
        case "regex":
            return f"/{clause.value}/"
        case "rated":
            model, bounds = clause.value
            return f"rated:{quoted(f'{model}={range_text(bounds, rng)}')}"
        case "given":
            return f"starred:{times_text(*clause.value)}"
        case "state" | "starred" | "suggested" | "stale" | "disputed" | "unreviewed":
            return f"is:{clause.value or clause.field}"
        case "tokens" | "chars" | "score":
            return f"{clause.field}:{range_text(clause.value, rng)}"
    bare = re.fullmatch(r"[^\s\"]+", clause.value) and rng.random() < 0.7
    return f"{clause.field}:{clause.value if bare else quoted(clause.value)}"


def times_text(low, high):
    """Days where they are whole ones."""
    days = [low and low.replace(**FIRST), high and high.replace(**LAST)] == [low, high]
    form = "%Y-%m-%d" if days else "%Y-%m-%dT%H:%M:%SZ"
    low, high = (bound.strftime(form) if bound else "" for bound in (low, high))
    return low if low == high else f"{low}..{high}"


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def range_text(bounds, rng):
    match bounds:
        case (low, None):
            choices = [f"{low}..", f">={low}"] + ([f">{low - 1}"] if low > 0 else [])
        case (None, high):
            choices = [f"..{high}", f"<={high}", f"<{high + 1}"]
        case (low, high):
            choices = [f"{low}..{high}"] + ([str(low)] * 3 if low == high else [])
    return rng.choice(choices)


def answered(server, text, sort):
    """Total and all ids, page by page."""
    connection = server.connection()
    # A query that reads every text of a large collection takes its time.
    connection.timeout = SETTLED_SECONDS_MAX
    ids, total = [], None
    while total is None or len(ids) < total:
        asked = {"q": text, "sort": sort, "limit": PAGE, "offset": len(ids)}
        asked = {key: value for key, value in asked.items() if value != ""}
        path = "/api/records?" + urllib.parse.urlencode(asked)
        status, _, body = call(connection, "GET", path)
        page = json.loads(body) if status == 200 else {"total": body.decode(), "records": []}
        total = page["total"]
        if not page["records"]:
            break
        ids += [record["custom_id"] for record in page["records"]]
    connection.close()
    return total, ids


def listed(data, text, sort):
    """The same by `goldstar list`."""
    options = ["--limit", 0, "--json"] + ([f"--sort={sort}"] if sort else [])
    ran = run("list", *options, f"--data={data}", "--", text, seconds=600)
    ids = [json.loads(line)["custom_id"] for line in ran.out.splitlines()]
    return (len(ids), ids) if ran.code == 0 else (str(ran), [])


def difference(found, expected):
    """What is wrong with an answer, or nothing."""
    total, ids = found
    if total != len(expected):
        known, wanted = set(ids), set(expected)
        only = [i for i in ids if i not in wanted][:3]
        missing = [i for i in expected if i not in known][:3]
        return f"total {total}, expected {len(expected)}; too many {only}, missing {missing}"
    at = next((at for at, custom_id in enumerate(expected) if ids[at : at + 1] != [custom_id]), None)
    if at is None and len(ids) == total:
        return None
    at = total if at is None else at
    return f"differs at {at} of {total}: {ids[at : at + 3]}, expected {expected[at : at + 3]}"


def compare(checks, name, collection, queries, ask):
    """One check for these queries: (text, sort, clauses)."""
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(ask, text, sort) for text, sort, _ in queries]
        expected = [[r.custom_id for r in collection.view(c, sort)] for _, sort, c in queries]
        found = [answer.result() for answer in asked]
    wrong = [
        f"`{text}` sort `{sort}`: {what}"
        for (text, sort, _), one, other in zip(queries, found, expected)
        if (what := difference(one, other))
    ]
    sizes = [len(ids) for ids in expected]
    empty, whole = sizes.count(0), sizes.count(len(collection.records))
    print(f"{name}: {sum(sizes)} rows, {empty} of {len(sizes)} views are empty, {whole} are all")
    for one in wrong[1:] if "--all" in sys.argv else []:
        print(f"also wrong: {one}")
    why = f"{len(wrong)} of {len(queries)}; the first: {wrong[0]}" if wrong else ""
    checks.true(name, not wrong, why)


def compare_facets(checks, server, collection, queries):
    """Facets of these queries; the one place that knows the shape of the answer."""
    if server.call("GET", "/api/facets?q=")[0] == 404:
        checks.skip("facets", "the server has no /api/facets")
        return
    wrong = []
    for text, _, clauses in queries:
        records = collection.view(clauses)
        answer = server.get("/api/facets", q=text)
        expected = collection.facets(records)
        scores = enumerate(answer["scores"], 1)
        found = {"scores": {score: count for score, count in scores if count}}
        for key in ["models", "finish", "states", "tags", "reviewers"]:
            found[key] = {each["value"]: each["count"] for each in answer[key] if each["count"]}
        found["total"], expected["total"] = answer["total"], len(records)
        for key in ["chars", "tokens"]:
            found[key] = answer[key]["counts"]
            expected[key] = collection.histogram(records, key, answer[key]["edges"])
        wrong += [
            f"`{text}` {key}: {found[key]}, expected {expected[key]}"
            for key in expected
            if found[key] != expected[key]
        ]
    checks.true("facets", not wrong, f"{len(wrong)} differ; the first: {wrong[:1]}")


def random_views(checks, data):
    """Everything, on one folder: asked, starred, asked again, started again, grown, asked again."""
    rng = random.Random(SEED)
    collection = make(data, rng)
    append_stars(collection, rng, (STARS - POSTED) // 2)
    collection.read_stars()
    with Server(data) as server:
        ask = lambda text, sort: answered(server, text, sort)
        status = server.wait_until_ready()
        checks.equal("records", status["catalog"]["records"], len(collection.records))
        checks.equal("outputs", status["catalog"]["outputs"], collection.entries)
        early = made(Asker(collection, rng), ["words", "stars"], rng, 10)
        # Words too, while their index may still be in the making.
        compare(checks, "asked at once", collection, early, ask)
        append_stars(collection, rng, (STARS - POSTED) // 2)
        post_stars(server, collection, rng, POSTED)
        followed(checks, server, collection)
        compare(checks, "asked again after more stars", collection, early, ask)
        searchable(server)
        queries = whole_plan(checks, collection, Asker(collection, rng), ask, rng)
        compare_facets(checks, server, collection, queries[::10])
    sample = queries[::10] + early
    listing = lambda text, sort: listed(data, text, sort)
    compare(checks, "goldstar list", collection, sample, listing)
    with Server(data) as server:
        ask = lambda text, sort: answered(server, text, sort)
        server.wait_until_ready()
        searchable(server)
        compare(checks, "started again", collection, sample, ask)
        grow(collection, rng)
        collection.read_batches()
        collection.read_stars()
        outputs = lambda: server.get("/api/status")["catalog"]["outputs"]
        reread = within(SETTLED_SECONDS_MAX, lambda: outputs() == collection.entries)
        checks.true("a grown batch is seen", reread, f"{outputs()}, not {collection.entries}")
        searchable(server)
        grown = made(Asker(collection, rng), ["stars", "mixtures"], rng, 10)
        compare(checks, "after batches have grown", collection, sample[::2] + grown, ask)
    compare(checks, "goldstar list after that", collection, grown, listing)


def whole_plan(checks, collection, asker, ask, rng):
    """The two hundred queries, twenty to a theme; gives them back."""
    themes = ["about_outputs", "stars", "about_records", "words", "phrases"]
    themes += ["prefixes", "regexes", "negations", "mixtures", "mixtures"]
    queries = []
    for number, theme in enumerate(themes, 1):
        if SUBSTRINGS and theme in ["prefixes", "regexes"]:
            checks.skip(f"20 queries, {number}, {theme}", "not before the full-text index")
            continue
        made_now = made(asker, [theme], rng, QUERIES_EACH)
        compare(checks, f"20 queries, {number}, {theme}", collection, made_now, ask)
        queries += made_now
    some = [Clause("id", "77")]
    sorts = [*SORTS, *(f"chars:{model}" for model in collection.models())]
    orders = [(written(some, rng), sign + sort, some) for sort in sorts for sign in ["", "-"]]
    compare(checks, "every order", collection, [("", "", []), ("", "-score", []), *orders], ask)
    return queries


def made(asker, themes, rng, count):
    """Queries of these themes, with their text."""
    queries = []
    for theme in themes:
        for _ in range(count):
            clauses = asker.clauses(theme)
            queries.append((written(clauses, rng), asker.sort(), clauses))
    return queries


def followed(checks, server, collection):
    """The server has read the journal to its end, and sees as many stars."""
    collection.read_stars()
    with open(journal(collection.data), "rb") as file:
        count = sum(1 for _ in file)
    status = lambda: server.get("/api/status")["journal"]
    checks.true("the journal is followed", within(20, lambda: status()["lines"] == count), status())
    stars = [s for s in server.get("/api/gold-star") if s["custom_id"] in collection.by_id]
    suggested = sum(map(len, collection.suggested.values()))
    expected = sum(map(len, collection.stars.values())) + suggested
    checks.equal("current stars", len(stars), expected)
    stale = sum(star.is_stale for stars in collection.stars.values() for star in stars)
    print(f"{expected} stars on {len(collection.stars)} records, {stale} are stale")
    print(f"{suggested} of them are of agents")


def searchable(server):
    """Waits until words are looked for in the index, where there is one."""
    state = lambda: server.get("/api/status")["search"]["state"]
    began = time.monotonic()
    within(SETTLED_SECONDS_MAX, lambda: state() != "building")
    print(f"search is {state()} after {time.monotonic() - began:.1f} s")


def grow(collection, rng):
    """Newer runs in a batch of the middle, so that some stars are stale, and new records."""
    path = [path for path in batches(collection.data) if path.name == "odd_10.jsonl"][0]
    starred = [collection.by_id[custom_id] for custom_id in list(collection.stars)[:60]]
    with open(path, "a", encoding="utf-8") as file:
        for number, record in enumerate(starred):
            model = rng.choice(record.outputs).model
            line = result(record.custom_id, model, f"Another answer, number {number}, zebrafinch.")
            line["response"]["body"]["created"] = 1_795_000_000
            file.write(json.dumps(line) + "\n")
        for number in range(30):
            line = result(f"grown-{number}", "Qwen3-32B", f"New record {number} leads.")
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    # Millions of small objects that all stay: looking for garbage among them takes long.
    gc.disable()
    run_all(random_views)
