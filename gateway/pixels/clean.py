"""The pixel step: every frame read, every text judged, what identifies masked, hidden channels closed."""

from __future__ import annotations

from collections.abc import Sequence

from pydicom.dataset import Dataset, FileDataset

from gateway.pixels.channels import TAGS, close_channels
from gateway.pixels.cine import Place, place
from gateway.pixels.frames import Frame, read_frames
from gateway.pixels.graphics import clean_graphics
from gateway.pixels.layout import Layout, frames_in_header, layout
from gateway.pixels.mask import Extremes, background, write_decoded, write_native
from gateway.pixels.overlays import clean_overlays
from gateway.pixels.policy import PHI, Policy, require_covered
from gateway.pixels.reader import Line, TextReader
from gateway.pixels.regions import Judge, shared
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
        write = write_decoded if found.encapsulated else write_native
        write(dataset, found, masks, background(dataset, reading.photometric, reading.extremes))
        rules = sorted({policy.rule, *(rule for mask in masks for rule in mask.rules)})
        changes += [Change(TAGS[found.keyword], "C", rule) for rule in rules]
    if dataset.get("BurnedInAnnotation") != "NO":
        dataset.BurnedInAnnotation = "NO"
        changes.append(Change("00280301", "D", "the pixels were cleaned"))
    return PixelResult(found.frames, (*reading.findings, *graphics.findings), masks, (*graphics.changes, *changes))


class _Reading:
    """All frames of one instance, read once, and what was found in them."""

    def __init__(self, dataset: Dataset, found: Layout, texts: Texts) -> None:
        self._dataset, self._layout, self._texts = dataset, found, texts
        self._places: list[Place] = []
        self._scene = scene(dataset, found.rows, found.columns)
        self.findings: list[Finding] = []
        self.photometric = found.photometric
        self.extremes: Extremes
        for number, frame in enumerate(read_frames(dataset, found)):
            here = Extremes.of(frame.pixels)
            self.extremes = here if number == 0 else self.extremes.joined(here)
            self.photometric = frame.photometric
            lines: list[Line] = []
            for view in views(frame, dataset):
                lines += [line for line in self._texts.lines(view) if not _known(line, lines)]
            self._judge_lines(frame, lines)

    def _judge_lines(self, frame: Frame, lines: Sequence[Line]) -> None:
        for finding in self._texts.judged(lines, frame.number, self._scene):
            self.findings.append(finding)
            if finding.verdict is not Verdict.TECHNICAL:
                place(self._places, frame, finding.box, [reason.rule for reason in finding.reasons])

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
