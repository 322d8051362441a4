"""Huffman codes of JPEG (ISO/IEC 10918-1 annexes C and F), made for walking over blocks without decoding them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

END_OF_BLOCK, ZEROS = 0x00, 0xF0  # ZEROS: sixteen coefficients that are 0
_PROGRESSIVE = range(0x10, 0xF0, 0x10)  # runs of blocks, which sequential coding does not know
BIAS = 1 << 17  # more than any difference
_COEFFICIENTS = 64
_LONGEST = 16  # bits of a code
_WINDOWS = 1 << _LONGEST


class Damaged(ValueError):
    """Entropy-coded data do not follow their tables, or a table has no room for a code that is needed."""


@dataclass(slots=True)
class Codes:
    """One table. Codes can be added behind the longest ones, so that those in use stay what they are."""

    key: int  # class in the upper half (0 DC, 1 AC), number in the lower
    counts: list[int]  # codes of 1 to 16 bits
    symbols: list[int]
    _codes: dict[int, tuple[int, int]] = field(default_factory=dict)
    _next: int = 0

    def __post_init__(self) -> None:
        code, at = 0, 0
        for length, count in enumerate(self.counts, 1):
            for symbol in self.symbols[at : at + count]:
                self._codes[symbol] = (code, length)
                code += 1
            at += count
            code <<= 1
        self._next = code >> 1  # the first free code of 16 bits

    def code(self, symbol: int) -> str:
        """The bits that stand for ``symbol``; a new code of 16 bits if it has none yet (10918-1 C.2).

        Raises:
            Damaged: there is no room: all codes of 16 bits are taken but the last, which is never given away.
        """
        if symbol not in self._codes:
            if self._next >= _WINDOWS - 1:
                raise Damaged
            self._codes[symbol] = (self._next, _LONGEST)
            self._next += 1
            self.counts[-1] += 1
            self.symbols.append(symbol)
        code, length = self._codes[symbol]
        return f"{code:0{length}b}"

    def has(self, symbol: int) -> bool:
        """Whether there is a code for ``symbol``."""
        return symbol in self._codes

    def encoded(self) -> bytes:
        """The table as it stands in a DHT segment."""
        return bytes((self.key, *self.counts, *self.symbols))

    def tables(self) -> Tables:
        """What walking needs, as it is before a code is added."""
        return _tables(bytes(self.counts), bytes(self.symbols), ac=bool(self.key >> 4))


def blocks(dc: Codes, ac: Codes) -> list[int]:
    """For each 16 bits that may come next: the block that lies wholly within them, 0 if none does.

    A block is ``bits | difference + BIAS << 8``: how long it is, and its DC difference.
    """
    return _blocks(*((bytes(codes.counts), bytes(codes.symbols)) for codes in (dc, ac)))


@lru_cache(maxsize=8)
def _blocks(dc: tuple[bytes, bytes], ac: tuple[bytes, bytes]) -> list[int]:
    first, rest = (np.array(found) for found in (_tables(*dc, ac=False).one, _tables(*ac, ac=True).many))
    windows = np.arange(_WINDOWS)
    size = first >> 16
    used = (first & 0xFF) + size  # by the difference
    value = windows >> np.maximum(_LONGEST - used, 0) & (1 << size) - 1
    difference = np.where(value >> np.maximum(size - 1, 0) > 0, value, value - (1 << size) + 1)
    behind = rest[windows << used & _WINDOWS - 1]
    used += behind & 0xFF
    whole = (first > 0) & (behind > 0xFFFF) & (behind >> 8 & 0xFF < _COEFFICIENTS - 1) & (used <= _LONGEST)
    found: list[int] = np.where(whole, used | difference + BIAS << 8, 0).tolist()
    return found


@dataclass(frozen=True, slots=True)
class Tables:
    """For each 16 bits that may come next: what they begin with.

    ``one``: the first symbol, as ``bits | step << 8 | size << 16``: ``bits`` of the code and, of AC, of the number behind it;
    ``step`` coefficients it covers (0 for the end of the block); ``size`` bits of the number. 0 where no code begins so.
    ``many`` (AC only): all whole symbols up to the end of the block, as ``bits | steps << 8 | ended << 16``.
    """

    one: list[int]
    many: list[int]


@lru_cache(maxsize=8)  # four tables a picture; each takes some megabytes
def _tables(counts: bytes, symbols: bytes, *, ac: bool) -> Tables:
    lengths = np.repeat(np.arange(1, _LONGEST + 1), np.frombuffer(counts, np.uint8))
    spans = 1 << (_LONGEST - lengths)
    if spans.sum() > _WINDOWS or len(symbols) != len(lengths):
        raise Damaged
    bits, size, step = (np.zeros(_WINDOWS, np.int64) for _ in range(3))
    used = int(spans.sum())
    known = np.frombuffer(symbols, np.uint8).astype(np.int64)
    if ac and np.isin(known, list(_PROGRESSIVE)).any():
        raise Damaged
    bits[:used] = np.repeat(lengths, spans)
    size[:used] = np.repeat(known & 15 if ac else known, spans)
    if not ac:
        return Tables((bits | size << 16).tolist(), [])
    step[:used] = np.repeat((known >> 4) + 1, spans)
    ends = np.zeros(_WINDOWS, bool)
    ends[:used] = np.repeat(known == END_OF_BLOCK, spans)
    step[ends] = 0
    return Tables((np.where(bits > 0, bits + size, 0) | step << 8).tolist(), _joined(bits, size, step, ends).tolist())


def _joined(
    bits: NDArray[np.int64], size: NDArray[np.int64], step: NDArray[np.int64], ends: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Follow the symbols that lie wholly within 16 bits, up to the end of the block."""
    windows = np.arange(_WINDOWS)
    total, steps, ended, open_ = bits + size, step.copy(), ends.copy(), (bits > 0) & ~ends
    while True:
        open_ &= total < _LONGEST
        at = np.flatnonzero(open_)
        following = windows[at] << total[at] & (_WINDOWS - 1)
        whole = (bits[following] > 0) & (bits[following] <= _LONGEST - total[at])
        open_[at[~whole]] = False
        if not whole.any():
            return np.where(bits > 0, total | np.minimum(steps, 0xFF) << 8 | ended.astype(np.int64) << 16, 0)
        at, following = at[whole], following[whole]
        total[at] += bits[following] + size[following]
        steps[at] += step[following]
        ended[at] = ends[following]
        open_[at] = ~ends[following]
