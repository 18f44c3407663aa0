"""Makes small receipts for the tests, honest or not, from the published specification alone.

`make(**changes)` builds two settlements of one payee in a log of seven entries. A change is a function that is given a
value before it is hashed and signed, so that what is wrong is well proven otherwise. The trees are built here anew, by
the recursive words of the specification, and not with what the verifier has.
"""
import base64
import bisect
import copy
import hashlib
import hmac
import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

UNIT = 10**18


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def mac(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


def b64(raw):
    return base64.b64encode(raw).decode()


def canonical(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def decimal(atoms):
    whole, rest = divmod(abs(atoms), UNIT)
    text = str(whole) + ("." + str(rest).rjust(18, "0").rstrip("0") if rest else "")
    return "-" + text if atoms < 0 else text


class Signer:
    """An Ed25519 key with its name; kind 1 signs logs and attestations, kind 4 is a witness."""

    def __init__(self, name, seed, kind=1):
        self.name, self.kind = name, kind
        self.secret = Ed25519PrivateKey.from_private_bytes(sha(seed.encode()))
        raw = bytes([kind]) + self.secret.public_key().public_bytes_raw()
        self.id = sha(name.encode(), b"\n", raw)[:4]
        self.key = f"{name}+{self.id.hex()}+{b64(raw)}"

    def line(self, text, time=None):
        if time is None:
            raw = self.secret.sign(text.encode())
        else:
            message = b"cosignature/v1\ntime %d\n" % time + text.encode()
            raw = time.to_bytes(8, "big") + self.secret.sign(message)
        return f"\u2014 {self.name} {b64(self.id + raw)}\n"


LOG = Signer("forge.invalid/royalties", "log")
SENDER = Signer("sender.invalid", "sender")
WITNESSES = [Signer(f"w{n}.invalid", f"w{n}", 4) for n in range(3)]
POLICY = "log {}\n{}group g 2 a b c\nquorum g\n".format(
    LOG.key, "".join(f"witness {name} {each.key}\n" for name, each in zip("abc", WITNESSES)))


# Plain trees.

def half_of(n):
    return 1 << ((n - 1).bit_length() - 1)


def root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    k = half_of(len(leaves))
    return sha(b"\1", root(leaves[:k]), root(leaves[k:]))


def inclusion(leaves, at):
    if len(leaves) == 1:
        return []
    k = half_of(len(leaves))
    if at < k:
        return inclusion(leaves[:k], at) + [root(leaves[k:])]
    return inclusion(leaves[k:], at - k) + [root(leaves[:k])]


# Sum trees: a node is (hash, sums, count).

DOMAIN = b"leitmotif/sum-tree/v1\0"


def sums16(sums):
    return b"".join(each.to_bytes(16, "big") for each in sums)


def node_bytes(node):
    return node[0] + sums16(node[1]) + node[2].to_bytes(8, "big")


def sum_leaf(salt, payload, sums):
    return (sha(b"\0", DOMAIN, salt, payload, sums16(sums)), tuple(sums), 1)


def sum_root(leaves, columns):
    if not leaves:
        return (sha(b"\2", DOMAIN), (0,) * columns, 0)
    if len(leaves) == 1:
        return leaves[0]
    k = half_of(len(leaves))
    left, right = sum_root(leaves[:k], columns), sum_root(leaves[k:], columns)
    sums = tuple(a + b for a, b in zip(left[1], right[1]))
    return (sha(b"\1", DOMAIN, node_bytes(left), node_bytes(right)), sums, left[2] + right[2])


def sum_nodes(leaves, known, columns):
    """The proof for the leaves at the places `known`."""
    known = sorted(known)

    def walk(first, length):
        if bisect.bisect_left(known, first) == bisect.bisect_left(known, first + length):
            return node_bytes(sum_root(leaves[first:first + length], columns))
        if length == 1:
            return b""
        k = half_of(length)
        return walk(first, k) + walk(first + k, length - k)
    return walk(0, len(leaves)) if leaves else b""


def branch(node):
    return {"count": node[2], "root": node[0].hex(), "sums": [decimal(each) for each in node[1]]}


def sides(amount):
    return (max(amount, 0), max(-amount, 0))


# Statements and seals.

COLUMNS = ["source", "recording", "term", "context", "report_lines", "first_line", "last_line", "usages", "reported",
           "received", "amount", "rounded"]


def statement(period, opening):
    third = "33.333333333333333333"
    earned = 33333333333333333333
    closing = opening + earned
    payable = closing // UNIT * UNIT
    return {
        "account": "payee:p",
        "balance": {"carried": decimal(closing - payable), "closing": decimal(closing), "earned": third,
                    "minimum": "0", "moved": "0", "opening": decimal(opening), "payable": decimal(payable)},
        "columns": list(COLUMNS),
        "contexts": [{"commercial_model": "SubscriptionModel", "month": "2021-06", "price_category": "",
                      "territory": "KR", "unit_price": "", "use_type": "OnDemandStream"}],
        "currency": "KRW", "format": "leitmotif-statement/v2",
        "lines": [[0, 0, 0, 0, 1, 3, 3, "100", "0.1", "0.1", third, "down"]],
        "movements": [], "name": "P (피)", "open": [], "operator": "Forge", "outside": [], "period": period,
        "recordings": [{"artist": "P", "id": "r", "isrc": "KRZ992100001", "title": "Paper \"Boat\"\n\u0001"}],
        "settlement": period,
        "sources": [{"basis": "received", "because": "", "because_of": "", "currency": "USD", "licence": "",
                     "licence_rate": "1", "message_id": "m", "rate": "1000", "rate_day": "2021-06-30",
                     "rate_over": "", "rate_source": "European Central Bank (ecb)", "report": "report-" + period,
                     "restated": "", "restates": "", "sender": "S", "service": "Melody",
                     "sha256": sha(period.encode()).hex()}],
        "terms": [{"agreement": "ag", "fraction": "1/3", "kind": "profit-share", "measure": "received", "of": "1",
                   "rate": "1/3", "term": "singer", "words": "share of 1/3"}]}


def cells_of(s):
    cells = []
    for line in s["lines"]:
        part = [sha(canonical(s[key][line[at]])) for at, key in ((0, "sources"), (1, "recordings"), (3, "contexts"))]
        numbers = [int(line[at]).to_bytes(8, "big") for at in (4, 5, 6)]
        cells.append(sha(b"leitmotif/cell/v1\0", *part, *numbers,
                         *(atoms(line[at]).to_bytes(16, "big", signed=True) for at in (7, 8, 9))))
    return cells


def atoms(text):
    whole, _, rest = text.lstrip("-").partition(".")
    value = int(whole) * UNIT + int(rest.ljust(18, "0"))
    return -value if text.startswith("-") else value


def account(s, key):
    """The leaf of a statement's account, the hash of its payload, and its tree of lines."""
    leaves = []
    for at, (line, cell) in enumerate(zip(s["lines"], cells_of(s))):
        amount = atoms(line[10])
        rounded = {"exact": 0, "down": 1, "up": 2}.get(line[11], 0)
        payload = sha(b"leitmotif/line/v1\0", cell, sha(canonical(s["terms"][line[2]])),
                      amount.to_bytes(16, "big", signed=True), bytes([rounded]))
        leaves.append(sum_leaf(mac(key, b"line", at.to_bytes(8, "big")), payload, sides(amount)))
    lines = sum_root(leaves, 2)
    moved = [sides(atoms(each["amount"])) for each in s["movements"]]
    sums = (sides(atoms(s["balance"]["opening"])) + lines[1] + (sum(m[0] for m in moved), sum(m[1] for m in moved))
            + sides(atoms(s["balance"]["closing"])))
    payload = sha(b"leitmotif/account/v1\0", mac(key, b"pseudonym"), sha(s["account"].encode()), sha(canonical(s)),
                  lines[0], lines[2].to_bytes(8, "big"))
    return sum_leaf(mac(key, b"salt"), payload, sums), lines


def cell_salt(place):
    return sha(b"cell", place.to_bytes(4, "big"))


def seal(s, key, opening, previous, reports, gives, change):
    """Two payees, the rest retained, and what was received; the trees of the first and of the sources."""
    own, lines = account(s, key)
    others = [sum_leaf(sha(b"other", bytes([n])), sha(b"payload"), (0,) * 8) for n in range(2)]
    payees = [others[0], own, others[1]]
    earned, opened = sum(gives) - own[1][2] + own[1][3], 100 * UNIT - opening if previous else 0
    kept = sum_leaf(sha(b"kept"), sha(b"payload"), sides(opened) + sides(earned) + (0, 0) + sides(opened + earned))
    before = own[1][0] - own[1][1] + opened
    after = own[1][6] - own[1][7] + opened + earned
    received = sum_leaf(sha(b"received"), sha(b"payload"),
                        sides(-before) + (0, 0) + sides(before - after) + sides(-after))
    own_cells = list(dict.fromkeys(cells_of(s)))
    cells = [sum_leaf(cell_salt(n), sha(b"c"), (0, 0)) for n in range(len(own_cells) + 3)]
    for at, cell in enumerate(own_cells):
        cells[at + 1] = sum_leaf(cell_salt(at + 1), cell, sides(gives[at]))
    trees = {"payee": payees, "received": [received], "retained": [kept]}
    value = {"categories": [{"accounts": branch(sum_root(leaves, 8)), "name": name} for name, leaves in trees.items()],
             "currency": "KRW", "engine": "forge 1; leitmotif-statement/v2", "format": "leitmotif-entry/v1",
             "inputs": sha().hex(), "kind": "seal", "period": s["period"], "previous": previous, "rates": [1],
             "reports": reports, "settlement": s["settlement"], "sources": branch(sum_root(cells, 2)), "statements": 4}
    change(value)
    return value, payees, cells, lines


def nothing(_):
    return None


def make(statement_=nothing, seal_=nothing, seal_before=nothing, entries_=nothing, sources_=nothing, receipt_=nothing,
         note_=lambda text: text, gives=(100 * UNIT,), witnesses=(), raw=lambda data: data, checkpoint_=nothing):
    """The bytes of a receipt. The log holds: report, rates, agreement, seal, report, attestation, seal."""
    keys = [sha(b"key", bytes([n])) for n in range(2)]
    before = statement("2021-Q2", 0)
    first, payees_before, _, lines_before = seal(before, keys[0], 0, [], [0], (100 * UNIT,), seal_before)
    now = statement("2021-Q3", atoms(before["balance"]["closing"]))
    statement_(now)
    second, payees, cells, _ = seal(now, keys[1], atoms(before["balance"]["closing"]), [3], [4], gives, seal_)

    texts = ["agreement ag\nall of it\n", "term ag singer\nrates 1/3 1/2\nrest\n", "cost ag c\n"]
    salts = [sha(b"part", bytes([n])) for n in range(3)]
    parts = [sha(b"\0", salt, text.encode()) for salt, text in zip(salts, texts)]

    def report(s):
        return {"control": sha(b"control").hex(), "format": "leitmotif-entry/v1", "kind": "report", "lines": 3,
                "report": "report-" + s["period"], "sha256": sha(s["period"].encode()).hex()}

    text = ("leitmotif-attestation/v1\nreport {report}\nsha256 {sha256}\nlines {lines}\ncontrol {control}\n"
            .format(**report(now)))
    entries = [report(before), {"format": "leitmotif-entry/v1", "kind": "rates", "sha256": sha().hex(), "table": "ecb"},
               {"format": "leitmotif-entry/v1", "kind": "agreement", "parts": 3, "root": root(parts).hex()}, first,
               report(now), {"format": "leitmotif-entry/v1", "key": SENDER.key, "kind": "attestation",
                             "note": text + "\n" + SENDER.line(text)}, second]
    entries_(entries)
    shown = [each if isinstance(each, str) else canonical(each).decode() for each in entries]
    leaves = [sha(b"\0", each.encode()) for each in shown]
    head = [LOG.name, str(len(leaves)), b64(root(leaves))]
    checkpoint_(head)
    head = "\n".join(head) + "\n"
    note = head + "\n" + LOG.line(head) + "".join(
        WITNESSES[n].line(head, time) for n, time in enumerate(witnesses) if time is not None)

    order = [6, 3, 4, 5, 1, 2, 0]
    places = list(range(1, 1 + len(dict.fromkeys(cells_of(now)))))
    sources = {"cells": [[at, decimal(gives[at - 1]), cell_salt(at).hex()] for at in places],
               "nodes": b64(sum_nodes(cells, places, 2))}
    sources_(sources)
    receipt = {
        "agreements": [{"entry": 5, "parts": [
            {"at": at, "hashes": [b64(each) for each in inclusion(parts, at)], "salt": salts[at].hex(),
             "text": texts[at]} for at in (0, 1)]}],
        "checkpoint": note_(note),
        "entries": [{"hashes": [b64(each) for each in inclusion(leaves, at)], "index": at, "text": shown[at]}
                    for at in order],
        "format": "leitmotif-receipt/v2", "key": keys[1].hex(), "log_key": LOG.key,
        "path": {"at": 1, "nodes": b64(sum_nodes(payees, [1], 8))},
        "previous": [{"entry": 1, "key": keys[0].hex(), "lines": branch(lines_before),
                      "path": {"at": 1, "nodes": b64(sum_nodes(payees_before, [1], 8))},
                      "statement": sha(canonical(before)).hex(),
                      "sums": [decimal(each) for each in payees_before[1][1]]}],
        "sources": sources, "statement": now}
    receipt = copy.deepcopy(receipt)
    receipt_(receipt)
    return raw(canonical(receipt))
