"""The pages of a PDF as pictures, one at a time, with the texts of their text layer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gateway.errors import UnsupportedContent
from gateway.records import Box

# What Python needs to find its modules and their libraries; a document that takes PDFium over finds no other variable.
_PASSED_ON = ("PATH", "PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class LayerText:
    """A piece of the text layer that stands together; ``boxes`` has one box for each character, in pixels of the page."""

    text: str = field(repr=False)
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page as a person sees it: ``points`` wide and high (1/72 inch), ``picture`` (rows, columns, 3) in RGB, 8-bit."""

    points: tuple[float, float]
    picture: NDArray[np.uint8] = field(repr=False)
    layer: tuple[LayerText, ...]


def pages(data: bytes) -> Generator[Page, None, None]:
    """Draw a PDF page by page, in a process whose time and memory are limited (``gateway.documents.draw``).

    Raises:
        UnsupportedContent: it is protected, damaged or too large, or drawing it takes more than is allowed.
    """
    # -P: no module that lies in the working folder is run in the place of ours.
    command = [sys.executable, "-P", "-m", "gateway.documents.draw"]
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    with subprocess.Popen(  # noqa: S603  # our own module; nothing of the data is in the command
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        try:
            yield from _received(process, data)
        finally:
            process.kill()


def _received(process: subprocess.Popen[bytes], data: bytes) -> Iterator[Page]:
    if process.stdin is None or process.stdout is None:
        raise AssertionError  # both are pipes
    rest = memoryview(data)
    with suppress(BrokenPipeError):  # it died: that it does not answer says so
        while rest:
            rest = rest[os.write(process.stdin.fileno(), rest) :]
    process.stdin.close()
    drawn, count = 0, 1
    while drawn < count:
        line = process.stdout.readline()
        head = json.loads(line) if line.endswith(b"\n") else {}
        if "refused" in head:
            raise UnsupportedContent(f"The encapsulated PDF cannot be cleaned: {head['refused']}.")
        columns, rows = head.get("pixels", (0, 0))
        pixels = process.stdout.read(rows * columns * 3)
        if not pixels or len(pixels) != rows * columns * 3:
            raise UnsupportedContent("The encapsulated PDF cannot be drawn within the limits of time and memory.")
        count, drawn = head["pages"], drawn + 1
        layer = tuple(LayerText(text, tuple(Box(*box) for box in boxes)) for text, boxes in head["texts"])
        width, height = head["points"]
        yield Page((width, height), np.frombuffer(pixels, np.uint8).reshape(rows, columns, 3), layer)
