"""What may not appear in the written files: the study's own identifying values, read from the originals.

The list of elements is the verifier's own, made by going through PS3.3's patient, visit, order, equipment and clinical
trial modules; it is not the list that the cleaners follow.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath
from typing import Final

from pydicom._uid_dict import UID_dictionary

from gateway.records import SourceFile
from gateway.verify.elements import Element
from gateway.verify.retained import INSTITUTIONS, retained
from gateway.verify.vocabulary import spellings, tokens, unspelt, words

IDS: Final = frozenset(
    {
        "PatientID", "OtherPatientIDs", "MedicalRecordLocator", "AccessionNumber", "StudyID", "AdmissionID",
        "ServiceEpisodeID", "RequestedProcedureID", "ScheduledProcedureStepID", "PerformedProcedureStepID",
        "FillerOrderNumberProcedure", "PlacerOrderNumberProcedure", "PlacerOrderNumberImagingServiceRequest",
        "FillerOrderNumberImagingServiceRequest", "ResultsID", "InterpretationID",
        "InsurancePlanIdentification", "SpecimenIdentifier", "SpecimenAccessionNumber", "ContainerIdentifier",
        "SlideIdentifier", "ClinicalTrialSubjectID", "ClinicalTrialSubjectReadingID", "DeviceSerialNumber",
        "PlateID", "DetectorID", "GantryID", "CassetteID", "GeneratorID", "DeviceID", "UniqueDeviceIdentifier",
        "LensSerialNumber", "CameraOwnerName", "SourceSerialNumber", "StorageMediaFileSetID",
    }
)  # fmt: skip
PLACES: Final = frozenset(
    {
        "InstitutionName", "InstitutionAddress", "InstitutionalDepartmentName", "StationName",
        "PerformedStationName", "ScheduledStationName", "PerformedStationAETitle", "ScheduledStationAETitle",
        "PerformedLocation", "ScheduledProcedureStepLocation", "CurrentPatientLocation",
        "PatientInstitutionResidence", "PatientAddress", "PersonAddress", "ReferringPhysicianAddress",
        "ResponsibleOrganization", "HumanPerformerOrganization", "VerifyingOrganization", "IssuerOfPatientID",
        "IssuerOfAdmissionID", "IssuerOfServiceEpisodeID", "ClinicalTrialSiteName", "ClinicalTrialSiteID",
        "ClinicalTrialCoordinatingCenterName", "ClinicalTrialSponsorName",
        "ClinicalTrialProtocolEthicsCommitteeName", "RegionOfResidence", "BranchOfService",
        "ScheduledStudyLocation", "ScheduledStudyLocationAETitle", "OrderEntererLocation",
        "ScheduledPatientInstitutionResidence",
    }
)  # fmt: skip
PHONES: Final = frozenset(
    {
        "PatientTelephoneNumbers", "PatientTelecomInformation", "PersonTelephoneNumbers",
        "PersonTelecomInformation", "ReferringPhysicianTelephoneNumbers", "OrderCallbackPhoneNumber",
        "OrderCallbackTelecomInformation",
    }
)  # fmt: skip
#: Free text that often names a place, and as often only a trade ("CT"): searched for, but not held to be identifying.
_SERVICES: Final = frozenset({"RequestingService", "CurrentPatientLocation"})
#: Elements that say which product made the instance; the words in them are nobody's secret.
_PRODUCT: Final = frozenset({"Manufacturer", "ManufacturerModelName"})
#: UIDs that name a class, a syntax, a scheme or a table of the standard, not an object: they stay as they are.
STRUCTURAL_UIDS: Final = frozenset(
    {
        "MediaStorageSOPClassUID", "TransferSyntaxUID", "ImplementationClassUID", "SOPClassUID",
        "RelatedGeneralSOPClassUID", "OriginalSpecializedSOPClassUID", "SOPClassesInStudy", "CodingSchemeUID",
        "ContextGroupExtensionCreatorUID", "ContextUID", "MappingResourceUID",
        "StoredInstanceTransferSyntaxUID", "ReferencedSOPClassUID", "SOPClassesSupported",
        "AvailableTransferSyntaxUID", "FlowTransferSyntaxUID", "ReferencedSOPClassUIDInFile",
        "ReferencedTransferSyntaxUIDInFile", "AffectedSOPClassUID", "RequestedSOPClassUID",
        "ReferencedRelatedGeneralSOPClassUIDInFile", "MACCalculationTransferSyntaxUID",
        "EncryptedContentTransferSyntaxUID", "TemplateExtensionOrganizationUID", "PertinentSOPClassesInStudy",
        "PertinentSOPClassesInSeries", "RTVCommunicationSOPClassUID",
    }
)  # fmt: skip
#: Dates that say which edition of a table of the standard was used.
VERSION_DATES: Final = frozenset(
    {
        "ContextGroupVersion", "ContextGroupLocalVersion", "TemplateVersion", "TemplateLocalVersion",
    }
)  # fmt: skip
#: What people write where no name or number is known.
_PLACEHOLDERS: Final = frozenset(
    {
        "anonymous", "anonymized", "anonymised", "anonym", "anon", "deidentified", "removed", "redacted",
        "unknown", "none", "null", "na", "nn", "noname", "dummy", "undefined", "unspecified", "blank", "empty",
        "test", "xxx", "xxxx", "yyy", "zzz",
        # the words of forms that nobody filled in
        "enter", "text", "here", "first", "last", "middle", "given", "family", "name", "patient", "field", "no", "not",
        "known", "available", "invalid", "nil",
    }
)  # fmt: skip
_DIGITS: Final = re.compile(r"\d+")
_RUN: Final = re.compile(r"(?<!\d)\d{6,}(?!\d)")


@dataclass(frozen=True, slots=True)
class Secrets:
    """The study's identifying values, folded to lower case without accents.

    ``names``: the words of each person's name, in each spelling (mueller, muller). ``ids`` and ``places``: the words of each
    value, places in each spelling. ``runs``: the long numbers in ids (OK-4471902), which say no less where they stand alone.
    ``phones``: digits only. ``exact``: names, ids and places as they were written, for searches in other encodings. ``known``:
    words that are ordinary in this study, because its product names or retained values hold them.
    """

    names: frozenset[tuple[str, ...]] = field(default=frozenset(), repr=False)
    ids: frozenset[tuple[str, ...]] = field(default=frozenset(), repr=False)
    runs: frozenset[tuple[str, ...]] = field(default=frozenset(), repr=False)
    places: frozenset[tuple[str, ...]] = field(default=frozenset(), repr=False)
    phones: frozenset[str] = field(default=frozenset(), repr=False)
    dates: frozenset[date] = field(default=frozenset(), repr=False)
    uids: frozenset[str] = field(default=frozenset(), repr=False)
    stems: frozenset[tuple[str, ...]] = field(default=frozenset(), repr=False)
    exact: frozenset[str] = field(default=frozenset(), repr=False)
    known: frozenset[str] = field(default=frozenset(), repr=False)

    def ordinary(self, token: str) -> bool:
        """Whether ``token`` alone says nothing: a technical or common word, or one of the study's products."""
        return token in self.known or token in words()


