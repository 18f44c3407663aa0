#!/usr/bin/env python3
"""Checks a receipt of Leitmotif, from its published specification alone.

It shares no code with the program that makes receipts. Each check is named by its step in docs/spec/receipt-v2.md,
and the file stands in this order: values, trees, signatures, steps, words. All arithmetic is on integers.

    python3 verify.py RECEIPT [--key KEY | --policy FILE] [--statement FILE] [--json]
"""
import argparse
import base64
import bisect
import hashlib
import hmac
import json
import math
import re
import sys
from collections import namedtuple
from datetime import datetime, timedelta, timezone

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

RECEIPT_BYTES_MAX = 256 << 20
TRUST_BYTES_MAX = 1 << 20
NOTE_BYTES_MAX, NOTE_SIGNATURES_MAX = 1_000_000, 100


class Refused(Exception):
    """What does not hold. The code is that of the step, unless one is given."""

    def __init__(self, why, code=None):
        super().__init__(why)
        self.why, self.code = why, code


class Unreadable(Exception):
    """A file, the given key or the policy cannot be read: exit code 1."""


def need(holds, why, code=None):
    if not holds:
        raise Refused(why, code)


# ---- Values: statement-v2, "Canonical JSON" and "Values in strings" ------------------------------------------------

ATOMS = 10**18  # atoms in one unit of a currency
DECIMAL_FORM = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]{0,17}[1-9])?")
RATIO_FORM = re.compile(r"(0|[1-9][0-9]*)(?:/([1-9][0-9]*))?")
HEX_FORM = re.compile(r"[0-9a-f]{64}")

# ISO 4217: active codes and the withdrawn ones seen in reports, by decimals of the minor unit.
CURRENCIES = {code: digits for digits, codes in {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF BYR",
    2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF "
       "CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL "
       "HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU "
       "MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR "
       "SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED "
       "VES WST XCD XCG YER ZAR ZMW ZWG ANG BGN CUC CYP EEK HRK LTL LVL MRO MTL ROL SIT SKK SLL STD VEF ZWL",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}.items() for code in codes.split()}


def atoms(text):
    """The atoms of a decimal, or None if the text is none or out of range."""
    if len(text) > 64 or text == "-0" or not DECIMAL_FORM.fullmatch(text):
        return None
    whole, _, fraction = text.partition(".")
    value = int(whole + fraction.ljust(18, "0"))
    return value if -(2**127) <= value < 2**127 else None


def ratio(text):
    """Numerator and denominator, or None."""
    found = RATIO_FORM.fullmatch(text) if len(text) <= 80 else None
    if not found:
        return None
    n, d = int(found[1]), int(found[2] or "1")
    reduced = d == 1 and found[2] is None or d > 1 and math.gcd(n, d) == 1
    return (n, d) if reduced and n < 2**128 and d < 2**128 else None


def half_even(n, d):
    """n/d rounded half to even; d is above zero."""
    whole, rest = divmod(n, d)
    return whole + (2 * rest > d or 2 * rest == d and whole % 2 == 1)


def sides(amount):
    """An amount as two columns that are never negative."""
    return (max(amount, 0), max(-amount, 0))


def unhex(text, what):
    need(HEX_FORM.fullmatch(text), f"{what} is not 64 small hex digits")
    return bytes.fromhex(text)


def unbase64(text, what, code=None):
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        raise Refused(f"{what} is not base64", code) from None
    need(base64.b64encode(raw).decode() == text, f"{what} is not base64 in its canonical form", code)
    return raw


def read_sums(texts, columns):
    """The columns of a node of a sum tree, in atoms."""
    sums = [atoms(text) for text in texts]
    need(len(sums) == columns and all(each is not None and each >= 0 for each in sums), "a sum cannot be read")
    return sums


