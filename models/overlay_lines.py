"""Makes lines of text as consoles and people write them, with the places of what identifies in them.

Everything comes from a seeded generator: names from our own lists and from syllables, institutions, dates and numbers by form, technical parts
from the vocabulary. ``held=True`` draws only from templates and names that training never sees.
"""

from __future__ import annotations

import random
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from gateway.judge.text import fold
from gateway.judge.vocabulary import read
from gateway.resources import folder

HERE = Path(__file__).parent / "training"
LABELS = {
    "name": "PERSON", "given": "PERSON", "family": "PERSON", "facility": "PLACE", "city": "PLACE", "id": "ID", "phone": "ID",
    "date": "DATE", "time": "DATE", "age": "AGE_SEX", "sexage": "AGE_SEX", "sex": "AGE_SEX",
}  # fmt: skip
_SLOT = re.compile(r"\{(\w+)\}")
_SYLLABLES = (
    ("ka", "lo", "mi", "ren", "ta", "sha", "vel", "dor", "an", "el", "is", "ber", "gra", "ko", "nu", "pra", "sti", "tor", "wen", "ya", "zu", "bri",
     "cha", "du", "fer", "go", "har", "je", "kri", "lin", "mar", "no", "ost", "pe", "qui", "ra", "sel", "thu", "ul", "vi"),
    ("ba", "de", "ga", "ha", "ja", "la", "ma", "na", "pa", "ri", "si", "ti", "vo", "wa", "xi", "zo", "len", "ran", "mon", "dal"),
    ("berg", "ski", "sson", "ov", "ez", "ini", "er", "mann", "ton", "ley", "wala", "nen", "u", "i", "a", "o", "en", "ak", "oglu", "sen", "ic", "as",
     "eau", "iya", "uka", "imoto", "ford", "well", "stein", "dottir"),
)  # fmt: skip
_PLACES = """London Paris Berlin Madrid Lisbon Rome Vienna Prague Warsaw Oslo Stockholm Helsinki Athens Dublin Boston Chicago Houston Denver Seattle
Atlanta Dallas Phoenix Toronto Montreal Sydney Melbourne Auckland Tokyo Osaka Seoul Beijing Shanghai Mumbai Delhi Chennai Istanbul Ankara Cairo Lagos
Nairobi Hamburg München Köln Heidelberg Freiburg Basel Bern Lyon Nantes Lille Sevilla Bilbao Porto Milano Torino Napoli Utrecht Leiden Gent Uppsala
Bergen Aarhus Turku Kraków Brno Leeds York Durham Stanford Oakland Fresno Tucson Westway Easton Riverside Lakeside Northfield Springfield Hillcrest
Fairview Oakwood Brookhaven Greenville Stonebridge Ashford""".split()
_FACILITY = (
    "{p} Hospital", "{p} General Hospital", "{p} Medical Center", "{p} Med Ctr", "{p} MEDICAL", "{p} Clinic", "St. {p} Hospital", "Saint {p} Infirmary", "St {p}'s Hospital",
    "University Hospital {p}", "University of {p}", "{p} Radiology", "{p} Imaging Center", "{p} Diagnostic Imaging", "Klinikum {p}", "Universitätsklinikum {p}",
    "Krankenhaus {p}", "Praxis {p}", "Radiologie {p}", "CHU {p}", "CHU de {p}", "Hôpital {p}", "Clinique {p}", "Hospital {p}", "Hospital de {p}", "Clínica {p}",
    "Ospedale {p}", "Ospedale di {p}", "Policlinico {p}", "Ziekenhuis {p}", "{p} sjukhus", "Sykehuset {p}", "Szpital {p}", "{p} Hastanesi", "{p} Healthcare", "{p} Health",
    "{p} Women's Health", "{p} Cancer Institute", "{p} Heart Institute", "{p} Vet Clinic", "{p} Children's", "Institut {p}", "{p} HOSP", "VA {p}", "{p} Memorial", "{p} Regional",
)  # fmt: skip
_HELD_FACILITY = (
    "{p} Community Hospital", "Centre Hospitalier {p}", "Klinik {p}", "{p} Surgery Center", "Azienda Ospedaliera {p}", "{p} Universitetssjukhus", "Mount {p} Hospital",
    "{p} Radiology Associates", "{p} MC", "Instituto {p}", "{p} Infirmary",
)  # fmt: skip
_UNITS = "mm cm m/s cm/s mmHg Hz MHz kHz dB % ms s bpm kV mA mAs mGy HU cm2 ml deg fps kPa msec sec keV MBq".split()
_SETTINGS = """MI TIs TIb TIc TI Frq Gn DR FR D G PRF WF AO PWR C S E M2 P W L WL WW Z TR TE TI FA NEX ETL FOV SL THK kV mA mAs Im Se Ex SI Rot Dist Area Vol EF HR V PG
Vmax VTI RI PI S/D BPD HC AC FL CRL EFW 2D CF PW CW Depth Gain Zoom Comp Filter Scale Angle SV MVA LVEDV LVESV Temp Dose DLP CTDIvol SUV Res Pen Gen T1 T2 b""".split()
_EPONYMS = """Hadlock Simpson Teichholz Hansmann Jeanty Campbell Robinson Tokyo Osaka Hellman Nyberg Rempen Devereux Brody Graf Bazett Fridericia Doppler Waters Towne
Caldwell Judet Agatston Valsalva Bruce Mobitz Fallot Cooper Wagner Hounsfield Bernoulli Dixon Willis Baker Brown Young Grace Rose Mark Hall Long Paget Crohn""".split()
_MAKERS = "GE SIEMENS PHILIPS TOSHIBA ALOKA MINDRAY HITACHI CANON HOLOGIC Samsung FUJIFILM Esaote LOGIQ E9|ACUSON S2000|EPIQ 7|iU22|Aplio 500|Voluson E8|ProSound".split("|")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_SLIPS = {"O": "0", "0": "O", "I": "l", "l": "1", "1": "I", "S": "5", "5": "S", "B": "8", "8": "B", "G": "6", "m": "rn", "e": "c", "a": "o", "u": "v"}


