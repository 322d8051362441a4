"""Which references an instance holds: all of them, at every depth, and whether each can name a stored instance."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import instance, write
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileDataset
from pydicom.sequence import Sequence
from referring import KINDS, item, made, named, sop
from tags.cleaning import PSEUDONYMIZER, cleaned

from gateway.records import Reference, SourceFile
from gateway.sources import read_dataset
from gateway.tags import Pseudonymizer, references
from gateway.tags.values import raw

CT = "1.2.840.10008.5.1.4.1.1.2"
MPPS = "1.2.840.10008.3.1.2.3.3"
OUTSIDE = "1.2.3.4.5.6.7"
FIRST, SECOND = instance(1, 8, 1, 8), instance(1, 9, 1, 9)


def found(original: FileDataset, name: str = "basic") -> dict[str, bool]:
    """New UIDs that an instance refers to, and whether each can be that of a stored instance."""
    out = references(original, cleaned(original, name), original.SOPClassUID, PSEUDONYMIZER)
    assert {one.by for one in out} <= {original.SOPClassUID}
    return {one.instance: one.stored for one in out}


@pytest.mark.parametrize("name", ["basic", "research"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_object_tells_what_it_refers_to(kind: str, name: str, tmp_path: Path) -> None:
    path = write(KINDS[kind](1, FIRST, SECOND), tmp_path / "1.dcm")
    stored = {new for new, stored in found(read_dataset(SourceFile(str(path))), name).items() if stored}
    assert stored == {PSEUDONYMIZER.uid(FIRST.SOPInstanceUID), PSEUDONYMIZER.uid(SECOND.SOPInstanceUID)}


def deep(reference: Dataset) -> Dataset:
    for _ in range(12):
        reference = item(ContentSequence=[item(ValueType="CONTAINER", ReferencedSOPSequence=[reference])])
        reference = item(ValueType="CONTAINER", ContentSequence=[reference])
    return reference


def test_depth_does_not_matter() -> None:
    ds = made(1, "88.33", "SR", ContentSequence=[deep(sop(FIRST))])
    assert found(ds) == {PSEUDONYMIZER.uid(FIRST.SOPInstanceUID): True}


@pytest.mark.parametrize(
    ("keyword", "sop_class", "stored"),
    [
        ("ReferencedInstanceSequence", CT, True),
        ("ReferencedInstanceSequence", "", True),
        ("ReferencedInstanceSequence", "1.2.840.113619.4.27", True),
        ("ReferencedInstanceSequence", "1.2.840.10008.5.1.4.1.1.40", True),  # registered without a name
        ("ReferencedInstanceSequence", MPPS, False),
        ("ReferencedInstanceSequence", "1.2.840.10008.1.20.1", False),  # Storage Commitment
        ("RTReferencedStudySequence", CT, False),
        ("RTReferencedStudySequence", "1.2.840.10008.3.1.2.3.1", False),
    ],
)
def test_what_is_no_stored_instance_is_told_apart(keyword: str, sop_class: str, stored: bool) -> None:  # noqa: FBT001
    reference = named(sop_class, OUTSIDE)
    inside = item(**{keyword: [reference]})
    ds = made(1, "481.3", "RTSTRUCT", ReferencedFrameOfReferenceSequence=[inside])
    assert found(ds) == {PSEUDONYMIZER.uid(OUTSIDE): stored}


def without(keyword: str) -> Callable[[FileDataset], FileDataset]:
    def drop(ds: FileDataset) -> FileDataset:
        out = cleaned(ds)
        delattr(out, keyword)
        return out

    return drop


def test_a_reference_that_the_profile_took_out_does_not_count() -> None:
    ds = made(1, "2", "CT", image=True, SourceImageSequence=[sop(FIRST)], ReferencedImageSequence=[sop(SECOND)])
    out = references(ds, without("SourceImageSequence")(ds), CT, PSEUDONYMIZER)
    assert out == {Reference(PSEUDONYMIZER.uid(SECOND.SOPInstanceUID), CT)}


def test_private_references_count_only_where_they_stay() -> None:
    ds = made(1, "2", "CT", image=True)
    block = ds.private_block(0x0009, "INVENTED", create=True)
    block.add_new(1, "SQ", Sequence([sop(FIRST)]))
    assert found(ds) == {}
    assert references(ds, ds, CT, PSEUDONYMIZER) == {Reference(PSEUDONYMIZER.uid(FIRST.SOPInstanceUID), CT)}


def test_retained_uids_are_known_by_their_keyed_names() -> None:
    ds = made(1, "2", "CT", image=True, ReferencedImageSequence=[sop(FIRST)])
    assert references(ds, ds, CT, PSEUDONYMIZER) == {Reference(PSEUDONYMIZER.uid(FIRST.SOPInstanceUID), CT)}


@pytest.mark.parametrize("sop_class", ["1.2.840.113619.4.27", "1.2.840.10008.1.2.1", "1.3.6.1.4.1.26589.1.1.1", ""])
def test_the_class_of_what_refers_is_named_only_if_it_is_a_registered_one(sop_class: str) -> None:
    ds = made(1, "2", "CT", image=True, ReferencedImageSequence=[sop(FIRST)])
    (reference,) = references(ds, ds, sop_class, PSEUDONYMIZER)
    assert reference.by == ""


def test_another_key_gives_other_names() -> None:
    ds = made(1, "2", "CT", image=True, ReferencedImageSequence=[sop(FIRST)])
    other = Pseudonymizer(b"another key of sixteen bytes")
    assert references(ds, ds, CT, other) != references(ds, ds, CT, PSEUDONYMIZER)


def test_registered_uids_empty_ones_and_rubbish_lead_nowhere() -> None:
    items = [named(CT, "1.2.840.10008.1.4.1.1"), named(CT, ""), item(ReferencedSOPClassUID=CT)]
    ds = made(1, "2", "CT", image=True, ReferencedImageSequence=items)
    assert found(ds) == {}
    ds.ReferencedImageSequence[0][0x00081155] = DataElement(0x00081155, "UI", 4711, already_converted=True)
    assert references(ds, ds, CT, PSEUDONYMIZER) == frozenset()


def test_a_sequence_of_unknown_vr_is_read_and_one_that_is_none_is_passed_over() -> None:
    ds = made(1, "2", "CT", image=True)
    uid = FIRST.SOPInstanceUID.encode() + b"\0" * (len(FIRST.SOPInstanceUID) % 2)
    element = struct.pack("<HHL", 0x0008, 0x1155, len(uid)) + uid
    sequence = struct.pack("<HHL", 0xFFFE, 0xE000, len(element)) + element
    for data, expected in ((sequence, {PSEUDONYMIZER.uid(FIRST.SOPInstanceUID)}), (b"no sequence", set())):
        ds[0x00081140] = raw(0x00081140, "UN", data, implicit=False)
        assert {one.instance for one in references(ds, ds, CT, PSEUDONYMIZER)} == expected
