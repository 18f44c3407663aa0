#!/usr/bin/env python3
"""Tests of the verifier: its parts, forged receipts, and the vectors of the specification.

    python3 -m unittest            in this folder

With LEITMOTIF naming the built program, each forged receipt is given to it too, and must get the same exit code.
"""
import contextlib
import io
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import forge
import verify
from verify import Refused

VECTORS = pathlib.Path(os.environ.get("VECTORS") or pathlib.Path(__file__).resolve().parents[2] / "docs/spec/vectors")
LEITMOTIF = os.environ.get("LEITMOTIF")
UNIT = forge.UNIT
THIRD = "33.333333333333333333"


# Changes: functions that are given a value and alter it.

def put(*path):
    """Sets the last word at the place that the others lead to; a function makes it from what is there."""
    *places, last, value = path

    def change(it):
        for each in places:
            it = it[each]
        it[last] = value(it[last]) if callable(value) else value
    return change


def both(*changes):
    def change(it):
        for each in changes:
            each(it)
    return change


def swap(old, new):
    """For bytes or text; what is to be changed must be there."""
    def change(it):
        assert old in it, old
        return it.replace(old, new, 1)
    return change


def flip(text):
    raw = verify.unbase64(text, "text")
    return forge.b64(raw[:-1] + bytes([raw[-1] ^ 1]))


def without(index):
    """The receipt does not show this entry of the log."""
    def change(receipt):
        place = [each["index"] for each in receipt["entries"]].index(index)
        del receipt["entries"][place]
        for each in receipt["agreements"] + receipt["previous"]:
            each["entry"] -= each["entry"] > place
    return change


def line(cells, earned=None, **more):
    """Other cells of the only line, by number; the balance goes with them."""
    def change(s):
        for at, value in cells.items():
            s["lines"][0][at] = value
        for path, value in more.items():
            key, name = path.split("__")
            s[key][0][name] = value
        if earned is not None:
            close(s, earned)
    return change


def close(s, earned="33.333333333333333333", moved="0", minimum="0"):
    closing = sum(map(verify.atoms, (s["balance"]["opening"], earned, moved)))
    payable = closing // UNIT * UNIT if closing >= max(0, verify.atoms(minimum)) else 0
    s["balance"].update(earned=earned, closing=forge.decimal(closing), payable=forge.decimal(payable), moved=moved,
                        carried=forge.decimal(closing - payable), minimum=minimum)


def no_lines(s):
    for key in ("lines", "sources", "terms", "contexts", "recordings"):
        s[key] = []
    close(s, "0")


def no_cells(it):
    leaves = [forge.sum_leaf(forge.cell_salt(n), forge.sha(b"c"), (0, 0)) for n in range(3)]
    it["cells"], it["nodes"] = [], forge.b64(forge.node_bytes(forge.sum_root(leaves, 2)))


def movement(amount="-10", other="advance:ag/a/p"):
    return {"agreement": "ag", "amount": amount, "kind": "recoup", "origin": "", "other": other, "reference": "a"}


def advance(closing, account="advance:ag/a/p", amount="-10", opening="50"):
    def change(s):
        s["movements"] = [movement(amount, account)]
        s["open"] = [{"account": account, "closing": closing, "opening": opening}]
        close(s, moved=amount)
    return change


def borne(s):
    s["terms"][0].update(kind="price-borne")
    s["lines"][0][10] = "-" + THIRD
    close(s, "-" + THIRD)


def own_currency(s, rate="1"):
    s["sources"][0].update(currency="KRW", rate=rate, rate_day="", rate_source="")
    s["lines"][0][8:12] = ["100", "100", THIRD, "down"]


def two_lines(s):
    s["lines"] = [list(s["lines"][0]), list(s["lines"][0])]
    s["lines"][1][10:] = ["33.333333333333333334", "up"]
    close(s, "66.666666666666666667")


def attest(key=None, note=None, signed=None):
    def change(entries):
        text = entries[5]["note"].split("\n\n")[0] + "\n"
        if signed:
            entries[5]["note"] = text + "\n" + signed.line(text)
        if note:
            entries[5]["note"] = note(entries[5]["note"])
        if key:
            entries[5]["key"] = key
    return change


def key_of(public, name=forge.LOG.name, kind=1):
    raw = bytes([kind]) + public
    return f"{name}+{forge.sha(name.encode(), bytes([10]), raw)[:4].hex()}+{forge.b64(raw)}"


def above_the_order(note):
    """The log's signature with its scalar made larger by the group's order: the same point, another spelling."""
    head, signature = note.strip().rsplit(" ", 1)
    raw = verify.unbase64(signature, "signature")
    scalar = int.from_bytes(raw[36:], "little") + verify.ORDER
    return head + " " + forge.b64(raw[:36] + scalar.to_bytes(32, "little")) + "\n"


def seal_sum(category, column, more):
    return put("categories", category, "accounts", "sums", column,
               lambda text: forge.decimal(verify.atoms(text) + more))


