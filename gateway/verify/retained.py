"""What an option of the profile lets stand as it was: such a value is no secret of the study any longer.

Names of persons are never retained: one that stands in a retained element is still found there.
"""

from __future__ import annotations

from typing import Final

from gateway.verify.elements import Element

#: What says in which institution (PS3.15 E.3.11).
INSTITUTIONS: Final = frozenset(
    {
        "InstitutionName", "InstitutionAddress", "InstitutionalDepartmentName", "ClinicalTrialSiteName",
        "ClinicalTrialSiteID", "ClinicalTrialCoordinatingCenterName", "ClinicalTrialProtocolEthicsCommitteeName",
    }
)  # fmt: skip
#: PS3.15 E.3.7 and E.3.11, as far as the elements are among those that say who, where or which device.
_KEYWORDS: Final = {
    "RetainDeviceIdentityOption": frozenset(
        {
            "StationName", "PerformedStationName", "ScheduledStationName", "PerformedStationAETitle",
            "ScheduledStationAETitle", "ScheduledProcedureStepLocation", "ScheduledStudyLocation",
            "ScheduledStudyLocationAETitle", "PerformedLocation", "DeviceSerialNumber", "PlateID", "DetectorID",
            "GantryID", "CassetteID", "GeneratorID", "DeviceID", "UniqueDeviceIdentifier", "LensSerialNumber",
            "SourceSerialNumber", "DeviceUID", "ManufacturerDeviceClassUID",
        }
    ),
    "RetainInstitutionIdentityOption": INSTITUTIONS,
}  # fmt: skip
_UIDS: Final = "RetainUidsOption"


def retained(element: Element, options: frozenset[str]) -> bool:
    """Whether one of ``options`` (CID 7050 keywords) lets the element stand as it was."""
    if element.vr == "UI" and _UIDS in options:
        return True
    return any(element.keyword in keywords for option, keywords in _KEYWORDS.items() if option in options)
