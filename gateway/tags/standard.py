"""The standard as tables: Table E.1-1, what it does not list, types of attributes by IOD, concepts, coding schemes.

Everything is read from ``profiles/standard`` (SOURCES.md there says where each table is from) and from pydicom's data
dictionary (PS3.6), once per process.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from pydicom._dicom_dict import DicomDictionary

from gateway import resources
from gateway.errors import ProfileError

# The columns of Table E.1-1 that hold actions.
CELLS = (
    "basic", "retain_safe_private", "retain_uids", "retain_device_id", "retain_institution_id", "retain_patient_chars",
    "retain_long_full", "retain_long_modified", "clean_descriptors", "clean_structured", "clean_graphics",
)  # fmt: skip
CONTENT_SEQUENCE = 0x0040A730
_CODE_ITEM = frozenset({"00080106", "00080107", "0008010D"})


@dataclass(frozen=True, slots=True)
class Attribute:
    """A row of PS3.6: keyword, VR and the greatest number of values (None: no limit)."""

    keyword: str
    vr: str
    most: int | None


@dataclass(frozen=True, slots=True)
class Type:
    """The type of an attribute in an IOD (1, 1C, 2, 2C, 3) and the usage of the module that says so (M, C, U)."""

    type: str
    usage: str


@dataclass(frozen=True, slots=True)
class Unlisted:
    """What happens to an attribute that Table E.1-1 does not list, and why.

    ``treatment`` is one of enumerated, structural, binary, technical, product (technical, and a maker may be called as a person),
    typed, label (typed, and required), remove.
    """

    treatment: str
    why: str


def attribute(tag: int) -> Attribute | None:
    """Return the PS3.6 row of a standard attribute, None for tags that the standard does not know."""
    return _dictionary().get(tag)


@cache
def _dictionary() -> dict[int, Attribute]:
    """Groups below 0008 hold commands, file meta and directories; none of them belongs into a data set (PS3.15 E.1.1)."""
    return {
        int(tag): Attribute(row[4], row[0], _most(row[1]))
        for tag, row in DicomDictionary.items()
        if 0x0008 <= tag >> 16 < 0xFFFC and row[0] != "NONE"
    }


def _most(multiplicity: str) -> int | None:
    last = multiplicity.rpartition("-")[2]
    return int(last) if last.isdigit() else None


@dataclass(frozen=True, slots=True)
class Edition:
    """Table E.1-1 as one edition of PS3.15 prints it.

    ``rows`` maps a tag (8 hex digits, upper case, ``x`` is any digit) to its cells, column by column name; ``sha256`` is
    the digest by which ``editions.csv`` pins the rows.
    """

    name: str
    sha256: str
    rows: Mapping[str, Mapping[str, str]]


@cache
def editions() -> tuple[str, ...]:
    """Return the editions of Table E.1-1 that are there, oldest first."""
    return tuple(row["edition"] for row in read("editions.csv"))


@cache
def edition(name: str) -> Edition:
    """Return Table E.1-1 of an edition.

    Raises:
        ProfileError: the table is not the one that was pinned.
    """
    pinned = next(row for row in read("editions.csv") if row["edition"] == name)
    rows = {row["tag"]: row for row in read("e1_1_history.csv") if row["first_edition"] <= name <= row["last_edition"]}
    return checked(name, rows, pinned["sha256"], int(pinned["rows"]))


def checked(name: str, rows: Mapping[str, Mapping[str, str]], pinned: str, count: int) -> Edition:
    """Return an edition if its rows are those that were pinned by SHA-256 and number.

    Raises:
        ProfileError: they are not.
    """
    lines = (",".join([tag, *(rows[tag][column] for column in CELLS)]) for tag in sorted(rows))
    found = sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
    if (found, len(rows)) != (pinned, count):
        raise ProfileError(
            f"Table E.1-1 of edition {name} is not the one that editions.csv pins; "
            "install the gateway's profiles/standard again."
        )
    return Edition(name, found, rows)


def newest() -> Mapping[str, Mapping[str, str]]:
    """Return the rows of the newest edition of Table E.1-1."""
    return edition(editions()[-1]).rows


@cache
def unlisted() -> Mapping[int, Unlisted]:
    """Return the project's own decisions about attributes that Table E.1-1 does not list, by tag."""
    return {int(row["tag"], 16): Unlisted(row["treatment"], row["why"]) for row in read("unlisted.csv")}


