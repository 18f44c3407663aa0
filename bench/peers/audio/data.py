"""The evaluation data as the peers see it, and the clock that runs beside them.

Layout (written by `cargo xtask eval audio --prepare`): SET/refs/LABEL.EXT, and for every class of
queries SET/CLASS/NAME.EXT with the truth in SET/CLASS.jsonl. Results go to
SET/results/SYSTEM/CLASS.jsonl and SET/results/SYSTEM/cost.json.
"""

import json
import os
import pathlib
import subprocess
import wave

import numpy as np

RATE = 16_000
CLASSES = ("clips", "uploads", "episodes")


class Cost:
    """CPU seconds (user + system) and the largest resident set of the child programs, as wait4 tells them."""

    def __init__(self):
        self.cpu_s = 0.0
        self.rss_mib = 0.0

    def run(self, command, env=None, cwd=None):
        """Run a program to its end; give back what it printed. A failing program stops the bench."""
        quiet = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", **(env or {}))
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                                 env=quiet, cwd=cwd)
        out, err = drain(child)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        self.cpu_s += usage.ru_utime + usage.ru_stime
        self.rss_mib = max(self.rss_mib, usage.ru_maxrss / 1024)
        if child.returncode != 0:
            raise RuntimeError(f"{command[0]} ended with {child.returncode}: {err.decode(errors='replace')[-2000:]}")
        return out


def drain(child):
    """Read both pipes to their ends without a dead lock."""
    import threading
    kept = []
    reader = threading.Thread(target=lambda: kept.append(child.stderr.read()))
    reader.start()
    out = child.stdout.read()
    reader.join()
    return out, kept[0]


def decode(path, cost):
    """A file as mono f32 samples at RATE."""
    raw = cost.run(["ffmpeg", "-v", "error", "-i", str(path), "-vn", "-ac", "1", "-ar", str(RATE), "-f", "f32le", "-"])
    return np.frombuffer(raw, dtype=np.float32)


def lines_of(path):
    with open(path) as lines:
        return [json.loads(line) for line in lines if line.strip()]


def refs(root):
    """{label: path} of the catalogue, by label, and its hours."""
    known = lines_of(root / "refs.jsonl")
    return {r["recording"]: root / r["file"] for r in known}, sum(r["seconds"] for r in known) / 3600


def queries(root, what, only=None):
    """The names of one kind of queries, as the truth file lists them; `only` those of one class."""
    return [line["file"] for line in lines_of(root / f"{what}.jsonl") if only in (None, line["class"])]


def windows(samples, window_s, hop_s):
    """(start in seconds, samples) of overlapping windows; a window of 0 s means the whole file. The last may be short."""
    if window_s <= 0 or len(samples) <= (window_s + hop_s / 2) * RATE:
        yield 0.0, samples
        return
    start = 0
    while True:
        piece = samples[start:start + int(window_s * RATE)]
        yield start / RATE, piece
        if start + window_s * RATE >= len(samples):
            return
        start += int(hop_s * RATE)


def write_wav(path, samples):
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def size_of(folder):
    """Bytes of a folder's files as they lie on the disk (LMDB files are sparse)."""
    folder = pathlib.Path(folder)
    files = [folder] if folder.is_file() else [p for p in folder.rglob("*") if p.is_file()]
    return sum(min(p.stat().st_size, p.stat().st_blocks * 512) for p in files)
