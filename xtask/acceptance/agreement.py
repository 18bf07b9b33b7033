"""Agreement of real reviewers, against published figures and against counting it here.

The stars are the 900 ratings that four people gave to the summaries of SQuALITY (Wang and others,
*SQuALITY: Building a long-document summarization dataset the hard way*, 2022), on a scale of ten.
"""

import json
import math
import random
import shutil
import statistics

from goldstar import Server, journal, lines, run, run_all, shared

# By the packages `krippendorff` 0.9 and scikit-learn 1.9 for Python.
ALPHA = {
    "nominal": 0.24555869239641237,
    "ordinal": 0.7319274284300663,
    "interval": 0.8002015904161933,
}
QUADRATIC = {
    ("w2", "w3"): 0.7148726887878977,
    ("w2", "w6"): 0.773555439875065,
    ("w2", "w8"): 0.6912028161045982,
    ("w3", "w6"): 0.821301610973347,
    ("w3", "w8"): 0.8646440437932349,
    ("w6", "w8"): 0.906965529855834,
}
# Biases and noises by another program, fitted to the ratings as they were given, from 0 to 100 and
# brought to 1 to 10 without rounding: these differ by less than ROUNDING.
FITTED = {
    "w2": (0.4556, 1.8961),
    "w3": (0.0825, 1.4449),
    "w6": (-0.3249, 1.2386),
    "w8": (-0.2084, 1.241),
}
ROUNDING = 0.08
CLOSE = 1e-9
SEED = 4


def collection(folder):
    """The batches, and the ratings as {(custom_id, model): {reviewer: score}} with the texts."""
    source = shared("data/real/squality")
    if source is None:
        return None
    data = folder / "data"
    shutil.copytree(source / "output", data / "batches" / "output")
    texts = {}
    for path in sorted((source / "output").iterdir()):
        for line in lines(path):
            body = line["response"]["body"]
            content = body["choices"][0]["message"]["content"]
            texts[line["custom_id"], body["model"]] = content
    units = {}
    for rating in lines(source / "truth.jsonl"):
        unit = units.setdefault((rating["custom_id"], rating["model"]), {})
        unit[rating["rater"]] = rating["score10"]
    return data, texts, units


def write_stars(data, texts, units):
    """The ratings as stars, in the order of units."""
    path = journal(data)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        for (custom_id, model), scores in units.items():
            for by, score in scores.items():
                star = {
                    "custom_id": custom_id,
                    "candidate_name": "",
                    "llm_output": texts[custom_id, model],
                    "quality_score": score,
                    "tags": [],
                    "notes": "",
                    "starred_by": by,
                    "starred_at": "2026-11-22T10:00:00Z",
                    "model": model,
                    "choice": 0,
                }
                file.write(json.dumps(star) + "\n")


def fitted(units, rounds=60):
    """The model of docs/agreement.md, written down again: mu, tau², biases, variances."""
    scores = [score for unit in units.values() for score in unit.values()]
    reviewers = sorted({by for unit in units.values() for by in unit})
    mu, tau2 = statistics.fmean(scores), statistics.pvariance(scores)
    bias, noise = dict.fromkeys(reviewers, 0.0), dict.fromkeys(reviewers, 2.25)
    for _ in range(rounds):
        worth = {name: worth_of(unit, mu, tau2, bias, noise) for name, unit in units.items()}
        new_mu = statistics.fmean(mean for mean, _ in worth.values())
        tau2 = statistics.fmean((m - new_mu) ** 2 + v for m, v in worth.values())
        mu = new_mu
        for by in reviewers:
            rest = [(unit[by] - worth[n][0], worth[n][1]) for n, unit in units.items() if by in unit]
            precision = len(rest) / noise[by] + 1
            bias[by] = sum(r for r, _ in rest) / noise[by] / precision
            around = sum((r - bias[by]) ** 2 + v + 1 / precision for r, v in rest)
            noise[by] = (around + 4 * 2.25) / (len(rest) + 4)
        middle = statistics.fmean(bias.values())
        bias = {by: value - middle for by, value in bias.items()}
        mu += middle
    return mu, tau2, bias, noise


def worth_of(unit, mu, tau2, bias, noise):
    """Mean and variance of what a unit is worth."""
    precision = 1 / tau2 + sum(1 / noise[by] for by in unit)
    total = mu / tau2 + sum((score - bias[by]) / noise[by] for by, score in unit.items())
    return total / precision, 1 / precision


