"""The originals of one study, between the passes that look at them: identifiers, cleaning, verification."""

from __future__ import annotations

from typing import BinaryIO

from pydicom.dataset import FileDataset

from gateway.records import Instance, SourceFile, Study
from gateway.sources.parsing import decode
from gateway.sources.reading import fetch
from gateway.stored import Stored, Value, open_value

_KEPT = 256 * 2**20  # bytes of pixel data of one study that stay in memory between its two passes
_PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")


class Originals:
    """Reads each original of a study once: those read while identifiers are collected are kept, as far as there is room."""

    def __init__(self, study: Study) -> None:
        self._digests = {instance.file: instance.digest for instance in study.instances}
        self._kept: dict[SourceFile, FileDataset] = {}
        self._stored: dict[SourceFile, Stored] = {}
        self._room = _KEPT

    def keep(self, instance: Instance) -> FileDataset:
        """Read an original, and keep it for ``take`` if it fits."""
        dataset = self._read(instance.file)
        pixels = [dataset[tag].value for tag in _PIXELS if tag in dataset]
        self._room -= sum(len(value or b"") for value in pixels if not isinstance(value, Stored))
        if self._room > 0:
            self._kept[instance.file] = dataset
        return dataset

    def look(self, instance: Instance) -> FileDataset:
        """Look at an original that was read before; ``take`` still hands it over."""
        return self._kept.get(instance.file) or self._read(instance.file)

    def take(self, instance: Instance) -> FileDataset:
        """Hand over an original; it is not kept any longer."""
        return self._kept.pop(instance.file, None) or self._read(instance.file)

    def open(self, file: SourceFile) -> BinaryIO:
        """Open an original as the very bytes that were indexed and cleaned, or not at all."""
        return open_value(self._fetch(file))

    def _read(self, file: SourceFile) -> FileDataset:
        return decode(self._fetch(file))

    def _fetch(self, file: SourceFile) -> Value:
        """The bytes of an original; a large one is taken from its source once, and stays in the staging for the study's sake."""
        data = self._stored.get(file) or fetch(file, self._digests[file])
        if isinstance(data, Stored):
            self._stored[file] = data
        return data