def in_raw(old, new):
    return {"raw": swap(old.encode(), new.encode())}


def in_statement(change):
    return {"statement_": change}


def in_receipt(change):
    return {"receipt_": change}


OTHER_LOG = forge.Signer(forge.LOG.name, "another")
ZERO_KEY = forge.sha().hex()

# Name: what is changed, whom the reader trusts (`key`, `policy` or nobody), the exit code.
FORGED = {
    "honest": ({}, "key", 0),
    "honest, nobody is trusted": ({}, None, 0),
    "honest, two witnesses of three": ({"witnesses": (5, None, 9)}, "policy", 0),
    "honest, a signature of somebody unknown": (
        {"note_": lambda note: note + forge.Signer("other.invalid", "o").line("else")}, "key", 0),
    "honest, an entry of an unknown kind": (
        {"entries_": put(5, {"format": "leitmotif-entry/v1", "kind": "other"})}, "key", 0),
    "honest, an entry that is no JSON": ({"entries_": put(5, "else")}, "key", 0),
    "honest, no lines": ({"statement_": no_lines, "sources_": no_cells, "gives": ()}, "key", 0),
    "honest, two lines of one cell": (in_statement(two_lines), "key", 0),
    "honest, a restated cell gives anything": ({"statement_": line(
        {}, sources__restated="now", sources__restates="2021-Q2", sources__report="report-2021-Q2",
        sources__sha256=forge.sha(b"2021-Q2").hex()), "gives": (7,)}, "key", 0),
    "honest, a cell gives three times what it brings": ({"gives": (300 * UNIT,)}, "key", 0),
    "honest, an advance": (in_statement(advance("40")), "key", 0),
    "honest, a reserve": (in_statement(advance("60", "reserve:ag/r/p")), "key", 0),
    "honest, kept back from a sender": (in_statement(advance("3", "advance-from:s")), "key", 0),
    "honest, below the minimum": (in_statement(lambda s: close(s, minimum="1000")), "key", 0),
    "honest, a price borne": (in_statement(borne), "key", 0),
    "honest, the statement's currency": (in_statement(own_currency), "key", 0),
    "honest, by the price": (in_statement(line(
        {10: "233333.333333333333333333"}, "233333.333333333333333333", terms__measure="price",
        contexts__unit_price="7")), "key", 0),
    "honest, a lower rate than agreed": (in_statement(line(
        {10: "25", 11: "exact"}, "25", terms__rate="1/4", terms__fraction="1/4")), "key", 0),

    "1 empty": ({"raw": lambda data: b""}, "key", 10),
    "1 byte order mark": ({"raw": lambda data: b"\xef\xbb\xbf" + data}, "key", 10),
    "1 line feed at the end": ({"raw": lambda data: data + b"\n"}, "key", 10),
    "1 no UTF-8": ({"raw": swap(b"Melody", b"\xff")}, "key", 10),
    "1 a lone surrogate": (in_raw("Melody", "\\ud800"), "key", 10),
    "1 a needless escape": (in_raw("Melody", "\\u004delody"), "key", 10),
    "1 an escaped slash": (in_raw("KRZ9", "KRZ\\/"), "key", 10),
    "1 white space": (in_raw('"at":', '"at": '), "key", 10),
    "1 a fraction": (in_raw('"at":0', '"at":0.0'), "key", 10),
    "1 an exponent": (in_raw('"at":0', '"at":0e0'), "key", 10),
    "1 minus zero": (in_raw('"at":0', '"at":-0'), "key", 10),
    "1 not a number": (in_raw('"at":0', '"at":NaN'), "key", 10),
    "1 true for an integer": (in_raw('"at":0', '"at":true'), "key", 10),
    "1 null": (in_raw('"at":0', '"at":null'), "key", 10),
    "1 above 64 bits": (in_raw('"at":0', '"at":18446744073709551616'), "key", 10),
    "1 a huge integer": (in_raw('"at":0', '"at":' + "9" * 10000), "key", 10),
    "1 a key twice": (in_raw('"at":0', '"at":0,"at":0'), "key", 10),
    "1 keys out of order": (in_raw('"isrc":"KRZ992100001","title":"Paper \\"Boat\\"\\n\\u0001"',
                                   '"title":"Paper \\"Boat\\"\\n\\u0001","isrc":"KRZ992100001"'), "key", 10),
    "1 a key too many": (in_receipt(lambda it: it.update(x="")), "key", 10),
    "1 a key too few": (in_receipt(lambda it: it.pop("sources")), "key", 10),
    "1 deep": ({"raw": lambda data: b"[" * 200000}, "key", 10),
    "1 an array": ({"raw": lambda data: b"[]"}, "key", 10),
    "1 another format": (in_receipt(put("format", "leitmotif-receipt/v1")), "key", 10),
    "1 another statement": (in_statement(put("format", "leitmotif-statement/v1")), "key", 10),
    "1 eleven cells": (in_receipt(put("statement", "lines", 0, lambda it: it[:11])), "key", 10),
    "1 text for an integer": (in_receipt(put("statement", "lines", 0, 0, "0")), "key", 10),
    "1 a decimal with a zero at its end": (in_receipt(put("statement", "balance", "minimum", "0.10")), "key", 10),
    "1 minus zero as a decimal": (in_receipt(put("statement", "balance", "minimum", "-0")), "key", 10),
    "1 a decimal out of range": (in_receipt(put("statement", "balance", "minimum", "1" + "0" * 21)), "key", 10),
    "1 a ratio that is not reduced": (in_receipt(put("statement", "terms", 0, "of", "2/4")), "key", 10),
    "1 a ratio over one": (in_receipt(put("statement", "terms", 0, "of", "1/1")), "key", 10),
    "1 no currency": (in_receipt(put("statement", "currency", "krw")), "key", 10),

    "2 no key": (in_receipt(put("log_key", "x")), None, 10),
    "2 a key with another id": (in_receipt(put("log_key", swap("+", "+0"))), None, 10),
    "2 a witness's key": (in_receipt(put("log_key", forge.WITNESSES[0].key)), None, 10),
    "2 a key of small order": (in_receipt(put("log_key", key_of(b"\1" + bytes(31)))), None, 10),
    "2 a key above the prime": (in_receipt(put("log_key", key_of(b"\xee" + b"\xff" * 30 + b"\x7f"))), None, 10),

    "3 another key": (in_receipt(put("log_key", OTHER_LOG.key)), "key", 13),
    "3 a log that the policy has not": (in_receipt(put("log_key", OTHER_LOG.key)), "policy", 13),

    "4 no signature line": ({"note_": lambda note: note.split("\n\n")[0] + "\n\n"}, "key", 10),
    "4 a control character": ({"note_": lambda note: "\t" + note}, "key", 10),
    "4 no line feed at the end": ({"note_": lambda note: note[:-1]}, "key", 10),
    "4 101 signatures": ({"note_": lambda note: note + forge.WITNESSES[0].line("") * 100}, "key", 10),
    "4 100 signatures": ({"note_": lambda note: note + forge.Signer("o", "o").line("") * 99}, "key", 0),
    "4 a hyphen for the dash": ({"note_": swap("\u2014", "-")}, "key", 10),
    "4 signed by another": ({"note_": lambda note: note.split("\n\n")[0] + "\n\n" + OTHER_LOG.line(
        note.split("\n\n")[0] + "\n")}, "key", 13),
    "4 signed for other text": ({"note_": lambda note: note.split("\n\n")[0] + "\n\n" + forge.LOG.line("x")}, "key", 13),
    "4 signed well and badly": ({"note_": lambda note: note + forge.LOG.line("x")}, "key", 13),
    "4 the scalar above the order": ({"note_": above_the_order}, "key", 13),

    "5 two lines": ({"checkpoint_": lambda head: head.pop()}, "key", 10),
    "5 a size with a zero before it": ({"checkpoint_": put(1, "07")}, "key", 10),
    "5 a size above 64 bits": ({"checkpoint_": put(1, "18446744073709551616")}, "key", 10),
    "5 an empty tree with a root": ({"checkpoint_": put(1, "0")}, "key", 10),
    "7 an empty tree": ({"checkpoint_": both(put(1, "0"), put(2, forge.b64(forge.sha())))}, "key", 12),
    "5 a short root": ({"checkpoint_": put(2, forge.b64(b"x"))}, "key", 10),
    "5 a line more": ({"checkpoint_": lambda head: head.append("more")}, "key", 0),
    "5 another origin": ({"checkpoint_": put(0, "else.invalid")}, "key", 12),

    "6 a cosignature for other text": (
        {"witnesses": (5, 6), "note_": lambda note: note + forge.WITNESSES[2].line("x", 7)}, "policy", 13),
    "6 the same, witnesses unknown": (
        {"witnesses": (5, 6), "note_": lambda note: note + forge.WITNESSES[2].line("x", 7)}, "key", 0),

    "8 no entries": (in_receipt(put("entries", [])), "key", 17),
    "7 a hash that is no base64": (in_receipt(put("entries", 0, "hashes", 0, "x")), "key", 10),
    "7 a short hash": (in_receipt(put("entries", 0, "hashes", 0, "AAAA")), "key", 10),
    "7 another hash": (in_receipt(put("entries", 0, "hashes", 0, flip)), "key", 12),
    "7 a hash more": (in_receipt(put("entries", 0, "hashes", lambda it: it + [it[0]])), "key", 12),
    "7 another index": (in_receipt(put("entries", 0, "index", 5)), "key", 12),
    "7 an index past the tree": (in_receipt(put("entries", 0, "index", 7)), "key", 12),
    "7 another text": (in_receipt(put("entries", 3, "text", str.upper)), "key", 12),

    "8 the first is no seal": (in_receipt(lambda it: it["entries"].reverse()), "key", 17),
    "8 another period": ({"seal_": put("period", "2021-Q4")}, "key", 17),
    "8 another settlement": ({"seal_": put("settlement", "2021-Q4")}, "key", 17),
    "8 another currency": ({"seal_": put("currency", "USD")}, "key", 17),
    "8 a category does not close": ({"seal_": seal_sum(0, 4, 1)}, "key", 17),
    "8 what was due and owed before differs": ({"seal_": both(seal_sum(0, 0, 1), seal_sum(0, 6, 1))}, "key", 17),
    "8 what is due and owed now differs": ({"seal_": both(seal_sum(0, 4, 1), seal_sum(0, 6, 1))}, "key", 17),
    "8 more is collected than given": ({"seal_": put("sources", "sums", 0, "100.1")}, "key", 17),
    "8 categories out of order": ({"seal_": put("categories", lambda it: it[::-1])}, "key", 17),
    "8 a category twice": ({"seal_": put("categories", lambda it: [it[0]] + it)}, "key", 17),
    "8 an account for a category": ({"seal_": put("categories", 0, "name", "payee:p")}, "key", 17),
    "8 a root that is none": ({"seal_": put("categories", 0, "accounts", "root", "x")}, "key", 17),
    "8 a negative sum": ({"seal_": put("categories", 0, "accounts", "sums", 5, "-1")}, "key", 17),
    "8 a key more": ({"seal_": lambda it: it.update(x="")}, "key", 17),

    "9 a capital": (in_receipt(put("key", str.upper)), "key", 10),
    "9 short": (in_receipt(put("key", "00")), "key", 10),
    "9 before the figures": (
        {"statement_": put("balance", "earned", "1"), "receipt_": put("key", "x")}, "key", 10),

    "10.1 another column": (in_statement(put("columns", 0, "x")), "key", 11),
    "10.2 a licence on what is received": (in_statement(put("sources", 0, "licence", "l")), "key", 11),
    "10.2 a licence rate on what is received": (in_statement(put("sources", 0, "licence_rate", "1/2")), "key", 11),
    "10.2 a rate into its own currency": (in_statement(lambda s: own_currency(s, "2")), "key", 11),
    "10.2 a rate of zero": (in_statement(put("sources", 0, "rate", "0")), "key", 11),
    "10.2 a rate without a day": (in_statement(put("sources", 0, "rate_day", "")), "key", 11),
    "10.3 a fraction that is not rate times of": (in_statement(put("terms", 0, "of", "1/2")), "key", 11),
    "10.3 a part above one": (in_statement(line({}, terms__rate="1/6", terms__of="2")), "key", 11),
    "10.4 past the sources": (in_receipt(put("statement", "lines", 0, 0, 1)), "key", 11),
    "10.4 past the terms": (in_receipt(put("statement", "lines", 0, 2, 2**64 - 1)), "key", 11),
    "10.5 received is less": (in_statement(put("lines", 0, 9, "0.05")), "key", 11),
    "10.6 an atom more": (in_statement(line({10: "33.333333333333333334"}, "33.333333333333333334")), "key", 11),
    "10.6 up, not down": (in_statement(put("lines", 0, 11, "up")), "key", 11),
    "10.6 exact, but it is not": (in_statement(put("lines", 0, 11, "exact")), "key", 11),
    "1 no word of rounding": (in_statement(put("lines", 0, 11, "x")), "key", 10),
    "10.6 by the price, without a price": (in_statement(put("terms", 0, "measure", "price")), "key", 11),
    "10.6 a price that is none": (in_statement(line({}, terms__measure="price", contexts__unit_price="x")), "key", 11),
    "1 an unknown measure": (in_statement(put("terms", 0, "measure", "x")), "key", 10),
    "10.6 out of range": (in_statement(line({7: "1" + "0" * 20}, terms__measure="price",
                                            contexts__unit_price="1000")), "key", 11),
    "10.7 an advance that closes with more": (in_statement(advance("41")), "key", 11),
    "10.7 an advance that closes below zero": (in_statement(advance("-1", opening="9")), "key", 11),
    "10.7 a reserve the wrong way": (in_statement(advance("40", "reserve:ag/r/p")), "key", 11),
    "10.7 kept back below zero": (in_statement(advance("-3", "advance-from:s")), "key", 11),
    "10.8 earned is more": (in_statement(put("balance", "earned", "34")), "key", 11),
    "10.8 moved is more": (in_statement(put("balance", "moved", "1")), "key", 11),
    "10.9 closing is more": (in_receipt(put("statement", "balance", "closing", "100")), "key", 11),
    "10.10 payable is more": (in_statement(put("balance", "payable", "67")), "key", 11),
    "10.10 carried is more": (in_statement(put("balance", "carried", "0.7")), "key", 11),
    "10.10 paid below the minimum": (in_statement(put("balance", "minimum", "1000")), "key", 11),

    "11 another name": (in_receipt(put("statement", "name", "Q")), "key", 18),
    "11 a key of another": (in_receipt(put("key", ZERO_KEY)), "key", 18),
    "11 another node": (in_receipt(put("path", "nodes", flip)), "key", 18),
    "11 another place": (in_receipt(put("path", "at", 0)), "key", 18),
    "11 a place past the tree": (in_receipt(put("path", "at", 3)), "key", 18),
    "11 a node more": (in_receipt(put("path", "nodes", lambda it: it + it)), "key", 18),
    "11 no nodes": (in_receipt(put("path", "nodes", "")), "key", 18),
    "11 another category": (in_statement(put("account", "fee:p")), "key", 18),
    "11 a count of more": ({"seal_": put("categories", 0, "accounts", "count", 4)}, "key", 18),
    "8 more accounts than there can be": ({"seal_": put("categories", 0, "accounts", "count", 2**64 - 1)}, "key", 17),
    "11 a count of none": ({"seal_": put("categories", 0, "accounts", "count", 0)}, "key", 18),

    "12 a cell gives less than it brings": ({"gives": (90 * UNIT,)}, "key", 19),
    "12 a cell gives nothing": ({"gives": (0,)}, "key", 19),
    "12 a cell takes what it brings": ({"gives": (-100 * UNIT,)}, "key", 19),
    "12 a cell less": ({"sources_": put("cells", [])}, "key", 19),
    "12 a cell twice": ({"sources_": put("cells", lambda it: it + it)}, "key", 19),
    "12 another salt": ({"sources_": put("cells", 0, 2, ZERO_KEY)}, "key", 19),
    "12 another place": ({"sources_": put("cells", 0, 0, 2)}, "key", 19),
    "12 another node": ({"sources_": put("nodes", flip)}, "key", 19),

    "13 a report is not shown": (in_receipt(without(4)), "key", 20),
    "13 another hash of the report": (in_statement(put("sources", 0, "sha256", ZERO_KEY)), "key", 20),
    "13 the seal does not name it": ({"seal_": put("reports", [])}, "key", 20),
    "13 restated, but nothing": (in_statement(line({}, sources__restated="now")), "key", 20),
    "13 restates, but is not restated": (in_statement(line({}, sources__restates="2021-Q2")), "key", 20),
    "13 restates itself": (in_statement(line({}, sources__restated="now", sources__restates="2021-Q3")), "key", 20),
    "13 restated, but the seal settles it first": (in_statement(line(
        {}, sources__restated="now", sources__restates="2021-Q2")), "key", 20),
    "13 it was settled before": (in_statement(line(
        {}, sources__report="report-2021-Q2", sources__sha256=forge.sha(b"2021-Q2").hex())), "key", 20),
    "13 an attestation by another": ({"entries_": attest(signed=forge.LOG)}, "key", 24),
    "13 an attestation with another's key": ({"entries_": attest(key=forge.LOG.key)}, "key", 24),
    "13 an attestation with no key": ({"entries_": attest(key="x")}, "key", 24),
    "13 an attestation of other lines": ({"entries_": attest(note=swap("lines 3", "lines 4"))}, "key", 0),
    "13 an attestation with a torn signature": ({"entries_": attest(note=lambda note: note[:-3] + "\n")}, "key", 24),

    "14 the agreement is not shown": (in_receipt(put("agreements", [])), "key", 21),
    "14 a term is not opened": (in_receipt(put("agreements", 0, "parts", lambda it: it[:1])), "key", 21),
    "14 the agreement's text is not opened": (in_receipt(put("agreements", 0, "parts", lambda it: it[1:])), "key", 21),
    "14 no agreement": (in_statement(put("terms", 0, "agreement", "")), "key", 21),
    "14 no term": (in_statement(put("terms", 0, "term", "")), "key", 21),
    "14 another text": (in_receipt(put("agreements", 0, "parts", 1, "text", swap("1/3", "2/3"))), "key", 21),
    "14 another salt": (in_receipt(put("agreements", 0, "parts", 1, "salt", ZERO_KEY)), "key", 21),
    "14 another entry": (in_receipt(put("agreements", 0, "entry", 0)), "key", 21),
    "14 an entry past all": (in_receipt(put("agreements", 0, "entry", 99)), "key", 21),
    "14 a higher rate than agreed": (in_statement(line(
        {10: "66.666666666666666666"}, "66.666666666666666666", terms__rate="2/3", terms__fraction="2/3")), "key", 21),

    "15 no table of rates": (in_receipt(without(1)), "key", 22),
    "15 another table": (in_statement(put("sources", 0, "rate_source", "Bank (x)")), "key", 22),
    "15 a table without its id": (in_statement(put("sources", 0, "rate_source", "ecb")), "key", 22),
    "15 the seal does not name it": ({"seal_": put("rates", [])}, "key", 22),

    "16 the seal before is not shown": (in_receipt(both(put("previous", []), without(3))), "key", 23),
    "16 the seal before is of another currency": ({"seal_before": put("currency", "USD")}, "key", 23),
    "16 it names itself": ({"seal_": put("previous", [6])}, "key", 23),
    "16 it names no seal before": ({"seal_": put("previous", [])}, "key", 17),
    "16 it names a report": ({"seal_": put("previous", [4])}, "key", 23),
    "16 the seal before does not close": ({"seal_before": put("sources", "sums", 0, "1")}, "key", 17),
    "16 a category vanished": ({"seal_before": put("categories", 0, "name", "fee")}, "key", 17),

    "17 no statement before": (in_receipt(put("previous", [])), "key", 23),
    "17 two statements before": (in_receipt(put("previous", lambda it: it * 2)), "key", 23),
    "17 another key": (in_receipt(put("previous", 0, "key", ZERO_KEY)), "key", 23),
    "17 another statement": (in_receipt(put("previous", 0, "statement", ZERO_KEY)), "key", 23),
    "17 other lines": (in_receipt(put("previous", 0, "lines", "count", 2)), "key", 23),
    "17 other sums of the lines": (in_receipt(put("previous", 0, "lines", "sums", 0, "1")), "key", 23),
    "17 other sums": (in_receipt(put("previous", 0, "sums", 6, "33")), "key", 23),
    "17 another place": (in_receipt(put("previous", 0, "path", "at", 0)), "key", 23),
    "17 another entry": (in_receipt(put("previous", 0, "entry", 0)), "key", 23),
    "17 an entry past all": (in_receipt(put("previous", 0, "entry", 99)), "key", 23),

    "19 one witness of three": ({"witnesses": (5,)}, "policy", 16),
    "19 one witness, twice": ({"witnesses": (5,), "note_": lambda note: note + forge.WITNESSES[0].line(
        note.split("\n\n")[0] + "\n", 6)}, "policy", 16),
    "19 no witness": ({}, "policy", 16),
}


