"""Applies a profile to one instance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from gateway.errors import BrokenInstance, UnsupportedContent
from gateway.records import Change
from gateway.tags import standard, uids, values
from gateway.tags.actions import Context
from gateway.tags.dates import day_of
from gateway.tags.elements import Elements, Scope
from gateway.tags.marks import METHOD, file_meta, mark
from gateway.tags.private import Private
from gateway.tags.profile import Profile
from gateway.tags.values import Unreadable
from gateway.tags.walk import Walk

SOP_CLASS, SOP_INSTANCE, STUDY, SERIES = 0x00080016, 0x00080018, 0x0020000D, 0x0020000E
_PATIENT = (0x00100010, 0x00100020)
_DOCUMENT = 0x00420011
_BIRTH_DATE = 0x00100030
_STUDY_DATES = (0x00080020, 0x00080021, 0x00080022, 0x00080023)
_BITS_ALLOCATED = 0x00280100
_DIRECTORY = "1.2.840.10008.1.3.10"
_AUDIO = ("1.2.840.10008.5.1.4.1.1.9.4.1", "1.2.840.10008.5.1.4.1.1.9.4.2")
_ENCAPSULATED = "1.2.840.10008.5.1.4.1.1.104."
_DEFLATED = "1.2.840.10008.1.2.1.99"
_BIG_ENDIAN = "1.2.840.10008.1.2.2"
_NATIVE = (str(ImplicitVRLittleEndian), str(ExplicitVRLittleEndian), _DEFLATED, _BIG_ENDIAN)
# MPEG-2, MPEG-4, HEVC (PS3.5 A.4.5 to A.4.8) and SMPTE ST 2110 (PS3.22).
_VIDEO = (*(f"1.2.840.10008.1.2.4.{number}" for number in range(100, 109)), "1.2.840.10008.1.2.7.")


def apply(dataset: Dataset, profile: Profile, context: Context) -> tuple[FileDataset, tuple[Change, ...]]:
    """Return a de-identified copy of an instance, and what was changed.

    The copy has new file meta information and a zero preamble and is encoded in UTF-8, little endian; compressed pixel
    data stay as they are. Burned In Annotation is not touched: that is for the pixel step to say.

    Raises:
        BrokenInstance: the instance names no SOP Class.
        UnsupportedContent: it holds sound or video, which the gateway cannot clean, or a document, and the profile holds those.
    """
    context = replace(context, descriptors=profile.knobs.descriptors)
    sop_class = _sop_class(dataset, context)
    syntax = _transfer_syntax(dataset)
    _refuse(dataset, sop_class, syntax, profile.knobs.documents)
    swapped = dataset.original_encoding[1] is False
    implicit = syntax == ImplicitVRLittleEndian
    encodings = values.encodings_of(dataset, ["iso8859"])
    kept = Private.of(dataset, profile, context, encodings)
    walk = Walk(
        elements=Elements(profile, context, _born(dataset)),
        plan=profile.plan(sop_class),
        implicit=implicit,
        compressed=syntax not in _NATIVE,
        pixel_bytes=_pixel_bytes(dataset),
        private=kept,
    )
    target = FileDataset(None, {}, preamble=b"\0" * 128, is_implicit_VR=implicit, is_little_endian=True)  # type: ignore[arg-type]  # None: not from a file
    target.set_original_encoding(implicit, True, values.UTF8)  # noqa: FBT003  # little endian
    walk.dataset(dataset, target, "", Scope(encodings, swapped, signed=False))
    if kept:
        kept.describe(target, implicit=implicit)
    _complete(target, sop_class, walk.elements, implicit=implicit)
    mark(target, profile, context, _earlier(dataset, encodings), implicit=implicit)
    target.file_meta = file_meta(sop_class, str(target[SOP_INSTANCE].value), syntax)
    marks = (Change("00020000", "X", "file-meta"), Change("00120062", "D", "marks"))
    return target, (*walk.elements.changes, *marks)


def _sop_class(dataset: Dataset, context: Context) -> str:
    meta = getattr(dataset, "file_meta", None) or {}
    for found in (_uid(dataset, SOP_CLASS), str(meta.get("MediaStorageSOPClassUID", "")), context.instance.sop_class):
        if uids.is_legal(found):
            return found
    raise BrokenInstance("The instance names no SOP Class (0008,0016).")


def _uid(dataset: Dataset, tag: int) -> str:
    if tag not in dataset:
        return ""
    try:
        return values.split(values.content(dataset.get_item(tag), "UI"), "UI", ["ascii"])[0]
    except Unreadable:
        return ""


def _transfer_syntax(dataset: Dataset) -> str:
    """Return the transfer syntax to write: the original one if it is compressed, else a little endian one."""
    meta = getattr(dataset, "file_meta", None) or {}
    said = str(meta.get("TransferSyntaxUID", ""))
    if not uids.is_legal(said):
        said = str(ImplicitVRLittleEndian if dataset.original_encoding[0] else ExplicitVRLittleEndian)
    return str(ExplicitVRLittleEndian) if said in {_DEFLATED, _BIG_ENDIAN} else said


def _refuse(dataset: Dataset, sop_class: str, syntax: str, documents: str) -> None:
    if sop_class == _DIRECTORY:
        raise UnsupportedContent("A media directory is an index of files, not an instance.")
    document = sop_class.startswith(_ENCAPSULATED) or (_DOCUMENT in dataset and not dataset[_DOCUMENT].is_empty)
    if document and documents == "hold":
        raise UnsupportedContent("Encapsulated Document (0042,0011) is held, as the profile's knob `documents` says.")
    if sop_class in _AUDIO:
        raise UnsupportedContent("Waveform Data (5400,1010) of an audio instance cannot be cleaned.")
    if syntax.startswith(_VIDEO):
        raise UnsupportedContent("Pixel Data (7FE0,0010) is a video, which cannot be cleaned.")


def _pixel_bytes(dataset: Dataset) -> int:
    """Return the bytes that a big endian pixel cell is swapped by."""
    if _BITS_ALLOCATED not in dataset:
        return 2
    data = values.content(dataset.get_item(_BITS_ALLOCATED), "US")
    bits = int.from_bytes(data[:2], "little")
    return max(2, bits // 8) if bits in {8, 16, 32, 64} else 2


def _born(dataset: Dataset) -> frozenset[str]:
    """Return the patient's birth date as a set; empty for somebody who was examined on that day, whose dates all equal it."""
    days = [_day(dataset, tag) for tag in (_BIRTH_DATE, *_STUDY_DATES)]
    return frozenset(days[:1]) - {"", *days[1:]}


