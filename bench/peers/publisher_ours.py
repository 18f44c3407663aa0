"""The publisher's works as our catalogue, and its totals beside ours.

    publisher_ours.py catalogue MODE WORKS TO
    publisher_ours.py compare MODE STATEMENT THEIRS BINARY HOME
    publisher_ours.py cases MODE STATEMENT THEIRS BINARY HOME

MODE is `fee` (a fee comes off, the rest is divided by manuscript share) or `share` (performance:
half to the publisher; all else: all to the publisher). Amounts are compared as fractions.
"""

import csv
import io
import json
import re
import subprocess
import sys
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

PUBLISHER = "publisher"
DEFAULT_FEE = "10"
USES = {"P": "Perform", "M": "Licence", "S": "SyncLicence"}


def slug(text):
    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-")


def read_works(path):
    """Title, and writers with their part of what is controlled and their fee, by work."""
    with open(path, encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    works = defaultdict(list)
    for row in rows:
        works[row["work"], row["title"]].append(row)
    for key, writers in works.items():
        whole = sum(Fraction(it["share"]) for it in writers)
        works[key] = [
            (it["writer"], Fraction(it["share"]) / whole, it["fee"] or DEFAULT_FEE)
            for it in writers
        ]
    return works


def term(number, kind, payee, rate, uses):
    listed = ", ".join(f'"{it}"' for it in uses)
    return (
        f'\n[[agreement.term]]\nid = "t{number}"\nkind = "{kind}"\npayee = "{slug(payee)}"\n'
        f'rate = "{rate}"\nuse_types = [{listed}]\n'
    )


def terms(mode, writers):
    uses = list(USES.values())
    if mode == "fee":
        fees = {fee for *_, fee in writers}
        assert len(fees) == 1, "one fee for all writers of a work"
        rate = Fraction(fees.pop()) / 100
        if rate:
            yield "fee", PUBLISHER, rate, uses
        for writer, part, _ in writers:
            yield "profit-share", writer, part, uses
        return
    yield "profit-share", PUBLISHER, Fraction(1, 2), ["Perform"]
    for writer, part, _ in writers:
        yield "profit-share", writer, part / 2, ["Perform"]
    yield "profit-share", PUBLISHER, Fraction(1), ["Licence", "SyncLicence"]


def catalogue(mode, works, to):
    works = read_works(works)
    names = {PUBLISHER} | {writer for writers in works.values() for writer, *_ in writers}
    parties = [
        f'[[party]]\nid = "{slug(name)}"\nkind = "person"\nnames = {{ en = "{name}" }}\n'
        for name in sorted(names)
    ]
    products, agreements = [], []
    for (work, title), writers in works.items():
        name = slug(work)
        # Tied by number alone, as theirs are: under its own title a product is found by title, too.
        listed = ", ".join(f'"{slug(writer)}"' for writer, *_ in writers)
        products.append(
            f'[[product]]\nid = "{name}"\nkind = "licence"\ntitles = {{ en = "{work}" }}\n'
            f'skus = ["{work}"]\nparties = [{listed}]\nrights_type = "work"\n'
        )
        head = (
            f'[[agreement]]\nid = "{name}"\ntitle = "{title}"\nrights_type = "work"\n'
            f'from = 2020-01-01\nproducts = ["{name}"]\n'
        )
        all_terms = (term(at, *it) for at, it in enumerate(terms(mode, writers)))
        agreements.append(head + "".join(all_terms))
    folder = Path(to)
    folder.mkdir(parents=True, exist_ok=True)
    files = {"parties": parties, "products": products, "agreements": agreements}
    for name, entries in files.items():
        (folder / f"{name}.toml").write_text("\n".join(entries), encoding="utf-8")


def our_lines(binary, home):
    """Every account of the home with the lines of its statement."""

    def say(*words):
        command = [binary, "--home", home, *words]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode()

    for it in json.loads(say("statement", "list", "--format", "json")):
        words = ("statement", "show", it["settlement"], it["account"], "--as", "csv")
        yield it["account"], list(csv.DictReader(io.StringIO(say(*words))))


def party_of(account):
    """`payee:smith@work` and `fee:publisher` are parties; what nobody gets keeps its account."""
    kind, _, name = account.partition(":")
    return name.partition("@")[0] if kind in ("payee", "fee") else account


def their_party(cell):
    """`Smith [00000000199]` and `Publisher, [00000000199]`."""
    return slug(re.sub(r",? ?\[.*", "", cell).split(",")[0])


def their_row(mode, row):
    """Parties and amounts of one row that they wrote; `None` if it found no work."""
    if row[-1].startswith("ERROR"):
        return None
    if mode == "fee":
        return [(their_party(row[8]), Fraction(row[-1])), (PUBLISHER, Fraction(row[-2]))]
    # The publisher's row lacks the cell of the account, so only the last cell is in its place.
    return [(their_party(row[9]), Fraction(row[-1]))]


def their_rows(mode, statement, theirs):
    """What they made of each row of the statement: work, right, amounts by party."""
    with open(statement, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    with open(theirs, encoding="utf-8", newline="") as file:
        written = list(csv.reader(file))[1:]
    counts = [defaultdict(int), defaultdict(int)]
    for count, lines in zip(counts, (rows, written)):
        for it in lines:
            count[it[0], it[4]] += 1
    at = 0
    for row in rows:
        key = (row[0], row[4])
        each, rest = divmod(counts[1][key], counts[0][key])
        own = written[at : at + each]
        assert rest == 0 and all(it[:7] == row for it in own), "their rows are not in order"
        at += each
        parts = [their_row(mode, it) for it in own]
        yield key, Fraction(row[5]), None if parts == [None] else [it for part in parts for it in part]
    assert at == len(written)


def compare(mode, statement, theirs, binary, home):
    """Row by row, and by party; prints a table and what differs."""
    parts, ours = {}, defaultdict(Fraction)
    received = {}
    for account, lines in our_lines(binary, home):
        for it in lines:
            ours[party_of(account)] += Fraction(it["amount"])
            if it["recording"]:
                key = (it["recording"], it["use_type"])
                of = parts.setdefault(key, defaultdict(Fraction))
                of[party_of(account)] += Fraction(it["fraction"])
                received[key] = (Fraction(it["received"]), int(it["report_lines"]))
    totals, cells = defaultdict(Fraction), defaultdict(lambda: [Fraction(0), 0])
    same = other = unknown = 0
    for (work, right), amount, shared in their_rows(mode, statement, theirs):
        key = (slug(work), USES[right])
        if shared is None:
            unknown += 1
            totals["suspense:unmatched"] += amount
            other += key in parts
            continue
        cells[key][0] += amount
        cells[key][1] += 1
        mine = {party: amount * part for party, part in parts.get(key, {}).items() if part}
        his = defaultdict(Fraction)
        for party, it in shared:
            his[party] += it
            totals[party] += it
        if mine == {party: it for party, it in his.items() if it}:
            same += 1
        else:
            other += 1
    assert all(received[key] == tuple(it) for key, it in cells.items()), "other rows in a cell"
    names = sorted(set(totals) | set(ours))
    print(f"| {mode} | " + " | ".join(names) + " | total |")
    print("|---|" + "--:|" * (len(names) + 1))
    for who, sums in (("django-music-publisher", totals), ("leitmotif", ours)):
        cells_of = [decimal(sums.get(it, Fraction(0))) for it in names]
        print(f"| {who} | " + " | ".join(cells_of) + f" | {decimal(sum(sums.values()))} |")
    verdict = "the same" if totals == ours else "OTHER TOTALS"
    print(f"totals: {verdict}; {same} rows the same, {unknown} of no known work, {other} other rows")
    return totals == ours and not other


def decimal(value):
    """An exact decimal; a fraction that is none stays one."""
    for digits in range(19):
        scaled = value * 10**digits
        if scaled.denominator == 1:
            sign, text = "-" if scaled < 0 else "", str(abs(scaled.numerator)).zfill(digits + 1)
            return sign + (text[:-digits] + "." + text[-digits:] if digits else text)
    return str(value)


def cases(mode, statement, theirs, binary, home):
    """What both make of each made-up row."""
    with open(statement, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    answers = json.loads(Path(theirs).read_text(encoding="utf-8"))
    ours = defaultdict(lambda: defaultdict(Fraction))
    for account, lines in our_lines(binary, home):
        for it in lines:
            # Cases are told apart by title, which a line of a known work does not keep: each case
            # has a work, or a right, of its own.
            name = it["recording"] or it["title"]
            ours[slug(name), it["use_type"]][party_of(account)] += Fraction(it["amount"])
    print(f"| {mode}: case | came in | django-music-publisher | leitmotif |")
    print("|---|--:|---|---|")
    for row, answer in zip(rows, answers):
        print(f"| {row[1]} | {row[5]} | {their_case(mode, answer)} | {our_case(ours, row)} |")


def their_case(mode, answer):
    if "failed" in answer:
        return f"the whole file fails: {answer['failed']}"
    sums = defaultdict(Fraction)
    for row in answer["rows"]:
        shared = their_row(mode, row)
        if shared is None:
            return "in no sum"
        for party, amount in shared:
            sums[party] += amount
    return told(sums)


def our_case(ours, row):
    use = {"P": "Perform", "M": "Licence", "S": "SyncLicence"}.get(row[4], "")
    for name in (slug(row[0]), slug(row[1])):
        if (name, use) in ours:
            return told(ours[name, use])
    return "quarantined with its line, in no sum"


def told(sums):
    """Equal amounts together, and the sum."""
    groups = defaultdict(list)
    for party, amount in sums.items():
        if amount:
            groups[amount].append(party)
    words = [
        (f"{len(who)} × " if len(who) > 1 else f"{who[0]} ") + decimal(amount)
        for amount, who in groups.items()
    ]
    return ", ".join(words) + f" = {decimal(sum(sums.values()))}"


def main(words):
    match words:
        case ["catalogue", *rest]:
            catalogue(*rest)
        case ["compare", *rest]:
            sys.exit(0 if compare(*rest) else 1)
        case ["cases", *rest]:
            cases(*rest)
        case _:
            sys.exit(__doc__)


main(sys.argv[1:])
