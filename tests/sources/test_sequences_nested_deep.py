"""Sequences that stand in one another: followed to a bound, and beyond it refused for what they are, not as damage."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from builders import instance, key_object, uid, write

from gateway.errors import NestedTooDeep
from gateway.sources import index, read_dataset, receive

_UNDEFINED = 0xFFFFFFFF


def nested(levels: int, *, defined: bool) -> bytes:
    """Content Sequences in one another, in Explicit VR Little Endian, with or without lengths (PS3.5 section 7.5.1)."""
    inner = b""
    for _ in range(levels):
        end = b"" if defined else struct.pack("<HHL", 0xFFFE, 0xE00D, 0)
        item = struct.pack("<HHL", 0xFFFE, 0xE000, len(inner) if defined else _UNDEFINED) + inner + end
        end = b"" if defined else struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)
        inner = struct.pack("<HH2sHL", 0x0040, 0xA730, b"SQ", 0, len(item) if defined else _UNDEFINED) + item + end
    return inner


def report(path: Path, levels: int, *, defined: bool) -> Path:
    ds = key_object(instance())
    del ds.ContentSequence
    write(ds, path)
    path.write_bytes(path.read_bytes() + nested(levels, defined=defined))
    return path


@pytest.mark.parametrize("defined", [False, True])
def test_a_hundred_levels_are_followed(tmp_path: Path, *, defined: bool) -> None:
    path = report(tmp_path / "1.dcm", 100, defined=defined)
    (study,) = index(receive([path])).studies
    assert "ContentSequence" in read_dataset(study.instances[0].file)


@pytest.mark.parametrize("defined", [False, True])
@pytest.mark.parametrize("levels", [101, 240, 5000])
def test_deeper_ones_are_refused_with_their_study_and_the_bound_is_named(
    tmp_path: Path, levels: int, *, defined: bool
) -> None:
    path = report(tmp_path / "deep.dcm", levels, defined=defined)
    write(instance(), tmp_path / "slice.dcm")
    found = index(receive([tmp_path]))
    if found.refused:  # the parser itself could not go so deep
        (refused,) = found.refused
        assert (refused.code, refused.studies) == ("NESTED_TOO_DEEP", frozenset({uid(1, 1)}))
        assert "at most 100" in refused.reason
    else:
        files = {instance.file.path: instance.file for instance in found.studies[0].instances}
        with pytest.raises(NestedTooDeep, match="at most 100"):
            read_dataset(files[str(path)])
