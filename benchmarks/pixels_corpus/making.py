"""Makes the corpus: one file after the other until enough values that identify are burned in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator

from benchmarks.pixels_corpus import files, truth
from benchmarks.pixels_corpus.consoles import Console
from benchmarks.pixels_corpus.fonts import Family
from benchmarks.pixels_corpus.grounds import ground
from benchmarks.pixels_corpus.truth import Truth
from benchmarks.pixels_corpus.words import Writer


def families(lists: Mapping[str, Any]) -> tuple[Family, ...]:
    """The typefaces of a list file that are on this machine."""
    named = (
        Family(one["name"], one["kind"], Path(one["file"]), tuple(one.get("sizes", ())), bool(one.get("scripts")))
        for one in lists["fonts"]
    )
    return tuple(family for family in named if family.here)


def lacking(lists: Mapping[str, Any]) -> tuple[str, ...]:
    """The typefaces of a list file that are not on this machine: a corpus without them is another corpus."""
    here = {family.name for family in families(lists)}
    return tuple(one["name"] for one in lists["fonts"] if one["name"] not in here)


def make(folder: Path, name: str, boxes: int, seed: int) -> tuple[Truth, ...]:
    """Write ``<number>.dcm`` below ``folder``/in, and the truth beside it, until ``boxes`` values that identify stand in them.

    Raises:
        FileNotFoundError: not one of the list's fonts is on this machine.
    """
    writer = Writer.of(name, seed)
    faces = families(writer.lists)
    if not faces:
        raise FileNotFoundError("none of the fonts is installed: see BENCH_PACKAGES in the Makefile")
    (folder / "ink").mkdir(parents=True)
    found: list[Truth] = []
    planted = 0
    for number, layout in enumerate(_layouts(writer.lists["layouts"]), 1):
        one = _file(folder, writer, faces, layout, number, np.random.default_rng([seed, number, *name.encode()]))
        found.append(one)
        planted += len(one.phi)
        if planted >= boxes:
            break
    truth.write(folder, found)
    return tuple(found)


def _layouts(layouts: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    while True:
        yield from layouts


def _file(
    folder: Path, writer: Writer, faces: Sequence[Family], layout: Mapping[str, Any], number: int, rng: Generator
) -> Truth:
    person = writer.person()
    rows, columns = layout["sizes"][int(rng.integers(len(layout["sizes"])))]
    frames = int(rng.choice(layout.get("frames", [1])))
    behind = ground(rng, layout["modality"], (rows, columns), frames)
    how = files.encoding(rng, layout["modality"], colour=behind.frames[0].ndim == 3, frames=frames)
    screen = Console(writer, faces, rng).show(layout, behind, person, how.white)
    ds = files.dataset(screen, person, how, number, rng)
    name = f"{number:05d}"
    files.write(ds, folder / "in" / f"{name}.dcm")
    truth.write_ink(folder / "ink", name, screen.canvas.ink)
    return Truth(
        name=name, uid=str(ds.SOPInstanceUID), modality=layout["modality"], layout=layout["name"], ground=behind.name,
        bits=how.bits, frames=frames, syntax=how.syntax.name, boxes=tuple(screen.canvas.boxes),
    )  # fmt: skip
