"""Indexes received files: reads each header once, tells duplicates and conflicts apart, groups instances by study."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from pydicom.dataset import Dataset, FileDataset
from pydicom.multival import MultiValue
from pydicom.uid import MediaStorageDirectoryStorage

from gateway.errors import BrokenInstance, UidConflict, UnreadableArchive, UnreadableFile
from gateway.records import Instance, SourceFile, Study
from gateway.sources import media, salvage
from gateway.sources.content import settle
from gateway.sources.found import Index, NotDicom, Received, Refused
from gateway.sources.parsing import ERRORS, parse, study_uid_at_least
from gateway.sources.reading import Begun, fetch, read_dataset, recognize
from gateway.sources.sniff import Kind

# An Instance whose file is another one: this file is a duplicate of it.
Status = Instance | NotDicom | Refused


def index(received: Received, progress: Callable[[int, int], None] | None = None) -> Index:
    """Give each received file its one status: instance, duplicate, not DICOM, or refused.

    The same bytes again are a duplicate of the first by source name. The same SOP Instance UID on other bytes is a
    duplicate if it says the same in another encoding, else a UID conflict: ``content.settle`` says which one stays.

    Args:
        received: what ``receive`` found.
        progress: called after each file with the number of files done and of all files.
    """
    members = frozenset(media.plain(file.source) for file in received.files if file.member)
    statuses: dict[SourceFile, Status] = {}
    missing: set[str] = set()
    first: dict[str, SourceFile] = {}
    copies: dict[SourceFile, SourceFile] = {}
    folders = media.Folders()
    for done, file in enumerate(received.files, 1):
        try:
            begun = recognize(file)
            if begun.kind is not Kind.DICOM:
                statuses[file] = _no_instance(begun.kind)
            else:
                if first.setdefault(begun.digest, file) is not file:
                    copies[file] = first[begun.digest]
                else:
                    statuses[file] = _status(file, begun)
                if statuses.get(first[begun.digest]) is NotDicom.MEDIA_DIRECTORY:
                    named = media.references(read_dataset(file, begun.digest))
                    missing.update(media.missing(file, named, members, folders))
        except UnreadableFile as error:
            statuses[file] = Refused(file, type(error), str(error))
        if progress is not None:
            progress(done, len(received.files))
    _settle_uids(statuses)
    for copy, original in copies.items():
        statuses[copy] = _of_copy(copy, statuses[original])
    return _assemble(received, statuses, len(missing))


def patients(study: Study) -> frozenset[str]:
    """The Patient IDs that the study's instances name; more than one means that patients are mixed. Empty ones do not count."""
    return frozenset(instance.patient_id for instance in study.instances if instance.patient_id)


def _status(file: SourceFile, begun: Begun) -> Status:
    """What a file that begins as DICOM is, from its own bytes alone.

    Raises:
        UnreadableFile: it cannot be read to its end.
    """
    try:
        dataset = _header(file, begun)
    except UnreadableFile as error:
        return Refused(file, type(error), str(error), study_uid_at_least(begun.data))
    if media.is_directory(dataset) and media.is_directory(parse(fetch(file, begun.digest))):
        return NotDicom.MEDIA_DIRECTORY
    return _instance(file, begun.digest, dataset)


def _header(file: SourceFile, begun: Begun) -> FileDataset:
    """The data set up to its pixel data; of a large file its beginning is enough, if these begin in it."""
    try:
        return parse(begun.data, header_only=True)
    except UnreadableFile:
        if begun.whole:
            raise
        return parse(fetch(file, begun.digest), header_only=True)


def _no_instance(what: Kind) -> NotDicom:
    """Why a file that does not begin as DICOM is no instance; it is told by its head, its bytes are of no interest.

    Raises:
        UnreadableFile: it is an archive that is not opened, or damaged DICOM.
    """
    match what:
        case Kind.EMPTY:
            return NotDicom.EMPTY
        case Kind.ZIP | Kind.ARCHIVE:
            raise UnreadableArchive("The archive is of a kind that is not opened; only zip is.")
        case Kind.DAMAGED:
            raise UnreadableFile("The file holds DICOM identifiers but does not begin as DICOM does.")
        case _:
            return NotDicom.OTHER


