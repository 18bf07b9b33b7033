"""Rows of asking: pages of kept views, new views, facets, words."""

import json
import multiprocessing
import random
import time
from concurrent.futures import ProcessPoolExecutor

import goldstar
import ours
import queries
from corpora import forget
from measure import Series, Unavailable, reason, side_by_side
from peers import Duck
from results import OURS

PAGES = 1_000
CONNECTIONS = 8
VIEWS = 60
FACETS = 30
WORDS_EACH = 10
PEER_WORDS_EACH = 2
PEER_SECONDS_MAX = 300
PEER_WORDS_SECONDS_MAX = 60
LARGE_BYTES = 4e9
TWINS_OF_LARGE = 10


def pages(run, corpus):
    """Pages of 50 at random places of views that were asked before, over one kept connection."""
    with goldstar.Server(corpus.whole()) as server, ours.Client(server.address) as client:
        models = names(ours.settled(client))
        asked = places(client, models, PAGES)

        def one():
            return [client.timed("/api/records", **page)[0] for page in asked]

        found = side_by_side({OURS: one}, run.rounds)[OURS]
        finish(run, "page of 50", corpus, found, stat="p99")
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(CONNECTIONS, mp_context=spawn) as pool:
            parts = [asked[number::CONNECTIONS] for number in range(CONNECTIONS)]

            def at_once():
                work = [pool.submit(ask_pages, server.address, part) for part in parts]
                return [took for part in work for took in part.result(timeout=300)]

            at_once()  # The processes are started now, and are not a part of what is measured.
            found = side_by_side({OURS: at_once}, run.rounds)[OURS]
    note = f"{CONNECTIONS} clients on the same cores"
    finish(run, f"page of 50, {CONNECTIONS} connections at once", corpus, found, "p99", note)


def ask_pages(address, asked):
    with ours.Client(address) as client:
        return [client.timed("/api/records", **page)[0] for page in asked]


def places(client, models, count):
    """Random pages of several views; each view is asked once before."""
    rng = random.Random(queries.SEED)
    views = [{"q": text, "sort": sort} for text, sort in kept(models)]
    totals = [client.get("/api/records", limit=50, **view)["total"] for view in views]
    chosen = [number for number, total in enumerate(totals) if total > 50]
    asked = []
    for _ in range(count):
        number = rng.choice(chosen)
        asked.append({**views[number], "limit": 50, "offset": rng.randrange(totals[number] - 50)})
    return asked


def kept(models):
    llm = models[0].split("-")[0].lower()
    sorted_views = [("", "name"), ("", f"-chars:{models[0]}"), ("finish:stop", "-custom_id")]
    return [("", ""), (f"model:{llm} tokens:>300", ""), ("-is:error", "custom_id"), *sorted_views]


def names(status):
    return [model["name"] for model in status["models"]]


def finish(run, work, corpus, series, stat="p95", note=""):
    if series.get():
        run.results.row(work, corpus.name, series.get(), stat=stat, note=note)
    else:
        run.results.skip(work, corpus.name, "", series.skipped)


def new_views(run, corpus):
    """Filters and sorts that this server was never asked before."""

    def view(client, text, sort):
        return client.timed("/api/records", q=text, sort=sort, limit=50)

    def asked(models):
        return queries.views(models, VIEWS)

    note = f"{VIEWS} different queries a round, each new to its server"
    compare(run, corpus, "new view", view, asked, note)


def facets(run, corpus):
    """Counts of filtered views."""

    def counted(client, text):
        return client.timed("/api/facets", q=text)

    def asked(models):
        return queries.groups(models, FACETS)

    compare(run, corpus, "facets", counted, asked, f"{FACETS} different queries a round")


