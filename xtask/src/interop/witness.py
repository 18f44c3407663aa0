"""A log of aics-tlog that asks a witness. Words: key | ask URL KEY | again URL KEY."""

import hashlib
import sys
import urllib.error
import urllib.request

from aics_tlog import MerkleTree, format_vkey, parse_checkpoint, parse_note, parse_vkey
from aics_tlog.checkpoint import Checkpoint, sign_checkpoint, verify_checkpoint
from aics_tlog.note import vkey_from_ed25519
from aics_witness.feeder import WitnessAhead, WitnessClient, WitnessRejected, merge_cosignatures
from aics_witness.protocol import format_add_checkpoint_request
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ORIGIN = "theirs.example/log"
SECRET = Ed25519PrivateKey.from_private_bytes(bytes([42] * 32))
TREE = MerkleTree([b"entry %d" % number for number in range(300)])
FORK = MerkleTree([b"entry %d" % (number + (number == 7) * 1000) for number in range(300)])


def signed(tree, size):
    checkpoint = Checkpoint(ORIGIN, size, tree.root(size))
    return sign_checkpoint(checkpoint, SECRET, ORIGIN).to_bytes()


def status(url, old, proof, note):
    body = format_add_checkpoint_request(old, proof, note)
    request = urllib.request.Request(url + "/add-checkpoint", data=body, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read()


def log_key():
    return vkey_from_ed25519(ORIGIN, SECRET.public_key())


def holds(note, witness):
    """Signed by the log, cosigned by the witness less than a minute ago."""
    return verify_checkpoint(parse_note(note), log_key(), [witness], 1, max_age_seconds=60).ok


def shown(url):
    """What a monitor sees."""
    digest = hashlib.sha256(ORIGIN.encode()).hexdigest()
    with urllib.request.urlopen(f"{url}/{digest}/checkpoint", timeout=10) as answer:
        return answer.read()


def ask(url, key):
    witness = parse_vkey(key)
    with WitnessClient(url, key) as client:
        for size in (1, 5, 256, 257):
            note = signed(TREE, size)
            line = client.submit(note, TREE.consistency_proof)
            assert holds(merge_cosignatures(note, line), witness), size
        seen = shown(url)
        assert holds(seen, witness)
        seen = parse_checkpoint(parse_note(seen).text)
        assert (seen.size, seen.root) == (257, TREE.root(257)), seen
        try:
            client.submit(signed(TREE, 100), TREE.consistency_proof)
            raise SystemExit("a smaller tree was cosigned")
        except WitnessAhead as error:
            assert error.known_size == 257, error
    wrong = status(url, 5, TREE.consistency_proof(5, 300), signed(TREE, 300))
    assert wrong == (409, "text/x.tlog.size", b"257\n"), wrong
    assert status(url, 257, [], signed(FORK, 257))[0] == 422
    assert status(url, 257, FORK.consistency_proof(257, 300), signed(FORK, 300))[0] == 422
    assert status(url, 301, [], signed(TREE, 300))[0] == 400
    print("their log was cosigned by our witness: 1, 5, 256 and 257 entries; 409, 422 and 400 as the document says")


def again(url, key):
    assert status(url, 0, [], signed(TREE, 300)) == (409, "text/x.tlog.size", b"257\n")
    with WitnessClient(url, key) as client:
        client.submit(signed(TREE, 300), TREE.consistency_proof)
    print("after a kill our witness knew what it had cosigned")


if __name__ == "__main__":
    words = sys.argv[1:]
    if words == ["key"]:
        print(format_vkey(log_key()))
    else:
        {"ask": ask, "again": again}[words[0]](*words[1:])
