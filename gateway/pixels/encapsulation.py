"""Puts encoded frames into the items of encapsulated Pixel Data (PS3.5 A.4), without holding them all in memory."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain

from gateway.stored import Value, parts, store

_ITEM = b"\xfe\xff\x00\xe0"


def encapsulated(frames: Iterable[bytes]) -> Value:
    """Pixel Data with one fragment for each frame, and a Basic Offset Table where its 32 bits reach; else it is empty."""
    sizes: list[int] = []

    def items() -> Iterator[bytes]:
        for frame in frames:
            even = frame + b"\0" * (len(frame) % 2)
            sizes.append(len(even) + 8)
            yield _ITEM + struct.pack("<L", len(even)) + even

    body = store(items())
    offsets = [0, *accumulate(sizes)][:-1]
    table = struct.pack(f"<{len(offsets)}L", *offsets) if not offsets or offsets[-1] <= 0xFFFFFFFF else b""
    return store(chain((_ITEM + struct.pack("<L", len(table)) + table,), parts(body)))
