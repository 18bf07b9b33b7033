"""A second opinion on views: reads batches and journal with `json`, and answers queries by looking.

Nothing here is fast or shared with Goldstar: every rule is read out of `docs/query.md` and
`docs/format.md`. A query comes as clauses, never as text, so that no mistake in reading one is made
twice. Run by itself it looks at its own words and folds.
"""

import bisect
import datetime
import gzip
import json
import math
import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import regex

from goldstar import Checks, journal

WORD_CHARS_MAX = 64
# The long marks belong to Katakana, though Unicode gives them to no script.
ONE_BY_ONE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}ーｰ]")
LETTER = regex.compile(r"[\p{Alphabetic}\p{N}]")
NAME_LINE = re.compile(
    r"^(?:candidate[ _]|full[ _]|applicant[ _])?name:[ \t]*(\S[^\r\n]*)", re.M | re.I
)
OF_OUTPUTS = ["words", "regex", "model", "model=", "finish", "tokens", "chars", "file", "state"]
OF_STARS = ["score", "tag", "by", "of", "given", "suggested", "stale"]
# Sorts that every server knows; `chars:` and a model's name is one more for each model.
SORTS = ["custom_id", "name", "score", "starred_at", "spread", "disagreement"]


@dataclass(eq=False)
class Clause:
    """One clause of a query. `value` is a text, a pair of bounds, or nothing."""

    field: str
    value: object = None
    negated: bool = False
    is_prefix: bool = False


@dataclass
class Output:
    """What one model answered, as its line says."""

    model: str | None
    choice: int
    state: str
    text: str
    tokens: int | None
    finish: str | None
    created: int | None
    file: str
    spaced: str | None = None


@dataclass
class Record:
    """Everything under one id."""

    custom_id: str
    name: str | None = None
    prompt: str = ""
    runs: list = field(default_factory=list)
    outputs: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    row: int | None = None


@dataclass
class Star:
    """A current star."""

    custom_id: str
    model: str | None
    choice: int
    text: str
    score: int
    tags: list
    notes: str
    by: str
    at: datetime.datetime
    kind: str = "human"
    is_stale: bool = False
    # Model and choice of the output that it belongs to; of none, the text.
    place: tuple = ()


class Letters(dict):
    """What each character becomes so that words stand between spaces, in small letters."""

    def __missing__(self, code):
        letter = chr(code)
        if not LETTER.match(letter):
            found = " "
        elif ONE_BY_ONE.match(letter):
            found = f" {letter} "
        else:
            found = letter.lower()
        self[code] = found
        return found


LETTERS = Letters()


def words(text):
    """The words of a text, in order."""
    return [word[:WORD_CHARS_MAX] for word in text.translate(LETTERS).split(" ") if word]


def spaced(text):
    """The words of a text, each between two spaces, so that `in` finds whole words."""
    return f" {' '.join(words(text))} "


@lru_cache(maxsize=None)
def spaced_once(text):
    """The same for what is looked for, again and again."""
    return spaced(text)


NO_WORDS = spaced("")


