"""What the verifier is told about a study."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from gateway.records import SourceFile


@dataclass(frozen=True, slots=True)
class Facts:
    """What a study should have become; nothing of what the cleaners did.

    ``pseudonym``: the Patient ID of every written instance. ``longitudinal``: the term of Longitudinal Temporal
    Information Modified (0028,0303): UNMODIFIED, MODIFIED (all dates moved by one number of days) or REMOVED.
    ``expected``: the input instances of the study, by the index. ``staged``: the folder that would be released: its
    files are exactly the written ones, and the names below it will be seen. ``options``: the profile's options of
    PS3.15 E.3, as CID 7050 keywords. ``documents``: what the profile does with encapsulated documents: hold, replace or clean.
    ``edition``: the edition of PS3.15 whose safe private elements may stay; none may without one.
    ``method``: the De-identification Method (0012,0063) of the profile, the same for every study.
    """

    pseudonym: str = field(repr=False)
    longitudinal: str
    expected: tuple[SourceFile, ...] = field(repr=False)
    staged: Path = field(repr=False)
    options: frozenset[str] = frozenset()
    documents: str = "hold"
    method: str = ""
    edition: str = ""
