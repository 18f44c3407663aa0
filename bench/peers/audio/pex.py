"""Pex's open toolkit on our free music: make its queries, hand it a system's answers, read its scores.

    pex.py make     --data DIR --toolkit DIR [--chunks 60]     SET/pex/LEVEL/{queries,annotations.csv}, SET/pex-LEVEL.jsonl
    pex.py score    --data DIR --toolkit DIR --system NAME      converts SET/results/NAME/pex-LEVEL.jsonl, runs its scorer, prints a table
    pex.py ask      --data DIR --program PATH --home DIR        our program over the queries; HOME is made if it is not there

The toolkit (generator and scorer) is Pex's own and unchanged; its ground truth is annotations.csv. The toolkit's three noise
recordings come with its repository; where they are missing, `make` lays three of ours in their place (see README.md).
"""

import argparse
import csv
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import numpy as np

from data import RATE, Cost, decode, lines_of, write_wav

LEVELS = {"easy": 120261126, "medium": 220261126, "hard": 320261126}  # the seed of each


def our_noise(root, folder):
    """Talk of several voices, a street and a park, a minute each, from a fixed seed."""
    dice = np.random.default_rng(20261126)
    size = 60 * RATE
    white = dice.standard_normal(size)
    spectrum, bins = np.fft.rfft(white), np.maximum(1, np.arange(size // 2 + 1))
    brown, pink = np.fft.irfft(spectrum / bins), np.fft.irfft(spectrum / np.sqrt(bins))
    voices = np.fromfile(root / "voices.f32", dtype=np.float32)
    talk = sum(np.roll(voices, -int(dice.integers(len(voices))))[:size] for _ in range(5))
    slow = 1 + 0.6 * np.sin(2 * np.pi * np.arange(size) / RATE / 7)
    birds = np.sin(2 * np.pi * (3000 + 600 * np.sin(2 * np.pi * 9 * np.arange(size) / RATE)) * np.arange(size) / RATE)
    calls = (np.sin(2 * np.pi * np.arange(size) / RATE / 3.1) > 0.9) * birds
    level = lambda x: 0.1 * x / np.sqrt(np.mean(x * x))
    for name, sound in {"talk": level(talk), "street": level(level(brown) * slow + 0.3 * level(talk)),
                        "park": level(level(pink) + 0.3 * level(calls))}.items():
        write_wav(folder / f"{name}.wav", sound)


def make(args):
    root = args.data / args.set
    pex = root / "pex"
    pex.mkdir(parents=True, exist_ok=True)
    if not list((args.toolkit / "noise").glob("*.wav")):
        our_noise(args.data / "tune", args.toolkit / "noise")
    with open(pex / "tracks.csv", "w") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["track_id", "track_file", "track_duration"])
        for ref in lines_of(root / "refs.jsonl"):
            if ref["plain"] and not ref["versions"]:  # the toolkit's rule: references must not match each other
                table.writerow([ref["recording"], (root / ref["file"]).resolve(), round(ref["seconds"], 3)])
    for level in args.levels.split(","):
        place = pex / level
        if not (place / "annotations.csv").exists():
            subprocess.run([sys.executable, "generate_query_audios.py", "--annotation-file", place / "annotations.csv",
                            "--query-dir", place / "queries", "--tmp-dir", place / "tmp", "--difficulty", level, "--threads", str(args.threads),
                            "--num-queries", str(args.chunks), "--seed", str(LEVELS[level]), pex / "tracks.csv"],
                           cwd=args.toolkit, check=True)
        truth(root, level)


def truth(root, level):
    """The same queries in the layout of the evaluation data, so that every system runs them like any other class."""
    cues = {}
    with open(root / "pex" / level / "annotations.csv") as rows:
        for row in csv.DictReader(rows):
            cues.setdefault(row["query_id"], []).append({
                "recording": row["reference_id"], "start_ms": int(row["query_begin"]) * 1000,
                "end_ms": int(row["query_end"]) * 1000, "in_ms": int(row["reference_begin"]) * 1000,
                "tempo": int(row["tempo"] or 100) / 100, "pitch_cents": int(row["pitch"] or 0), "level_db": 0.0,
                "kind": "foreground"})
    with open(root / f"pex-{level}.jsonl", "w") as out:
        for query, found in sorted(cues.items()):
            out.write(json.dumps({"file": f"pex/{level}/queries/{query}.mp3", "seconds": max(c["end_ms"] for c in found) / 1000,
                                  "class": f"pex-{level}", "alteration": "", "cues": found}) + "\n")


def convert(results, path):
    """Our results JSON to the toolkit's matches.csv: whole seconds, [begin, end), begin floored and end ceiled as its truth is."""
    with open(path, "w") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["reference_id", "query_id", "reference_begin", "reference_end", "query_begin", "query_end"])
        for line in lines_of(results):
            for m in line["matches"]:
                tempo = m.get("tempo") or 1.0
                start, end = m["start_ms"] / 1000, m["end_ms"] / 1000
                ref = m["in_ms"] / 1000
                table.writerow([m["recording"], pathlib.Path(line["file"]).stem, max(0, int(ref)),
                                max(1, -int(-(ref + (end - start) * tempo) // 1)), int(start), -int(-end // 1)])


def score(args):
    root = args.data / args.set
    print("| system | level | files R | P | F | boxes R | P | F | seconds R | P | F |\n|---|---|---|---|---|---|---|---|---|---|---|")
    for system in args.system.split(","):
        for level in LEVELS:
            out = root / "results" / system
            if not (out / f"pex-{level}.jsonl").exists():
                continue
            convert(out / f"pex-{level}.jsonl", out / f"pex-{level}.csv")
            told = subprocess.run([sys.executable, "evaluate_matches.py", "-a", root / "pex" / level / "annotations.csv",
                                   "-m", (out / f"pex-{level}.csv").resolve()], cwd=args.toolkit, check=True, capture_output=True, text=True).stdout
            (out / f"pex-{level}.txt").write_text(told)
            rows = re.findall(r"R +([\d.]+)  P +([\d.]+)  F +([\d.]+) .*TOTAL", told)
            print("| " + " | ".join([system, level, *(f"{float(x):.1f}" for row in rows for x in row)]) + " |")


def ask(args):
    """As `cargo xtask eval audio` asks: the recordings added once, then all queries of a level in one call."""
    root, words = args.data / args.set, [str(args.program), "--home", str(args.home)]
    out = root / "results" / args.system
    out.mkdir(parents=True, exist_ok=True)
    if not args.home.exists():
        Cost().run([*words, "audio", "add", str(root / "refs")])
    for level in args.levels.split(","):
        cost, files = Cost(), [str(root / query["file"]) for query in lines_of(root / f"pex-{level}.jsonl")]
        told = cost.run([*words, "identify", "--json", *args.words.split(), *files])
        (out / f"pex-{level}.jsonl").write_bytes(told)
        print(f"{level}: {cost.cpu_s:.1f} CPU s, {cost.rss_mib:.0f} MiB", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["make", "score", "ask"])
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--set", default="test")
    parser.add_argument("--toolkit", type=pathlib.Path)
    parser.add_argument("--chunks", type=int, default=60, help="pieces a level; the toolkit lays three or more into a query")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--system", default="leitmotif")
    parser.add_argument("--program", type=pathlib.Path)
    parser.add_argument("--home", type=pathlib.Path)
    parser.add_argument("--levels", default=",".join(LEVELS))
    parser.add_argument("--words", default="", help="more words of the program, as \"--reach plain\"")
    args = parser.parse_args()
    {"make": make, "score": score, "ask": ask}[args.what](args)


if __name__ == "__main__":
    main()
