"""From a peer's raw hits (one or many a window) to matches of the whole file."""


def line_gap(a, b):
    """How far hit `b` lies off the line of `a`, in seconds of the recording."""
    return abs(b["in"] - (a["in"] + (b["start"] - a["start"]) * a["tempo"]))


def join(hits, gap_s=10.0, off_s=0.5):
    """Join hits of one recording that lie on one line and follow within `gap_s`; scores add up."""
    joined = []
    for hit in sorted(hits, key=lambda h: (h["recording"], h["start"], h["end"])):
        for open_one in reversed(joined):
            if open_one["recording"] != hit["recording"] or hit["start"] > open_one["end"] + gap_s:
                continue
            if line_gap(open_one, hit) <= off_s:
                open_one["end"] = max(open_one["end"], hit["end"])
                open_one["score"] += hit["score"]
                open_one["peak"] = max(open_one["peak"], hit["score"])
                break
        else:
            joined.append(dict(hit, peak=hit["score"]))
    return joined


def matches(hits, gap_s, off_s, score_min, seconds_min, repeats=True):
    """The matches worth telling, strongest first, in the field names of the program's JSON.

    `confidence` only orders a peer's matches (score / (score + 20)); no peer claims a probability.
    """
    kept = [m for m in join(hits, gap_s, off_s) if m["peak"] >= score_min and m["end"] - m["start"] >= seconds_min]
    kept.sort(key=lambda m: -m["score"])
    if not repeats:  # one claim for one recording at one time: the strongest
        clear = []
        for m in kept:
            if not any(k["recording"] == m["recording"] and m["start"] < k["end"] and k["start"] < m["end"] for k in clear):
                clear.append(m)
        kept = clear
    return [{
        "recording": m["recording"], "start_ms": max(0, round(m["start"] * 1000)), "end_ms": round(m["end"] * 1000),
        "in_ms": round(m["in"] * 1000), "tempo": round(m["tempo"], 4), "pitch_cents": m.get("pitch_cents", 0),
        "score": round(m["score"], 2), "confidence": round(m["score"] / (m["score"] + 20), 4),
    } for m in kept]
