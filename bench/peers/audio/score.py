"""A second opinion: score.py --data DIR --set SET --systems A,B scores results as `cargo xtask eval audio` does.

Clips and episodes: the BAF scorer's measures (pieces of each file and recording: in truth and claim, truth only, claim
only; seconds without duplicates). Uploads: the strongest match is the right recording, in-point within 1 s.
Written apart from the Rust scorer, so that each checks the other.
"""

import argparse
import collections
import pathlib

from data import lines_of


def pieces(truth, claims):
    """(length, truths covering, claims covering) of every elementary stretch."""
    edges = sorted({e for s in truth + claims for e in (s["start_ms"], s["end_ms"])})
    for a, b in zip(edges, edges[1:]):
        over = lambda spans: [i for i, s in enumerate(spans) if s["start_ms"] <= a and s["end_ms"] >= b]
        yield b - a, over(truth), over(claims)


def by_recording(items):
    out = collections.defaultdict(list)
    for item in items:
        if item["end_ms"] > item["start_ms"]:
            out[item["recording"]].append(item)
    return out


def turns(cues, gap_ms=50):
    """Cues of one recording that follow at once are one: the turns of a loop."""
    out = []
    for cue in sorted(cues, key=lambda c: c["start_ms"]):
        if out and cue["start_ms"] <= out[-1]["end_ms"] + gap_ms:
            out[-1] = dict(out[-1], end_ms=max(out[-1]["end_ms"], cue["end_ms"]))
        else:
            out.append(cue)
    return out


def segments(files):
    """Measures over (truth line, result line) pairs."""
    n, starts, ends = collections.Counter(), [], []
    for truth, result in files:
        cues, claims = by_recording(truth["cues"]), by_recording(result["matches"])
        n["empty_claims"] += len(result["matches"]) if not truth["cues"] else 0
        for recording in cues.keys() | claims.keys():
            real, told = turns(cues[recording]), claims[recording]
            met_real, met_told = set(), set()
            for length, a, b in pieces(real, told):
                n["tp_ms" if a and b else "fn_ms" if a else "fp_ms" if b else "none"] += length
                if a and b:
                    met_real |= set(a)
                    met_told |= set(b)
            n["real"] += len(real)
            n["found"] += len(met_real)
            n["told"] += len(told)
            n["right"] += len(met_told)
            for i in met_real:
                near = [told[k] for k in met_told if told[k]["start_ms"] < real[i]["end_ms"] and told[k]["end_ms"] > real[i]["start_ms"]]
                starts.append(abs(min(m["start_ms"] for m in near) - real[i]["start_ms"]) / 1000)
                ends.append(abs(max(m["end_ms"] for m in near) - real[i]["end_ms"]) / 1000)
    share = lambda a, b: a / b if b else float("nan")
    p, r = share(n["tp_ms"], n["tp_ms"] + n["fp_ms"]), share(n["tp_ms"], n["tp_ms"] + n["fn_ms"])
    f1 = share(2 * n["tp_ms"], 2 * n["tp_ms"] + n["fp_ms"] + n["fn_ms"])
    quantile = lambda xs, part: sorted(xs)[int(part * (len(xs) - 1) + 0.5)] if xs else float("nan")
    median, p90 = lambda xs: quantile(xs, 0.5), lambda xs: quantile(xs, 0.9)
    return [share(n["right"], n["told"]), share(n["found"], n["real"]), share(n["right"], n["found"]), p, r, f1,
            median(starts), p90(starts), median(ends), p90(ends), n["empty_claims"]]


HEAD = "| system | part | files | P | GT recall | ratio | P (s) | R (s) | F1 (s) | start med | p90 | end med | p90 | claims in empty |"


def row(system, part, files):
    cells = segments(files)
    return f"| {system} | {part} | {len(files)} | " + " | ".join(f"{c:.2f}" for c in cells[:-1]) + f" | {cells[-1]} |"


def level(line):
    return f"{line['cues'][0].get('level_db', 0):+.0f} dB" if line["cues"] else "no music"


def paired(root, system, what):
    truth = lines_of(root / f"{what}.jsonl")
    name = lambda line: pathlib.Path(line["file"]).name
    told = {name(line): line for line in lines_of(root / "results" / system / f"{what}.jsonl")}
    return [(t, told[name(t)]) for t in truth if name(t) in told]


def tops(root, systems):
    """Top-1 of the uploads by alteration."""
    table = collections.defaultdict(dict)
    for system in systems:
        cells = collections.defaultdict(list)
        for truth, told in paired(root, system, "uploads"):
            best = max(told["matches"], key=lambda m: m["confidence"], default=None)
            kind = truth["alteration"] or truth["class"]
            if not truth["cues"]:
                cells["negative (no claim is right)"].append(best is None)
                continue
            good = best and any(c["recording"] == best["recording"] and abs(
                best["in_ms"] - (c["in_ms"] + (best["start_ms"] - c["start_ms"]) * c.get("tempo", 1.0))) <= 1000 for c in truth["cues"])
            cells[kind].append(bool(good))
            cells["all"].append(bool(good))
        for kind, marks in cells.items():
            table[kind][system] = f"{sum(marks) / len(marks):.2f} ({len(marks)})"
    print("\n| alteration | " + " | ".join(systems) + " |\n|" + "---|" * (len(systems) + 1))
    for kind in sorted(table, key=lambda k: (k == "all", k)):
        print(f"| {kind} | " + " | ".join(table[kind].get(s, "") for s in systems) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--set", default="tune")
    parser.add_argument("--systems", required=True)
    parser.add_argument("--what", default="clips")
    args = parser.parse_args()
    root, systems = args.data / args.set, args.systems.split(",")
    for what in args.what.split(","):
        if what == "uploads":
            tops(root, systems)
            continue
        print(f"\n{HEAD}\n|{'---|' * 14}")
        for system in systems:
            files = paired(root, system, what)
            for kind in sorted({t["class"] for t, _ in files}):
                mine = [f for f in files if f[0]["class"] == kind]
                print(row(system, kind, mine))
                for part in sorted({level(t) for t, _ in mine}) if what == "clips" else []:
                    print(row(system, f"{kind} {part}", [f for f in mine if level(f[0]) == part]))


if __name__ == "__main__":
    main()
