"""The pixel step: every frame read, every text judged, what identifies masked, hidden channels closed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset

from gateway.pixels.channels import TAGS, close_channels
from gateway.pixels.cine import Place, place
from gateway.pixels.fit import fit
from gateway.pixels.frames import Frame, read_frames
from gateway.pixels.layout import Layout, frames_in_header, layout
from gateway.pixels.mask import Extremes, background, write_decoded, write_native
from gateway.pixels.reader import Line, TextReader
from gateway.pixels.regions import Judge, findings, shared
from gateway.pixels.view import views
from gateway.records import Box, Change, Finding, Identifiers, Mask, PixelResult, Verdict

_CHARACTER, _LINE = 6, 12  # pixels: a character needs 6 rows, and two of them, the least that identifies, 12 columns


def clean(
    dataset: FileDataset,
    identifiers: Identifiers,
    reader: TextReader,
    judge: Judge,
    boxes: Sequence[tuple[Box, str]] = (),
) -> PixelResult:
    """Mask all identifying and all unsure text in the pixels of ``dataset``, in place (PS3.15 E.3.1, Clean Pixel Data).

    ``boxes`` are masked in every frame, whatever stands there, each for its rule. Burned In Annotation becomes NO
    afterwards. An instance without pixel data is left as it is.

    Raises:
        UnreadablePixels, UnsupportedPixels: as ``layout`` and ``read_frames``; the data set must then not be released.
    """
    found = layout(dataset)
    if found is None:
        return PixelResult()
    reading = _Reading(dataset, found, identifiers, reader, judge)
    fixed = (Mask(box, tuple(range(found.frames)), (rule,)) for box, rule in boxes)
    masks = (*reading.masks(), *fixed)
    changes = list(close_channels(dataset, found)) if not (masks and found.encapsulated) else []
    if frames_in_header(dataset) is None:
        dataset.NumberOfFrames = found.frames
        changes.append(Change("00280008", "D", "number of frames told by the pixel data"))
    if masks:
        write = write_decoded if found.encapsulated else write_native
        write(dataset, found, masks, background(dataset, reading.photometric, reading.extremes))
        changes += [
            Change(TAGS[found.keyword], "C", rule) for rule in sorted({rule for mask in masks for rule in mask.rules})
        ]
    if dataset.get("BurnedInAnnotation") != "NO":
        dataset.BurnedInAnnotation = "NO"
        changes.append(Change("00280301", "D", "the pixels were cleaned"))
    return PixelResult(found.frames, tuple(reading.findings), masks, tuple(changes))


class _Reading:
    """All frames of one instance, read once, and what was found in them."""

    def __init__(
        self, dataset: Dataset, found: Layout, identifiers: Identifiers, reader: TextReader, judge: Judge
    ) -> None:
        self._dataset, self._layout = dataset, found
        self._identifiers, self._reader, self._judge = identifiers, reader, judge
        self._read: dict[bytes, tuple[Line, ...]] = {}
        self._places: list[Place] = []
        self.findings: list[Finding] = []
        self.photometric = found.photometric
        self.extremes: Extremes
        for number, frame in enumerate(read_frames(dataset, found)):
            here = Extremes.of(frame.pixels)
            self.extremes = here if number == 0 else self.extremes.joined(here)
            self.photometric = frame.photometric
            lines: list[Line] = []
            for view in views(frame, dataset):
                lines += [line for line in self._lines(view) if not _known(line, lines)]
            self._judge_lines(frame, lines)

    def _judge_lines(self, frame: Frame, lines: Sequence[Line]) -> None:
        for finding in findings(lines, frame.number, self._identifiers, self._judge):
            self.findings.append(finding)
            if finding.verdict is not Verdict.TECHNICAL:
                place(self._places, frame, finding.box, [reason.rule for reason in finding.reasons])

    def _lines(self, view: NDArray[np.uint8]) -> tuple[Line, ...]:
        """Read ``view``, unless it is too small or blank to hold text or was read before."""
        rows, columns = view.shape[:2]
        if min(rows, columns) < _CHARACTER or max(rows, columns) < _LINE or view.min() == view.max():
            return ()
        key = hashlib.sha256(view.data).digest()
        if key not in self._read:
            self._read[key] = tuple(replace(line, box=fit(view, line)) for line in self._reader.read(view))
        return self._read[key]

    def masks(self) -> tuple[Mask, ...]:
        """The masks, each with all frames in which the same pixels stand."""
        if self._places and self._layout.frames > 1:
            for frame in read_frames(self._dataset, self._layout):
                for known in self._places:
                    known.compare(frame)
        return tuple(sorted((known.mask() for known in self._places), key=lambda mask: (mask.box, mask.frames)))


def _known(line: Line, lines: Sequence[Line]) -> bool:
    """Whether an earlier view of the same frame showed the same text in the same place."""
    return any(other.text == line.text and shared(other.box, line.box) * 2 > line.box.w * line.box.h for other in lines)