class Collection:
    """All records of a folder in their order, and its stars."""

    def __init__(self, data, is_substring=False):
        self.data = Path(data)
        # The rule before the full-text index: a text is found anywhere, also inside words.
        self.is_substring = is_substring
        self.read_batches()
        self.read_stars()

    def read_batches(self):
        """Reads every line of every batch: results first, then requests."""
        self.by_id, self.entries = {}, 0
        self.records, self.nameless = [], []
        for path in batches(self.data):
            self.read_batch(path)
        for record, output, models in self.nameless:
            output.model = self.settled(record, output, models)
        for row, record in enumerate(self.records):
            record.row = row
            record.outputs = newest(record.runs)

    def read_batch(self, path):
        file = path.relative_to(self.data).as_posix()
        unpack = gzip.open if path.suffix == ".gz" else open
        models = set()
        with unpack(path, "rt", encoding="utf-8", newline="\n") as lines:
            for line in lines:
                line = json.loads(line)
                record = self.by_id.setdefault(line["custom_id"], Record(line["custom_id"]))
                if "body" in line:
                    read_request(record, line)
                    continue
                found = read_result(line, file)
                self.entries += len(found)
                record.name = name_of(line) or record.name
                models |= {output.model for output in found if output.model}
                self.nameless += [(record, out, models) for out in found if not out.model]
                if not record.runs:
                    self.records.append(record)
                record.runs += found

    def settled(self, record, output, models):
        """The model of an output that names none; `models` are those of its file."""
        if len(models) == 1:
            return next(iter(models))
        if not record.asked:
            return Path(output.file).name.split(".")[0]
        served = {run.model for known in self.records for run in known.runs if run.model}
        dated = [model for model in served if model.startswith(record.asked[-1] + "-")]
        is_known = record.asked[-1] in served or len(dated) != 1
        return record.asked[-1] if is_known else dated[0]

    def read_stars(self):
        """Folds the journal and puts each star to its output. Those of agents stand by themselves."""
        self.stars, self.suggested = {}, {}
        for star in fold(journal(self.data)):
            record = self.by_id.get(star.custom_id)
            if record is None or record.row is None:
                continue
            star.is_stale = is_stale(star, record)
            star.place = place_of(star, record)
            kept = self.suggested if star.kind == "agent" else self.stars
            kept.setdefault(star.custom_id, []).append(star)
        self.views, self.shared = {}, {}

    def models(self):
        return sorted({output.model for record in self.records for output in record.outputs})

    def view(self, clauses, sort=""):
        """The records that answer, in order. Kept until stars or batches are read again."""
        if id(clauses) not in self.views:
            plan = Plan(clauses)
            found = [record for record in self.records if self.matches(record, plan)]
            # With the clauses, so that no other list can come to have their number.
            self.views[id(clauses)] = clauses, found
        return self.ordered(self.views[id(clauses)][1], sort)

    def share(self, clauses):
        """Which part of all records answers, by a look at a few hundred."""
        plan, some = Plan(clauses), self.records[:: max(1, len(self.records) // 300)]
        return sum(self.matches(record, plan) for record in some) / len(some)

    def matches(self, record, plan):
        stars = self.stars.get(record.custom_id, [])
        for clause in plan.records:
            if self.of_record(clause, record, stars) == clause.negated:
                return False
        if not self.one_star(record, *plan.stars):
            return False
        return self.one_output(record, plan.outputs)

    def one_star(self, record, wanted, unwanted):
        """One star meets every clause: an agent's beside `is:suggested`, else a person's."""
        for clause in unwanted:
            if any(of_star(clause, star) for star in self.meant(record, [clause])):
                return False
        return one_of(self.meant(record, wanted), (wanted, []), of_star)

    def meant(self, record, clauses):
        """The stars that clauses are about."""
        is_of_agents = any(clause.field == "suggested" for clause in clauses)
        return (self.suggested if is_of_agents else self.stars).get(record.custom_id, [])

    def one_output(self, record, clauses):
        if not (clauses[0] or clauses[1]):
            return True
        # What stands in the prompt or the notes is looked for once for all outputs.
        shared = {}

        def holds(clause, output):
            if clause.field not in ("words", "regex"):
                return of_output(clause, output)
            if clause not in shared:
                shared[clause] = self.is_shared(clause, record)
            return shared[clause] or self.is_in_output(clause, output)

        return one_of(record.outputs, clauses, holds)

    def of_record(self, clause, record, stars):
        if clause.field == "name":
            return clause.value.lower() in name_shown(record).lower()
        if clause.field == "id":
            return clause.value.lower() in record.custom_id.lower()
        if clause.field == "disputed":
            return any(is_dispute(scores) for scores in by_output(stars).values())
        if clause.field == "rated":
            model, bounds = clause.value
            mean = means(stars).get(model)
            return mean is not None and within(math.floor(mean + Fraction(1, 2)), bounds)
        return bool(stars) == (clause.field == "starred")

    def every_star(self, record):
        """Stars of people and of agents."""
        return [s for kept in [self.stars, self.suggested] for s in kept.get(record.custom_id, [])]

    def is_shared(self, clause, record):
        """Whether it stands in what counts for every output of the record."""
        if record.custom_id not in self.shared:
            texts = [name_shown(record), record.custom_id, record.prompt]
            stars = self.every_star(record)
            texts += [text for star in stars for text in [star.notes, *star.tags]]
            # Words between spaces are never found across the end of a line.
            self.shared[record.custom_id] = texts, "\n".join(map(spaced, texts))
        return self.stands_in(clause, *self.shared[record.custom_id])

    def is_in_output(self, clause, output):
        if output.spaced is None:
            output.spaced = spaced(output.text)
        return self.stands_in(clause, [output.text], output.spaced)

    def stands_in(self, clause, texts, in_words):
        """Whether words or pattern are in one of these texts, of which `in_words` are the words."""
        if clause.field == "regex":
            return any(pattern(clause.value).search(text) for text in texts)
        looked_for = spaced_once(clause.value)
        if self.is_substring or looked_for == NO_WORDS:
            return any(small(clause.value) in small(text) for text in texts)
        return (looked_for[:-1] if clause.is_prefix else looked_for) in in_words

    def ordered(self, records, sort):
        descends, key = sort.startswith("-"), sort.removeprefix("-")
        if not key:
            return records
        valued = [(self.value(record, key), record) for record in records]
        known = [pair for pair in valued if pair[0] is not None]
        known.sort(key=lambda pair: pair[0], reverse=descends)
        return [record for _, record in known] + [r for value, r in valued if value is None]

    def value(self, record, key):
        stars = self.stars.get(record.custom_id, [])
        match key.partition(":"):
            case ["custom_id", *_]:
                return record.custom_id.encode()
            case ["name", *_]:
                return name_shown(record).lower().encode()
            case ["score", *_]:
                return Fraction(sum(s.score for s in stars), len(stars)) if stars else None
            case ["spread", *_]:
                found = means(stars).values()
                return max(found) - min(found) if len(found) > 1 else None
            case ["disagreement", *_]:
                scores = [scores for scores in by_output(stars).values() if len(scores) > 1]
                return max(map(variance, scores), default=None)
            case ["starred_at", *_]:
                return max((star.at for star in stars), default=None)
            case ["chars", _, model]:
                chars = [len(o.text) for o in record.outputs if o.model == model]
                return chars[0] if chars else None
        raise ValueError(f"no sort {key}")

    def facets(self, records):
        """For each value, how many of these records its clause alone holds for; zeros left out."""
        outputs = [output for record in records for output in record.outputs]
        stars = [star for record in records for star in self.stars.get(record.custom_id, [])]
        finishes = {output.finish for output in outputs if output.finish}
        clauses = {
            "models": {model: Clause("model=", model) for model in {o.model for o in outputs}},
            "finish": {finish: Clause("finish", finish) for finish in finishes},
            "tags": {tag: Clause("tag", tag) for star in stars for tag in star.tags},
            "reviewers": {star.by: Clause("by", star.by) for star in stars},
            "scores": {score: Clause("score", (score, score)) for score in range(1, 11)},
            "states": {
                "starred": Clause("starred"),
                "unreviewed": Clause("unreviewed"),
                "suggested": Clause("suggested"),
                "stale": Clause("stale"),
                "disputed": Clause("disputed"),
                "error": Clause("state", "error"),
                "empty": Clause("state", "empty"),
            },
        }
        counts = {}
        for facet, values in clauses.items():
            found = {value: self.count(records, clause) for value, clause in values.items()}
            counts[facet] = {value: count for value, count in found.items() if count}
        return counts

    def histogram(self, records, key, edges):
        """Outputs of these records from each edge to before the next; the last is open."""
        size = {"chars": lambda output: len(output.text), "tokens": lambda output: output.tokens}[key]
        numbers = [size(output) for record in records for output in record.outputs]
        counts = [0] * len(edges)
        for number in numbers:
            if number is not None:
                counts[bisect.bisect_right(edges, number) - 1] += 1
        return counts

    def count(self, records, clause):
        plan = Plan([clause])
        return sum(self.matches(record, plan) for record in records)


class Plan:
    """Clauses by what they are about, cheap ones first."""

    def __init__(self, clauses):
        clauses = sorted(clauses, key=lambda clause: clause.field in ("words", "regex"))
        self.outputs = in_two([clause for clause in clauses if clause.field in OF_OUTPUTS])
        self.stars = in_two([clause for clause in clauses if clause.field in OF_STARS])
        self.records = [c for c in clauses if c.field not in OF_OUTPUTS + OF_STARS]


def in_two(clauses):
    """Those without a `-`, and those with one."""
    return [c for c in clauses if not c.negated], [c for c in clauses if c.negated]


def one_of(items, wanted_and_unwanted, holds):
    """One item meets every clause, and none meets one with a `-`."""
    wanted, unwanted = wanted_and_unwanted
    for item in items:
        for clause in unwanted:
            if holds(clause, item):
                return False
    for item in items:
        if all(holds(clause, item) for clause in wanted):
            return True
    return not wanted


def by_output(stars):
    """The scores of each output."""
    scores = {}
    for star in stars:
        scores.setdefault(star.place, []).append(star.score)
    return scores


def variance(scores):
    """Of scores as a sample."""
    mean = Fraction(sum(scores), len(scores))
    return sum((score - mean) ** 2 for score in scores) / (len(scores) - 1)


def is_dispute(scores):
    """Whether the scores of one output are far apart."""
    return len(scores) > 1 and (variance(scores) >= 4 or max(scores) - min(scores) >= 4)


def means(stars):
    """The mean score of each model's stars."""
    scores = {}
    for star in stars:
        if star.place[0]:
            scores.setdefault(star.place[0], []).append(star.score)
    return {model: Fraction(sum(found), len(found)) for model, found in scores.items()}


def of_star(clause, star):
    match clause.field:
        case "score":
            return within(star.score, clause.value)
        case "tag":
            return clause.value in star.tags
        case "by":
            return clause.value == star.by
        case "of":
            return clause.value == star.place[0]
        case "given":
            # To the second, as it is asked for.
            return within(star.at.replace(microsecond=0), clause.value)
        case "stale":
            return star.is_stale
    return True


def of_output(clause, output):
    match clause.field:
        case "model":
            return clause.value.lower() in output.model.lower()
        case "model=":
            return clause.value == output.model
        case "finish":
            return clause.value.lower() == (output.finish or "").lower()
        case "tokens":
            return output.tokens is not None and within(output.tokens, clause.value)
        case "chars":
            return within(len(output.text), clause.value)
        case "file":
            return clause.value.lower() in output.file.lower()
    return clause.value == output.state


def within(number, bounds):
    first, last = bounds
    return (first is None or number >= first) and (last is None or number <= last)


@lru_cache(maxsize=None)
def pattern(text):
    return re.compile(text)


def small(text):
    # Letter by letter, since Python makes a last sigma of a whole word.
    return text.replace("Σ", "σ").lower()


def batches(data):
    """Results, then requests; by path, with numbers compared as numbers."""
    found = []
    for kind in ["output", "input"]:
        paths = [path for path in (data / "batches" / kind).iterdir() if path.is_file()]
        found += sorted(paths, key=number_wise)
    return found


def number_wise(path):
    parts = re.split(r"(\d+)", path.as_posix())
    return [int(part) if at % 2 else part for at, part in enumerate(parts)]


def read_request(record, line):
    """A request of OpenAI's form: the one read last gives prompt and name."""
    messages = line["body"]["messages"]
    record.prompt = as_input(messages)
    record.asked += [line["body"]["model"]] if line["body"].get("model") else []
    record.name = name_of(line) or name_in_prompt(messages) or record.name


def read_result(line, file):
    """The outputs of a result as vLLM writes it."""
    body = line["response"]["body"]
    if line["response"]["status_code"] >= 400 or body is None:
        return [Output(None, 0, "error", error_text(line["error"]), None, None, None, file)]
    choices = body["choices"]
    found = []
    for choice in choices:
        text = without_reasoning(choice["message"]["content"] or "")
        # One count of tokens for several choices is nobody's.
        tokens = body.get("usage", {}).get("completion_tokens") if len(choices) == 1 else None
        calls = choice["message"].get("tool_calls") or []
        if not text:
            calls = [call["function"] for call in calls]
            text = "\n".join(f"{call['name']}({call['arguments']})" for call in calls)
        state = "ok" if text else "empty"
        finish, created = choice["finish_reason"], body.get("created")
        found.append(
            Output(body["model"], choice["index"], state, text, tokens, finish, created, file)
        )
    return found


def error_text(error):
    """The message with its code before it, a word rather than a number."""
    if isinstance(error, str):
        return error
    error = error.get("error") or error
    named = [error.get("code"), error.get("type")]
    code = [word for word in named if isinstance(word, str) and word] or [str(named[0])]
    message = error["message"]
    return message if code[0] in message else f"{code[0]}: {message}"


def without_reasoning(text):
    """A text without `<think>…</think>` at its beginning, or up to a `</think>` ending its line."""
    if text.lstrip().startswith("<think>"):
        return text.partition("</think>")[2].lstrip()
    before, ends, after = text.partition("</think>")
    if ends and "<think>" not in before and after.startswith("\n"):
        return after.lstrip()
    return text


def as_input(messages):
    """The user's message, or the whole conversation when there are more turns."""
    turns = [message for message in messages if message["role"] not in ("system", "developer")]
    if len(turns) == 1 and turns[0]["role"] == "user":
        return turns[0]["content"]
    return "\n\n".join(f"{message['role']}: {message['content']}" for message in messages)


def name_of(line):
    body = line.get("body") or {}
    for place in [line, line.get("metadata"), body, body.get("metadata")]:
        for key in ["candidate_name", "name"]:
            name = place.get(key) if isinstance(place, dict) else None
            if isinstance(name, str) and name.strip():
                return name.strip()[:200]
    return None


def name_in_prompt(messages):
    for message in reversed(messages):
        found = NAME_LINE.search(message["content"]) if message["role"] != "assistant" else None
        if found:
            return found.group(1).strip()[:200]
    return None


def name_shown(record):
    return record.name or record.custom_id


def newest(runs):
    """Of each model and choice the newest by its time; without times the one read last."""
    best = {}
    for run in runs:
        key = (run.model, run.choice)
        time = -1 if run.created is None else run.created
        if key not in best or time >= best[key][0]:
            best[key] = (time, run)
    return [run for _, run in sorted(best.values(), key=lambda pair: pair[1].choice)]


def fold(path):
    """Today's stars: the last line of each reviewer on an output."""
    stars, ids = {}, set()
    if not path.exists():
        return []
    with open(path, encoding="utf-8") as file:
        for text in file:
            line = json.loads(text) if text.strip() else {"event": "nothing"}
            if line.get("event") not in (None, "unstar"):
                continue
            if line.get("id") in ids:
                continue
            ids |= {line["id"]} if line.get("id") else set()
            star = star_of(line)
            of_record = stars.setdefault(star.custom_id, [])
            replaced = [known for known in of_record if is_same(known, star)]
            of_record[:] = [known for known in of_record if not is_same(known, star)]
            if line.get("event") is None:
                named = [known for known in replaced if known.model and not star.model]
                for known in named[:1]:
                    star.model, star.choice = known.model, known.choice
                of_record.append(star)
    return [star for of_record in stars.values() for star in of_record]


def star_of(line):
    tags = line.get("tags") or []
    if isinstance(tags, str):
        tags = [tag.strip() for tag in tags.split(",") if tag.strip()]
    return Star(
        str(line["custom_id"]),
        line.get("model"),
        line.get("choice") or 0,
        without_reasoning(line.get("llm_output") or ""),
        line["quality_score"],
        tags,
        line.get("notes") or "",
        line.get("starred_by") or "user",
        time_of(line["starred_at"]),
        line.get("kind") or "human",
    )


def time_of(text):
    time = datetime.datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=datetime.timezone.utc)


def is_same(known, later):
    """One reviewer about one output; without a model the text says which."""
    if known.by != later.by:
        return False
    if known.model and later.model:
        return (known.model, known.choice) == (later.model, later.choice)
    return known.text == later.text


def place_of(star, record):
    """Where a star belongs: without a model the text says it, if an output has it."""
    if star.model:
        return star.model, star.choice, None
    same = [output for output in record.outputs if output.text == star.text]
    return (same[0].model, same[0].choice, None) if same else (None, star.choice, star.text)


def is_stale(star, record):
    """Whether the output that a star names has another text now, or is gone."""
    if not star.model:
        return False
    named = [o for o in record.outputs if (o.model, o.choice) == (star.model, star.choice)]
    return not named or named[0].text != star.text


def main():
    checks = Checks()
    found = words("Don't, C++ & ΣΑΣ: 東京タワー 10%")
    expected = ["don", "t", "c", "σασ", "東", "京", "タ", "ワ", "ー", "10"]
    checks.equal("naive words", found, expected)
    checks.equal("naive words are cut", words("x" * 70), ["x" * 64])
    checks.equal("naive reasoning", without_reasoning("a\n</think>\n\nb"), "b")
    checks.equal("naive words stand between spaces", spaced("A leader."), " a leader ")
    checks.equal("naive newest run", [run.text for run in newest(sample_runs())], ["new", "b"])
    checks.close()


def sample_runs():
    """Runs of two choices: without a time, newer, older, and at the same time."""
    runs = [(0, "none", None), (0, "old", 5), (0, "first", 7), (0, "new", 7), (1, "a", None)]
    runs += [(0, "older", 6), (1, "b", None), (0, "no time", None)]
    return [Output("m", choice, "ok", text, 1, "stop", at, "f") for choice, text, at in runs]


if __name__ == "__main__":
    main()
