"""Invented people and the texts that consoles show of them, drawn from a list file.

A line of a layout is a template. ``{name}`` and the other fields of :data:`PHI` become values of a person; ``{time}`` and the
other fields of :data:`NEUTRAL` may stay or go; any other field is a list of technical lines. ``[Name:]`` is a label of a
value: it may stay or go. All other words are technical and must stay. ``#`` in lists is a figure, ``@`` a capital letter.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[1]


class Role(StrEnum):
    """What has to become of a box."""

    PHI = "phi"
    TECHNICAL = "technical"
    NEUTRAL = "neutral"


# Fields that identify, and whether the header of the same file tells them.
PHI: Mapping[str, bool] = {
    "name": True, "id": True, "accession": True, "exam": True, "birth": True, "date": True, "hospital": True,
    "referrer": True, "operator": False, "stranger": False, "other_date": False, "phone": False, "script": True,
    "other_id": False, "initials": False, "marker": False,
}  # fmt: skip
NEUTRAL = ("time", "sex", "age")


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a line: its text, what has to become of it, which field it is, whether the header tells it."""

    text: str
    role: Role
    kind: str
    known: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """An invented patient on one day. ``told``: the header names them; else somebody has already replaced it there."""

    family: str
    given: str
    middle: str
    patient_id: str
    accession: str
    exam: str
    born: date
    studied: date
    hospital: str
    referrer: tuple[str, str]
    operator: tuple[str, str]
    sex: str
    script: str
    told: bool


class Writer:
    """Draws people and lines from the lists of one file; the same seed draws the same."""

    def __init__(self, lists: Mapping[str, Any], seed: int) -> None:
        self.lists = lists
        self.random = random.Random(seed)
        self._family, self._given = lists["family"].split(), lists["given"].split()

    @classmethod
    def of(cls, name: str, seed: int) -> Writer:
        """A writer over ``pixels_<name>.yaml``."""
        return cls(yaml.safe_load((FOLDER / f"pixels_{name}.yaml").read_text("utf-8")), seed)

    def figures(self, pattern: str) -> str:
        """``pattern`` with figures for # and capitals for @."""
        letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
        first = pattern.replace("#", str(self.random.randint(1, 9)), 1)
        return re.sub(
            r"[#@]", lambda m: str(self.random.randint(0, 9)) if m[0] == "#" else self.random.choice(letters), first
        )

    def person(self) -> Person:
        """Somebody new."""
        pick = self.random.choice
        studied = date(2005, 1, 1) + timedelta(days=self.random.randrange(7600))
        born = studied - timedelta(days=self.random.randrange(400, 33000))
        fill = {"t": pick(self.lists["towns"]), "f": pick(self._family), "g": pick(self._given)}
        return Person(
            family=pick(self._family),
            given=pick(self._given),
            middle=pick(self._given),
            patient_id=self.figures(pick(self.lists["ids"])),
            accession=self.figures(pick(self.lists["accessions"])),
            exam=self.figures(pick(self.lists["exams"])),
            born=born,
            studied=studied,
            hospital=pick(self.lists["hospitals"]).format(**fill),
            referrer=(pick(self._family), pick(self._given)),
            operator=(pick(self._family), pick(self._given)),
            sex=pick("FM"),
            script=pick(self.lists["scripts"]),
            told=self.random.random() < 0.88,
        )

    def line(self, template: str, person: Person, style: Mapping[str, Any]) -> tuple[Segment, ...]:
        """The segments of one line; blanks between them stand in the texts."""
        found = []
        for part in re.findall(r"\{\w+\}|\[[^\]]*\]|[^{\[]+", template):
            if part[0] == "{":
                found.append(self._field(part[1:-1], person, style))
            elif part[0] == "[":
                found.append(Segment(part[1:-1], Role.NEUTRAL, "label"))
            else:
                found.append(Segment(self.figures(part), Role.TECHNICAL, "text"))
        return tuple(found)

    def _field(self, field: str, person: Person, style: Mapping[str, Any]) -> Segment:
        if field in PHI:
            return Segment(self._phi(field, person, style), Role.PHI, field, PHI[field] and person.told)
        if field in NEUTRAL:
            return Segment(self._neutral(field, person), Role.NEUTRAL, field)
        return Segment(self.figures(self.random.choice(self.lists["technical"][field])), Role.TECHNICAL, field)

    def _phi(self, field: str, person: Person, style: Mapping[str, Any]) -> str:
        if field in {"hospital", "script", "accession", "exam"}:
            return str(getattr(person, field))
        if field in {"birth", "date", "other_date"}:
            earlier = timedelta(days=self.random.randrange(20, 2000))
            when = {"birth": person.born, "date": person.studied, "other_date": person.studied - earlier}[field]
            return self.day(when, style["dates"])
        if field in {"id", "other_id", "phone"}:
            drawn = self.figures(self.random.choice(self.lists["phones" if field == "phone" else "ids"]))
            return person.patient_id if field == "id" else drawn
        return self._somebody(field, person, style)

    def _somebody(self, field: str, person: Person, style: Mapping[str, Any]) -> str:
        pick = self.random.choice
        match field:
            case "name":
                return self._called(style["names"], person.family, person.given, person.middle)
            case "stranger":
                return self._called(style["names"], pick(self._family), pick(self._given), pick(self._given))
            case "referrer":
                return self._called(pick(self.lists["doctors"]), *person.referrer, "")
            case "operator":
                return self._called(pick(self.lists["operators"]), *person.operator, "")
            case "marker":  # of a technician's lead marker: two letters might be a view's name, so nobody could tell
                return person.operator[1][0] + person.middle[0] + person.operator[0][0]
            case _:
                return person.operator[1][0] + person.operator[0][0]

    def _neutral(self, field: str, person: Person) -> str:
        if field == "sex":
            return person.sex
        if field == "age":
            return f"{(person.studied - person.born).days // 365:03d}Y"
        return self.figures("1#:2#:3#") if self.random.random() < 0.7 else self.figures("1#:2#")

    def _called(self, form: str, family: str, given: str, middle: str) -> str:
        return form.format(
            f=family, g=given, F=family.upper(), G=given.upper(), gi=given[0], m=middle, M=middle.upper(), mi=middle[:1]
        )

    def day(self, when: date, form: str) -> str:
        """A date as a console writes it."""
        month = self.lists["months"].get(form.partition("|")[2] or "en").split()[when.month - 1]
        return form.partition("|")[0].format(
            d=when.day, dd=f"{when.day:02d}", m=when.month, mm=f"{when.month:02d}", yyyy=when.year,
            yy=f"{when.year % 100:02d}", mon=month, MON=month.upper(),
        )  # fmt: skip
