"""Reads the text in images and judges it; an image that was read before is not read again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gateway.pixels.barcodes import barcode_lines
from gateway.pixels.ends import lengthened, with_accents
from gateway.pixels.fit import fit
from gateway.pixels.gaps import with_gaps
from gateway.pixels.policy import PHI, Policy
from gateway.pixels.reader import Line, TextReader
from gateway.pixels.regions import Judge, counts, findings
from gateway.pixels.scene import Scene
from gateway.records import Finding, Identifiers

_CHARACTER, _LINE = 6, 12  # pixels: a character needs 6 rows, and two of them, the least that identifies, 12 columns


@dataclass(frozen=True, slots=True)
class Texts:
    """What stands in the images of one instance, and what the judge says of it."""

    identifiers: Identifiers
    reader: TextReader
    judge: Judge
    policy: Policy = PHI
    _read: dict[bytes, tuple[Line, ...]] = field(default_factory=dict, repr=False)

    def lines(self, view: NDArray[np.uint8]) -> tuple[Line, ...]:
        """Read ``view``, (rows, columns) or (rows, columns, 3), unless it is too small or blank to hold text."""
        rows, columns = view.shape[:2]
        if min(rows, columns) < _CHARACTER or max(rows, columns) < _LINE or view.min() == view.max():
            return ()
        key = hashlib.sha256(np.ascontiguousarray(view).data).digest()
        if key not in self._read:
            found = self.reader.read(view)
            texts = [line for line in found if counts(line, self.policy)]
            rest = [line for line in found if not counts(line, self.policy)]
            boxes = [with_accents(view, line, fit(view, line)) for line in texts]
            read = [
                with_gaps(view, line, lengthened(view, line, box, [*boxes[:i], *boxes[i + 1 :]]))
                for i, (line, box) in enumerate(zip(texts, boxes, strict=True))
            ]
            self._read[key] = (*read, *rest, *barcode_lines(view, read))
        return self._read[key]

    @property
    def beside(self) -> Callable[..., Iterable[Any]]:
        """``map``, or one that reads several views at the same time where the reader can."""
        return getattr(self.reader, "beside", map)

    def findings(self, view: NDArray[np.uint8], frame: int) -> tuple[Finding, ...]:
        """Read ``view`` and judge what stands in it; boxes are in its pixels."""
        return self.judged(self.lines(view), frame, Scene(*view.shape[:2]))

    def judged(self, lines: Sequence[Line], frame: int, scene: Scene | None = None) -> tuple[Finding, ...]:
        """Judge lines of one view, which ``scene`` describes."""
        return findings(lines, frame, self.identifiers, self.judge, self.policy, scene)
