"""What codes of public schemes mean, as the standard and the schemes print it (PS3.16; pydicom's dictionaries of its codes)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from pydicom.sr._concepts_dict import concepts
from pydicom.sr._snomed_dict import mapping

# The forerunners of SNOMED CT (PS3.16 8): their codes mean what those of SNOMED CT mean.
SNOMED = frozenset({"SRT", "SNM3", "99SDM"})
# What SNOMED CT adds to a name to say of which kind it is: ``Liver structure (body structure)``.
_KIND = re.compile(r" \([a-z /]+\)$")


def key(scheme: str, value: str) -> tuple[str, str]:
    """Return the scheme (SNOMED CT for its forerunners; upper case) and the value of a code."""
    if scheme in SNOMED:
        return "SCT", mapping["SRT"].get(value, value)
    return scheme.upper(), value


def meanings(scheme: str, value: str) -> tuple[str, ...]:
    """Return what a code means, the shortest wording first; nothing for codes that are not known."""
    return _all().get(key(scheme, value), ())


def plain(meaning: str) -> str:
    """Return a meaning as it is compared: in one case, with single blanks."""
    return " ".join(meaning.casefold().split())


@cache
def _all() -> Mapping[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], set[str]] = {}
    for scheme, codes in concepts.items():
        for named in codes.values():
            for value, (meaning, *_) in cast("Mapping[str, tuple[str, Any]]", named).items():
                found.setdefault((scheme.upper(), value), set()).update({meaning, _KIND.sub("", meaning)})
    return {code: tuple(sorted(words, key=lambda word: (len(word), word))) for code, words in found.items()}
