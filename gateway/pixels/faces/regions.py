"""What headers say about the part of the body and the kind of picture. Only a hint: content that shows a head outweighs it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from typing import Final

from pydicom.dataset import Dataset


class Said(Enum):
    """What the words of a header say: the head, another part of the body, or nothing."""

    HEAD = "head"
    ELSEWHERE = "elsewhere"
    NOTHING = "nothing"


# Defined terms of Body Part Examined (PS3.16 Annex L) and the words that protocols use for the same, without endings.
_HEAD: Final = frozenset(
    "HEAD BRAIN SKULL CRANI CEREBR FACE FACIAL MAXILL ORBIT EYE SINUS NOSE NASAL EAR EARS IAC MASTOID PITUITARY SELLA JAW MANDIB "
    "DENTAL TEETH TOOTH TMJ NECK HEADNECK CSPINE CERVIC CTSPINE CARINTRACRANIAL NASOPHARYNX PHARYNX TONGUE PAROTID SCALP NEURO "
    "STROKE WHOLEBODY WHOLE WB KOPF SCHAEDEL SCHÄDEL HALS TETE TÊTE CRANE CRÂNE CABEZA CEREBRO TESTA CRANIO".split()
)
_ELSEWHERE: Final = frozenset(
    "CHEST THORA LUNG HEART CARDI CORON AORTA BREAST MAMM ABDOM LIVER KIDNEY RENAL PANCREA SPLEEN BOWEL COLON PELVI BLADDER "
    "PROSTAT UTER OVAR HIP SACR COCCYX LUMB TSPINE LSPINE TLSPINE LSSPINE SSPINE SHOULDER CLAVIC SCAPULA STERNUM RIB ARM FOREARM "
    "HUMER ELBOW RADIUS ULNA WRIST HAND FINGER THUMB LEG THIGH FEMUR FEMOR KNEE PATELLA CALF TIBIA FIBULA ANKLE FOOT TOE HEEL "
    "CALCAN EXTREMIT TEST PHANTOM".split()
)
_SURFACES: Final = frozenset(
    "SKIN FACE HEAD BODY EXTERNAL OUTLINE PATIENT OUTER SURFACE CONTOUR SCALP NOSE EAR EARS LIP LIPS".split()
)
_RENDERED: Final = frozenset(
    {
        "MIP",
        "MINIP",
        "MAXIP",
        "MPVR",
        "VRT",
        "VR",
        "SSD",
        "3D",
        "RENDERED",
        "PROJECTION",
        "RAYSUM",
        "SHADED",
        "ENDOSCOPIC",
    }
)
_PARTS = ("BodyPartExamined", "SeriesDescription", "ProtocolName")
_ORDERS = ("StudyDescription", "RequestedProcedureDescription", "PerformedProcedureStepDescription")


def of_series(dataset: Dataset) -> Said:
    """What the attributes of the series say."""
    texts = [str(dataset.get(keyword) or "") for keyword in _PARTS]
    for item in dataset.get("AnatomicRegionSequence") or ():
        texts.append(str(item.get("CodeMeaning") or ""))
    return _said(texts)


def of_study(dataset: Dataset) -> Said:
    """What the attributes of the series say, or where they say nothing those of the study."""
    said = of_series(dataset)
    return said if said is not Said.NOTHING else _said(str(dataset.get(keyword) or "") for keyword in _ORDERS)


def _said(texts: Iterable[str]) -> Said:
    words = {word for text in texts for word in re.findall(r"[^\W\d_]+", text.upper())}
    if any(_begins(word, _HEAD) for word in words):
        return Said.HEAD
    return Said.ELSEWHERE if any(_begins(word, _ELSEWHERE) for word in words) else Said.NOTHING


def _begins(word: str, stems: frozenset[str]) -> bool:
    """Whether a word is one of the stems, or has one of at least four letters in front."""
    return word in stems or word.removesuffix("S") in stems or any(word[:n] in stems for n in range(4, len(word)))


def names_a_surface(texts: Iterable[str]) -> bool:
    """Whether names of segments or regions of interest speak of the body's surface."""
    words = {word for text in texts for word in re.findall(r"[^\W\d_]+", text.upper())}
    return not _SURFACES.isdisjoint(words)


def image_type(dataset: Dataset) -> frozenset[str]:
    """The words of Image Type."""
    value = dataset.get("ImageType") or ()
    values = [value] if isinstance(value, str) else list(value)
    return frozenset(word for text in values for word in re.findall(r"\w+", str(text).upper()))


def rendered(dataset: Dataset) -> bool:
    """Whether each frame shows a volume from one side: then no plane says where a pixel lies."""
    projected = str(dataset.get("VolumeBasedCalculationTechnique") or "NONE") not in ("NONE", "CURVED_MPR", "MPR")
    return projected or not _RENDERED.isdisjoint(image_type(dataset))


def localizer(dataset: Dataset) -> bool:
    """Whether it serves to plan others."""
    return not {"LOCALIZER", "SCOUT", "SURVEY"}.isdisjoint(image_type(dataset))
