"""Puts flat blocks into one scan of sequential, Huffman-coded JPEG; the bits of all other blocks are copied as they are.

Nothing is decoded: only the lengths of the codes are followed, and the DC values, which are written as differences
(ISO/IEC 10918-1 F.1.2.1). So the quantised coefficients of all other blocks stay, whatever the precision.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gateway.pixels import huffman
from gateway.pixels.huffman import END_OF_BLOCK, ZEROS, Codes, Damaged

_COEFFICIENTS = 64
_MARKER = re.compile(rb"\xff(?:[^\0]|\Z)", re.DOTALL)
_REMEMBERED = 256  # intervals
_RUNS = 3  # of sixteen zeros: so many fit into a block


@dataclass(frozen=True, slots=True)
class Component:
    """One component of a scan: its tables, the DC value of a masked block, and how many of its blocks are in an MCU."""

    dc: Codes
    ac: Codes
    fill: int
    blocks: int


@dataclass(slots=True)
class Heads:
    """How intervals began that were changed, as far as they were, and how they begin now; by their tables, fills and masks.

    ``fresh`` tells that an interval was changed, since this was set to False, that began as none before.
    """

    known: dict[tuple[object, ...], tuple[bytes, bytes]] = field(default_factory=dict)
    fresh: bool = True


@dataclass(frozen=True, slots=True)
class Scan:
    """The components of a scan, and which of its MCUs are masked, in their order; ``restart`` MCUs lie between restarts.

    ``heads`` are remembered from scans before: an interval of a cine that begins as it did there is changed as it was there.
    """

    components: Sequence[Component]
    masked: NDArray[np.bool_]
    restart: int
    heads: Heads

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
            out += self._interval(number, part, masked) if masked.any() else part
        return bytes(out)

    def _interval(self, number: int, part: bytes, masked: NDArray[np.bool_]) -> bytes:
        data = part.replace(b"\xff\x00", b"\xff")
        key = self._key(number, masked)
        before, now = self.heads.known.get(key, (b"", b""))
        if before and data.startswith(before):
            return _stuffed(now + data[len(before) :])
        self.heads.fresh = True
        behind = (
            int(np.flatnonzero(masked)[-1]) + 2
        )  # the MCU behind the last mask gets new DC differences; what follows stays
        if behind < len(masked):
            changes, end = self._changes(data, masked[:behind])
            if _aligned(changes, self.components):
                whole = -(-end // 8)  # from this byte on
                now = _joined(data[:whole], changes, 8 * whole)
                if self._key(number, masked) == key:  # no table got a code
                    self._remember(key, data[:whole], now)
                return _stuffed(now + data[whole:])
        changes, end = self._changes(data, masked)
        return _stuffed(_joined(data, changes, end))

    def _key(self, number: int, masked: NDArray[np.bool_]) -> tuple[object, ...]:
        tables = ((one.dc.encoded(), one.ac.encoded(), one.fill, one.blocks) for one in self.components)
        return (number, masked.tobytes(), *tables)

    def _remember(self, key: tuple[object, ...], before: bytes, now: bytes) -> None:
        if len(self.heads.known) >= _REMEMBERED:
            self.heads.known.clear()
        self.heads.known[key] = before, now

    def _changes(self, data: bytes, masked: NDArray[np.bool_]) -> tuple[list[_Change], int]:
        """What must be written anew in the first MCUs of an interval, and where they end (bits)."""
        walk, at = _Walk(data), 0
        words, found = walk.words, list[_Change]()
        blocks = [index for index, one in enumerate(self.components) for _ in range(one.blocks)]
        before = [0] * len(self.components)  # the DC value of the last block, as it was
        written = before.copy()  # and as it is now
        tables = [(one.dc.tables().one, one.ac.tables(), huffman.blocks(one.dc, one.ac)) for one in self.components]
        for flat in masked.tolist():
            for index in blocks:
                dc, ac, short = tables[index]
                if block := short[words[at >> 3] >> 16 - (at & 7) & 0xFFFF]:
                    end, difference = at + (block & 0xFF), (block >> 8) - huffman.BIAS
                else:
                    difference, end = walk.difference(at, dc)
                    end = walk.rest(end, ac.one, ac.many)
                value = before[index] + difference
                one = self.components[index]
                if flat:
                    found.append(_Change(at, end, _coded(one.dc, one.fill - written[index]), one.ac))
                    written[index] = one.fill
                else:
                    if written[index] != before[index]:
                        code = _coded(one.dc, value - written[index])
                        found.append(_Change(at, walk.difference(at, dc)[1], code))
                    written[index] = value
                before[index] = value
                at = end
        if at > walk.end:
            raise Damaged
        return found, at


@dataclass(slots=True)
class _Change:
    """Bits from ``start`` to ``end`` that become ``code`` (a string of 0 and 1): a DC difference, of a ``flat`` block all of it.

    A flat block is ended by a code of the table ``flat``, after ``zeros`` times sixteen coefficients that are 0.
    """

    start: int
    end: int
    code: str
    flat: Codes | None = None
    zeros: int = 0

    def bits(self) -> str:
        """What is written."""
        if self.flat is None:
            return self.code
        runs = self.flat.code(ZEROS) * self.zeros if self.zeros else ""
        return self.code + runs + self.flat.code(END_OF_BLOCK)


def _aligned(changes: Sequence[_Change], components: Sequence[Component]) -> bool:
    """Lengthen flat blocks by zeros until what follows keeps its place in its byte; False if their codes do not allow that.

    So the bytes behind a mask stay, and how many of the last bits fill up the last byte need not be known.
    """
    need = sum(change.end - change.start - len(change.bits()) for change in changes) % 8
    for codes in (one.ac for one in components if one.ac.has(ZEROS)):
        flat = [change for change in changes if change.flat is codes]
        for count in range(min(7, _RUNS * len(flat)) + 1):
            if count * len(codes.code(ZEROS)) % 8 == need:
                for number in range(count):
                    flat[number // _RUNS].zeros += 1
                return True
    return need == 0


def _intervals(data: bytes) -> Iterator[bytes]:
    """The parts between restart markers, which must count from 0 to 7 over and over (10918-1 F.1.2.3)."""
    start = 0
    for number, found in enumerate(_MARKER.finditer(data)):
        if found[0] != bytes((0xFF, 0xD0 | number & 7)):  # fill bytes and other markers have no place here
            raise Damaged
        yield data[start : found.start()]
        start = found.end()
    yield data[start:]


class _Walk:
    """Follows the codes of one interval. Positions are in bits."""

    def __init__(self, data: bytes) -> None:
        self.end = 8 * len(data)
        octets = np.frombuffer(data + b"\0" * 8, np.uint8).astype(np.uint32)
        #: The 32 bits that begin at each byte.
        self.words = array("I")
        self.words.frombytes((octets[:-3] << 24 | octets[1:-2] << 16 | octets[2:-1] << 8 | octets[3:]).tobytes())

    def difference(self, at: int, one: list[int]) -> tuple[int, int]:
        """The DC difference at ``at``, and where it ends."""
        if at >= self.end:
            raise Damaged
        entry = one[self.words[at >> 3] >> 16 - (at & 7) & 0xFFFF]
        size = entry >> 16
        at += entry & 0xFF
        if not entry or at + size > self.end:
            raise Damaged
        if not size:
            return 0, at
        value = self.words[at >> 3] >> 32 - (at & 7) - size & (1 << size) - 1
        return (value if value >> size - 1 else value - (1 << size) + 1), at + size

    def rest(self, at: int, one: list[int], many: list[int]) -> int:
        """Where the block ends whose first AC code is at ``at``."""
        words, k = self.words, 1
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
        if at > self.end or k > _COEFFICIENTS:
            raise Damaged
        return at


def _joined(data: bytes, changes: Sequence[_Change], end: int) -> bytes:
    """The bits up to ``end`` with the changes, filled with ones to a whole byte (10918-1 F.1.2.3)."""
    bits = np.unpackbits(np.frombuffer(data, np.uint8))
    parts, new, copied = list[NDArray[np.uint8]](), list[str](), 0
    for change in changes:
        if change.start > copied:
            parts += (_bits(new), bits[copied : change.start])
            new = []
        new.append(change.bits())
        copied = change.end
    whole = np.concatenate((*parts, _bits(new), bits[copied:end]))
    return np.packbits(np.append(whole, np.ones(-len(whole) % 8, np.uint8))).tobytes()


def _bits(codes: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("".join(codes).encode(), np.uint8) - ord("0")


def _stuffed(data: bytes) -> bytes:
    """Entropy-coded data with a zero behind each byte that would begin a marker (10918-1 F.1.2.3)."""
    return data.replace(b"\xff", b"\xff\x00")


def _coded(codes: Codes, difference: int) -> str:
    """A DC difference: the code of its size, and its bits (10918-1 F.1.2.1.1)."""
    size = abs(difference).bit_length()
    value = difference if difference >= 0 else difference + (1 << size) - 1
    return codes.code(size) + (f"{value:0{size}b}" if size else "")