def collect(elements: Iterable[Element], files: Sequence[SourceFile], options: frozenset[str] = frozenset()) -> Secrets:
    """Gather the identifying values of a study from all elements of its originals and its files' names.

    What one of the profile's ``options`` retains is no secret; UIDs that are retained are none in files' names either.
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    for element in elements:
        kind = _kind(element)
        if kind and retained(element, options):
            kind = "kept"
            found["told"].update(element.values if element.keyword in INSTITUTIONS else ())
        elif element.keyword in INSTITUTIONS:
            found["shut"].update(element.values)
        if kind:
            found[kind].update(value for value in element.values if value)
    # A retained institution may stand in another element (Verifying Organization), one that is not in no station's name.
    found["place"] -= found["kept"] - found["shut"]
    codes = {name for name in found["name"] if _is_code(name)}
    terms = {word for value in found["term"] for word in tokens(value)}
    uids = {uid for uid in found["uid"] - found["class"] if uid not in UID_dictionary and uid.count(".") >= 3}
    return Secrets(
        names=frozenset(
            name for value in found["name"] - codes for group in value.split("=") for name in _spelt_names(group)
        ),
        ids=frozenset(words_ for value in found["id"] | codes if (words_ := _words(value))),
        runs=frozenset((run,) for value in found["id"] for run in _RUN.findall(value)),
        places=frozenset(
            words_ for value in found["place"] for line in re.split(r"[\r\n]+", value) for words_ in _spellings(line)
        ),
        phones=frozenset(
            d for value in found["phone"] for part in re.split(r"[;\r\n]", value) if len(d := digits(part)) >= 6
        ),
        dates=frozenset(day for value in found["date"] if (day := calendar_day(value))),
        uids=frozenset(uids),
        stems=frozenset(
            stem
            for name in {_stem(file) for file in files} - found["kept"]
            if (stem := tokens(name)) and not terms.intersection(stem)
        ),
        exact=frozenset(
            group for kind in ("name", "id", "place") for value in found[kind] for group in value.split("=")
        ),
        known=frozenset(word for value in found["product"] for word in tokens(value)) | _told(found),
    )


def _told(found: Mapping[str, set[str]]) -> frozenset[str]:
    """The words that retained institutions tell anyway (the town, where patients live, too), but nobody's name or id."""
    secret = {word for kind in ("name", "id") for value in found[kind] for word in _either(value)}
    told = {word for value in found["told"] for word in _either(value) if not word.isdigit()}
    return frozenset(told - secret)


