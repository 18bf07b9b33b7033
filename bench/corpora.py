"""The corpora: demo collections of several sizes, and folders of hard links to work in."""

import json
import os
import shutil
from pathlib import Path

import goldstar
from bars import SIZES
from measure import memory_available

STARS = 2_000
MAKE_SECONDS_MAX = 3_600


class Corpus:
    """A demo collection that is never written, and copies of it by hard links that may be."""

    def __init__(self, name, source, work):
        self.name = name
        self.source = Path(source)
        self.work = work / name
        self.outputs = sorted((self.source / "batches" / "output").glob("*.jsonl"))
        self.inputs = sorted((self.source / "batches" / "input").glob("*.jsonl"))
        self.bytes = sum(path.stat().st_size for path in self.outputs)
        self.bytes_whole = self.bytes + sum(path.stat().st_size for path in self.inputs)
        self.is_warm = self.bytes_whole < memory_available()
        self.counted = None

    @property
    def files(self):
        return self.outputs + self.inputs

    def outputs_only(self):
        """A collection of the outputs alone: what the peers read too."""
        return self.linked("outputs", self.outputs)

    def whole(self):
        """The collection with its requests, and with some stars to filter and sort by."""
        folder = self.linked("whole", self.files)
        stars = goldstar.journal(folder)
        if not stars.exists():
            stars.parent.mkdir(exist_ok=True)
            stars.write_text(self.stars(), encoding="utf-8")
        return folder

    def linked(self, name, files):
        folder = self.work / name
        for path in files:
            link = folder / path.relative_to(self.source)
            if not link.exists():
                link.parent.mkdir(parents=True, exist_ok=True)
                link_to(path, link)
        return folder

    def stars(self):
        model = self.outputs[0].name.split("_batch_")[0]
        return "".join(
            goldstar.old_line(
                f"cand-{number * 2 + 1:07}",
                "",
                1 + number % 10,
                ["ann", "bo", "cy"][number % 3],
                f"2026-01-{1 + number % 28:02}T00:00:{number % 60:02}Z",
                model=model,
                tags=[["senior", "clear", "rejected"][number % 3]],
            )
            for number in range(min(STARS, SIZES.get(self.name, STARS) // 3))
        )

    def warm(self, files=None):
        """Reads the files once, so that they lie in the page cache."""
        for path in files or self.files:
            with open(path, "rb", buffering=0) as file:
                while file.read(1 << 22):
                    pass

    def text_bytes(self, count):
        """Bytes of all answers and prompts, counted once by `count` and kept."""
        kept = self.work / "text.json"
        if not kept.exists():
            self.work.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(count(self.files)), encoding="utf-8")
        return json.loads(kept.read_text(encoding="utf-8"))

    def clear(self):
        """Takes the working folders away; the corpus stays."""
        shutil.rmtree(self.work, ignore_errors=True)


def link_to(path, link):
    """A hard link, or a symbolic one where the corpus lies on another disk."""
    try:
        os.link(path, link)
    except OSError:
        link.symlink_to(path)


def forget(folder):
    """Deletes the caches of a collection."""
    shutil.rmtree(folder / ".goldstar", ignore_errors=True)


def made(name, folder, work):
    """The corpus of this name, made if it is not there yet."""
    target = folder / name
    if not (target / "made").exists():
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        print(f"making the corpus {name} in {target}", flush=True)
        ran = goldstar.run(
            "demo", target, "--records", SIZES[name], "--models", 2, seconds=MAKE_SECONDS_MAX
        )
        if ran.code != 0:
            raise RuntimeError(f"the corpus {name} cannot be made: {ran}")
        (target / "made").touch()
    return Corpus(name, target, work)
