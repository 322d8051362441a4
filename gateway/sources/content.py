"""Whether two files with the same SOP Instance UID say the same, whatever their encodings."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset, FileDataset

from gateway.errors import UnreadableFile, UnreadablePixels, UnsupportedPixels, WorkerCrashed
from gateway.jobs.engines import LocalEngine
from gateway.pixels.frames import read_frames, rgb
from gateway.pixels.layout import layout
from gateway.records import Instance
from gateway.sources.parsing import ERRORS, PIXEL_TAGS, UNCOMPRESSED, parse
from gateway.sources.reading import fetch, read_dataset
from gateway.stored import folder, keep_in

_NUMBERS = {
    "US": "H", "SS": "h", "UL": "L", "SL": "l", "UV": "Q", "SV": "q", "FL": "f", "FD": "d", "AT": "L",
}  # fmt: skip
_WORDS = {"OW": 2, "OF": 4, "OL": 4, "OD": 8, "OV": 8}  # bytes per word, which big endian turns round
_LOST = (
    "\N{REPLACEMENT CHARACTER}".encode()
)  # pydicom decodes text to it that is not in its character set: such text is its bytes
# What a change of encoding may change: character set, length to end, offset tables, trailing padding, and for decoded
# pixels the order and model of the colour samples.
_ENCODING_TAGS = frozenset(
    {0x00080001, 0x00080005, 0x00280004, 0x00280006, 0x7FE00001, 0x7FE00002, 0x7FE00003, 0xFFFCFFFC} | PIXEL_TAGS
)


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of the versions of one SOP Instance UID: one is kept, some equal it, the others contradict it."""

    kept: Instance
    equal: tuple[Instance, ...]
    conflicting: tuple[Instance, ...]


def settle(groups: Sequence[Sequence[Instance]]) -> list[Settled]:
    """Choose in each group of files that share a SOP Instance UID and differ in their bytes; each comes by source name.

    Kept is the first that is intact: it reads to its end and its pixels decode. Equal is what says the same in another
    encoding (endianness, VR, deflate, lossless transcoding); file meta, group lengths and padding do not count.

    Decoders of compressed pixels can be brought to abort by damaged data, so they run in a process of their own. A
    version that kills it is not intact.
    """
    versions = [version for group in groups for version in group]
    compressed = [version for version in versions if _is_compressed(version)]
    apart = set(compressed)
    prints = {version.file: _fingerprint(version) for version in versions if version not in apart}
    for version, result in (
        LocalEngine(1, partial(keep_in, folder())).run(compressed, _fingerprint) if compressed else ()
    ):
        prints[version.file] = (False, version.digest) if isinstance(result, WorkerCrashed) else result
    return [_choose(group, [prints[version.file] for version in group]) for group in groups]


def _is_compressed(instance: Instance) -> bool:
    try:
        syntax = parse(fetch(instance.file), header_only=True).file_meta.TransferSyntaxUID
    except UnreadableFile:  # it has changed since it was indexed
        return False
    return syntax not in UNCOMPRESSED


def _choose(versions: Sequence[Instance], prints: Sequence[tuple[bool, str]]) -> Settled:
    chosen = next((i for i, (intact, _) in enumerate(prints) if intact), 0)
    others = [i for i in range(len(versions)) if i != chosen]
    return Settled(
        versions[chosen],
        tuple(versions[i] for i in others if prints[i][1] == prints[chosen][1]),
        tuple(versions[i] for i in others if prints[i][1] != prints[chosen][1]),
    )


def _fingerprint(instance: Instance) -> tuple[bool, str]:
    """Whether the instance is intact, and a digest of what it says; an unreadable one says only its own bytes."""
    try:
        dataset = read_dataset(instance.file)
    except UnreadableFile:
        return False, instance.digest
    digest = hashlib.sha256()
    for part in _elements(dataset, little=dataset.original_encoding[1] is not False):
        digest.update(part)
    if not any(tag in dataset for tag in PIXEL_TAGS):
        return True, digest.hexdigest()
    pixels = _pixel_digest(dataset)
    return pixels is not None, f"{digest.hexdigest()}/{pixels or instance.digest}"


def _elements(dataset: Dataset, *, little: bool) -> Iterator[bytes]:
    for tag in sorted(dataset.keys()):
        raw, element = dataset.get_item(tag), dataset[tag]
        if tag in _ENCODING_TAGS or tag.element == 0:
            continue
        yield struct.pack("<L", tag)
        if element.VR == "SQ":
            for item in element.value:
                yield b"item"
                yield from _elements(item, little=little)
            yield b"end"
        else:
            value = _value(element, little=little)
            if isinstance(raw, RawDataElement) and _LOST in value:
                value = bytes(raw.value or b"")
            yield struct.pack("<Q", len(value)) + value


def _value(element: DataElement, *, little: bool) -> bytes:
    """The value as Implicit VR Little Endian in UTF-8 would hold it."""
    value: Any = element.value
    if value is None:
        return b""
    if isinstance(value, bytes):
        size = _WORDS.get(element.VR, 1)
        turned = not little and size > 1 and len(value) % size == 0
        return np.frombuffer(value, f">u{size}").astype(f"<u{size}").tobytes() if turned else value
    values = [value] if element.VM <= 1 and not isinstance(value, list) else list(value)
    if element.VR in _NUMBERS and value != "":
        return b"".join(struct.pack("<" + _NUMBERS[element.VR], number) for number in values)
    text = "\\".join(str(item).rstrip(" \0") for item in values).encode(errors="surrogatepass")
    return text + (b"\0" if element.VR == "UI" else b" ") * (len(text) % 2)


def _pixel_digest(dataset: FileDataset) -> str | None:
    """A digest of the decoded frames, or None if they do not all decode."""
    digest = hashlib.sha256()
    try:
        stored = layout(dataset)
        for frame in read_frames(dataset, stored) if stored else ():
            shown = rgb(frame)
            digest.update(f"{shown.photometric}{shown.pixels.shape}{shown.pixels.dtype.str[1:]}".encode())
            digest.update(shown.pixels.astype(shown.pixels.dtype.newbyteorder("<")).tobytes())
    except (UnreadablePixels, UnsupportedPixels, MemoryError, RuntimeError, *ERRORS):
        return None
    return digest.hexdigest()
