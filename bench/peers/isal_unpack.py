"""Unpacks a gzip file with ISA-L and throws it away: isal_unpack.py FILE.gz."""

import sys

from isal import igzip

total = 0
buffer = bytearray(1 << 18)
with igzip.open(sys.argv[1], "rb") as file:
    while count := file.readinto(buffer):
        total += count
print(total, "bytes")
