"""The readers that a profile names: what they lack here, where they compute, and the loaded reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.errors import ModelError
from gateway.pixels.reader import TextReader
from gateway.pixels.readers import easyocr, rapidocr
from gateway.pixels.readers.union import UnionReader


@dataclass(frozen=True, slots=True)
class Known:
    """One engine: how it is loaded, what it lacks (empty if nothing), and with what it reads where."""

    load: Callable[[Path, int], TextReader]
    lacking: Callable[[Path], str]
    says: Callable[[Path], str]


KNOWN: Mapping[str, Known] = {
    "rapidocr": Known(
        lambda _, threads: rapidocr.RapidOcrReader.load(threads), lambda _: "", lambda _: rapidocr.says()
    ),
    "easyocr": Known(lambda home, _: easyocr.EasyOcrReader.load(home), easyocr.lacking, easyocr.says),
}


def require(knobs: Iterable[str], home: Path) -> None:
    """Prove that all readers that knobs (``"rapidocr, easyocr"``) name can be loaded here, before anything is started.

    Raises:
        ModelError: one is not installed, or lacks its weights; the message says what to do.
    """
    named = {name for knob in knobs for name in knob.split(", ")}
    if lacking := [missing for name in KNOWN if name in named and (missing := KNOWN[name].lacking(home))]:
        raise ModelError(" ".join(lacking))


def load(knobs: Iterable[str], home: Path, threads: int = 1) -> dict[str, TextReader]:
    """Load the reader for each of some knobs (``"rapidocr, easyocr"``); several names make a union. Each engine is loaded once.

    ``threads``: how many cores this process has to itself.

    Raises:
        ModelError: one is not installed, or its weights are missing or not the right ones.
    """
    knobs = tuple(dict.fromkeys(knobs))
    engines = {
        name: KNOWN[name].load(home, threads)
        for name in dict.fromkeys(name for knob in knobs for name in knob.split(", "))
    }
    chosen = {knob: [engines[name] for name in knob.split(", ")] for knob in knobs}
    return {knob: readers[0] if len(readers) == 1 else UnionReader(*readers) for knob, readers in chosen.items()}
