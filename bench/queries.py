"""The questions that are asked: fixed lists by a seed, each with its twin for DuckDB."""

import random
import re
from collections import Counter

SEED = 3
SAMPLE = 2_000
WORD = re.compile(r"[^\W\d_]{4,}")


def clauses(models):
    """Makers of one clause each: the query's text, and the condition in SQL (None: no twin)."""
    families = [model.split("-")[0].lower() for model in models]

    def model(rng):
        name = rng.choice(families)
        return f"model:{name}", f"model ILIKE '%{name}%'"

    def tokens(rng):
        low = rng.randrange(100, 900)
        return f"tokens:>{low}", f"completion_tokens > {low}"

    def chars(rng):
        high = rng.randrange(400, 4_000)
        return f"chars:..{high}", f"length(content) <= {high}"

    def finish(rng):
        why = rng.choice(["length", "stop"])
        return f"finish:{why}", f"finish_reason = '{why}'"

    def errors(_):
        return "is:error", "content IS NULL"

    def empty(_):
        return "is:empty", "content = ''"

    def ids(rng):
        part = f"{rng.randrange(100, 1000)}"
        return f"id:{part}", f"custom_id LIKE '%{part}%'"

    def name(rng):
        return f"name:{rng.choice(['an', 'be', 'ma', 'ri', 'so', 'to'])}", None

    def file(rng):
        return f"file:batch_00{rng.randrange(2)}", None

    def stars(rng):
        return rng.choice(["score:8..10", "by:ann", "tag:senior", "is:starred"]), None

    return [model, tokens, chars, finish, errors, empty, ids, name, file, stars]


def sorts(models):
    """Sorts of the table, each with its ORDER BY (None: no twin)."""
    found = [("", ""), ("custom_id", "custom_id"), ("-custom_id", "custom_id DESC")]
    found += [("name", None), ("-name", None), ("-score", None)]
    for model in models:
        found.append((f"chars:{model}", "length(content)"))
        found.append((f"-chars:{model}", "length(content) DESC"))
    return found


def filters(models, count):
    """So many different (query, condition): one to three clauses, one in five turned round."""
    rng = random.Random(SEED)
    makers = clauses(models)
    found = {}
    while len(found) < count:
        chosen = [make(rng) for make in rng.sample(makers, rng.choice([1, 2, 2, 3]))]
        texts, conditions = [], []
        for text, condition in chosen:
            turned = rng.random() < 0.2
            texts.append(f"-{text}" if turned else text)
            negated = f"NOT ({condition})" if turned else condition
            conditions.append(negated if condition else None)
        found[" ".join(texts)] = None if None in conditions else " AND ".join(conditions)
    return list(found.items())


def views(models, count):
    """So many different (query, sort, statements of DuckDB or None)."""
    rng = random.Random(SEED + 1)
    asked = []
    for text, condition in filters(models, count):
        sort, order = rng.choice(sorts(models))
        twin = None
        if condition and order is not None:
            by = f" ORDER BY {order}" if order else ""
            twin = [
                f"SELECT count(*) FROM outputs WHERE {condition}",
                f"SELECT * FROM outputs WHERE {condition}{by} LIMIT 50",
            ]
        asked.append((text, sort, twin))
    return asked


def groups(models, count):
    """So many different (query, statements of DuckDB or None) whose facets are asked."""
    # The first filters were asked as views; these are not the same.
    asked = filters(models, 60 + count)[60:]
    columns = ["model", "finish_reason", "(content IS NULL)"]
    return [
        (
            text,
            [
                f"SELECT {column}, count(*) FROM outputs WHERE {condition} GROUP BY 1"
                for column in columns
            ]
            if condition
            else None,
        )
        for text, condition in asked
    ]


def words(texts, each):
    """By kind, so many searches taken from the texts themselves, by how many texts hold a word."""
    rng = random.Random(SEED + 2)
    # Words of plain letters, whole: every program that is asked finds these.
    held = [[word for word in WORD.findall(text) if word.isascii()] for text in texts]
    counts = Counter(word for found in held for word in {word.lower() for word in found})
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    of = len(texts)
    common = [word for word, count in ordered if count > of * 0.3]
    middling = [word for word, count in ordered if of * 0.01 <= count <= of * 0.05]
    rare = [word for word, count in ordered if count <= max(1, of // 1000)]
    found = {
        "common word": common,
        "middling word": middling,
        "rare word": rare,
        "two words": pairs(held, set(middling), rng, each * 4),
        "phrase": phrases(texts, rng, each * 4),
        "prefix": sorted({f"{word[:4]}*" for word in middling}),
    }
    chosen = {}
    for kind, candidates in found.items():
        candidates = list(dict.fromkeys(candidates))
        chosen[kind] = rng.sample(candidates, min(each, len(candidates)))
    return chosen


def pairs(held, wanted, rng, count):
    """Two words of one and the same text."""
    found = []
    for words_of_one in rng.sample(held, len(held)):
        both = sorted({word.lower() for word in words_of_one} & wanted)
        if len(both) > 1 and len(found) < count:
            found.append(" ".join(rng.sample(both, 2)))
    return found


def phrases(texts, rng, count):
    """Three words as they stand in a text."""
    found = []
    for text in rng.sample(texts, len(texts)):
        runs = re.findall(r"\b[a-z]+ [a-z]{4,} [a-z]+\b", text)
        if runs and len(found) < count:
            found.append(f'"{rng.choice(runs)}"')
    return found