def is_near(found, expected, by=CLOSE):
    return found is not None and abs(found - expected) <= by


def real_reviewers(checks, folder):
    made = collection(folder)
    if made is None:
        return checks.skip("agreement of SQuALITY", "GOLDSTAR_SHARED has no data/real/squality")
    data, texts, units = made
    write_stars(data, texts, units)
    with Server(data) as server:
        server.wait_until_ready()
        report = server.get("/api/agreement")
        again = server.get("/api/agreement")
        gaussian = server.get("/api/agreement", method="gaussian")
        part = server.get("/api/agreement", q="is:disputed")
        found = server.get("/api/records", q="is:disputed", sort="-disagreement", limit=500)
    check_counts(checks, report, units)
    check_pairs(checks, report["pairs"], units)
    check_model(checks, report, units)
    checks.equal("the same report twice", again, report)
    checks.equal("the model is what fits", gaussian, report)
    checks.equal("disputes are all in their own view", part["disputed"], report["disputed"])
    order = [farthest(record["custom_id"], units) for record in found["records"]]
    checks.equal("disputes come farthest first", order, sorted(order, reverse=True))
    told = json.loads(run("agreement", "--json", data=data).out)
    checks.equal("the command says the same", told, report)
    said = run("agreement", data=data).out
    checks.true("the command says it in words", "0.73 [" in said and "w2 · w3" in said, said)
    check_export(checks, data, units)


def farthest(custom_id, units):
    """The greatest variance of one output's scores."""
    scores = [list(unit.values()) for (name, _), unit in units.items() if name == custom_id]
    return max(statistics.variance(one) for one in scores if len(one) > 1)


def check_counts(checks, report, units):
    alpha = {metric: report["alpha"][metric]["value"] for metric in ALPHA}
    wrong = [m for m, value in ALPHA.items() if not is_near(alpha[m], value)]
    checks.true("alpha is the published one", not wrong, f"{wrong}: {alpha}")
    for metric, measured in report["alpha"].items():
        low, value, high = measured["low"], measured["value"], measured["high"]
        checks.true(f"the interval of {metric} alpha holds it", low < value < high, measured)
    ranges = [0] * 10
    disputed = 0
    for unit in units.values():
        apart = max(unit.values()) - min(unit.values())
        ranges[apart] += 1
        disputed += apart >= 4 or statistics.variance(unit.values()) >= 4
    counted = (report["outputs"], report["shared"], report["ranges"], report["disputed"])
    expected = (len(units), len(units), ranges, disputed)
    checks.equal("outputs, ranges and disputes", counted, expected)
    listed = len(report["queue"])
    checks.equal("disputes are listed", listed, min(100, disputed))


def check_pairs(checks, pairs, units):
    found = {(pair["a"], pair["b"]): pair for pair in pairs}
    checks.equal("pairs", sorted(found), sorted(QUADRATIC))
    wrong = []
    for (a, b), pair in found.items():
        both = [(unit[a], unit[b]) for unit in units.values() if a in unit and b in unit]
        expected = {
            "quadratic": QUADRATIC[a, b],
            "exact": sum(x == y for x, y in both) / len(both),
            "within_one": sum(abs(x - y) <= 1 for x, y in both) / len(both),
            "difference": statistics.fmean(x - y for x, y in both),
        }
        if pair["outputs"] != len(both):
            wrong.append(f"{a} {b}: {pair['outputs']} outputs, not {len(both)}")
        wrong += [
            f"{a} {b}: {name} {pair[name]}, not {value}"
            for name, value in expected.items()
            if not is_near(pair[name]["value"], value)
            or not pair[name]["low"] <= value <= pair[name]["high"]
        ]
    checks.true("pairs agree as counted here", not wrong, f"the first: {wrong[:1]}")


