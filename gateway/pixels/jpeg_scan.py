"""Puts flat blocks into one scan of sequential, Huffman-coded JPEG; the bits of all other blocks are copied as they are.

Nothing is decoded: only the lengths of the codes are followed, and the DC values, which are written as differences
(ISO/IEC 10918-1 F.1.2.1). So the quantised coefficients of all other blocks stay, whatever the precision.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gateway.pixels.huffman import END_OF_BLOCK, Codes, Damaged

_COEFFICIENTS = 64


@dataclass(frozen=True, slots=True)
class Component:
    """One component of a scan: its tables, the DC value of a masked block, and how many of its blocks are in an MCU."""

    dc: Codes
    ac: Codes
    fill: int
    blocks: int


@dataclass(frozen=True, slots=True)
class Scan:
    """The components of a scan, and which of its MCUs are masked, in their order; ``restart`` MCUs lie between restarts."""

    components: Sequence[Component]
    masked: NDArray[np.bool_]
    restart: int

    def edited(self, data: bytes) -> bytes:
        """The entropy-coded ``data`` with the masked MCUs made flat.

        Raises:
            Damaged: the data do not follow the tables, or end too early.
        """
        count = len(self.masked)
        every = self.restart or count
        intervals = list(_intervals(data))
        if len(intervals) != -(-count // every):
            raise Damaged
        out = bytearray()
        for number, part in enumerate(intervals):
            masked = self.masked[number * every : (number + 1) * every]
            out += bytes((0xFF, 0xD0 | (number - 1) & 7)) if number else b""
            out += self._interval(part, masked) if masked.any() else part
        return bytes(out)

    def _interval(self, part: bytes, masked: NDArray[np.bool_]) -> bytes:
        data = part.replace(b"\xff\x00", b"\xff")
        pieces = _Pieces(np.unpackbits(np.frombuffer(data, np.uint8)))
        walk, at = _Walk(data), 0
        blocks = [index for index, one in enumerate(self.components) for _ in range(one.blocks)]
        before = [0] * len(self.components)  # the DC value of the last block, as it was
        written = before.copy()  # and as it is now
        tables = [(one.dc.tables(), one.ac.tables()) for one in self.components]
        for flat in masked.tolist():
            for index in blocks:
                dc, ac = tables[index]
                difference, middle = walk.difference(at, dc.one)
                end = walk.rest(middle, ac.one, ac.many)
                before[index] += difference
                if flat:
                    one = self.components[index]
                    code = _coded(one.dc, one.fill - written[index]) + one.ac.code(END_OF_BLOCK)
                    pieces.put(at, end, code)
                    written[index] = one.fill
                elif written[index] != before[index] - difference:
                    pieces.put(at, middle, _coded(self.components[index].dc, before[index] - written[index]))
                    written[index] = before[index]
                else:
                    written[index] = before[index]
                at = end
        return pieces.packed(at)


def _intervals(data: bytes) -> Iterator[bytes]:
    """The parts between restart markers, which must count from 0 to 7 over and over (10918-1 F.1.2.3)."""
    start, number, at = 0, 0, data.find(b"\xff")
    while at >= 0:
        following = data[at + 1] if at + 1 < len(data) else 0xFF
        if following == 0xD0 | number & 7:
            yield data[start:at]
            start, number = at + 2, number + 1
        elif following:  # fill bytes and other markers have no place here
            raise Damaged
        at = data.find(b"\xff", at + 2)
    yield data[start:]


class _Walk:
    """Follows the codes of one interval. Positions are in bits."""

    def __init__(self, data: bytes) -> None:
        self._end = 8 * len(data)
        octets = np.frombuffer(data + b"\0" * 8, np.uint8).astype(np.int64)
        #: The 32 bits that begin at each byte.
        self._words: list[int] = (octets[:-3] << 24 | octets[1:-2] << 16 | octets[2:-1] << 8 | octets[3:]).tolist()

    def difference(self, at: int, one: list[int]) -> tuple[int, int]:
        """The DC difference at ``at``, and where it ends."""
        if at >= self._end:
            raise Damaged
        entry = one[self._words[at >> 3] >> 16 - (at & 7) & 0xFFFF]
        size = entry >> 16
        at += entry & 0xFF
        if not entry or at + size > self._end:
            raise Damaged
        if not size:
            return 0, at
        value = self._words[at >> 3] >> 32 - (at & 7) - size & (1 << size) - 1
        return (value if value >> size - 1 else value - (1 << size) + 1), at + size

    def rest(self, at: int, one: list[int], many: list[int]) -> int:
        """Where the block ends whose first AC code is at ``at``."""
        words, k = self._words, 1
        try:
            while k < _COEFFICIENTS:
                window = words[at >> 3] >> 16 - (at & 7) & 0xFFFF
                entry = many[window]
                steps = entry >> 8 & 0xFF
                if k + steps < _COEFFICIENTS:
                    if entry > 0xFFFF:
                        at += entry & 0xFF
                        break
                else:  # the block ends within the window, without a code for its end
                    entry = one[window]
                    steps = entry >> 8
                if not entry:
                    raise Damaged
                at += entry & 0xFF
                k += steps
                if not steps:
                    break
        except IndexError:
            raise Damaged from None
        if at > self._end or k > _COEFFICIENTS:
            raise Damaged
        return at


class _Pieces:
    """The bits of an interval: copied, but for what was put in their place."""

    def __init__(self, bits: NDArray[np.uint8]) -> None:
        self._bits = bits
        self._parts: list[NDArray[np.uint8]] = []
        self._new: list[str] = []
        self._copied = 0

    def put(self, start: int, end: int, code: str) -> None:
        """Put ``code`` (a string of 0 and 1) in the place of the bits from ``start`` to ``end``."""
        if start > self._copied:
            self._flush()
            self._parts.append(self._bits[self._copied : start])
        self._new.append(code)
        self._copied = end

    def _flush(self) -> None:
        if self._new:
            self._parts.append(np.frombuffer("".join(self._new).encode(), np.uint8) - ord("0"))
            self._new = []

    def packed(self, end: int) -> bytes:
        """All bits up to ``end``, filled with ones to a whole byte and stuffed (10918-1 F.1.2.3)."""
        self._flush()
        self._parts.append(self._bits[self._copied : end])
        bits = np.concatenate(self._parts)
        bits = np.append(bits, np.ones(-len(bits) % 8, np.uint8))
        return np.packbits(bits).tobytes().replace(b"\xff", b"\xff\x00")


def _coded(codes: Codes, difference: int) -> str:
    """A DC difference: the code of its size, and its bits (10918-1 F.1.2.1.1)."""
    size = abs(difference).bit_length()
    value = difference if difference >= 0 else difference + (1 << size) - 1
    return codes.code(size) + (f"{value:0{size}b}" if size else "")