def trust_words(trust, folder):
    """The words of the command line for whom the reader trusts."""
    if trust is None:
        return []
    path = folder / trust
    path.write_text(forge.LOG.key if trust == "key" else forge.POLICY)
    return ["--key", forge.LOG.key] if trust == "key" else ["--policy", str(path)]


def run(words):
    """Exit code and answer of the verifier, as a program."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = verify.main([str(each) for each in words])
    return code, out.getvalue()


class Folder(unittest.TestCase):
    def setUp(self):
        held = tempfile.TemporaryDirectory()
        self.addCleanup(held.cleanup)
        self.folder = pathlib.Path(held.name)
        self.receipt = self.folder / "it.receipt"


class Forged(Folder):
    def test_each_cheat_has_its_code(self):
        for name, (changes, trust, code) in FORGED.items():
            with self.subTest(name):
                self.receipt.write_bytes(forge.make(**changes))
                words = [self.receipt, *trust_words(trust, self.folder)]
                found, said = run(words)
                self.assertEqual(found, code, said)
                self.assertEqual(said.startswith("PROVEN"), code == 0)
                if name[0].isdigit() and code not in (0, 16):
                    step = name.split(" ")[0].split(".")[0]
                    self.assertTrue(said.startswith(f"NOT PROVEN: step {step} "), said)

    def test_the_built_program_agrees(self):
        if not LEITMOTIF:
            self.skipTest("LEITMOTIF does not name the built program")
        for name, (changes, trust, code) in FORGED.items():
            with self.subTest(name):
                self.receipt.write_bytes(forge.make(**changes))
                words = [LEITMOTIF, "verify", self.receipt, *trust_words(trust, self.folder)]
                done = subprocess.run(words, capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, code, done.stdout + done.stderr)

    def test_any_byte_changed_is_refused(self):
        data = forge.make()
        for at in range(0, len(data), 97):
            changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]
            with self.subTest(at=at):
                found = verify.verify(verify.Check(changed, verify.parse_key(forge.LOG.key, verify.LOG)))
                self.assertNotEqual(found[0], 0, data[at - 20:at + 20])

    def test_cut_off_anywhere(self):
        data = forge.make()
        for at in range(0, len(data), 211):
            self.assertEqual(verify.verify(verify.Check(data[:at]))[0], 10)


class Words(Folder):
    def setUp(self):
        super().setUp()
        self.receipt.write_bytes(forge.make(witnesses=(5, None, 86400)))

    def test_a_statement_file(self):
        statement = json.loads(self.receipt.read_bytes())["statement"]
        path = self.folder / "statement.json"
        path.write_bytes(forge.canonical(statement))
        self.assertEqual(run([self.receipt, "--statement", path])[0], 0)
        path.write_bytes(forge.canonical(statement) + b"\n")
        self.assertEqual(run([self.receipt, "--statement", path])[0], 15)

    def test_what_cannot_be_read(self):
        path = self.folder / "trust"
        path.write_text("quorum x\n")
        nowhere = self.folder / "nowhere"
        for words in ([nowhere], [self.folder], [self.receipt, "--key", "x"], [self.receipt, "--key", nowhere],
                      [self.receipt, "--policy", path], [self.receipt, "--statement", nowhere], ["a\0b"]):
            with self.subTest(words=words):
                self.assertEqual(run(words)[0], 1)

    def test_a_key_may_stand_in_a_file(self):
        path = self.folder / "key.txt"
        path.write_text(forge.LOG.key + "\n")
        self.assertEqual(run([self.receipt, "--key", path])[0], 0)

    def test_it_says_no_more_than_it_knows(self):
        path = self.folder / "policy"
        path.write_text(forge.POLICY)
        said = run([self.receipt, "--policy", path])[1]
        self.assertIn("Witnessed by 2 of 3, at 1970-01-02 00:00:00 UTC.", said)
        self.assertIn("Report report-2021-Q3 is attested by sender.invalid.", said)
        self.assertNotIn("Whose key it is", said)
        self.assertIn("Whose key it is", run([self.receipt])[1])
        self.receipt.write_bytes(forge.make(**FORGED["honest, a lower rate than agreed"][0]))
        self.assertIn("Why these terms give less than their agreement states: share of 1/3.", run([self.receipt])[1])

    def test_json(self):
        code, said = run([self.receipt, "--json"])
        answer = json.loads(said)
        self.assertEqual((code, answer["code"], answer["verdict"]), (0, 0, "proven"))
        self.receipt.write_bytes(b"{}")
        answer = json.loads(run([self.receipt, "--json"])[1])
        self.assertEqual((answer["code"], answer["verdict"], answer["proven"]), (10, "not proven", []))

    def test_foreign_text_does_not_reach_the_terminal(self):
        self.receipt.write_bytes(forge.make(statement_=put("period", "2021-Q3"), seal_=nothing_but_an_escape))
        self.assertNotIn("\x1b", run([self.receipt])[1])


def nothing_but_an_escape(seal):
    seal["categories"][0]["name"] = "\x1b[2J"


class Parts(unittest.TestCase):
    def test_decimals(self):
        for text, atoms in {"0": 0, "1": UNIT, "-0.5": -UNIT // 2, "0.000000000000000001": 1,
                            "170141183460469231731.687303715884105727": 2**127 - 1,
                            "-170141183460469231731.687303715884105728": -(2**127)}.items():
            self.assertEqual(verify.atoms(text), atoms)
        for text in ("", "-", "-0", "00", "01", "1.", ".5", "1.0", "1.50", "+1", "1e3", " 1", "1\n", "\u0661", "1,5",
                     "0.0000000000000000001", "170141183460469231731.687303715884105728", "9" * 5000):
            self.assertIsNone(verify.atoms(text), text)

    def test_ratios(self):
        for text, value in {"0": (0, 1), "1": (1, 1), "1/3": (1, 3), "7/2": (7, 2),
                            str(2**128 - 1): (2**128 - 1, 1)}.items():
            self.assertEqual(verify.ratio(text), value)
        for text in ("", "1/1", "2/4", "0/5", "1/0", "01", "1/03", "-1", "1/-3", "1/", "/2", "1/2/3", str(2**128),
                     f"1/{2**128}", "9" * 5000):
            self.assertIsNone(verify.ratio(text), text)

    def test_rounding(self):
        cases = {(5, 2): 2, (7, 2): 4, (-5, 2): -2, (-7, 2): -4, (1, 3): 0, (2, 3): 1, (-2, 3): -1, (6, 3): 2}
        for (n, d), whole in cases.items():
            self.assertEqual(verify.half_even(n, d), whole)

    def test_canonical_json(self):
        good = '{"a":["\\"\\\\/\\b\\t\\n\\f\\r\\u0000\\u001f\x7f\u2028\U0001f600",18446744073709551615]}'
        self.assertEqual(verify.canonical(verify.parse_canonical(good.encode())), good.encode())
        for bad in ('"\\u001F"', '"\\u0008"', '"\\/"', "1.5", "-1", "[1, 2]", '{"a":1,"a":1}', "01", "nan", ""):
            with self.subTest(bad), self.assertRaises(Refused):
                verify.parse_canonical(bad.encode())

    def test_sum_trees(self):
        for count in range(1, 12):
            leaves = [forge.sum_leaf(forge.sha(bytes([n])), forge.sha(b"p"), (n, 2 * n)) for n in range(count)]
            root = forge.sum_root(leaves, 2)
            nodes = [verify.Node(*each) for each in leaves]
            self.assertEqual(tuple(verify.sum_root(nodes, 2)), root)
            for mask in range(1 << min(count, 6)):
                known = [at for at in range(count) if mask >> at & 1]
                proof = forge.sum_nodes(leaves, known, 2)
                found = verify.sum_proof_root({at: nodes[at] for at in known}, proof, 2, count)
                self.assertEqual(tuple(found), root)
                for torn in (proof + bytes(72), proof[:-72], proof[:-1]):
                    if torn != proof:
                        with self.assertRaises(Refused):
                            verify.sum_proof_root({at: nodes[at] for at in known}, torn, 2, count)

    def test_sums_that_run_over(self):
        most = verify.sum_leaf(bytes(32), bytes(32), (2**127 - 1, 0))
        one = verify.sum_leaf(bytes(32), bytes(32), (1, 0))
        for bad in (lambda: verify.sum_join(most, one), lambda: verify.sum_leaf(bytes(32), bytes(32), (-1, 0)),
                    lambda: verify.sum_proof_root({}, b"\xff" * 64 + (1).to_bytes(8, "big"), 2, 1)):
            with self.assertRaises(Refused):
                bad()

    def test_the_published_note(self):
        """The example of C2SP signed-note, section "Verifier keys"."""
        key = verify.parse_key("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", verify.LOG)
        note = ("This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlT"
                "gK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n")
        self.assertEqual(verify.signed_times(key, *verify.parse_note(note)), [0])
        with self.assertRaises(Refused):
            verify.signed_times(key, *verify.parse_note(note.replace("an example", "no example")))

    def test_points(self):
        self.assertTrue(verify.is_good_point(verify.unbase64("6TJ5GubnqECkYWTJBHhkJtXngh3YspoA1hyucq/dTaQ=", "key")))
        small = (1, 0, verify.P - 1, 2**255 - 19 - 1 | 1 << 255, 1 | 1 << 255, 1 << 255,
                 2707385501144840649318225287225658788936804267575313519463743609750303021433 + 2**254)
        for number in small:
            self.assertFalse(verify.is_good_point(number.to_bytes(32, "little")), hex(number))
        order_8 = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")
        self.assertFalse(verify.is_good_point(order_8))
        self.assertFalse(verify.is_good_point((verify.P + 3).to_bytes(32, "little")))

    def test_policies(self):
        a, b, c = (each.key for each in forge.WITNESSES)
        good = f"# who\n\n log\t{forge.LOG.key} https://log.invalid\nwitness a {a}\nwitness b {b}\n" \
               f"witness c {c}\ngroup ab all a b\ngroup g any ab c\nquorum g\n"
        policy = verify.parse_policy(good.encode())
        for times, at in (({"a": [3], "b": [9]}, 9), ({"a": [3], "b": [9], "c": [5, 4]}, 4), ({"a": [1]}, None), ({}, None)):
            self.assertEqual(verify.witnessed_at(policy, "g", times), at)
        self.assertEqual(verify.parse_policy(b"quorum none\n").quorum, "none")
        for old, new in (("quorum g", ""), ("quorum g", "quorum g\nquorum g"), ("quorum g", "quorum x"),
                         ("group g any", "group g 3"), ("group g any", "group g 0"), ("group g any", "group a any"),
                         ("group g any ab c", "group g any ab a"), ("witness c", "witness a"), (c, a), (b, forge.LOG.key),
                         (forge.LOG.key, a), ("# who", "else"), ("# who", "\x01"), ("group g any", "group none any")):
            with self.subTest(new), self.assertRaises(Refused):
                verify.parse_policy(good.replace(old, new, 1).encode())


class Vectors(Folder):
    def test_all_receipts(self):
        lines = [line.split() for line in (VECTORS / "vectors.txt").read_text().splitlines()]
        lines = [line for line in lines if line and not line[0].startswith("#")]
        self.assertGreater(len(lines), 40)
        for name, trust, code in lines:
            words = [VECTORS / name]
            if trust != "-":
                words += ["--policy" if trust.startswith("policy") else "--key", VECTORS / trust]
            with self.subTest(name=name, trust=trust):
                found, said = run(words)
                self.assertEqual(found, int(code), said)

    def test_sum_trees(self):
        count, leaves, roots = None, {}, 0
        for line in (VECTORS / "sum-tree.txt").read_text().splitlines():
            kind, *words = line.split(" ")
            if kind == "tree":
                count, leaves = int(words[0]), {}
            elif kind == "leaf":
                place, salt, payload, credit, debit, hashed = words
                leaves[int(place)] = verify.sum_leaf(bytes.fromhex(salt), bytes.fromhex(payload), (int(credit), int(debit)))
                self.assertEqual(leaves[int(place)].hash.hex(), hashed)
            elif kind == "root":
                root = verify.sum_root([leaves[at] for at in range(count)], 2)
                self.assertEqual(forge.node_bytes(root).hex(), words[0])
                roots += 1
            elif kind == "proof":
                places = [] if words[0] == "-" else [int(each) for each in words[0].split(",")]
                nodes = b"" if words[1] == "-" else bytes.fromhex(words[1])
                found = verify.sum_proof_root({at: leaves[at] for at in places}, nodes, 2, count)
                self.assertEqual(found, root)
        self.assertGreater(roots, 3)


if __name__ == "__main__":
    unittest.main()
