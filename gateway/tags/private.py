"""Which private elements stay under the Retain Safe Private Option (PS3.15 E.3.10).

An element is known to be safe if Table E.3.10-1 of the profile's edition lists it under its private creator, or if the
instance says so itself (Private Data Element Characteristics Sequence, PS3.3 C.12.1.1.7). Where an instance says that an
element may identify somebody, that counts more than the table. What is safe is still cleaned like everything else, see
docs/decisions/013-private-elements.md.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from pydicom._private_dict import private_dictionaries
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from gateway.tags import standard, values
from gateway.tags.actions import Context, names_somebody
from gateway.tags.mentions import mentions
from gateway.tags.plan import DATE_VRS, Step
from gateway.tags.profile import Profile
from gateway.tags.values import Unreadable

OPTION = "RetainSafePrivateOption"
CHARACTERISTICS = 0x00080300
# VRs that hold numbers and nothing else; AT (a tag) and bulk data (OF, OD, ...) do not count as numbers here.
NUMERIC = frozenset({"DS", "IS", "FL", "FD", "SL", "SS", "UL", "US", "SV", "UV"})
_GROUP, _CREATOR, _STATUS, _SAFE = 0x00080301, 0x00080302, 0x00080303, 0x00080304
_ACTIONS, _IDENTIFYING, _ACTION = 0x00080305, 0x00080306, 0x00080307
_DEFINITIONS, _DEFINED, _DEFINED_VR = 0x00080310, 0x00080308, 0x0008030A
_SELF_DECLARED_SINCE = "2015c"
_STATUSES = ("SAFE", "MIXED", "UNSAFE")
# VRs that may stay on an instance's own word: no names, addresses or bulk data.
_DECLARABLE = (values.STRINGS | values.NUMBERS | {"SQ"}) - {"PN", "AE", "UR"}
_FREE_TEXT = frozenset({"ST", "LT", "UC", "UT"})
# Text that the table lists, but that a curator of public archives deletes: not taken for technical.
_DOUBTED = frozenset({("Philips Imaging DD 002", "2001xx6B")})
# Groups that no private element may have (PS3.5 7.8.1).
_NO_GROUPS = frozenset({0x0001, 0x0003, 0x0005, 0x0007, 0xFFFF})


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of Table E.3.10-1: VR (empty where the standard prints none), greatest number of values, editions."""

    vr: str
    most: int | None
    first: str
    last: str


@dataclass(slots=True)
class Declared:
    """What an instance says of one block: status, elements that are safe, actions for others, VRs. Elements by their low byte."""

    status: str = "SAFE"
    safe: set[int] = field(default_factory=set)
    actions: dict[int, str] = field(default_factory=dict)
    vrs: dict[int, str] = field(default_factory=dict)

    def action(self, element: int) -> str:
        """Return K for an element that the instance declares safe, else what it asks to be done with it."""
        if element in self.actions:
            return self.actions[element]
        return "K" if self.status == "SAFE" or (self.status == "MIXED" and element in self.safe) else "X"


Blocks = Mapping[tuple[int, str], Declared]


@cache
def table() -> Mapping[tuple[str, str], Listed]:
    """Return Table E.3.10-1: (private creator, ``ggggxxee``) to its row; ``xx`` is the block, which may be any."""
    return {
        (row["creator"], row["tag"]): Listed(
            row["vr"].replace("OW/OB", "OB or OW"),
            int(row["vm"].rpartition("-")[2]) if row["vm"][-1].isdigit() else None,
            row["first_edition"],
            row["last_edition"],
        )
        for row in standard.read("safe_private.csv")
    }


@cache
def _makers() -> frozenset[str]:
    """Return the private creators of Table E.3.10-1 and of the makers' conformance statements that pydicom has gathered."""
    return frozenset({creator for creator, _ in table()} | private_dictionaries.keys())


def listed(creator: str, tag: int, edition: str) -> Listed | None:
    """Return the row of Table E.3.10-1 for an element of a creator's block, None if that edition has none."""
    row = table().get((creator, pattern(tag)))
    return row if row is not None and row.first <= edition <= row.last else None


