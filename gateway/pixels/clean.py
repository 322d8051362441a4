"""The pixel step: every frame read, every text judged, what identifies masked, hidden channels closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset

from gateway.pixels.channels import TAGS, close_channels
from gateway.pixels.cine import Place, place
from gateway.pixels.encoded import write_encoded
from gateway.pixels.extremes import tell_extremes
from gateway.pixels.frames import Frame, read_frames
from gateway.pixels.graphics import clean_graphics
from gateway.pixels.layout import Layout, frames_in_header, layout
from gateway.pixels.mask import Extremes, background, write_native
from gateway.pixels.overlays import clean_overlays
from gateway.pixels.policy import PHI, Policy, require_covered
from gateway.pixels.reader import Line, TextReader
from gateway.pixels.regions import Judge, shared
from gateway.pixels.running import Running
from gateway.pixels.scene import scene
from gateway.pixels.texts import Texts
from gateway.pixels.view import views
from gateway.records import Box, Change, Finding, Identifiers, Mask, PixelResult, Verdict


def clean(
    dataset: FileDataset,
    identifiers: Identifiers,
    reader: TextReader,
    judge: Judge,
    boxes: Sequence[tuple[Box, str]] = (),
    policy: Policy = PHI,
) -> PixelResult:
    """Mask all identifying and all unsure text in the pixels of ``dataset``, in place (PS3.15 E.3.1, Clean Pixel Data).

    ``boxes`` are masked in every frame, whatever stands there, each for its rule; ``policy`` says what else. Burned In
    Annotation becomes NO afterwards. Overlays and graphic annotations that the tag step has left are cleaned as well (PS3.15
    E.3.3), in any instance.

    Raises:
        TextOutsideRegions: as ``require_covered``, under the policy ``regions``.
        UnreadablePixels, UnsupportedPixels: as ``layout`` and ``read_frames``; the data set must then not be released.
    """
    found = layout(dataset)
    texts = Texts(identifiers, reader, judge, policy)
    drawn, changed = clean_graphics(dataset, texts)
    laid, erased = clean_overlays(dataset, found, texts)
    graphics = PixelResult(findings=(*laid, *drawn), changes=(*erased, *changed))
    if found is None:
        return graphics
    reading = _Reading(dataset, found, texts)
    fixed = (Mask(box, tuple(range(found.frames)), (rule,)) for box, rule in boxes)
    if policy.boxes_only:
        require_covered(reading.findings, [box for box, _ in boxes])
    masks = (*(() if policy.boxes_only else reading.masks()), *fixed)
    changes = list(close_channels(dataset, found)) if not (masks and found.encapsulated) else []
    if frames_in_header(dataset) is None:
        dataset.NumberOfFrames = found.frames
        changes.append(Change("00280008", "D", "number of frames told by the pixel data"))
    if masks:
        if found.encapsulated:
            masks, closed = write_encoded(dataset, found, masks, reading.photometric, reading.extremes)
            changes += closed
        else:
            fill = background(dataset, reading.photometric, reading.extremes)
            masks = write_native(dataset, found, masks, fill)
        changes += tell_extremes(dataset, layout(dataset) or found)
        rules = sorted({policy.rule, *(rule for mask in masks for rule in mask.rules)})
        changes += [Change(TAGS[found.keyword], "C", rule) for rule in rules]
    if dataset.get("BurnedInAnnotation") != "NO":
        dataset.BurnedInAnnotation = "NO"
        changes.append(Change("00280301", "D", "the pixels were cleaned"))
    return PixelResult(
        found.frames,
        (*reading.findings, *graphics.findings),
        masks,
        (*graphics.changes, *changes),
        frames_compared=reading.compared,
    )


class _Reading:
    """All frames of one instance, each read or compared once, and what was found in them.

    ``compared`` counts the frames of which comparison with those read before proved all but some parts, or everything.
    """

    def __init__(self, dataset: Dataset, found: Layout, texts: Texts) -> None:
        self._dataset, self._layout, self._texts = dataset, found, texts
        self._places: list[Place] = []
        self._scene = scene(dataset, found.rows, found.columns)
        self.findings: list[Finding] = []
        self.photometric = found.photometric
        self.extremes: Extremes
        self.compared = 0
        self._running: list[Running] = []
        self._last: tuple[Sequence[Line], tuple[Finding, ...]] = ((), ())
        for number, frame in enumerate(read_frames(dataset, found)):
            here = Extremes.of(frame.pixels)
            self.extremes = here if number == 0 else self.extremes.joined(here)
            self.photometric = frame.photometric
            self._judge_lines(frame, self._lines(views(frame, dataset)))

    def _lines(self, shown: Sequence[NDArray[np.uint8]]) -> list[Line]:
        """The lines in all views of one frame."""
        lines: list[Line] = []
        self._running += [Running(self._texts) for _ in shown[len(self._running) :]]
        running = self._running[: len(shown)]
        for found in self._texts.beside(Running.lines, running, shown):
            lines += [line for line in found if not _known(line, lines)]
        whole = any(each.whole for each in running)
        self.compared += not whole
        return lines

    def _judge_lines(self, frame: Frame, lines: Sequence[Line]) -> None:
        last_lines, last = self._last
        if lines != last_lines:
            found = self._texts.judged(lines, frame.number, self._scene)
        else:
            found = tuple(replace(finding, frame=frame.number) for finding in last)
        before = {(finding.box, finding.reasons) for finding in last}
        self._last = lines, found
        for finding in found:
            self.findings.append(finding)
            if finding.verdict is not Verdict.TECHNICAL:
                proven = (finding.box, finding.reasons) in before
                place(self._places, frame, finding.box, [reason.rule for reason in finding.reasons], proven=proven)

    def masks(self) -> tuple[Mask, ...]:
        """The masks, each with all frames in which the same pixels stand."""
        if any(known.lacks(self._layout.frames) for known in self._places):
            for frame in read_frames(self._dataset, self._layout):
                for known in self._places:
                    known.compare(frame)
        return tuple(sorted((known.mask() for known in self._places), key=lambda mask: (mask.box, mask.frames)))


def _known(line: Line, lines: Sequence[Line]) -> bool:
    """Whether an earlier view of the same frame showed the same text in the same place."""
    return any(other.text == line.text and shared(other.box, line.box) * 2 > line.box.w * line.box.h for other in lines)
