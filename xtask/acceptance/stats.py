"""Statistics of stars and pairs of models' scores, against counting them one by one in Python."""

import datetime
import random
import sys
import tempfile
from fractions import Fraction
from math import floor
from pathlib import Path

from goldstar import Checks, Server
from naive import means
from views import Asker, append_stars, followed, make, made

SEED = 11
STARS = 600
PAUSE = datetime.timedelta(minutes=5)
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
MONDAY = datetime.datetime(1970, 1, 5, tzinfo=datetime.timezone.utc)
LENGTHS = {
    "minute": datetime.timedelta(minutes=1),
    "hour": datetime.timedelta(hours=1),
    "day": datetime.timedelta(days=1),
    "week": datetime.timedelta(days=7),
}


def expected_of(collection, records):
    """What `/api/stats` has to say of these records."""
    stars = [star for record in records for star in collection.stars.get(record.custom_id, [])]
    reviewed = sum(record.custom_id in collection.stars for record in records)
    tags = sorted({tag for star in stars for tag in star.tags})
    spread = lambda some: [sum(star.score == score for star in some) for score in range(1, 11)]
    of_tag = {tag: spread([star for star in stars if tag in star.tags]) for tag in tags}
    first = sorted(tags, key=lambda tag: (-sum(of_tag[tag]), tag))[:20]
    models = sorted({star.place[0] for star in stars if star.place[0]})
    reviewers = sorted({star.by for star in stars})
    expected = {
        "records": len(records),
        "reviewed": reviewed,
        "stars": len(stars),
        "scores": spread(stars),
        "models": {m: spread([star for star in stars if star.place[0] == m]) for m in models},
        "reviewers": {by: spread([star for star in stars if star.by == by]) for by in reviewers},
        "tags": [(tag, of_tag[tag]) for tag in first],
    }
    return expected, stars, first[:8]


def over_time(stars, bucket, beginning, count):
    """Stars in each piece of time."""
    length, counts = LENGTHS[bucket], [0] * count
    for star in stars:
        counts[floor((star.at - beginning) / length)] += 1
    return counts


def compare_pace(answer, stars, tags):
    """What is wrong with the pace."""
    if not stars:
        is_empty = "pace" not in answer and not answer["tags_over_time"]
        return [] if is_empty else ["a pace of nothing"]
    pace = answer["pace"]
    beginning = datetime.datetime.fromisoformat(pace["from"])
    wrong = []
    length = LENGTHS[pace["bucket"]]
    origin = MONDAY if pace["bucket"] == "week" else EPOCH
    if (beginning - origin) % length:
        wrong.append(f"{pace['from']} is no beginning of a {pace['bucket']}")
    if not beginning <= min(star.at for star in stars) < beginning + length:
        wrong.append(f"the first star is not in the first {pace['bucket']}")
    count = len(pace["counts"])
    if pace["bucket"] != "week" and count > 120:
        wrong.append(f"{count} pieces of time")
    of_all = over_time(stars, pace["bucket"], beginning, count)
    if pace["counts"] != of_all or not of_all[-1]:
        wrong.append(f"pace: {pace['counts']}, not {of_all}")
    for each in pace["reviewers"]:
        mine = [star for star in stars if star.by == each["value"]]
        if each["counts"] != over_time(mine, pace["bucket"], beginning, count):
            wrong.append(f"pace of {each}")
    if [each["value"] for each in answer["tags_over_time"]] != tags:
        wrong.append(f"tags over time: {answer['tags_over_time']}")
    for each in answer["tags_over_time"]:
        having = [star for star in stars if each["value"] in star.tags]
        if each["counts"] != over_time(having, pace["bucket"], beginning, count):
            wrong.append(f"{each} over time")
    return wrong


def estimate_of(records, reviewed, stars):
    """Records an hour, hours worked, hours left; nothing when there is too little to tell."""
    steps, active = 0, datetime.timedelta()
    for by in {star.by for star in stars}:
        times = sorted(star.at for star in stars if star.by == by)
        gaps = [b - a for a, b in zip(times, times[1:]) if b - a <= PAUSE]
        steps, active = steps + len(gaps), active + sum(gaps, datetime.timedelta())
    if steps < 10 or not active:
        return None
    hours = Fraction(active // datetime.timedelta(microseconds=1), 3_600_000_000)
    per_hour = Fraction(steps, 1) / hours * Fraction(reviewed, len(stars))
    return float(per_hour), float(hours), float((records - reviewed) / per_hour)


def compare(answer, collection, records):
    """All that is wrong with an answer."""
    expected, stars, tags = expected_of(collection, records)
    found = {key: answer[key] for key in ["records", "reviewed", "stars", "scores"]}
    for key in ["models", "reviewers"]:
        found[key] = {each["value"]: each["scores"] for each in answer[key]}
    found["tags"] = [(each["value"], each["scores"]) for each in answer["tags"]]
    wrong = [
        f"{key}: {found[key]}, not {value}" for key, value in expected.items() if found[key] != value
    ]
    wrong += compare_pace(answer, stars, tags)
    estimate = estimate_of(expected["records"], expected["reviewed"], stars)
    told = answer.get("estimate")
    told = told and (told["per_hour"], told["active_hours"], told["hours_left"])
    if (estimate is None) != (told is None) or (
        estimate and any(abs(a - b) > 1e-9 * max(1, abs(b)) for a, b in zip(told, estimate))
    ):
        wrong.append(f"estimate {told}, not {estimate}")
    return wrong


def compare_pairs(answer, collection, records, x, y):
    """All that is wrong with pairs."""
    counts = [[0] * 10 for _ in range(10)]
    for record in records:
        found = means(collection.stars.get(record.custom_id, []))
        if x in found and y in found:
            row, column = (floor(found[model] + Fraction(1, 2)) - 1 for model in (x, y))
            counts[row][column] += 1
    total = sum(map(sum, counts))
    is_right = answer == {"records": total, "counts": counts}
    return [] if is_right else [f"pairs of {x} and {y}: {answer}, not {counts}"]


def main():
    checks = Checks()
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        collection = make(Path(folder) / "data", rng)
        append_stars(collection, rng, STARS)
        collection.read_stars()
        with Server(collection.data) as server:
            server.wait_until_ready()
            followed(checks, server, collection)
            asker, models = Asker(collection, rng), collection.models()
            queries = [("", "", [])] + made(asker, ["stars", "about_outputs", "mixtures"], rng, 12)
            wrong, pairs = [], 0
            for text, _, clauses in queries:
                records = collection.view(clauses)
                told = compare(server.get("/api/stats", q=text), collection, records)
                x, y = rng.choice(models), rng.choice(models)
                answer = server.get("/api/stats/pairs", q=text, x=x, y=y)
                pairs += answer["records"]
                told += compare_pairs(answer, collection, records, x, y)
                wrong += [f"`{text}` {what}" for what in told]
            checks.true("statistics", not wrong, f"{len(wrong)} differ; the first: {wrong[:1]}")
            checks.true("some pairs were looked at", pairs > 0, pairs)
            status, _, _ = server.call("GET", "/api/stats/pairs?x=a")
            checks.equal("a model is missing", status, 400)
    checks.close()


if __name__ == "__main__":
    sys.exit(main())