def pattern(tag: int) -> str:
    """Return a private tag as the table writes it: ``00191008`` is ``0019xx08``."""
    return f"{tag >> 16:04X}xx{tag & 0xFF:02X}"


def declared(dataset: Dataset, encodings: Sequence[str]) -> Blocks:
    """Return what an instance says of its private blocks, by group and private creator; {} if it says nothing that can be read.

    Of two items for one block both count, the stricter status wins.
    """
    blocks: dict[tuple[int, str], Declared] = {}
    for item in _items(dataset, CHARACTERISTICS, encodings):
        groups, creator = _numbers(item, _GROUP), _text(item, _CREATOR, encodings)
        if len(groups) != 1 or not creator:
            continue
        block = blocks.setdefault((groups[0], creator), Declared())
        said = _text(item, _STATUS, encodings)
        block.status = max(block.status, said if said in _STATUSES else "UNSAFE", key=_STATUSES.index)
        block.safe.update(_numbers(item, _SAFE))
        for below in _items(item, _ACTIONS, encodings):
            action = _text(below, _ACTION, encodings)
            action = action if action in {"D", "Z", "U"} else "X"
            block.actions.update(dict.fromkeys(_numbers(below, _IDENTIFYING), action))
        for below in _items(item, _DEFINITIONS, encodings):
            block.vrs.update(dict.fromkeys(_numbers(below, _DEFINED), _text(below, _DEFINED_VR, encodings)))
    return blocks


def _items(dataset: Dataset, tag: int, encodings: Sequence[str]) -> list[Dataset]:
    if tag not in dataset:
        return []
    try:
        return values.items(dataset.get_item(tag), list(encodings))
    except Unreadable:
        return []


def _numbers(dataset: Dataset, tag: int) -> tuple[int, ...]:
    if tag not in dataset:
        return ()
    try:
        data = values.content(dataset.get_item(tag), "US")
    except Unreadable:
        return ()
    return struct.unpack(f"<{len(data) // 2}H", data[: len(data) - len(data) % 2])


def _text(dataset: Dataset, tag: int, encodings: Sequence[str]) -> str:
    if tag not in dataset:
        return ""
    element = dataset.get_item(tag)
    try:
        return values.split(values.content(element, "LO"), "LO", values.encodings_in(element, encodings))[0]
    except Unreadable:
        return ""


