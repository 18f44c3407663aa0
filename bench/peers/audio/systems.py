"""The peers: how each is told to index recordings and to look a window up. Build them first: README.md.

A peer has `index(refs, cost)` (once, into its folder), `index_bytes()` and `look_up(windows, cost)` where a window is
(key, samples); it gives back (key, hit) with hit = recording, start, end, in (seconds), tempo, pitch_cents, score.
"""

import math
import pathlib
import re
import shutil

from data import RATE, decode, size_of, write_wav

BATCH = 400


def batches(items, size=BATCH):
    items = list(items)
    for at in range(0, len(items), size):
        yield items[at:at + size]


class Peer:
    def __init__(self, builds, folder, settings):
        self.builds, self.folder, self.settings = pathlib.Path(builds), pathlib.Path(folder), settings
        self.folder.mkdir(parents=True, exist_ok=True)

    def scratch(self):
        place = self.folder / "scratch"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        return place


class Olaf(Peer):
    """Olaf's core: raw f32 in, LMDB under $HOME/.olaf/db. Its settings are compiled in."""

    def core(self):
        return str(self.builds / "olaf" / "bin" / "olaf_core")

    def env(self):
        (self.folder / ".olaf" / "db").mkdir(parents=True, exist_ok=True)
        return {"HOME": str(self.folder)}

    def index(self, refs, cost):
        for part in batches(refs.items(), 20):
            place, words = self.scratch(), []
            for label, path in part:
                decode(path, cost).tofile(place / f"{label}.raw")
                words += [str(place / f"{label}.raw"), label]
            cost.run([self.core(), "store", *words], env=self.env())

    def index_bytes(self):
        return size_of(self.folder / ".olaf" / "db" / "data.mdb")

    def look_up(self, windows, cost):
        """One process a window: the core does not say which query a line answers."""
        raw = self.scratch() / "window.raw"
        for key, samples in windows:
            samples.tofile(raw)
            for hit in olaf_hits(cost.run([self.core(), "query", str(raw), "window"], env=self.env()).decode()):
                yield key, hit


def olaf_hits(text):
    for line in text.splitlines():
        cells = [c.strip() for c in line.split(",")]
        if len(cells) != 7 or not cells[0].isdigit() or int(cells[0]) == 0:
            continue
        yield {"recording": cells[3], "start": float(cells[1]), "end": float(cells[2]), "in": float(cells[5]),
               "tempo": 1.0, "score": float(cells[0])}


class Panako(Peer):
    """Panako 2.1 (strategy PANAKO). Settings: any KEY=VALUE of its configuration under "options"."""

    def words(self, command):
        return [str(self.builds / "panako.sh"), command, "STRATEGY=PANAKO", f"PANAKO_LMDB_FOLDER={self.folder}/db",
                "PANAKO_CACHE_TO_FILE=FALSE", "PANAKO_USE_CACHED_PRINTS=FALSE", *self.settings.get("options", [])]

    def env(self):
        return {"PANAKO_HOME": str(self.folder)}

    def index(self, refs, cost):
        (self.folder / "db").mkdir(exist_ok=True)
        for part in batches(refs.values(), 50):
            cost.run([*self.words("store"), *map(str, part)], env=self.env())

    def index_bytes(self):
        return size_of(self.folder / "db")

    def look_up(self, windows, cost):
        for part in batches(windows):
            place, keys = self.scratch(), {}
            for at, (key, samples) in enumerate(part):
                path = place / f"w{at:06}.wav"
                write_wav(path, samples)
                keys[path.name] = key
            for name, hit in panako_hits(cost.run([*self.words("query"), *map(str, sorted(place.iterdir()))],
                                                  env=self.env()).decode()):
                yield keys[name], hit


def panako_hits(text):
    for line in text.splitlines():
        cells = [c.strip().rstrip(" %") for c in line.split(";")]
        if len(cells) != 13 or not cells[0].isdigit() or cells[5] in ("", "null"):
            continue
        start, end, ref_start, ref_end = (float(cells[i].replace(",", ".")) for i in (3, 4, 7, 8))
        if end <= start:
            continue
        pitch = float(cells[11])
        yield pathlib.Path(cells[2]).name, {
            "recording": pathlib.Path(cells[5]).stem, "start": start, "end": end, "in": ref_start,
            "tempo": (ref_end - ref_start) / (end - start), "score": float(cells[9]),
            "pitch_cents": round(1200 * math.log2(pitch)) if pitch > 0 else 0}


class Audfprint(Peer):
    """audfprint. Settings: "index" and "match" hold its own flags."""

    def run(self, cost, command, flags, paths):
        listing = self.folder / "list.txt"
        listing.write_text("".join(f"{p}\n" for p in paths))
        return cost.run([str(self.builds / "venv/bin/python"), str(self.builds / "audfprint/audfprint.py"), command,
                         "--dbase", str(self.folder / "fp.pklz"), *flags, "--list", str(listing)]).decode()

    def index(self, refs, cost):
        self.run(cost, "new", self.settings.get("index", []), refs.values())

    def index_bytes(self):
        return size_of(self.folder / "fp.pklz")

    def look_up(self, windows, cost):
        for part in batches(windows):
            place, keys = self.scratch(), {}
            for at, (key, samples) in enumerate(part):
                path = place / f"w{at:06}.wav"
                write_wav(path, samples)
                keys[path.name] = key
            out = self.run(cost, "match", ["--find-time-range", *self.settings.get("match", [])], sorted(place.iterdir()))
            for name, hit in audfprint_hits(out):
                yield keys[name], hit


HIT = re.compile(r"Matched +([\d.-]+) s starting at +([\d.-]+) s in (\S+) to time +([\d.-]+) s in (.+) with +(\d+) of")


def audfprint_hits(text):
    for line in text.splitlines():
        found = HIT.search(line)
        if found:
            seconds, start, query, ref_start, ref, count = found.groups()
            yield pathlib.Path(query).name, {
                "recording": pathlib.Path(ref).stem, "start": float(start), "end": float(start) + float(seconds),
                "in": float(ref_start), "tempo": 1.0, "score": float(count)}


SYSTEMS = {"olaf": Olaf, "panako": Panako, "audfprint": Audfprint}
