"""Run one peer over a set: run.py SYSTEM --data DIR --builds DIR [--set tune] [--what clips,uploads,episodes]

Writes SET/results/NAME/CLASS.jsonl and cost.json as the program's own runs do. `--settings FILE` (JSON) overrides
`settings.json` beside this script. The raw hits stay in WORK/NAME.CLASS.json, so `--rejoin` can try other joining
settings without asking the peer again.
"""

import argparse
import json
import pathlib
import shutil

from data import CLASSES, RATE, Cost, decode, queries, refs, windows
from join import matches
from systems import SYSTEMS

HERE = pathlib.Path(__file__).parent


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("system", help="a name in settings.json")
    parser.add_argument("--data", type=pathlib.Path, required=True, help="the evaluation data's folder")
    parser.add_argument("--builds", type=pathlib.Path, required=True, help="the folder the peers were built in")
    parser.add_argument("--work", type=pathlib.Path, help="where indexes and raw hits lie (default BUILDS/work)")
    parser.add_argument("--set", default="tune")
    parser.add_argument("--what", default=",".join(CLASSES), help="classes of queries, pex-easy and so on among them; empty: only index")
    parser.add_argument("--settings", type=pathlib.Path, default=HERE / "settings.json")
    parser.add_argument("--class", dest="only", help="ask only about this class (hard, easy); earlier answers stay")
    parser.add_argument("--rejoin", action="store_true", help="only join the raw hits anew")
    parser.add_argument("--name", help="name of the results folder (default the system's)")
    return parser.parse_args()


def cut(root, names, how, cost, tally):
    """Every window of every query; the key is (file, window's start)."""
    for name in names:
        samples = decode(root / name, cost)
        tally["query_audio_h"] += len(samples) / RATE / 3600
        for start, piece in windows(samples, how["window_s"], how["hop_s"]):
            if len(piece) >= RATE:
                yield (name, start), piece


def asked(peer, root, names, how, cost, tally):
    hits = {name: [] for name in names}
    for (name, start), hit in peer.look_up(cut(root, list(hits), how, cost, tally), cost):
        hits[name].append(dict(hit, start=hit["start"] + start, end=hit["end"] + start))
    return hits


def indexed(peer, root, place):
    """Index once; the figures are kept beside the index."""
    kept = place / "index.json"
    if kept.exists():
        return json.loads(kept.read_text())
    cost, (catalogue, hours) = Cost(), refs(root)
    peer.index(catalogue, cost)
    figures = {"index_cpu_s": round(cost.cpu_s, 2), "index_audio_h": round(hours, 4),
               "index_bytes": peer.index_bytes(), "index_rss_mib": round(cost.rss_mib, 1)}
    kept.write_text(json.dumps(figures))
    return figures


def write_costs(out, index, asked_costs):
    path = out / "cost.json"
    whole = json.loads(path.read_text()) if path.exists() else {}
    by_class = whole.get("classes", {}) | asked_costs
    whole = index | {
        "query_cpu_s": round(sum(c["query_cpu_s"] for c in by_class.values()), 2),
        "query_audio_h": round(sum(c["query_audio_h"] for c in by_class.values()), 4),
        "peak_rss_mib": max([index["index_rss_mib"], *(c["rss_mib"] for c in by_class.values())]),
        "classes": by_class}
    path.write_text(json.dumps(whole, indent=1))


def main():
    args = arguments()
    settings = json.loads(args.settings.read_text())[args.system]
    root = args.data / args.set
    place = (args.work or args.builds / "work") / args.set / args.system
    out = root / "results" / (args.name or args.system)
    out.mkdir(parents=True, exist_ok=True)
    peer = SYSTEMS[settings["program"]](args.builds, place, settings)
    index = indexed(peer, root, place)
    costs = {}
    for what in filter(None, args.what.split(",")):
        how, raw = settings["ask"] | settings.get(what, {}), place / f"{what}.hits.json"
        if not args.rejoin:
            cost, tally = Cost(), {"query_audio_h": 0.0}
            kept = json.loads(raw.read_text()) if args.only and raw.exists() else {}
            raw.write_text(json.dumps(kept | asked(peer, root, queries(root, what, args.only), how, cost, tally)))
            costs[f"{what} {args.only}" if args.only else what] = {"query_cpu_s": round(cost.cpu_s, 2), "query_audio_h": round(tally["query_audio_h"], 4),
                           "rss_mib": round(cost.rss_mib, 1)}
        with open(out / f"{what}.jsonl", "w") as lines:
            for name, hits in json.loads(raw.read_text()).items():
                found = matches(hits, how["gap_s"], how["off_s"], how["score_min"], how["seconds_min"], how["repeats"])
                lines.write(json.dumps({"file": name, "matches": found, "findings": []}) + "\n")
    write_costs(out, index, costs)
    shutil.rmtree(place / "scratch", ignore_errors=True)


if __name__ == "__main__":
    main()