@cache
def identifying() -> Mapping[int, str]:
    """Return the attributes whose values identify someone or some place, tag to ``id`` or ``place``."""
    return {int(row["tag"], 16): row["kind"] for row in read("identifying.csv")}


@cache
def concepts() -> Mapping[tuple[str, str], list[dict[str, str]]]:
    """Return Table E.3.4-1: (coding scheme, code value) to its rows, one per value type, column by column name."""
    table: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in read("sr_concepts.csv"):
        table.setdefault((row["scheme"], row["code"]), []).append(row)
    return table


@cache
def coding_schemes() -> frozenset[str]:
    """Return the designators of public coding schemes (PS3.16 Table 8-1); all others are private or local."""
    return frozenset(row["designator"] for row in read("coding_schemes.csv"))


@cache
def placeholders() -> frozenset[str]:
    """Return words that stand where a value would (``unknown``): a value made of them identifies nobody."""
    return frozenset(row["word"] for row in read("placeholders.csv"))


def iod(sop_class: str | None) -> str | None:
    """Return the name of a SOP Class's IOD (PS3.4 B.5), None if the class is unknown, private or retired."""
    row = _sop_classes().get(sop_class or "")
    return row["iod"] if row else None


def sop_class_name(sop_class: str | None) -> str:
    """Return the name of a SOP Class, empty if it is unknown, private or retired."""
    row = _sop_classes().get(sop_class or "")
    return row["sop_class_name"] if row else ""


@cache
def _sop_classes() -> dict[str, dict[str, str]]:
    return {row["sop_class_uid"]: row for row in read("sop_iod.csv")}


def type_in(iod_name: str | None, path: str) -> Type | None:
    """Return the type of the attribute at ``path`` (tags joined by ``/``) in an IOD (PS3.3), None if not known.

    Without an IOD (the SOP Class is unknown) it is the strictest that any IOD has there, as if its module were mandatory.
    Content trees are recursive: repeated Content Sequences are one in the table. A path that ends inside a code
    sequence is looked up as such.
    """
    *above, last = path.split("/")
    while above.count("0040A730") > 1:
        above.remove("0040A730")
    table = _strictest() if iod_name is None else _types().get(iod_name, {})
    known = table.get("/".join([*above, last]))
    if known is None and above and last in _CODE_ITEM:
        return Type("1C", "M")
    return known


@cache
def _strictest() -> dict[str, Type]:
    kinds: dict[str, str] = {}
    for table in _types().values():
        for path, found in table.items():
            kinds[path] = min(kinds.get(path, found.type), found.type)  # 1 < 1C < 2 < 2C < 3
    shared = {kind: Type(kind, "M") for kind in set(kinds.values())}
    return {path: shared[kind] for path, kind in kinds.items()}


@cache
def _types() -> dict[str, dict[str, Type]]:
    table: dict[str, dict[str, Type]] = {}
    path = resources.folder("profiles") / "standard" / "iod_types.csv.gz"
    pool: dict[tuple[str, str], Type] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for iod_name, attribute_path, kind, usage in csv.reader(lines):
            shared = pool.setdefault((kind, usage), Type(kind, usage))
            table.setdefault(iod_name, {})[attribute_path] = shared
    return table


def read(name: str) -> list[dict[str, str]]:
    """Return the rows of a table in ``profiles/standard``."""
    path = resources.folder("profiles") / "standard" / name
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def keyword(word: str) -> tuple[int | None, str]:
    """Return tag and VR of a keyword, (None, "") if there is none."""
    found = _keywords().get(word)
    return found if found is not None else (None, "")


def keywords() -> tuple[str, ...]:
    """Return the keywords of all attributes that a data set may hold, by tag."""
    return tuple(row.keyword for _, row in sorted(_dictionary().items()))


@cache
def _keywords() -> dict[str, tuple[int | None, str]]:
    return {row.keyword: (tag, row.vr) for tag, row in _dictionary().items()}