def canonical(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def parse_canonical(data):
    """The value of canonical JSON: whatever would be written in other bytes is refused."""
    def integer(text):
        if len(text) > 20 or text.startswith("-") or int(text) >= 2**64:
            raise ValueError("an integer is below 0 or above 2^64-1")
        return int(text)

    def never(text):
        raise ValueError(f"{text[:20]} is no integer")

    try:
        value = json.loads(data.decode("utf-8"), parse_int=integer, parse_float=never, parse_constant=never)
        same = canonical(value) == data
    except (ValueError, RecursionError) as error:
        raise Refused(f"no canonical JSON: {error}") from None
    need(same, "no canonical JSON: written again, the bytes differ")
    return value


TEXT = lambda value: type(value) is str
INTEGER = lambda value: type(value) is int
DECIMAL = lambda value: TEXT(value) and atoms(value) is not None
FRACTION = lambda value: TEXT(value) and ratio(value) is not None
CURRENCY = lambda value: TEXT(value) and value in CURRENCIES


def one_of(*constants):
    return lambda value: TEXT(value) and value in constants


def keys(names, kind=TEXT):
    return dict.fromkeys(names.split(), kind)


def check_shape(value, kind, where):
    """`kind` is a predicate, a dict (an object of these keys in order), a list (an array of one kind) or a tuple."""
    if isinstance(kind, dict):
        need(type(value) is dict and list(value) == list(kind), f"{where} has not the keys {', '.join(kind)}")
        for key, inner in kind.items():
            check_shape(value[key], inner, f"{where}.{key}")
    elif isinstance(kind, list):
        need(type(value) is list, f"{where} is no array")
        for index, item in enumerate(value):
            check_shape(item, kind[0], f"{where}[{index}]")
    elif isinstance(kind, tuple):
        need(type(value) is list and len(value) == len(kind), f"{where} is no array of {len(kind)}")
        for index, inner in enumerate(kind):
            check_shape(value[index], inner, f"{where}[{index}]")
    else:
        need(kind(value), f"{where} is not of its kind")


COLUMNS = "source recording term context report_lines first_line last_line usages reported received amount rounded"
STATEMENT = dict(
    account=TEXT, balance=keys("carried closing earned minimum moved opening payable", DECIMAL), columns=[TEXT],
    contexts=[keys("commercial_model month price_category territory unit_price use_type")],
    currency=CURRENCY, format=one_of("leitmotif-statement/v2"),
    lines=[(INTEGER,) * 7 + (DECIMAL,) * 4 + (one_of("exact", "down", "up"),)],
    movements=[dict(agreement=TEXT, amount=DECIMAL, kind=TEXT, origin=TEXT, other=TEXT, reference=TEXT)],
    name=TEXT, open=[dict(account=TEXT, closing=DECIMAL, opening=DECIMAL)], operator=TEXT,
    outside=[{**keys("about from"), "licensed": DECIMAL, **keys("paid_by pipe"), "revenue": DECIMAL,
              **keys("right title until"), "usages": DECIMAL}],
    period=TEXT, recordings=[keys("artist id isrc title")], settlement=TEXT,
    sources=[{**keys("basis because because_of"), "currency": CURRENCY, "licence": TEXT, "licence_rate": FRACTION,
              "message_id": TEXT, "rate": FRACTION,
              **keys("rate_day rate_over rate_source report restated restates sender service sha256")}],
    terms=[dict(agreement=TEXT, fraction=FRACTION, kind=TEXT, measure=one_of("received", "price"), of=FRACTION, rate=FRACTION,
                term=TEXT, words=TEXT)])
PATH = dict(at=INTEGER, nodes=TEXT)
BRANCH = dict(count=INTEGER, root=TEXT, sums=[TEXT])
RECEIPT = dict(
    agreements=[dict(entry=INTEGER, parts=[dict(at=INTEGER, hashes=[TEXT], salt=TEXT, text=TEXT)])],
    checkpoint=TEXT, entries=[dict(hashes=[TEXT], index=INTEGER, text=TEXT)], format=one_of("leitmotif-receipt/v2"),
    key=TEXT, log_key=TEXT, path=PATH,
    previous=[dict(entry=INTEGER, key=TEXT, lines=BRANCH, path=PATH, statement=TEXT, sums=[TEXT])],
    sources=dict(cells=[(INTEGER, TEXT, TEXT)], nodes=TEXT), statement=STATEMENT)
ENTRY = one_of("leitmotif-entry/v1")
ENTRIES = {
    "seal": dict(categories=[dict(accounts=BRANCH, name=TEXT)], currency=CURRENCY, engine=TEXT, format=ENTRY,
                 inputs=TEXT, kind=TEXT, period=TEXT, previous=[INTEGER], rates=[INTEGER], reports=[INTEGER],
                 settlement=TEXT, sources=BRANCH, statements=INTEGER),
    "report": dict(control=TEXT, format=ENTRY, kind=TEXT, lines=INTEGER, report=TEXT, sha256=TEXT),
    "attestation": dict(format=ENTRY, key=TEXT, kind=TEXT, note=TEXT),
    "agreement": dict(format=ENTRY, kind=TEXT, parts=INTEGER, root=TEXT),
    "rates": dict(format=ENTRY, kind=TEXT, sha256=TEXT, table=TEXT)}

# ---- Trees: RFC 6962 and 9162, seal-v1 "Sum trees" -----------------------------------------------------------------

SUM_TREE = b"leitmotif/sum-tree/v1\0"
Node = namedtuple("Node", "hash sums count")


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def hmac256(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


def inclusion_root(index, size, leaf, hashes):
    """RFC 9162, section 2.1.3.2: the root that the path leads to, or None if it has not the right length."""
    if index >= size:
        return None
    fn, sn, root = index, size - 1, leaf
    for sibling in hashes:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            root = sha256(b"\1", sibling, root)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = sha256(b"\1", root, sibling)
        fn, sn = fn >> 1, sn >> 1
    return root if sn == 0 else None


def sums_bytes(sums):
    need(all(0 <= each < 2**127 for each in sums), "a sum of a tree is negative or not below 2^127")
    return b"".join(each.to_bytes(16, "big") for each in sums)


def sum_leaf(salt, payload, sums):
    return Node(sha256(b"\0", SUM_TREE, salt, payload, sums_bytes(sums)), tuple(sums), 1)


def sum_empty(columns):
    return Node(sha256(b"\2", SUM_TREE), (0,) * columns, 0)


def sum_join(left, right):
    def bound(node):
        return node.hash + sums_bytes(node.sums) + node.count.to_bytes(8, "big")

    both = Node(sha256(b"\1", SUM_TREE, bound(left), bound(right)),
                tuple(map(sum, zip(left.sums, right.sums))), left.count + right.count)
    sums_bytes(both.sums)
    return both


def sum_root(leaves, columns):
    """The root over all leaves: neighbours are joined level by level, an odd last one goes up as it is."""
    level = list(leaves)
    while len(level) > 1:
        level = [sum_join(*level[at:at + 2]) if at + 1 < len(level) else level[at] for at in range(0, len(level), 2)]
    return level[0] if level else sum_empty(columns)


def sum_proof_root(leaves, nodes, columns, count):
    """The root from leaves by place and the nodes between them, in a tree of `count` leaves."""
    size = 32 + 16 * columns + 8
    need(len(nodes) % size == 0, "the nodes of a proof are cut off")
    given = []
    for at in range(0, len(nodes), size):
        numbers = [int.from_bytes(nodes[i:i + 16], "big") for i in range(at + 32, at + size - 8, 16)]
        given.append(Node(nodes[at:at + 32], tuple(numbers), int.from_bytes(nodes[at + size - 8:at + size], "big")))
        sums_bytes(given[-1].sums)
    given.reverse()
    places = sorted(leaves)
    need(not places or places[-1] < count, "a place is outside the tree")

    def root_of(first, length, low, high):  # places[low:high] are those in first .. first + length
        if low == high:
            need(given, "the proof has too few nodes")
            need(given[-1].count == length, "a node of the proof has another count than its range")
            return given.pop()
        if length == 1:
            return leaves[first]
        half = 1 << ((length - 1).bit_length() - 1)
        middle = bisect.bisect_left(places, first + half, low, high)
        left = root_of(first, half, low, middle)
        return sum_join(left, root_of(first + half, length - half, middle, high))

    root = root_of(0, count, 0, len(places)) if count else sum_empty(columns)
    need(not given, "the proof has nodes left over")
    return root


def is_branch(node, branch):
    """Whether the root is the one stated, in hash, every sum and count."""
    return (node.hash.hex() == branch["root"] and node.count == branch["count"]
            and list(node.sums) == [atoms(each) for each in branch["sums"]])


# ---- Signatures: strict Ed25519, signed notes, checkpoints, policies -----------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
EDWARDS_D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


def is_good_point(encoded):
    """RFC 8032, section 5.1.3, canonical only; and the point has no small order (8 times it is not the identity)."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return False
    square = (y * y - 1) * pow(EDWARDS_D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT_OF_MINUS_1 % P
    if x * x % P != square or x == 0 and sign:
        return False
    for _ in range(3):  # the sign of x does not matter for the order
        product = EDWARDS_D * x * x * y * y % P
        x, y = 2 * x * y * pow(1 + product, -1, P) % P, (y * y + x * x) * pow(1 - product, -1, P) % P
    return (x, y) != (0, 1)


def signature_holds(public, message, signature):
    if len(signature) != 64 or int.from_bytes(signature[32:], "little") >= ORDER or not is_good_point(signature[:32]):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


Key = namedtuple("Key", "name id kind public text")
LOG, WITNESS = 1, 4


def is_name(name):
    return bool(name) and not any(c == "+" or c < " " or c.isspace() for c in name)


def parse_key(text, kind):
    """A verifier key `name+id+base64(type ‖ pub)` (C2SP signed-note)."""
    words = text.split("+", 2)
    need(len(words) == 3 and is_name(words[0]) and re.fullmatch("[0-9a-f]{8}", words[1]), "a key has not its form")
    raw = unbase64(words[2], "a key's last part")
    need(len(raw) == 33 and raw[0] == kind, f"a key has not the type {kind:02x} and 32 bytes")
    ident = sha256(words[0].encode("utf-8"), b"\n", raw)[:4]
    need(ident.hex() == words[1], "a key's id is not that of its name and bytes")
    need(is_good_point(raw[1:]), "a key is no canonical point, or one of small order")
    return Key(words[0], ident, kind, raw[1:], text)


def note_text(note):
    """What a note says: all to the last LF before its last empty line; None if there is none."""
    split = note.rfind("\n\n")
    return note[:split + 1] if split >= 0 else None


def parse_note(note):
    """Text and signature lines (name, id, bytes) of a signed note."""
    need(len(note.encode("utf-8")) <= NOTE_BYTES_MAX, "the note is too long")
    need(not any(c < " " and c != "\n" for c in note), "the note has a control character")
    text = note_text(note)
    need(text is not None and note.endswith("\n"), "the note has no empty line before its signatures")
    lines = note[len(text) + 1:-1].split("\n")
    need(lines != [""] and len(lines) <= NOTE_SIGNATURES_MAX, "the note has no signature line, or above 100")
    signatures = []
    for line in lines:
        words = line.split(" ")
        need(len(words) == 3 and words[0] == "\u2014" and is_name(words[1]), "a signature line has not its form")
        raw = unbase64(words[2], "a signature")
        need(len(raw) > 4, "a signature is too short")
        signatures.append((words[1], raw[:4], raw[4:]))
    return text, signatures


def signed_times(key, text, signatures):
    """Checks each line of this key and gives their times (0 for a log's); one that does not hold is refused."""
    times = []
    for name, ident, raw in signatures:
        if (name, ident) != (key.name, key.id):
            continue
        time, message = 0, text.encode("utf-8")
        if key.kind == WITNESS:
            need(len(raw) == 72, f"the cosignature of {key.name} has not 72 bytes", 13)
            time, raw = int.from_bytes(raw[:8], "big"), raw[8:]
            need(0 < time < 2**63, f"the cosignature of {key.name} has no time", 13)
            message = b"cosignature/v1\ntime %d\n" % time + message
        need(signature_holds(key.public, message, raw), f"a signature of {key.name} does not hold", 13)
        times.append(time)
    return times


Policy = namedtuple("Policy", "logs witnesses groups quorum")


def parse_policy(data):
    """C2SP tlog-policy."""
    need(not any(byte < 32 and byte not in (9, 10) or byte == 127 for byte in data), "it has a control character")
    need(data.endswith(b"\n"), "its last line has no end")
    policy, members, quorums = Policy([], {}, {}, []), set(), []
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), 1):
        words = line.replace("\t", " ").split(" ")
        words = [word for word in words if word]
        if not words or words[0].startswith("#"):
            continue
        known = {**policy.witnesses, **policy.groups}
        kind, rest = words[0], words[1:]
        if kind == "log" and len(rest) in (1, 2):
            key = parse_key(rest[0], LOG)
            need(key.public not in [each.public for each in policy.logs], f"line {number} names a log again")
            policy.logs.append(key)
        elif kind == "witness" and len(rest) in (2, 3):
            key = parse_key(rest[1], WITNESS)
            need(rest[0] != "none" and rest[0] not in known, f"line {number} takes a name that is taken")
            need(key.public not in [each.public for each in policy.witnesses.values()],
                 f"line {number} has the key of another witness")
            policy.witnesses[rest[0]] = key
        elif kind == "group" and len(rest) >= 3:
            name, least, inner = rest[0], rest[1], rest[2:]
            need(name != "none" and name not in known, f"line {number} takes a name that is taken")
            need(all(each in known for each in inner), f"line {number} has a member that is not named above")
            need(len(set(inner)) == len(inner) and not members & set(inner),
                 f"line {number} has a member that stands elsewhere")
            least = {"any": "1", "all": str(len(inner))}.get(least, least)
            need(re.fullmatch("[1-9][0-9]{0,5}", least) and int(least) <= len(inner),
                 f"line {number} asks for a number that its members cannot reach")
            members.update(inner)
            policy.groups[name] = (int(least), inner)
        elif kind == "quorum" and len(rest) == 1:
            need(rest[0] == "none" or rest[0] in known, f"line {number} names an unknown quorum")
            quorums.append(rest[0])
        else:
            raise Refused(f"line {number} is no line of a policy")
    need(len(quorums) == 1, "it has not one quorum line")
    return policy._replace(quorum=quorums[0])


def witnessed_at(policy, name, times):
    """When a witness or group was reached, or None."""
    if name in policy.witnesses:
        return min(times.get(name, []), default=None)
    least, inner = policy.groups[name]
    reached = sorted(at for at in (witnessed_at(policy, each, times) for each in inner) if at is not None)
    return reached[least - 1] if len(reached) >= least else None


# ---- The steps of receipt-v2, "Verifying, in order" ----------------------------------------------------------------

Entry = namedtuple("Entry", "index text kind value")
Line = namedtuple("Line", COLUMNS)


class Check:
    """What is given, and what each step finds for the later ones."""

    def __init__(self, data, key=None, policy=None, statement_file=None):
        self.data, self.given_key, self.policy, self.statement_file = data, key, policy, statement_file
        self.attested, self.less, self.quorum = {}, [], None


def step_1_bytes(c):
    c.receipt = parse_canonical(c.data)
    check_shape(c.receipt, RECEIPT, "receipt")
    c.statement = c.receipt["statement"]


def step_2_log_key(c):
    c.log_key = parse_key(c.receipt["log_key"], LOG)


def step_3_trust(c):
    if c.given_key:
        need(c.given_key.text == c.log_key.text, "the receipt names another log's key than the one given")
    if c.policy:
        need(c.log_key in c.policy.logs, "no log of the policy has the receipt's key")


def step_4_signature(c):
    c.note, c.signatures = parse_note(c.receipt["checkpoint"])
    need(signed_times(c.log_key, c.note, c.signatures), "the log did not sign the checkpoint", 13)


def step_5_checkpoint(c):
    lines = c.note[:-1].split("\n")
    need(len(lines) >= 3 and all(lines), "the checkpoint has not its lines")
    need(re.fullmatch("0|[1-9][0-9]{0,19}", lines[1]) and int(lines[1]) < 2**64, "the checkpoint's size is no number")
    c.size, c.root = int(lines[1]), unbase64(lines[2], "the checkpoint's root")
    need(len(c.root) == 32 and (c.size or c.root == sha256()), "the checkpoint's root is none")
    need(lines[0] == c.log_key.name, "the checkpoint is of another log", 12)


def step_6_cosignatures(c):
    c.times = {}
    if c.policy:
        for log in c.policy.logs:
            signed_times(log, c.note, c.signatures)
        c.times = {name: signed_times(key, c.note, c.signatures) for name, key in c.policy.witnesses.items()}


def parse_entry(text):
    """Kind and value of an entry of the log; what is no entry in canonical form has none."""
    try:
        value = parse_canonical(text.encode("utf-8"))
        kind = value.get("kind") if type(value) is dict else None
        check_shape(value, ENTRIES[kind], "entry")
        return kind, value
    except (Refused, KeyError, TypeError):
        return None, None


def step_7_entries(c):
    c.entries = []
    for number, entry in enumerate(c.receipt["entries"]):
        hashes = [unbase64(each, "a hash of an entry", 10) for each in entry["hashes"]]
        need(all(len(each) == 32 for each in hashes), "a hash of an entry has not 32 bytes", 10)
        leaf = sha256(b"\0", entry["text"].encode("utf-8"))
        need(inclusion_root(entry["index"], c.size, leaf, hashes) == c.root, f"entry {number} is not in the log")
        c.entries.append(Entry(entry["index"], entry["text"], *parse_entry(entry["text"])))


def category_of(account):
    return account if account.startswith("suspense:") else account.split(":", 1)[0]


def sums_of(seal):
    return {each["name"]: [atoms(text) for text in each["accounts"]["sums"]] for each in seal["categories"]}


def check_seal_closes(seal):
    """seal-v1, "A seal closes", rules 1 to 3."""
    total, last, count = [0] * 8, None, 0
    for category in seal["categories"]:
        name, sums = category["name"], read_sums(category["accounts"]["sums"], 8)
        need(last is None or name.encode("utf-8") > last.encode("utf-8"), "the seal's categories are out of order")
        need(name and name == category_of(name), f"the seal's {name} is no category")
        unhex(category["accounts"]["root"], f"the seal's root of {name}")
        need(sums[0] + sums[2] + sums[4] + sums[7] == sums[1] + sums[3] + sums[5] + sums[6], f"{name} does not close")
        total, last = [a + b for a, b in zip(total, sums)], name
        count += category["accounts"]["count"]
        need(count < 2**64, "the seal has too many accounts")
    need(total[0] == total[1], "what was due and owed before is not the same")
    need(total[6] == total[7], "what is due and owed afterwards is not the same")
    unhex(seal["sources"]["root"], "the seal's root of the sources")
    credit, debit = read_sums(seal["sources"]["sums"], 2)
    need(credit + total[3] == debit + total[2], "what was collected is not what was given")


def step_8_seal(c):
    need(c.entries and c.entries[0].kind == "seal", "the first entry is no seal")
    c.seal_index, c.seal = c.entries[0].index, c.entries[0].value
    for key in ("settlement", "period", "currency"):
        need(c.seal[key] == c.statement[key], f"the seal is of another {key}")
    check_seal_closes(c.seal)


def step_9_statement_key(c):
    c.key = unhex(c.receipt["key"], "the statement key")


def step_10_figures(c):
    """statement-v2, "The check of the figures"; its rules in order."""
    s = c.statement
    need(s["columns"] == COLUMNS.split(), "the columns are not the twelve names")
    for number, source in enumerate(s["sources"]):
        if source["basis"] == "received":
            need(source["licence"] == "" and source["licence_rate"] == "1", f"source {number} has a licence")
        rest = source["rate_day"], source["rate_over"], source["rate_source"]
        if source["currency"] == s["currency"]:
            need(source["rate"] == "1" and rest == ("", "", ""), f"source {number} has a rate into its own currency")
        else:
            need(ratio(source["rate"])[0] > 0 and rest[0] and rest[2], f"source {number} has no rate")
    for number, term in enumerate(s["terms"]):
        (a, b), (n, d), fraction = ratio(term["rate"]), ratio(term["of"]), ratio(term["fraction"])
        need(a * n * fraction[1] == b * d * fraction[0] and n <= d, f"term {number} is not its rate of its part")
    c.lines = []
    for number, cells in enumerate(s["lines"]):
        line = Line(*cells[:7], *map(atoms, cells[7:11]), cells[11])
        check_line(s, line, f"line {number}")
        c.lines.append(line)
    moved = {}
    for movement in s["movements"]:
        moved[movement["other"]] = moved.get(movement["other"], 0) + atoms(movement["amount"])
    for each in s["open"]:
        account, opening, closing = each["account"], atoms(each["opening"]), atoms(each["closing"])
        m = moved.get(account, 0)
        need(closing >= 0, f"{account} closes below zero")
        if not account.startswith("advance-from:"):
            expected = opening - m if account.startswith("reserve:") else opening + m
            need(closing == expected, f"{account} does not close with what moved")
    balance = {key: atoms(text) for key, text in s["balance"].items()}
    need(balance["earned"] == sum(line.amount for line in c.lines), "earned is not the sum of the lines")
    need(balance["moved"] == sum(moved.values()), "moved is not the sum of the movements")
    closing = balance["closing"]
    need(closing == balance["opening"] + balance["earned"] + balance["moved"], "the balance does not close")
    payable = 0
    if closing >= 0 and closing >= balance["minimum"]:
        payable = closing - closing % (ATOMS // 10 ** CURRENCIES[s["currency"]])
    need(balance["payable"] == payable, "payable is not the closing rounded down")
    need(balance["carried"] == closing - payable, "carried is not the rest")


def in_range(value, what):
    need(-(2**127) <= value < 2**127, f"{what} is outside the range")
    return value


def check_line(s, line, what):
    """Rules 4 to 6 for one line."""
    for index, key in zip(line, ("sources", "recordings", "terms", "contexts")):
        need(index < len(s[key]), f"{what} points past the {key}")
    source, term, context = s["sources"][line.source], s["terms"][line.term], s["contexts"][line.context]
    n, d = ratio(source["licence_rate"])
    need(line.received == half_even(line.reported * n, d), f"{what}: received is not what the licence makes of it")
    measured = line.received
    if term["measure"] == "price":
        price = atoms(context["unit_price"])
        need(price is not None, f"{what} has no unit price")
        measured = in_range(half_even(line.usages * price, ATOMS), what)
    n, d = ratio(source["rate"])
    weighed = in_range(half_even(measured * n, d), what) * (-1 if term["kind"] == "price-borne" else 1)
    n, d = ratio(term["fraction"])
    whole, rest = divmod(abs(weighed * n), d)
    down, up = (whole, whole + (rest > 0)) if weighed >= 0 else (-whole, -whole - (rest > 0))
    expected = {"exact": down if down == up else None, "down": down if down != up else None,
                "up": up if down != up else None}[line.rounded]
    need(expected is not None and line.amount == expected, f"{what}: the amount is not what its term makes of it")


def note_hashes(s, key):
    return [sha256(canonical(each)) for each in s[key]]


def account_payload(key, account, statement_hash, lines_hash, lines_count):
    return sha256(b"leitmotif/account/v1\0", hmac256(key, b"pseudonym"), sha256(account.encode("utf-8")),
                  statement_hash, lines_hash, lines_count.to_bytes(8, "big"))


def check_account(c, seal, key, path, payload, sums):
    """Leads the leaf of the statement's account to the root of its category in a seal."""
    name = category_of(c.statement["account"])
    branch = {each["name"]: each["accounts"] for each in seal["categories"]}.get(name)
    need(branch, f"the seal has no category {name}")
    leaf = sum_leaf(hmac256(key, b"salt"), payload, sums)
    root = sum_proof_root({path["at"]: leaf}, unbase64(path["nodes"], "a proof"), 8, branch["count"])
    need(is_branch(root, branch), "the account does not lead to the seal")


def step_11_account(c):
    s, hashes = c.statement, {key: note_hashes(c.statement, key)
                              for key in ("sources", "recordings", "terms", "contexts")}
    leaves, c.cells = [], {}
    for number, line in enumerate(c.lines):
        cell = sha256(b"leitmotif/cell/v1\0", hashes["sources"][line.source], hashes["recordings"][line.recording],
                      hashes["contexts"][line.context],
                      *(each.to_bytes(8, "big") for each in (line.report_lines, line.first_line, line.last_line)),
                      *(each.to_bytes(16, "big", signed=True) for each in (line.usages, line.reported, line.received)))
        c.cells.setdefault(cell, line)
        payload = sha256(b"leitmotif/line/v1\0", cell, hashes["terms"][line.term],
                         line.amount.to_bytes(16, "big", signed=True),
                         bytes([("exact", "down", "up").index(line.rounded)]))
        leaves.append(sum_leaf(hmac256(c.key, b"line", number.to_bytes(8, "big")), payload, sides(line.amount)))
    lines = sum_root(leaves, 2)
    opening, closing = (atoms(s["balance"][key]) for key in ("opening", "closing"))
    moved = [sides(atoms(each["amount"])) for each in s["movements"]]
    sums = (*sides(opening), *lines.sums, sum(m[0] for m in moved), sum(m[1] for m in moved), *sides(closing))
    payload = account_payload(c.key, s["account"], sha256(canonical(s)), lines.hash, lines.count)
    check_account(c, c.seal, c.key, c.receipt["path"], payload, sums)


def step_12_sources(c):
    given = c.receipt["sources"]
    need(len(given["cells"]) == len(c.cells), "the cells are not as many as those of the lines")
    leaves = {}
    for (cell, line), (place, gives, salt) in zip(c.cells.items(), given["cells"]):
        source, gives = c.statement["sources"][line.source], atoms(gives)
        need(gives is not None, "what a cell gives is no decimal")
        n, d = ratio(source["rate"])
        brings = half_even(line.received * n, d)
        if not source["restated"]:
            multiple = gives == 0 if brings == 0 else gives % brings == 0 and gives // brings >= 1
            need(multiple, "what a cell gives is not what it brings")
        need(place not in leaves, "two cells have one place")
        leaves[place] = sum_leaf(unhex(salt, "the salt of a cell"), cell, sides(gives))
    root = sum_proof_root(leaves, unbase64(given["nodes"], "a proof"), 2, c.seal["sources"]["count"])
    need(is_branch(root, c.seal["sources"]), "the cells do not lead to the seal")


ATTESTED = "leitmotif-attestation/v1\nreport {report}\nsha256 {sha256}\nlines {lines}\ncontrol {control}\n"


def step_13_reports(c):
    reports = {}
    for entry in c.entries:
        if entry.kind == "report":
            reports.setdefault((entry.value["report"], entry.value["sha256"]), []).append(entry)
    attestations = []
    for entry in c.entries:
        if entry.kind == "attestation":
            attestations.append((entry.value["key"], *parse_attested(entry.value["note"])))
    by_text = {}
    for key, text, signatures in attestations:
        by_text.setdefault(text, []).append((key, signatures))
    for number, source in enumerate(c.statement["sources"]):
        again = source["restated"] != ""
        need(source["restates"] not in ("", c.statement["settlement"]) if again else source["restates"] == "",
             f"source {number} restates nothing, or what it may not")
        found = [entry for entry in reports.get((source["report"], source["sha256"]), [])
                 if entry.index < c.seal_index and (entry.index in c.seal["reports"]) != again]
        need(found, f"the report of source {number} is not in the log, or not in this seal")
        text = ATTESTED.format(**found[0].value)
        need(None not in by_text, "an attestation is no signed note", 24)
        for key, signatures in by_text.get(text, []):
            c.attested.setdefault(source["report"], set()).add(check_attestation(key, text, signatures))


def parse_attested(note):
    try:
        return parse_note(note)
    except Refused:
        return None, []


def check_attestation(key, text, signatures):
    """The key that signed."""
    try:
        key = parse_key(key, LOG)
        signed = signed_times(key, text, signatures)
    except Refused as refusal:
        raise Refused(f"an attestation: {refusal.why}", 24) from None
    need(signed, "an attestation is not signed by its key", 24)
    return key.text


def step_14_agreements(c):
    opened = {}  # first line of a part: the rates of its second line
    for each in c.receipt["agreements"]:
        entry = c.entries[each["entry"]] if each["entry"] < len(c.entries) else None
        need(entry and entry.kind == "agreement" and entry.index < c.seal_index, "an agreement is not in the log")
        for part in each["parts"]:
            hashes = [unbase64(text, "a hash of a part") for text in part["hashes"]]
            need(all(len(text) == 32 for text in hashes), "a hash of a part has not 32 bytes")
            leaf = sha256(b"\0", unhex(part["salt"], "the salt of a part"), part["text"].encode("utf-8"))
            root = inclusion_root(part["at"], entry.value["parts"], leaf, hashes)
            need(root and root.hex() == entry.value["root"], "a part is not of its agreement")
            first, second = (part["text"].split("\n", 2) + ["", ""])[:2]
            words = second.split(" ")
            rates = [ratio(word) for word in words[1:]] if words[0] == "rates" else []
            opened.setdefault(first, []).extend(rates)
    waits = c.statement["account"] == "retained" or c.statement["account"].startswith("suspense:")
    for number, term in enumerate(c.statement["terms"]):
        need(waits or term["agreement"] and term["term"], f"term {number} names no agreement, or no term of it")
        if not term["agreement"]:
            continue
        need(f"agreement {term['agreement']}" in opened, f"the agreement of term {number} is not opened")
        if not term["term"]:
            continue
        rates = opened.get(f"term {term['agreement']} {term['term']}")
        need(rates is not None, f"term {number} is not opened")
        n, d = ratio(term["rate"])
        need(None not in rates and any(n * b <= a * d for a, b in rates), f"term {number} is above all rates agreed")
        if all(n * b < a * d for a, b in rates):
            c.less.append(term["words"] or term["term"])


def step_15_rates(c):
    for number, source in enumerate(c.statement["sources"]):
        if source["currency"] == c.statement["currency"]:
            continue
        who, _, table = source["rate_source"].rpartition(" (")
        need(who and table.endswith(")") and any(
            entry.kind == "rates" and entry.value["table"] == table[:-1] and entry.index < c.seal_index
            and (source["restated"] or entry.index in c.seal["rates"]) for entry in c.entries),
             f"the exchange rates of source {number} are not in the log, or not in this seal")


def step_16_continues(c):
    """seal-v1, "A seal closes", rule 4."""
    before = {}
    c.before = None
    if c.seal["previous"]:
        need(len(c.seal["previous"]) == 1, "the seal names several seals before", 23)
        index = c.seal["previous"][0]
        c.before = next((entry for entry in c.entries if entry.index == index and entry.kind == "seal"), None)
        need(c.before and c.before.value["currency"] == c.seal["currency"], "the seal before is missing, or another's", 23)
        need(index < c.seal_index, "the seal before stands behind it", 23)
        check_seal_closes(c.before.value)
        before = sums_of(c.before.value)
    now = sums_of(c.seal)
    for name in {**before, **now}:
        need(before.get(name, [0] * 8)[6:] == now.get(name, [0] * 8)[:2], f"{name} does not open as it closed")


def step_17_opening(c):
    opening = atoms(c.statement["balance"]["opening"])
    if not c.receipt["previous"]:
        need(opening == 0, "the statement opens with something, but shows not what closed with it")
        return
    need(c.before and len(c.receipt["previous"]) == 1, "there is no one seal before")
    was = c.receipt["previous"][0]
    need(was["entry"] < len(c.entries) and c.entries[was["entry"]].index == c.before.index, "another seal is shown")
    key, sums = unhex(was["key"], "the statement key before"), read_sums(was["sums"], 8)
    need(read_sums(was["lines"]["sums"], 2) == sums[2:4], "the lines before have other sums")
    payload = account_payload(key, c.statement["account"], unhex(was["statement"], "the statement before"),
                              unhex(was["lines"]["root"], "the lines before"), was["lines"]["count"])
    check_account(c, c.before.value, key, was["path"], payload, sums)
    need(tuple(sums[6:]) == sides(opening), "the statement opens with another amount than it closed with")


def step_18_statement_file(c):
    if c.statement_file is not None:
        need(c.statement_file == canonical(c.statement), "the statement file is not the statement of the receipt")


def step_19_quorum(c):
    if c.policy and c.policy.quorum != "none":
        name = c.policy.quorum
        at = witnessed_at(c.policy, name, c.times)
        need(at is not None, "all else holds, but not enough witnesses saw the log")
        inner = c.policy.groups[name][1] if name in c.policy.groups else [name]
        c.quorum = sum(witnessed_at(c.policy, each, c.times) is not None for each in inner), len(inner), at


STEPS = ((step_1_bytes, 10), (step_2_log_key, 10), (step_3_trust, 13), (step_4_signature, 10), (step_5_checkpoint, 10),
         (step_6_cosignatures, 13), (step_7_entries, 12), (step_8_seal, 17), (step_9_statement_key, 10),
         (step_10_figures, 11), (step_11_account, 18), (step_12_sources, 19), (step_13_reports, 20),
         (step_14_agreements, 21), (step_15_rates, 22), (step_16_continues, 17), (step_17_opening, 23),
         (step_18_statement_file, 15), (step_19_quorum, 16))


def verify(check):
    """Goes through the steps. (0, "", "") if all hold, else the code, the step and why."""
    for step, code in STEPS:
        try:
            step(check)
        except Refused as refusal:
            return refusal.code or code, step.__name__.replace("_", " "), refusal.why
    return 0, "", ""


# ---- Words: receipt-v2, "What to say" ------------------------------------------------------------------------------

def plain(text):
    """Foreign text for a terminal: short, and without what is not printed."""
    text = "".join(c if c.isprintable() else "\\u%04x" % ord(c) for c in str(text))
    return text if len(text) <= 300 else text[:300] + " ..."


def what_is_proven(c):
    s, balance = c.statement, c.statement["balance"]
    yield (f"Statement of {s['account']}, period {s['period']}: earned {balance['earned']}, closing {balance['closing']}, "
           f"payable {balance['payable']} {s['currency']}.")
    yield f"The log {c.log_key.name} signed it, with {c.size} entries; the seal is entry {c.seal_index}."
    if c.quorum:
        count, of, at = c.quorum
        when = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=min(at, 2**37))
        yield f"Witnessed by {count} of {of}, at {when:%Y-%m-%d %H:%M:%S} UTC."
    yield f"These are all {len(c.lines)} lines of the account in the seal, and each recomputes."
    yield "The seal closes, and the opening is the last closing."
    for report, keys in sorted(c.attested.items()):
        yield f"Report {report} is attested by {', '.join(sorted(key.split('+')[0] for key in keys))}."


def what_is_not_proven(c):
    reports = sorted({source["report"] for source in c.statement["sources"]} - set(c.attested))
    if reports:
        yield f"That these reports tell all income; nobody attested them: {', '.join(reports)}."
    if not c.receipt["previous"]:
        yield "That the account was in no seal before; an older receipt shows it."
    yield "That a cell sums its report lines; who has the report can count them."
    yield "That an agreement is the one that was signed, and what a term applies to."
    if c.less:
        yield f"Why these terms give less than their agreement states: {'; '.join(c.less)}."
    yield "That an exchange rate is the one its source states, and that the amount was paid."
    if not c.given_key and not c.policy:
        yield "Whose key it is: no key and no policy was given."
    if not c.quorum:
        yield "That nobody was shown another log: no quorum of witnesses saw it."


def read_file(path, bytes_max):
    try:
        with open(path, "rb") as file:
            data = file.read(bytes_max + 1)
    except (OSError, ValueError) as error:
        raise Unreadable(f"{plain(path)}: {getattr(error, 'strerror', None) or error}") from None
    if len(data) > bytes_max:
        raise Unreadable(f"{plain(path)} is larger than {bytes_max} bytes")
    return data


def read_check(words):
    """What the command line gives, read."""
    key = policy = None
    try:
        if words.key is not None:
            given = words.key
            if not re.fullmatch(r"[^+]+\+[0-9a-f]{8}\+.+", given.strip()):
                given = read_file(given, TRUST_BYTES_MAX).decode("utf-8", "replace")
            key = parse_key(given.strip(), LOG)
        if words.policy is not None:
            policy = parse_policy(read_file(words.policy, TRUST_BYTES_MAX))
    except Refused as refusal:
        raise Unreadable(f"the given key or policy: {refusal.why}") from None
    statement = read_file(words.statement, RECEIPT_BYTES_MAX) if words.statement is not None else None
    return Check(read_file(words.receipt, RECEIPT_BYTES_MAX), key, policy, statement)


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Checks a receipt of Leitmotif with nothing but the files.",
                                     epilog="Exit codes are those of docs/spec/receipt-v2.md; 0: all of it holds.")
    parser.add_argument("receipt", metavar="RECEIPT")
    trust = parser.add_mutually_exclusive_group()
    trust.add_argument("--key", help="the log's verifier key, or a file with it")
    trust.add_argument("--policy", metavar="FILE", help="which logs and witnesses are trusted (C2SP tlog-policy)")
    parser.add_argument("--statement", metavar="FILE", help="a statement file that has to be the one in the receipt")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    words = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        check = read_check(words)
        code, step, why = verify(check)
    except Unreadable as error:
        code, step, why = 1, "reading", str(error)
    except Exception as error:  # a slip of this program is no proof, and no traceback either
        code, step, why = 1, "this program", f"{type(error).__name__}, please report it"
    holds = code in (0, 16)
    says = [plain(line) for line in what_is_proven(check)] if holds else []
    open_ = [plain(line) for line in what_is_not_proven(check)] if holds else []
    verdict = {0: "proven", 16: "not witnessed"}.get(code, "not proven")
    if words.json:
        print(json.dumps({"code": code, "verdict": verdict, "step": step, "why": plain(why), "proven": says,
                          "not_proven": open_}, ensure_ascii=False))
    else:
        print(verdict.upper() + (f": {step}: {plain(why)}" if why else ""))
        for line in says:
            print("  " + line)
        if open_:
            print("What no receipt proves:")
        for line in open_:
            print("  " + line)
    return code


if __name__ == "__main__":
    sys.exit(main())
