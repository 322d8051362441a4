"""Receives files and indexes them by study: ``receive`` -> ``index``; ``open_file`` and ``read_dataset`` read one of them."""

from gateway.sources.found import Index, NotDicom, Received, Refused
from gateway.sources.indexing import index, patients
from gateway.sources.reading import open_file, read_bytes, read_dataset
from gateway.sources.walk import receive

__all__ = [
    "Index",
    "NotDicom",
    "Received",
    "Refused",
    "index",
    "open_file",
    "patients",
    "read_bytes",
    "read_dataset",
    "receive",
]