def _day(dataset: Dataset, tag: int) -> str:
    if tag not in dataset:
        return ""
    try:
        return day_of(values.split(values.content(dataset.get_item(tag), "DA"), "DA", ["ascii"])[0])
    except Unreadable:
        return ""


def _earlier(dataset: Dataset, encodings: Sequence[str]) -> list[str]:
    if METHOD not in dataset:
        return []
    try:
        element = dataset.get_item(METHOD)
        return values.split(values.content(element, "LO"), "LO", values.encodings_in(element, encodings))
    except Unreadable:
        return []


def _complete(target: FileDataset, sop_class: str, elements: Elements, *, implicit: bool) -> None:
    """Add what an instance cannot be without: character set, classes, and UIDs that were missing."""

    def put(tag: int, vr: str, text: str) -> None:
        target[tag] = values.raw(tag, vr, values.join([text], vr), implicit=implicit)

    put(values.CHARSET, "CS", "ISO_IR 192")
    put(SOP_CLASS, "UI", sop_class)
    context = elements.context
    wanted = [(SOP_INSTANCE, context.instance.sop_uid)]
    iod = standard.iod(sop_class)
    if iod is None or standard.type_in(iod, "0020000D") is not None:
        wanted += [(STUDY, context.instance.study_uid), (SERIES, context.instance.series_uid)]
        for tag in _PATIENT:
            put(tag, "PN" if tag == _PATIENT[0] else "LO", context.pseudonym)
    for tag, original in wanted:
        if not _uid(target, tag):
            put(tag, "UI", context.pseudonymizer.uid(original))
            elements.changes.append(Change(f"{tag:08X}", "U", "missing-uid"))