@dataclass(frozen=True, slots=True)
class Private:
    """The decisions about the private elements of one instance, data set by data set."""

    profile: Profile
    context: Context
    blocks: Blocks
    _refused: dict[str, bool] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, dataset: Dataset, profile: Profile, context: Context, encodings: Sequence[str]) -> Private | None:
        """Return what decides for an instance, None if the profile keeps no private elements."""
        if not profile.has(OPTION):
            return None
        known = profile.edition >= _SELF_DECLARED_SINCE
        return cls(profile, context, declared(dataset, encodings) if known else {})

    def describe(self, target: Dataset, *, implicit: bool) -> None:
        """Write what is true of the declared blocks that have stayed: whatever is left in them is safe."""
        items = []
        for group, creator in sorted(self.blocks.keys() & _blocks(target)):
            item = Dataset(parent_encoding=values.UTF8)
            item.set_original_encoding(implicit, True, values.UTF8)  # noqa: FBT003  # little endian
            item[_GROUP] = values.raw(_GROUP, "US", struct.pack("<H", group), implicit=implicit)
            for tag, vr, text in ((_CREATOR, "LO", creator), (_STATUS, "CS", "SAFE")):
                item[tag] = values.raw(tag, vr, values.join([text], vr), implicit=implicit)
            items.append(item)
        if items:
            target.add_new(CHARACTERISTICS, "SQ", items)

    def steps(self, source: Dataset, parent: str, encodings: Sequence[str]) -> tuple[dict[int, Step], dict[int, str]]:
        """Return the steps for the private elements of one data set or item that may stay, and its private creators, by tag.

        A creator's text is empty where its block has to go. A reservation holds within its item only (PS3.5 7.8.1).
        """
        creators = {
            int(tag): _text(source, tag, encodings)
            for tag in source.keys()  # noqa: SIM118  # iterating a data set decodes its elements
            if tag.is_private_creator and tag.group not in _NO_GROUPS
        }
        creators = {tag: "" if self._is_refused(creator) else creator for tag, creator in creators.items()}
        steps = {}
        for tag in source.keys():  # noqa: SIM118  # iterating a data set decodes its elements
            creator = creators.get(tag >> 16 << 16 | tag >> 8 & 0xFF, "") if tag.is_private and tag.elem > 0xFF else ""
            step = self._step(source, int(tag), creator, parent) if creator else None
            if step is not None:
                steps[int(tag)] = step
        return steps, creators

    def _is_refused(self, creator: str) -> bool:
        """Whether a creator that no maker is known by holds a value of the study, or names a person or a hospital."""
        if creator and creator not in _makers() and creator not in self._refused:
            own = mentions(self.context.identifiers)
            self._refused[creator] = own.found_in(creator) or names_somebody(creator, self.context)
        return self._refused.get(creator, False)

    def _step(self, source: Dataset, tag: int, creator: str, parent: str) -> Step | None:
        """Return what happens to an element of a block, None if it goes."""
        row = listed(creator, tag, self.profile.edition)
        block = self.blocks.get((tag >> 16, creator))
        action = block.action(tag & 0xFF) if block else "K" if row else ""
        element = source.get_item(BaseTag(tag))
        said = _vr(element)
        vr = (row.vr if row else "") or (said if said != "UN" else block.vrs.get(tag & 0xFF, "") if block else "")
        path = f"{parent}{tag:08X}"
        if action in {"", "X"}:
            # A sequence that is not known to be safe stays for the safe private elements in it.
            return Step(tag, path, "K", "X", "private-sequence", "SQ", None) if said == "SQ" and not action else None
        if action == "K":
            return self._safe(tag, path, vr, row, creator)
        if vr not in _DECLARABLE or (action == "U" and vr != "UI"):
            return None
        return Step(tag, path, "Z" if vr == "SQ" else action, "X", "self-declared-private", vr, None)

    def _safe(self, tag: int, path: str, vr: str, row: Listed | None, creator: str) -> Step | None:
        """Return the step for an element that is known to be safe; its VR decides, as what it holds may still say more."""
        rule = "safe-private" if row else "self-declared-private"
        if self.profile.knobs.private == "safe-numeric" and vr not in NUMERIC | {"SQ"}:
            return None
        action = "K"
        if vr == "UI":
            action = "U"
        elif vr in DATE_VRS:
            action = {"shift": "C", "keep": "K", "remove": "X"}[self.profile.dates]
        elif vr in _FREE_TEXT or (vr in {"LO", "SH"} and (row is None or (creator, pattern(tag)) in _DOUBTED)):
            action = "C"
        elif not (row and row.vr) and vr not in _DECLARABLE:
            action = "X"
        return None if action == "X" else Step(tag, path, action, "X", rule, vr, row.most if row else None)


def _vr(element: values.Element) -> str:
    """Return the VR that a private element claims or, where it claims none, whether it is a sequence by its bytes."""
    said = str(element.VR or "UN")
    if said == "UN" and isinstance(element.value, bytes) and element.value.startswith(values.ITEM):
        try:
            values.items(values.plain(element), ["ascii"])
        except Unreadable:
            return said
        return "SQ"
    return said if said in values.STRINGS | values.NUMBERS | values.BINARY | {"SQ"} else "UN"


def holds_private(items: Iterable[Dataset]) -> bool:
    """Whether any item holds a private element, at any depth."""
    return any(
        element.tag.is_private or holds_private(_below(element)) for item in items for element in item.elements()
    )


def _below(element: values.Element) -> Iterator[Dataset]:
    """The items of a cleaned sequence; other elements have none."""
    if isinstance(element, DataElement) and element.VR == "SQ":
        yield from element.value


def _blocks(dataset: Dataset) -> set[tuple[int, str]]:
    """The private blocks that stand in a cleaned data set, at any depth."""
    found = set()
    for element in dataset.elements():
        if element.tag.is_private_creator:
            found.add((element.tag.group, values.split(values.content(element, "LO"), "LO", values.UTF8)[0]))
        found.update(block for item in _below(element) for block in _blocks(item))
    return found
