"""The independent verifier: looks at the written bytes beside the originals, and shares no code with the cleaners.

It is told what a study should have become (``Facts``), never what the cleaners did, except where they masked pixels:
masks are checked to be flat, and everything around them to be the original's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from pydicom.dataset import Dataset, FileDataset

from gateway.records import Pair, Problem, SourceFile
from gateway.verify import (
    checks,
    completeness,
    dates,
    documents,
    faces,
    graphics,
    octets,
    outlines,
    pixels,
    private,
    references,
    tags,
)
from gateway.verify.checks import CHECKS
from gateway.verify.elements import UNREADABLE, Element, read, walk
from gateway.verify.facts import Facts
from gateway.verify.identifiers import Secrets, collect
from gateway.verify.pixels import Texts
from gateway.verify.pixeltext import PixelText
from gateway.verify.reader import LineReader, Reader
from gateway.verify.section import whole
from gateway.verify.wording import Wording

__all__ = ["CHECKS", "Facts", "LineReader", "Reader", "verify"]

Originals = Callable[[SourceFile], BinaryIO]


@dataclass(frozen=True, slots=True)
class _Study:
    """What is known of the originals before any written file is looked at."""

    secrets: Secrets
    wording: Wording
    search: octets.Search
    words: PixelText
    texts: Texts
    surfaces: faces.Surfaces
    outlines: outlines.Outlines


@dataclass(frozen=True, slots=True)
class _Traces:
    """What the study-wide checks need of one instance: dates and UIDs, original and written."""

    dates: tuple[dates.Values, dates.Values] = ({}, {})
    uids: tuple[tuple[references.Uids, references.Uids], tuple[references.Uids, references.Uids]] = (({}, {}), ({}, {}))
    sop_uid: str = ""


def verify(pairs: Sequence[Pair], originals: Originals, facts: Facts, reader: LineReader) -> tuple[Problem, ...]:
    """Check the written files of one study against its originals; no problem means it may be released.

    ``originals`` opens an original for reading bytes; what it raises goes up, as do ``OSError`` of the surroundings.
    ``reader`` reads text in frames: ``Reader.load()``, once per process.
    """
    found = list(completeness.check(pairs, facts.expected, facts.staged))
    elements: list[Element] = []
    for index, pair in enumerate(pairs):
        with originals(pair.original) as stream:
            dataset = _original(stream)
            if dataset is None:
                found.append(Problem(checks.ORIGINAL_UNREADABLE, index, "file"))
            else:
                elements.extend(_identity(dataset))
    secrets = collect(elements, [pair.original for pair in pairs], facts.options)
    wording = Wording(secrets)
    study = _Study(
        secrets,
        wording,
        octets.Search(secrets),
        PixelText(secrets, wording),
        Texts(reader),
        faces.Surfaces(),
        outlines.Outlines(),
    )
    found.extend(octets.check_names(facts.staged, [pair.written for pair in pairs], study.search))
    traces = []
    for index, pair in enumerate(pairs):
        problems, trace = _instance(index, pair, originals, facts, study)
        found.extend(problems)
        traces.append(trace)
    found.extend(dates.check([trace.dates for trace in traces], facts.longitudinal, facts.options))
    found.extend(references.check([trace.uids for trace in traces]))
    found.extend(completeness.check_uids([trace.sop_uid for trace in traces]))
    found.extend(study.surfaces.check())
    found.extend(study.outlines.check())
    return tuple(dict.fromkeys(found))


def _original(stream: BinaryIO) -> FileDataset | None:
    try:
        return read(stream)
    except UNREADABLE:
        return None


def _masked(pair: Pair, facts: Facts) -> pixels.Masked:
    """Where pixels may have changed; with faces only if the profile asks for it."""
    return pixels.Masked(pair.masks, pair.erased if faces.OPTION in facts.options else ())


def _faces(index: int, pair: Pair, original: Dataset, written: Dataset, study: _Study) -> Iterator[Problem]:
    """Take in what shows faces or draws them; what is wrong with it is told when the whole study was seen."""
    yield from study.surfaces.take(index, original, written)
    study.outlines.take(index, original, written, pair.erased)


def _elements(dataset: Dataset) -> list[Element]:
    """All elements, file meta first."""
    meta = list(walk(dataset.file_meta)) if hasattr(dataset, "file_meta") else []
    return [*meta, *walk(dataset)]


def _identity(dataset: Dataset) -> Iterator[Element]:
    """The elements that can identify somebody, in time to let go of the pixels."""
    return (element for element in _elements(dataset) if element.values)


def _instance(
    index: int, pair: Pair, originals: Originals, facts: Facts, study: _Study
) -> tuple[tuple[Problem, ...], _Traces]:
    """Check one written file beside its original."""
    path = Path(pair.written)
    with path.open("rb") if path.is_file() else BytesIO() as stream, originals(pair.original) as before:
        return _beside(index, pair, (before, stream), facts, study)


def _beside(
    index: int, pair: Pair, streams: tuple[BinaryIO, BinaryIO], facts: Facts, study: _Study
) -> tuple[tuple[Problem, ...], _Traces]:
    """Check a written file, the second stream, beside its original, the first."""
    problems, layout = octets.check(index, whole(streams[1]), study.search)
    original = _original(streams[0])
    if layout is None or original is None:
        return problems, _Traces()
    try:
        written = read(streams[1])
        before, after = _elements(original), _elements(written)
        seen = [
            *tags.check(index, before, after, study.wording, facts),
            *private.check(index, original, written, facts),
            *pixels.check(index, original, written, _masked(pair, facts), study.words, study.texts),
            *(_faces(index, pair, original, written, study) if faces.OPTION in facts.options else ()),
            *graphics.check(index, original, written, facts, study.words, study.texts),
            *documents.check(index, original, written, facts, study.words, study.texts),
        ]
    except UNREADABLE:
        return (*problems, Problem(checks.FILE_UNREADABLE, index, "file")), _Traces()
    sop_uid = next((e.values[0] for e in after if e.path == "00080018" and e.values), "")
    trace = _Traces(
        (dates.values(before), dates.values(after)), (references.uids(before), references.uids(after)), sop_uid
    )
    return (*problems, *seen), trace