@dataclass(frozen=True, slots=True)
class Line:
    """A made line and its spans (start, end, label)."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


def listed(file: str) -> list[str]:
    """The entries of a list in ``models/training``."""
    return [line for line in (HERE / file).read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]


def is_held(word: str) -> bool:
    """Whether a word of a name list is held out (one in five, by its CRC)."""
    return zlib.crc32(fold(word).encode()) % 5 == 0


class Writer:
    """Writes lines from one seed. ``held`` chooses the held-out templates, names and institution forms."""

    def __init__(self, seed: int, *, held: bool) -> None:
        self._random = random.Random(seed)
        self._held = held
        mark = "-" if held else "+"
        self._templates = [line[2:] for line in listed("templates.txt") if line.startswith(mark)]
        self._given = self._half("given_names.txt")
        self._family = self._half("family_names.txt")
        self._cities = [place for place in _PLACES if is_held(place) == held]
        vocabulary = folder("profiles") / "vocabulary"
        ambiguous = set(read(vocabulary / "ambiguous.txt"))
        self._parts = [
            word
            for name, times in (("console", 2), ("protocol", 4), ("languages", 1), ("standard", 1))
            for word in read(vocabulary / f"{name}.txt") * times
            if word not in ambiguous
        ]

    def line(self) -> Line:
        """One line with its spans."""
        template = self._random.choice(self._templates)
        text, spans, end = "", [], 0
        for slot in _SLOT.finditer(template):
            text += template[end : slot.start()]
            value = self._slot(slot.group(1))
            if slot.group(1) in LABELS:
                spans.append((len(text), len(text) + len(value), LABELS[slot.group(1)]))
            text, end = text + value, slot.end()
        return self._worn(Line(text + template[end:], tuple(spans)))

    # --- what fills the slots --------------------------------------------------------------------------------------
    def _slot(self, kind: str) -> str:
        return str(getattr(self, f"_make_{kind}")())

    def _half(self, file: str) -> list[str]:
        return [word for line in listed(file) for word in line.split() if is_held(word) == self._held]

    def _pick(self, *options: str) -> str:
        return self._random.choice(options)

    def _composed(self) -> str:
        start, middle, end = _SYLLABLES
        word = self._random.choice(start) + (self._random.choice(middle) if self._random.random() < 0.5 else "") + self._random.choice(end)
        return word.capitalize()

    def _make_family(self) -> str:
        roll = self._random.random()
        family = self._composed() if roll < 0.3 else self._random.choice(self._family)
        if roll > 0.96:
            family += "-" + self._random.choice(self._family)
        elif roll > 0.92:
            family = self._pick("van ", "de ", "von ", "Mc", "O'", "De La ", "van der ", "Al-", "El ", "Di ") + family
        return self._cased(family)

    def _make_given(self) -> str:
        return self._cased(self._composed() if self._random.random() < 0.15 else self._random.choice(self._given))

    def _cased(self, word: str) -> str:
        roll = self._random.random()
        return word.upper() if roll < 0.5 else word.lower() if roll < 0.54 else word

    def _make_name(self) -> str:
        family, given = self._make_family(), self._make_given()
        if self._random.random() < 0.7:
            family, given = (family.upper(), given.upper()) if family.isupper() or given.isupper() else (family, given)
        middle = self._pick("A", "B", "C", "J", "M", "R", "S", "T")
        return self._pick(
            f"{family}^{given}", f"{family}^{given}^{middle}", f"{family}, {given}", f"{family},{given}", f"{family}, {given} {middle}", f"{given} {family}",
            f"{given} {family}", f"{given} {middle} {family}", f"{given} {middle}. {family}", f"{family} {given}", f"{family} {given}", f"{given[0]}. {family}", f"{given[0]} {family}",
            f"{family} {given[0]}.", f"{family}_{given}", f"{family}^{given}^^DR",
        )  # fmt: skip

    def _make_facility(self) -> str:
        forms = _HELD_FACILITY if self._held else _FACILITY
        roll = self._random.random()
        place = self._random.choice(self._cities) if roll < 0.45 else self._composed() if roll < 0.7 else self._random.choice(self._family)
        name = self._random.choice(forms).format(p=place)
        return name.upper() if self._random.random() < 0.45 else name

    def _make_city(self) -> str:
        return self._random.choice(self._cities)

    def _digits(self, low: int, high: int) -> str:
        return "".join(self._random.choice("0123456789") for _ in range(self._random.randint(low, high)))

    def _make_id(self) -> str:
        letters = "".join(self._random.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(self._random.randint(1, 3)))
        return self._pick(self._digits(6, 10), self._digits(5, 8), f"{letters}{self._digits(5, 8)}", f"{letters}-{self._digits(4, 7)}", f"{self._digits(2, 3)}-{self._digits(2, 3)}-{self._digits(3, 4)}",
                          f"{self._digits(4, 5)}{letters}{self._digits(2, 3)}", f"0{self._digits(5, 7)}", f"{self._digits(2, 2)}-{self._digits(5, 6)}")  # fmt: skip

    def _make_phone(self) -> str:
        return self._pick(f"{self._digits(3, 3)}-{self._digits(4, 4)}", f"({self._digits(3, 3)}) {self._digits(3, 3)}-{self._digits(4, 4)}",
                          f"+{self._digits(2, 2)} {self._digits(3, 3)} {self._digits(6, 6)}", f"0{self._digits(3, 3)}/{self._digits(5, 6)}")  # fmt: skip

    def _make_date(self) -> str:
        year, month, day = self._random.randint(1920, 2025), self._random.randint(1, 12), self._random.randint(1, 28)
        name = self._random.choice((_MONTHS[month - 1], _MONTHS[month - 1].upper()))
        return self._pick(f"{day:02d}/{month:02d}/{year}", f"{month}/{day}/{year}", f"{month}/{day}/{year % 100:02d}", f"{year}-{month:02d}-{day:02d}", f"{year}.{month:02d}.{day:02d}", f"{year}/{month:02d}/{day:02d}",
                          f"{day:02d}.{month:02d}.{year}", f"{day}.{month}.{year % 100:02d}", f"{day:02d}-{name}-{year % 100:02d}", f"{day} {name} {year}", f"{name} {day}, {year}", f"{day:02d}{name}{year}",
                          f"{year}{month:02d}{day:02d}", f"{name} {day:02d} {year % 100:02d}")  # fmt: skip

    def _make_time(self) -> str:
        hour, minute, second = self._random.randint(0, 23), self._random.randint(0, 59), self._random.randint(0, 59)
        return self._pick(f"{hour:02d}:{minute:02d}:{second:02d}", f"{hour:02d}:{minute:02d}", f"{hour % 12 + 1}:{minute:02d}:{second:02d} {self._pick('AM', 'PM')}", f"{hour % 12 + 1}:{minute:02d} {self._pick('am', 'pm')}")

    def _make_sex(self) -> str:
        return self._pick("M", "F", "Male", "Female", "W", "O")

    def _make_age(self) -> str:
        age = self._random.randint(0, 99)
        return self._pick(f"{age:03d}Y", f"{age}Y", f"{age} Y", f"{age}y", f"{age} yrs", f"{age} yr", f"{age}Yrs", f"{age} J.", f"{age} ans")

    def _make_sexage(self) -> str:
        sex, age = self._pick("M", "F"), self._random.randint(1, 99)
        return self._pick(f"{sex} {age}Y", f"{age}Y {sex}", f"{age}/{sex}", f"{sex}/{age}", f"{sex} {age:03d}Y", f"{age}Y/{sex}", f"{age}{sex}", f"{age} {sex}", f"{self._make_sex()}, {age} yrs")

    def _make_number(self) -> str:
        value = self._pick(str(self._random.randint(0, 999)), f"{self._random.uniform(0, 50):.1f}", f"{self._random.uniform(0, 10):.2f}", f"{self._random.randint(1, 200)}/{self._random.randint(1, 400)}")
        unit, setting = self._random.choice(_UNITS), self._random.choice(_SETTINGS)
        return self._pick(f"{value}{unit}", f"{value} {unit}", f"{setting} {value}", f"{setting} {value}", f"{setting}: {value}", f"{setting}{value}", f"{setting} {value}{unit}", f"{setting} {value} {unit}", value)

    def _make_part(self) -> str:
        words = [self._random.choice(self._parts) for _ in range(self._random.choice((1, 1, 1, 2, 2, 3)))]
        style = self._random.random()
        return " ".join(word.upper() if style < 0.4 else word.capitalize() if style < 0.75 else word for word in words)

    def _make_eponym(self) -> str:
        word = self._random.choice(_EPONYMS)
        return word.upper() if self._random.random() < 0.3 else word

    def _make_maker(self) -> str:
        return self._random.choice(_MAKERS)

    # --- wear: what OCR and typing do to a line ----------------------------------------------------------------------
    def _worn(self, line: Line) -> Line:
        roll = self._random.random()
        places = [i for i, char in enumerate(line.text) if len(_SLIPS.get(char, "")) == 1]
        if roll < 0.12 and places:
            at = self._random.choice(places)
            return Line(line.text[:at] + _SLIPS[line.text[at]] + line.text[at + 1 :], line.spans)
        blanks = [i for i, char in enumerate(line.text) if char == " " and any(start < i < end for start, end, label in line.spans if label == "PERSON")]
        if roll < 0.16 and blanks:
            at = self._random.choice(blanks)
            spans = tuple((start - (start > at), end - (end > at), label) for start, end, label in line.spans)
            return Line(line.text[:at] + line.text[at + 1 :], spans)
        return line
