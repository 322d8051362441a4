"""Masks blocks of a JPEG frame without decoding it: sequential Huffman coding of 8 or 12 bits (10918-1 processes 1, 2, 4).

The frame must have been stripped (``codestream.strip``): its segments are then whole, and nothing stands in them but the image.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gateway.pixels.huffman import Codes, Damaged
from gateway.pixels.jpeg_scan import Component, Heads, Scan
from gateway.records import Box

_EOI, _SOS, _DHT, _DQT, _DRI = 0xD9, 0xDA, 0xC4, 0xDB, 0xDD
_SEQUENTIAL = (0xC0, 0xC1)
_BLOCK = 8
_MARKER = re.compile(rb"\xff[^\0\xd0-\xd7]", re.DOTALL)
#: Chooses the DC value of a masked block: number of the component, quantiser of its DC, bits of a sample.
Fill = Callable[[int, int, int], int]


@dataclass(frozen=True, slots=True)
class _Part:
    number: int
    across: int  # sampling factors
    down: int
    quantiser: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The image of a JPEG frame: ``width`` x ``height`` pixels of ``bits``, masked in steps of ``unit_x`` x ``unit_y`` pixels."""

    width: int
    height: int
    bits: int
    parts: tuple[_Part, ...]

    @property
    def unit_x(self) -> int:
        """Columns of the smallest area whose blocks hold no other pixel, in any component."""
        return _BLOCK * max(part.across for part in self.parts)

    @property
    def unit_y(self) -> int:
        """Rows of that area."""
        return _BLOCK * max(part.down for part in self.parts)

    @property
    def steps(self) -> tuple[int, int, int, int]:
        """The size of the image and of the smallest area: what two frames must share to be masked alike."""
        return self.width, self.height, self.unit_x, self.unit_y

    @property
    def subsampled(self) -> bool:
        """Whether a component has fewer samples than another: decoders may then smooth it across the edge of a block."""
        return any((part.across, part.down) != (self.parts[0].across, self.parts[0].down) for part in self.parts)

    def widened(self, box: Box) -> Box:
        """The box with all pixels that share a block with it, as far as they lie in the image."""
        left, top = box.x // self.unit_x * self.unit_x, box.y // self.unit_y * self.unit_y
        right = min(self.width, -(-(box.x + box.w) // self.unit_x) * self.unit_x)
        bottom = min(self.height, -(-(box.y + box.h) // self.unit_y) * self.unit_y)
        return Box(left, top, right - left, bottom - top)

    def units(self, boxes: Sequence[Box]) -> NDArray[np.bool_]:
        """Which of the smallest areas are masked, as (rows, columns) of them."""
        rows, columns = -(-self.height // self.unit_y), -(-self.width // self.unit_x)
        masked = np.zeros((rows, columns), bool)
        for box in map(self.widened, boxes):
            masked[
                box.y // self.unit_y : -(-(box.y + box.h) // self.unit_y),
                box.x // self.unit_x : -(-(box.x + box.w) // self.unit_x),
            ] = True
        return masked


def grid(frame: bytes) -> Grid | None:
    """Read the frame header; None if the frame is not one that can be edited (progressive, lossless, arithmetic, too short)."""
    at = 2
    while at + 4 <= len(frame) and frame[at] == 0xFF:
        marker, end = frame[at + 1], at + 2 + int.from_bytes(frame[at + 2 : at + 4], "big")
        if marker in _SEQUENTIAL:
            return _grid(frame[at + 4 : end])
        if marker == _SOS:
            break
        at = end
    return None


def before_scan(frame: bytes) -> bytes:
    """All that a frame says before the entropy-coded data of its only scan; nothing if it has several, or none."""
    at = 2
    while at + 4 <= len(frame) and frame[at] == 0xFF:
        marker, end = frame[at + 1], at + 2 + int.from_bytes(frame[at + 2 : at + 4], "big")
        if marker == _SOS:
            return b"" if frame.find(b"\xff\xda", end) >= 0 else frame[:end]
        at = end
    return b""


def _grid(body: bytes) -> Grid | None:
    parts = tuple(
        _Part(body[at], body[at + 1] >> 4, body[at + 1] & 15, body[at + 2]) for at in range(6, len(body) - 2, 3)
    )
    height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    if not parts or not width or not height or any(not 1 <= n <= 4 for part in parts for n in (part.across, part.down)):
        return None
    if len(parts) == 1:  # the sampling factors of an only component mean nothing (10918-1 A.2.2)
        parts = (_Part(parts[0].number, 1, 1, parts[0].quantiser),)
    return Grid(width, height, body[0], parts)


def edit(frame: bytes, boxes: Sequence[Box], fill: Fill, heads: Heads | None = None) -> bytes | None:
    """Make all blocks under ``boxes`` flat, with the DC value that ``fill`` chooses; the others keep their coefficients.

    ``heads`` remembers from frame to frame what begins alike, and changes nothing but the time.

    None if the frame cannot be edited: its coding is another one, or its data do not follow its tables.
    """
    found = grid(frame)
    if found is None:
        return None
    try:
        return _Editor(found, found.units(boxes), fill, heads or Heads()).edited(frame)
    except (ValueError, LookupError, ZeroDivisionError):  # what a frame says of itself may be anything
        return None


@dataclass(slots=True)
class _Editor:
    """Goes through the segments of a frame; tables that were written already can still get a code."""

    grid: Grid
    masked: NDArray[np.bool_]
    fill: Fill
    heads: Heads
    _huffman: dict[int, Codes] = field(default_factory=dict)
    _quantisers: dict[int, int] = field(default_factory=dict)
    _restart: int = 0
    _out: list[bytes | Codes] = field(default_factory=list)

    def edited(self, frame: bytes) -> bytes:
        at = 2
        while frame[at + 1] != _EOI:
            if frame[at] != 0xFF:
                raise Damaged
            marker, end = frame[at + 1], at + 2 + int.from_bytes(frame[at + 2 : at + 4], "big")
            body, segment = frame[at + 4 : end], frame[at:end]
            at = end
            if marker == _DHT:
                self._tables(body)
                continue
            self._out.append(segment)
            if marker == _DQT:
                self._quantisation(body)
            elif marker == _DRI:
                self._restart = int.from_bytes(body, "big")
            elif marker == _SOS:
                at = _end_of_scan(frame, end)
                self._out.append(self._scan(body).edited(frame[end:at]))
        parts = (_segment(part) if isinstance(part, Codes) else part for part in self._out)
        return frame[:2] + b"".join(parts) + b"\xff\xd9"

    def _tables(self, body: bytes) -> None:
        at = 0
        while at < len(body):
            counts = list(body[at + 1 : at + 17])
            end = at + 17 + sum(counts)
            codes = Codes(body[at], counts, list(body[at + 17 : end]))
            self._huffman[codes.key] = codes
            self._out.append(codes)
            at = end

    def _quantisation(self, body: bytes) -> None:
        """Only the first number of a table is wanted, the quantiser of the DC value."""
        at = 0
        while at < len(body):
            wide = 1 + (body[at] >> 4)
            self._quantisers[body[at] & 15] = int.from_bytes(body[at + 1 : at + 1 + wide], "big")
            at += 1 + 64 * wide

    def _scan(self, body: bytes) -> Scan:
        selected = dict(zip(body[1:-3:2], body[2:-3:2], strict=True))
        parts = [part for part in self.grid.parts if part.number in selected]
        if [part.number for part in parts] != list(selected):
            raise Damaged
        alone = len(parts) == 1
        components = [
            Component(
                self._huffman[selected[part.number] >> 4],
                self._huffman[0x10 | selected[part.number] & 15],
                self.fill(self.grid.parts.index(part), self._quantisers[part.quantiser], self.grid.bits),
                1 if alone else part.across * part.down,
            )
            for part in parts
        ]
        masked = self._blocks(parts[0]) if alone else self.masked
        return Scan(components, masked.ravel(), self._restart, self.heads)

    def _blocks(self, part: _Part) -> NDArray[np.bool_]:
        """Which blocks of a component are masked that is scanned alone: only those that hold a sample (10918-1 A.2.2)."""
        widest, tallest = (max(getattr(one, way) for one in self.grid.parts) for way in ("across", "down"))
        columns = math.ceil(math.ceil(self.grid.width * part.across / widest) / _BLOCK)
        rows = math.ceil(math.ceil(self.grid.height * part.down / tallest) / _BLOCK)
        every = self.masked.repeat(part.down, axis=0).repeat(part.across, axis=1)
        return every[:rows, :columns]


def _segment(codes: Codes) -> bytes:
    body = codes.encoded()
    return b"\xff\xc4" + (len(body) + 2).to_bytes(2, "big") + body


def _end_of_scan(frame: bytes, at: int) -> int:
    """The position of the next marker that is no restart."""
    found = _MARKER.search(frame, at)
    if found is None:
        raise Damaged
    return found.start()
