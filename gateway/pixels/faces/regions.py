"""What headers say about the part of the body and the kind of picture. Only a hint: content that shows a head outweighs it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from functools import cache

import yaml
from pydicom.dataset import Dataset

from gateway.resources import folder


class Said(Enum):
    """What the words of a header say: the head, another part of the body, or nothing."""

    HEAD = "head"
    ELSEWHERE = "elsewhere"
    NOTHING = "nothing"


_PARTS = ("BodyPartExamined", "SeriesDescription", "ProtocolName")
_ORDERS = ("StudyDescription", "RequestedProcedureDescription", "PerformedProcedureStepDescription")


@cache
def _words(kind: str) -> frozenset[str]:
    """The words of a kind, from the vocabulary."""
    text = (folder("profiles") / "vocabulary" / "body_regions.yaml").read_text(encoding="utf-8")
    return frozenset(yaml.safe_load(text)[kind].split())


def of_series(dataset: Dataset) -> Said:
    """What the attributes of the series say."""
    texts = [str(dataset.get(keyword) or "") for keyword in _PARTS]
    texts += [str(item.get("CodeMeaning") or "") for item in dataset.get("AnatomicRegionSequence") or ()]
    return _said(texts)


def of_study(dataset: Dataset) -> Said:
    """What the attributes of the series say, or where they say nothing those of the study."""
    said = of_series(dataset)
    return said if said is not Said.NOTHING else _said(str(dataset.get(keyword) or "") for keyword in _ORDERS)


def _said(texts: Iterable[str]) -> Said:
    words = _split(texts)
    if any(_begins(word, _words("head")) for word in words):
        return Said.HEAD
    return Said.ELSEWHERE if any(_begins(word, _words("elsewhere")) for word in words) else Said.NOTHING


def _split(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in re.findall(r"[^\W\d_]+", text.upper())}


def _begins(word: str, stems: frozenset[str]) -> bool:
    """Whether a word is one of the stems, or has one of at least four letters in front."""
    return word in stems or word.removesuffix("S") in stems or any(word[:n] in stems for n in range(4, len(word)))


def names_a_surface(texts: Iterable[str]) -> bool:
    """Whether names of segments or regions of interest speak of the body's surface."""
    return any(word.removesuffix("S") in _words("surfaces") for word in _split(texts))


def _image_type(dataset: Dataset) -> frozenset[str]:
    value = dataset.get("ImageType") or ()
    values = [value] if isinstance(value, str) else list(value)
    return frozenset(word for text in values for word in re.findall(r"[^\W_]+", str(text).upper()))


def image_type(dataset: Dataset) -> str:
    """The words of Image Type, sorted: what tells one kind of image of a series from another."""
    return " ".join(sorted(_image_type(dataset)))


def rendered(dataset: Dataset) -> bool:
    """Whether each frame shows a volume from one side: then no plane says where a pixel lies."""
    projected = str(dataset.get("VolumeBasedCalculationTechnique") or "NONE") not in ("NONE", "CURVED_MPR", "MPR")
    return projected or not _words("rendered").isdisjoint(_image_type(dataset))


def localizer(dataset: Dataset) -> bool:
    """Whether it serves to plan others."""
    return not _words("localizers").isdisjoint(_image_type(dataset))


def faceless(dataset: Dataset) -> bool:
    """Whether captures of its modality are projections or close-ups."""
    return str(dataset.get("Modality") or "") in _words("faceless")