def _instance(file: SourceFile, digest: str, dataset: FileDataset) -> Instance | Refused:
    """The instance as its header names it.

    SOP Class and SOP Instance UID may come from the file meta (PS3.10 section 7.1 holds them equal). A SOP Instance UID
    that is nowhere becomes ``missing-sop:<digest>``, a missing study ``missing-study:<SOP Instance UID>``, a missing
    series ``missing-series:<study>``: no UIDs, but every UID is mapped by a keyed function, and these map as well.
    """
    study_uid = _text(dataset, "StudyInstanceUID")
    sop_class = _text(dataset, "SOPClassUID") or _text(dataset.file_meta, "MediaStorageSOPClassUID")
    if not sop_class or len(dataset) == 0:
        return Refused(file, BrokenInstance, "The data set is empty or names no SOP Class.", study_uid or None)
    if sop_class == MediaStorageDirectoryStorage:
        return Refused(
            file, BrokenInstance, "A media directory that holds pixel data or instance UIDs.", study_uid or None
        )
    sop_uid = _text(dataset, "SOPInstanceUID") or _text(dataset.file_meta, "MediaStorageSOPInstanceUID")
    sop_uid = sop_uid or f"missing-sop:{digest}"
    study_uid = study_uid or f"missing-study:{sop_uid}"
    series_uid = _text(dataset, "SeriesInstanceUID") or f"missing-series:{study_uid}"
    return Instance(file, digest, _text(dataset, "PatientID"), study_uid, series_uid, sop_uid, sop_class)


def _text(dataset: Dataset, keyword: str) -> str:
    """The element as text without padding; empty if it is absent or has no value."""
    try:
        value = dataset.get(keyword)
    except ERRORS:
        raise UnreadableFile("An element of the header cannot be decoded.") from None
    values = value if isinstance(value, list | MultiValue) else [value]
    return "\\".join("" if item is None else str(item) for item in values).strip(" \0")


def _settle_uids(statuses: dict[SourceFile, Status]) -> None:
    """Where a SOP Instance UID stands on several contents, turn all but one into duplicates or conflicts."""
    versions: dict[str, list[Instance]] = defaultdict(list)
    for status in statuses.values():
        if isinstance(status, Instance):
            versions[status.sop_uid].append(status)
    for settled in settle([same for same in versions.values() if len(same) > 1]):
        for instance in settled.equal:
            statuses[instance.file] = settled.kept
        for instance in settled.conflicting:
            uid, reason = instance.study_uid, "The same SOP Instance UID stands on other content."
            # Where the version that stays is in another study, this one is not whole.
            lacking = frozenset[str]() if uid == settled.kept.study_uid else frozenset({uid})
            statuses[instance.file] = Refused(
                instance.file, UidConflict, reason, uid, instance, lacking, instance.sop_uid
            )


def _of_copy(copy: SourceFile, status: Status) -> Status:
    """The status of a file with the same bytes as one that has ``status``."""
    if not isinstance(status, Refused):
        return status
    instance = replace(status.instance, file=copy) if status.instance else None
    return replace(status, file=copy, instance=instance)


def _assemble(received: Received, statuses: dict[SourceFile, Status], missing: int) -> Index:
    studies: dict[str, list[Instance]] = defaultdict(list)
    duplicates: list[tuple[SourceFile, Instance]] = []
    not_dicom = [(file, NotDicom.SPECIAL) for file in received.special]
    refused = list(received.refused)
    for file, status in statuses.items():
        if isinstance(status, Refused):
            refused.append(status)
        elif isinstance(status, NotDicom):
            not_dicom.append((file, status))
        elif status.file == file:
            studies[status.study_uid].append(status)
        else:
            duplicates.append((file, status))
    grouped = tuple(_study(uid, studies[uid]) for uid in sorted(studies))
    known = salvage.known(grouped)
    refused = [item if item.instance else salvage.salvage(item, known) for item in refused]
    return Index(
        grouped,
        tuple(sorted(duplicates, key=lambda pair: pair[0].source)),
        tuple(sorted(not_dicom, key=lambda pair: pair[0].source)),
        tuple(sorted(refused, key=lambda item: item.file.source)),
        missing,
    )


def _study(uid: str, instances: list[Instance]) -> Study:
    """The study record; its patient ID is empty if the instances name none or more than one."""
    study = Study(uid, "", tuple(sorted(instances, key=lambda instance: instance.sop_uid)))
    named = patients(study)
    return replace(study, patient_id=next(iter(named))) if len(named) == 1 else study