def check_model(checks, report, units):
    mu, tau2, bias, noise = fitted(units)
    centre, other = statistics.median(bias.values()), statistics.median(b for b, _ in FITTED.values())
    wrong = []
    for reviewer in report["reviewers"]:
        by = reviewer["value"]
        if not is_near(reviewer["bias"]["value"], bias[by] - centre, 1e-6):
            wrong.append(f"{by}: bias {reviewer['bias']}, not {bias[by] - centre}")
        if not is_near(reviewer["noise"]["value"], math.sqrt(noise[by]), 1e-6):
            wrong.append(f"{by}: noise {reviewer['noise']}, not {math.sqrt(noise[by])}")
        known_bias, known_noise = FITTED[by]
        if not is_near(reviewer["bias"]["value"], known_bias - other, ROUNDING):
            wrong.append(f"{by}: bias {reviewer['bias']}, elsewhere {known_bias - other}")
        if not is_near(reviewer["noise"]["value"], known_noise, ROUNDING):
            wrong.append(f"{by}: noise {reviewer['noise']}, elsewhere {known_noise}")
    checks.true("bias and noise of each reviewer", not wrong, f"the first: {wrong[:1]}")
    worths = [
        (worth_of(units[one["custom_id"], one["model"]], mu, tau2, bias, noise), one["consensus"])
        for one in report["queue"]
    ]
    clipped = lambda score: min(10, max(1, score))
    far = [
        (mean, consensus)
        for (mean, variance), consensus in worths
        if not is_near(consensus["value"], clipped(mean), 1e-6)
        or not is_near(consensus["low"], clipped(mean - 1.959964 * math.sqrt(variance)), 1e-5)
    ]
    checks.true("consensus of what is disputed", not far, f"the first: {far[:1]}")


def check_export(checks, data, units):
    """`score=consensus`: the model's score, named in the manifest. There are no prompts here, so it
    is told by the threshold: how many are that good."""
    mu, tau2, bias, noise = fitted(units)
    worths = [worth_of(unit, mu, tau2, bias, noise)[0] for unit in units.values()]
    with Server(data) as server:
        server.wait_until_ready()
        for least in [3, 5.5, 8]:
            counted = server.get(
                "/api/export-gold-star/count", score="consensus", min_quality=least, format="icl"
            )
            good = sum(worth >= least for worth in worths)
            checks.equal(f"outputs of consensus {least}", sum(counted["left_out"].values()), good)
    done = run("export", "--format", "icl", "--score", "consensus", "--out", data / "a.jsonl", data=data)
    recipe = json.loads((data / "a.manifest.json").read_text())["recipe"]
    named = (recipe["score"], recipe["consensus"])
    checks.equal("the manifest names the method", (done.code, named), (0, ("consensus", "gaussian")))


def planted_reviewers(checks, folder):
    """One who gives three points less than the mean of the others, and one who gives anything."""
    made = collection(folder)
    if made is None:
        return checks.skip("planted reviewers", "GOLDSTAR_SHARED has no data/real/squality")
    data, texts, units = made
    rng = random.Random(SEED)
    for unit in units.values():
        mean = statistics.fmean(unit.values())
        if rng.random() < 0.5:
            unit["harsh"] = max(1, min(10, round(mean - 3 + rng.gauss(0, 1))))
        if rng.random() < 0.5:
            unit["spam"] = rng.randint(1, 10)
    write_stars(data, texts, units)
    report = json.loads(run("agreement", "--json", data=data).out)
    flags = {reviewer["value"]: reviewer["flags"] for reviewer in report["reviewers"]}
    checks.true("the harsh one is named", "harsh" in flags["harsh"], flags)
    checks.true("the random one is named", "noisy" in flags["spam"], flags)
    others = [flag for by, known in flags.items() if by.startswith("w") for flag in known]
    checks.true("nobody else is called so", not {"harsh", "noisy"} & set(others), flags)
    said = run("agreement", data=data).out
    named = [line for line in said.splitlines() if line.startswith(("harsh ", "spam "))]
    checks.true("the command names both", "harsh" in named[0] and "noisy" in named[1], said)


def solo_reviewer(checks, folder):
    """One reviewer agrees with nobody and disputes nothing, and is told so."""
    data = folder / "data"
    run("demo", data, "--records", "5", "--models", "2")
    run("star", "cand-0000001", "--model", "Qwen3-32B", "--score", "9", data=data)
    report = json.loads(run("agreement", "--json", data=data).out)
    told = (report["stars"], report["shared"], report["alpha"]["ordinal"], report["method"])
    checks.equal("nothing is said of one reviewer", told, (1, 0, {}, "mean"))
    said = run("agreement", data=data)
    checks.true("but what is missing", "two or more reviewers" in said.out, said)
    wrong = run("agreement", "--method", "best", data=data)
    checks.true("an unknown method", wrong.code == 2 and "median" in wrong.err, wrong)


if __name__ == "__main__":
    run_all(real_reviewers, planted_reviewers, solo_reviewer)
