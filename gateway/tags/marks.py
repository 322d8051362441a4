"""Marks a cleaned data set as de-identified (PS3.15 E.1.1 steps 6 to 8) and gives it new file meta information."""

from __future__ import annotations

from collections.abc import Sequence

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sr.codedict import codes
from pydicom.uid import UID

from gateway.tags import values
from gateway.tags.actions import Context
from gateway.tags.descriptors import clean_text
from gateway.tags.profile import Profile

# One constant for every version of this software (PS3.7 D.3.3.2); a UUID under 2.25 (PS3.5 B.2).
IMPLEMENTATION_CLASS_UID = UID("2.25.189563187274014896226943126790436541747")
IMPLEMENTATION_VERSION_NAME = "DEID_GATEWAY_1"
IDENTITY_REMOVED = 0x00120062
METHOD = 0x00120063
METHOD_CODES = 0x00120064
TEMPORAL = 0x00280303
MARKS = frozenset({IDENTITY_REMOVED, METHOD, METHOD_CODES, TEMPORAL})


def method_text(profile: Profile) -> str:
    """Return the De-identification Method of this profile, at most 64 characters: its name, and the edition by name and hash."""
    return f"{profile.name}, PS3.15 E {profile.edition} #{profile.edition_hash}"


def mark(target: Dataset, profile: Profile, context: Context, earlier: Sequence[str], *, implicit: bool) -> None:
    """Write the marks into ``target``. ``earlier`` methods stay, cleaned, in front of ours; so do earlier codes."""

    def put(tag: int, vr: str, texts: Sequence[str]) -> None:
        target[tag] = values.raw(tag, vr, values.join(texts, vr), implicit=implicit)

    ours = method_text(profile)
    kept = [cleaned for text in earlier if text != ours and (cleaned := clean_text(text, context))]
    put(IDENTITY_REMOVED, "CS", ["YES"])
    put(METHOD, "LO", [*dict.fromkeys(kept), ours])
    put(TEMPORAL, "CS", [profile.longitudinal])
    items = list(target[METHOD_CODES].value) if METHOD_CODES in target else []
    known = {(str(item.get("CodingSchemeDesignator", "")), str(item.get("CodeValue", ""))) for item in items}
    for option in profile.options:
        code = getattr(codes.cid7050, option)
        if (code.scheme_designator, code.value) not in known:
            items.append(_code_item(code.value, code.scheme_designator, code.meaning, implicit=implicit))
    target.add_new(METHOD_CODES, "SQ", items)


def _code_item(value: str, scheme: str, meaning: str, *, implicit: bool) -> Dataset:
    item = Dataset(parent_encoding=values.UTF8)
    item.set_original_encoding(implicit, True, values.UTF8)  # noqa: FBT003  # little endian
    for tag, vr, text in ((0x00080100, "SH", value), (0x00080102, "SH", scheme), (0x00080104, "LO", meaning)):
        item[tag] = values.raw(tag, vr, values.join([text], vr), implicit=implicit)
    return item


def file_meta(sop_class: str, sop_instance: str, transfer_syntax: str) -> FileMetaDataset:
    """Return new file meta information (PS3.10 7.1); nothing of the original's is in it."""
    meta = FileMetaDataset()
    meta.FileMetaInformationVersion = b"\0\1"
    meta.MediaStorageSOPClassUID = UID(sop_class)
    meta.MediaStorageSOPInstanceUID = UID(sop_instance)
    meta.TransferSyntaxUID = UID(transfer_syntax)
    meta.ImplementationClassUID = IMPLEMENTATION_CLASS_UID
    meta.ImplementationVersionName = IMPLEMENTATION_VERSION_NAME
    return meta