def compare(run, corpus, work, call, asked, note):
    """A fresh server a round, with each question asked once; DuckDB between the rounds."""
    folder = corpus.whole()
    ours.indexed(folder)
    twins = [None]
    # DuckDB reads the texts for some of the questions: of much text it is asked few.
    most = None if corpus.bytes < LARGE_BYTES else TWINS_OF_LARGE

    def goldstar_round():
        with goldstar.Server(folder) as server, ours.Client(server.address) as client:
            questions = asked(names(ours.settled(client)))
            client.get("/api/records", limit=50)
            with_twin = [number for number, question in enumerate(questions) if question[-1]]
            with_twin = set(with_twin[:most])
            twins[0] = [questions[number][-1] for number in sorted(with_twin)]
            found = {"wall": [], "twin": []}
            for number, (*question, _) in enumerate(questions):
                took, _ = call(client, *question)
                found["wall"].append(took)
                if number in with_twin:
                    found["twin"].append(took)
            return found

    def duck_round():
        if twins[0] is None:
            raise Unavailable("Goldstar did not answer")
        with Duck(run.peers, database()) as duck:
            duck.ask("SELECT count(*) FROM outputs")
            return {"twin": [duck.ask(*statements) for statements in twins[0]]}

    database = run.database(corpus)
    duck = "DuckDB, the same of outputs"
    found = {OURS: Series(), duck: Series()}
    for _ in range(run.rounds):
        # Always in this order: Goldstar names the models that the questions are made of.
        for name, one in [(OURS, goldstar_round), (duck, duck_round)]:
            series = found[name]
            is_late = name == duck and series.spent > PEER_SECONDS_MAX
            if series.skipped or is_late or found[OURS].skipped:
                continue
            began = time.monotonic()
            try:
                series.add(one())
            except Exception as error:
                series.skipped = reason(error)
            series.spent += time.monotonic() - began
    finish(run, work, corpus, found[OURS], note=note)
    if found[OURS].get():
        told = "only questions about columns that DuckDB's table has"
        run.results.pair(work, corpus.name, found, duck, metric="twin", stat="p95", note=told)


SCANNED = "words before the index is ready"


def words(run, corpus):
    """Full text: words, phrases and prefixes, with the total."""
    chosen = queries.words(sample(corpus), WORDS_EACH)
    folder = corpus.whole()
    try:
        scanned(run, corpus, chosen)
    except Exception as error:
        run.results.skip(SCANNED, corpus.name, "", reason(error))
    found = {kind: Series() for kind in chosen}
    for _ in range(run.rounds):
        with goldstar.Server(folder) as server, ours.Client(server.address) as client:
            try:
                ours.searchable(client)
                client.get("/api/records", limit=50)
                for kind, asked in chosen.items():
                    found[kind].add([search(client, text) for text in asked])
            except Unavailable as error:
                run.results.skip("full text", corpus.name, "", reason(error))
                return
    everything = [took for series in found.values() for took in series.get()]
    run.results.row("full text", corpus.name, everything, stat="p95", note="all kinds")
    for kind, series in found.items():
        run.results.row(f"full text, {kind}", corpus.name, series.get(), stat="p95")
        scanners(run, corpus, kind, chosen[kind][:PEER_WORDS_EACH], series)


def search(client, text):
    return client.timed("/api/records", q=text, limit=50)[0]


def scanners(run, corpus, kind, asked, series):
    """The same words by programs without an index: one file after the other is read."""
    if kind in ("two words", "prefix"):
        return
    plain = [text.strip('"') for text in asked]
    database = run.database(corpus)
    with Duck(run.peers, database()) as duck:
        works = {
            "ripgrep -c -i": lambda: [
                run.peers.grep(corpus.outputs, "-i", "--", text)["wall"] for text in plain
            ],
            "DuckDB ILIKE": lambda: [
                duck.ask(f"SELECT count(*) FROM outputs WHERE content ILIKE '%{text}%'")
                for text in plain
            ],
        }
        found = side_by_side(works, run.rounds, PEER_WORDS_SECONDS_MAX)
    for name, reference in found.items():
        both = {OURS: series, name: reference}
        run.results.pair(f"full text, {kind}", corpus.name, both, name)


def scanned(run, corpus, chosen):
    """Words while there is no full-text index: the texts are read."""
    folder = corpus.linked("scanned", corpus.files)
    forget(folder)
    took = []
    with goldstar.Server(folder) as server, ours.Client(server.address) as client:
        ours.until(client, ours.catalog_ready)
        for asked in chosen.values():
            if asked and client.status()["search"]["state"] != "ready":
                took.append(search(client, asked[-1]))
    if took:
        run.results.row(SCANNED, corpus.name, took, note="texts are scanned; a word of each kind")
    else:
        why = "the index was ready before a word could be asked"
        run.results.skip(SCANNED, corpus.name, "", why)


def sample(corpus):
    """Texts from the beginnings of all output batches."""
    texts = []
    each = -(-queries.SAMPLE // len(corpus.outputs))
    for path in corpus.outputs:
        with open(path, encoding="utf-8") as file:
            for _, line in zip(range(each), file):
                body = (json.loads(line).get("response") or {}).get("body") or {}
                texts += [choice["message"]["content"] or "" for choice in body.get("choices", [])]
    return texts
