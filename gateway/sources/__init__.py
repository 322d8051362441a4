"""Receives files and indexes them by study: ``receive`` -> ``index``; ``open_file`` and ``read_dataset`` read one of them."""

from gateway.sources.found import Index, NotDicom, Received, Refused
from gateway.sources.indexing import index, patients
from gateway.sources.originals import Originals
from gateway.sources.parsing import decode
from gateway.sources.reading import fetch, open_file, read_dataset
from gateway.sources.walk import receive

__all__ = [
    "Index",
    "NotDicom",
    "Originals",
    "Received",
    "Refused",
    "decode",
    "fetch",
    "index",
    "open_file",
    "patients",
    "read_dataset",
    "receive",
]