def _either(value: str) -> frozenset[str]:
    return frozenset(word for words_ in spellings(value) for word in words_)


def identifying(element: Element) -> bool:
    """Whether the element's purpose is to say who, where or which order: then even an ordinary word in it tells."""
    return element.vr == "PN" or element.keyword in IDS or element.keyword in PLACES or element.keyword in PHONES


def calendar_day(value: str) -> date | None:
    """The day of a DA or DT value (``YYYYMMDD...``, or ``YYYY.MM.DD`` of ACR-NEMA); ``None`` if it names none."""
    text = value.replace(".", "", 2) if value[4:5] == "." else value
    if len(text) < 8 or not text[:8].isascii() or not text[:8].isdigit():
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


def digits(text: str) -> str:
    """The digits of ``text``, without anything between them."""
    return "".join(_DIGITS.findall(text))


def _kind(element: Element) -> str:
    if element.vr == "PN":
        return "name"
    if element.vr == "UI":
        return "class" if element.keyword in STRUCTURAL_UIDS else "uid"
    if element.vr in {"DA", "DT"}:
        return "" if element.keyword in VERSION_DATES else "date"
    if element.vr == "CS":
        return "term"
    for kind, keywords in (("id", IDS), ("place", PLACES | _SERVICES), ("phone", PHONES), ("product", _PRODUCT)):
        if element.keyword in keywords:
            return kind
    in_person = "PersonIdentificationCodeSequence" in element.parents and element.keyword in {
        "CodeValue",
        "LongCodeValue",
    }
    return "id" if in_person else ""


def _is_code(name: str) -> bool:
    """Whether a PN value is a code, such as trials assign: one word with digits. Its parts are nobody's name."""
    return any(character.isdigit() for character in name) and not any(c in name.strip("^ ") for c in "^= ")


def _words(value: str) -> tuple[str, ...]:
    found = tokens(value)
    return () if _PLACEHOLDERS.issuperset(found) else found


def _spellings(value: str) -> frozenset[tuple[str, ...]]:
    return spellings(value) if _words(value) else frozenset()


def _spelt_names(group: str) -> frozenset[tuple[str, ...]]:
    found = _spellings(group)
    return found | {tuple(map(unspelt, name)) for name in found}


def _stem(file: SourceFile) -> str:
    return PurePath(file.member.split("!")[-1] or file.path).stem
