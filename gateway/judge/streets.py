"""Parts of addresses that are no unknown words themselves: words of streets, numbers of houses and doors, a postcode's letters.

By structure, in the postal conventions of Europe, the Americas and the rest: a street is a word of streets beside an unknown
word and a number, a door is a word of doors with its number beside an unknown word, and the letters of a postcode stand between
its digits and an unknown town. Streets of listed words alone (via femoral 5 F) are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gateway.judge.parts import PARTS
from gateway.judge.patterns import Hit
from gateway.judge.technical import Kind, Token
from gateway.judge.text import fold
from gateway.records import Reason

_STREET = Reason("address.street", 0.8)
_DOOR = Reason("address.door", 0.8)
_SITE = Reason("place.site", 0.7)
_TOWN = Reason("place.town", 0.7)
_CODE = Reason("postcode.letters", 0.7)
# Words of streets before their name: Romance, Slavic, Baltic, Turkish, Indonesian, Vietnamese; short ones only with a stop.
_BEFORE = frozenset(
    (
        "rue", "rte", "route", "chemin", "impasse", "quai", "place", "boulevard", "bd", "bld", "avenue", "allee", "square",
        "cours", "calle", "avenida", "avda", "avd", "av", "ave", "paseo", "plaza", "pza", "plza", "ronda", "camino", "carrer",
        "carretera", "ctra", "travesia", "glorieta", "carrera", "cra", "kra", "via", "viale", "piazza", "piazzale", "corso",
        "vicolo", "largo", "strada", "contrada", "lungomare", "rua", "travessa", "praca", "estrada", "rodovia", "alameda",
        "ul", "ulica", "ulitsa", "aleja", "plac", "osiedle", "trg", "str", "calea", "bulevardul", "soseaua", "bul", "bulvar",
        "jalan", "jl", "jln", "duong", "odos", "rruga", "soi", "thanon", "lorong", "persiaran", "kampung",
    )
)  # fmt: skip
# Words of streets and houses behind their name: Germanic, Baltic, Finnish, Hungarian, Czech, Turkish, Indian.
_BEHIND = frozenset(
    (
        "street", "road", "rd", "lane", "drive", "close", "crescent", "court", "gardens", "terrace", "mews", "grove", "house",
        "lodge", "cottage", "villas", "mansions", "heights", "tower", "towers", "apartments", "strasse", "weg", "platz",
        "gasse", "allee", "damm", "ufer", "straat", "laan", "plein", "kade", "gracht", "singel", "vej", "gade", "gata", "gate",
        "vei", "veien", "gatan", "vagen", "tie", "katu", "utca", "ut", "ter", "krt", "namesti", "ulice", "sokak", "sok",
        "caddesi", "cad", "cd", "sk", "iela", "gatve", "marg", "nagar", "avenue", "boulevard", "blvd", "parkway", "esplanade",
        "parade", "pde", "cres", "tce", "cct", "drv", "turnpike", "cesta", "ul", "pr", "setany", "vegur", "stigur", "braut",
        "prospekt", "bulv",
    )
)  # fmt: skip
_DOORS = frozenset(
    (
        "flat", "apt", "apartment", "unit", "suite", "room", "floor", "bldg", "building", "block", "villa", "house", "plot",
        "lot", "wohnung", "whg", "top", "stiege", "tur", "appartement", "appt", "app", "etage", "batiment", "piso", "puerta",
        "esc", "escalera", "depto", "dpto", "interno", "scala", "apto", "andar", "bloco", "fraccao", "lok", "mieszkanie",
        "lgh", "sector", "sect", "box", "bag", "bat", "boite", "porte", "bloque", "nave", "lote", "casa", "dom", "ap", "etg",
        "leil", "lejl", "byt", "lakas", "emelet", "daire", "kat", "bus", "huis", "appart",
    )
)  # fmt: skip
# Words of landscape and walking that streets end in; only with a capital letter, as written behind a name.
_BEHIND_IN_CAPITALS = frozenset(
    (
        "Park", "Row", "Rise", "Walk", "View", "Hill", "Way", "Green", "Wood", "Wharf", "Trail", "Loop", "Run", "Ridge",
        "Hollow", "Bend", "Point", "Pike", "Plaza", "Path", "Crossing", "Alley", "Circle", "Vale", "Dale", "Field", "Fields",
        "Bank", "Brow", "Croft", "End", "Gate", "Meadow", "Meadows", "Reach", "Quay", "Orchard", "Chase", "Copse", "Drove",
        "Square", "Sq", "Mount", "Place", "Pass", "Estate", "Layout", "Colony", "Main", "Cross", "Alle", "Lu", "Gr",
    )
)  # fmt: skip
# Between a number and an unknown name: 24 r. Foo, 8 imp. Foo, 12 The Foo.
_BETWEEN = frozenset(
    (
        "r", "ch", "all", "imp", "pl", "cite", "residence", "res", "passage", "faubourg", "fg", "hameau", "villa", "montee",
        "venelle", "voie", "za", "zi", "zac", "lot", "lotissement", "sentier", "the", "pas", "sq", "clos", "parc", "domaine",
    )
)  # fmt: skip
# Short words of streets that mean other things too (slice thickness, doctor): only as they are written behind a name.
_SHORT = frozenset({"St", "Rd", "Ave", "Av", "Dr", "Ln", "Pl", "Ct", "Cir", "Hwy", "Pkwy"})
# Of a trial: Foo site 75.
_SITES = frozenset({"site", "sites", "centre", "center", "zentrum", "sitio", "sede", "centro"})
# First words of towns that a hyphen ties to the next: Trois-Foo, Mont-Foo, Vier-Foo.
_TIED = frozenset(
    (
        "deux", "trois", "quatre", "sept", "san", "santa", "santo", "saint", "sainte", "mont", "bad", "ober", "unter",
        "nieder", "gross", "klein", "neu", "alt", "new", "great", "little", "port", "fort", "villa", "pont", "val", "bois",
        "belle", "grand", "petit", "castel", "stoke", "upon",
    )
)  # fmt: skip
_POSTCODE = (
    r"(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]{0,2}[ -]?\d{5,7}|\d{3} \d\d|\d\d-\d{3}|\d{3} \d{3}|[A-Z]{1,2}-\d{4,5})"
    r"(?![^\W_])"
)
_CODE_BEHIND = re.compile(r"[ ,]{0,2}(?:[-\u2013] ?)?" + _POSTCODE)
_CODE_BEFORE = re.compile(r"(?<![^\W_])" + _POSTCODE + r"[ ,]{1,2}$")
_END = re.compile(r"\W*$|\s?[,;.|)\]_]|\s[-\u2013/*]")
_ENOUGH = 16  # characters in which a postcode stands before its town
_HOUSE = re.compile(r"\d{1,4}[a-zA-Z]?")
_JOINING = frozenset(
    {"de", "du", "des", "la", "le", "les", "del", "della", "di", "do", "da", "dos", "d", "l", "el", "los"}
)
_MEANT_ELSEWHERE = frozenset(
    {"via", "place", "cours", "route", "av", "ave", "avd", "square", "cra", "trg", "str", "bd", "ronda"}
)
# Words of streets behind their name that mean nothing else: Pillow utca 32, 25 Pillow Marg.
_FOREIGN = frozenset(
    {
        "utca",
        "marg",
        "nagar",
        "sokak",
        "caddesi",
        "iela",
        "gatve",
        "katu",
        "gatan",
        "veien",
        "straat",
        "strasse",
        "namesti",
    }
)
_LONG = 5  # letters of an everyday word that is a street's name
_NAMES = 4  # words of a street's name: Piazza Santa Maria della Salute
_FEW_NAMES = 2
# With a number before them and capital letters they are streets, whatever their name means: 10 Izquierdo Close.
_SURE = frozenset(
    {
        "street",
        "road",
        "rd",
        "lane",
        "drive",
        "close",
        "crescent",
        "gardens",
        "terrace",
        "mews",
        "avenue",
        "boulevard",
        "parkway",
    }
)
_NEXT = re.compile(r"[.,/]{0,2}[\s_]?|-")
# Streets in one word with their name, in capitals or with one: Fooveien 7M, Foostraat 12 a, Foonkatu 3 B 12.
_IN_ONE = re.compile(
    r".{2,}(?:vei|veien|veg|vegen|vegur|gate|gata|gaten|gatan|gade|vej|vejen|vagen|vaegen|grand|granden|stien|stigen|stigur|"
    r"stig|alle|allen|allee|torget|torvet|torv|plass|plassen|bakken|backen|brekka|braut|kroken|svingen|ringen|terrassen|toppen|lia|"
    r"parken|sgade|stra(?:ss|\u00df)e|str|weg|gasse|platz|damm|ufer|stieg|steig|chaussee|twiete|kamp|hof|graben|markt|promenade|"
    r"straat|laan|plein|kade|dijk|gracht|singel|dreef|steeg|hof|baan|steenweg|lei|pad|wal|park|katu|tie|kuja|polku|kaari|"
    r"rinne|raitti|maki|ranta|utca|tere|korut|krt|cesta|ulica)"
)
# Endings that no clinical word has.
_SURE_IN_ONE = re.compile(
    r"[a-z]{3,}(?:veien|vegen|gatan|straat|(?<![b-df-hj-np-tv-z]s)kade|gracht|singel|strasse|platz|gasse|utca|katu|laan|plein|vejen|grand)"
)
_AFTER = re.compile(r",?[ _]|,? nr\.? ?|,? no\.? ?")
_HOUSE_LETTER = re.compile(r"[ ]?[A-Za-z](?=\W*$|\s?[,;)|\]]|\s[-\u2013/]\s|\.\s)|(?:[ -]\d{1,3})(?![\w.,])")
_MODALITY = re.compile(PARTS["<modality>"] + "|" + PARTS["<side of>"])


def find(text: str, found: Sequence[Token]) -> Iterator[Hit]:
    """The parts of addresses that are no unknown words themselves: words of streets, numbers of houses and doors, letters."""
    words = [fold(token.text) for token in found]
    for i, word in enumerate(words):
        if word in _BEFORE or (word == "c" and text[found[i].end : found[i].end + 1] == "/"):
            yield from _street(text, found, i)
            yield from _numbered(text, found, i)
        if word in _BETWEEN and any(token.text[:1].isupper() for token in found[i + 1 : i + 3]):
            yield from _numbered(text, found, i)
        if word in _BEHIND or found[i].text in _SHORT or found[i].text in _BEHIND_IN_CAPITALS:
            yield from _house(text, found, i)
        if word in _SITES:
            yield from _site(text, found, i)
        if word in _DOORS:
            yield from _door(text, found, i)
        yield from _in_one(text, found, i)
        yield from _letters(text, found, i)
        yield from _town(text, found, i)


def _in_one(text: str, found: Sequence[Token], i: int) -> Iterator[Hit]:
    """A street in one word with its name, and its number, door and letter: Fooveien 7M, Fookade 2."""
    token, number = found[i], found[i + 1] if i + 1 < len(found) else None
    if number is None or not (token.kind is Kind.UNKNOWN or _SURE_IN_ONE.fullmatch(fold(token.text))):
        return
    if not token.text[:1].isupper() or not token.text.isalpha() or not _IN_ONE.fullmatch(fold(token.text)):
        return
    if number.measured or not _HOUSE.fullmatch(number.text) or not _AFTER.fullmatch(text, token.end, number.start):
        return
    letter = _HOUSE_LETTER.match(text, number.end)
    yield Hit(token.start, letter.end() if letter else number.end, _STREET)


def _street(text: str, found: Sequence[Token], first: int) -> Iterator[Hit]:
    """From a word of streets over its unknown name to the number: Piazza Foo Bar 87; C/ Foo, 53; ul. Foo 3."""
    names: list[Token] = []
    for i in range(first + 1, min(first + 2 + _NAMES, len(found))):
        if not _NEXT.fullmatch(text, found[i - 1].end, found[i].start):
            return
        if _numbers_house(found[i]):
            plain = fold(found[first].text) not in _MEANT_ELSEWHERE
            if any(_strange(token) or (plain and _titled(token)) for token in names):
                yield Hit(found[first].start, found[_floor(text, found, i)].end, _STREET)
            return
        names.append(found[i])


def _numbered(text: str, found: Sequence[Token], street: int) -> Iterator[Hit]:
    """From a number over a word of streets to the unknown name behind it: 18 chemin de la Foo."""
    if not street or not _HOUSE.fullmatch(found[street - 1].text):
        return
    if not re.fullmatch(r",? ", text[found[street - 1].end : found[street].start]):
        return
    named = street + 1
    while named < min(street + 1 + _NAMES, len(found)) and fold(found[named].text) in _JOINING:
        named += 1
    if named == len(found) or not _strange(found[named]):
        return
    if _NEXT.fullmatch(text, found[named - 1].end, found[named].start):
        yield Hit(found[street - 1].start, found[named].end, _STREET)


def _floor(text: str, found: Sequence[Token], number: int) -> int:
    """The last part of a house number: floors and doors that commas, slashes and dashes add to it (53, 4 B; 12/3-a)."""
    last = number
    for i in range(number + 1, min(number + 4, len(found))):
        gap = text[found[i - 1].end : found[i].start]
        letter = len(found[i].text) == 1 and gap == " " and i > number + 1
        if not letter and not (_numbers_house(found[i]) and gap in (",", ", ", "/", "-")):
            break
        last = i
    return last


def _house(text: str, found: Sequence[Token], last: int) -> Iterator[Hit]:
    """From the number over an unknown name to a word of streets, or on to the number behind it: 70, Foo House; Foo utca 12."""
    first = last
    while first and last - first < _NAMES and _NEXT.fullmatch(text, found[first - 1].end, found[first].start):
        first -= 1
        if _HOUSE.fullmatch(found[first].text) or not (_strange(found[first]) or found[first].text[:1].isupper()):
            break
    numbered = bool(_HOUSE.fullmatch(found[first].text))  # a name between: no unit is behind it
    names = found[first + 1 : last] if numbered else found[first:last]
    foreign = fold(found[last].text) in _FOREIGN and any(_titled(token) for token in names)
    if not any(_strange(token) for token in names) and not foreign and not (numbered and _written(names, found[last])):
        return
    if numbered:
        yield Hit(found[first].start, found[last].end, _STREET)
    behind = last + 1
    if (
        behind < len(found)
        and _numbers_house(found[behind])
        and _NEXT.fullmatch(text, found[last].end, found[behind].start)
    ):
        yield Hit(found[last].start, found[behind].end, _STREET)


def _titled(token: Token) -> bool:
    """Whether an everyday word is written as a name."""
    return token.kind is Kind.ORDINARY and token.text.istitle() and len(token.text) >= _LONG


def _written(names: Sequence[Token], street: Token) -> bool:
    """Whether one or two words and a sure word of streets are written as names: Izquierdo Close."""
    capital = all(token.text.istitle() for token in (*names, street))
    return capital and 0 < len(names) <= _FEW_NAMES and fold(street.text) in _SURE


def _door(text: str, found: Sequence[Token], i: int) -> Iterator[Hit]:
    """A door with its number beside an unknown word: Flat 70, Foo House; Foostraat 3, apt 2b."""
    number = i + 1
    if number >= len(found) or not _numbers_house(found[number]):
        return
    if not re.fullmatch(r"[.:]?\s?#?", text[found[i].end : found[number].start]):
        return
    behind = number + 1
    if (
        behind < len(found)
        and text[found[number].end : found[behind].start] in ("/", "-")
        and _numbers_house(found[behind])
    ):
        number, behind = behind, behind + 1  # Unit 97/35 Foo Parade
    after = behind < len(found) and _NEXT.fullmatch(text, found[number].end, found[behind].start)
    if after and _strange(found[behind]) and found[behind].text[:1].isupper():
        yield Hit(found[i].start, found[number].end, _DOOR)


def _site(text: str, found: Sequence[Token], i: int) -> Iterator[Hit]:
    """The number of a site of a trial behind its town: Foo site 75; not biopsy site 2."""
    number = i + 1
    if (
        not 0 < i < len(found) - 1
        or not re.fullmatch(r"\d{1,4}[A-Za-z]?", found[number].text)
        or found[number].measured
    ):
        return
    town = found[i - 1]
    named = _strange(town) and town.text[:1].isupper() and text[town.end : found[i].start] in (" ", "_", "-", ", ")
    if named and re.fullmatch(r"\s?(?:#|no\.?|nr\.?|:)?\s?", text[found[i].end : found[number].start]):
        yield Hit(found[i].start, found[number].end, _SITE)


def _town(text: str, found: Sequence[Token], i: int) -> Iterator[Hit]:
    """The second word of a town, whatever it means, beside a postcode: 66629 Foo North; Foo Real GR91 8XD; Trois-Foo."""
    if i + 1 == len(found):
        return
    left, right = found[i], found[i + 1]
    gap = text[left.end : right.start]
    if gap not in (" ", "-") or not all(re.fullmatch(r"[^\W\d_a-z][^\W\d_]+", token.text) for token in (left, right)):
        return
    tied = gap == "-" and fold(left.text) in _TIED and _loose(right)
    titled = all(token.text.istitle() for token in (left, right))
    near = titled and (_loose(left) or _loose(right)) and not (left.measured or right.measured)
    if tied or (
        near
        and (
            _CODE_BEHIND.match(text, right.end)
            or (_CODE_BEFORE.search(text, max(0, left.start - _ENOUGH), left.start) and _END.match(text, right.end))
        )
    ):
        yield Hit(left.start, right.end, _TOWN)


def _loose(token: Token) -> bool:
    """Whether a word is none of radiology: unknown, could be a name, or everyday language."""
    return _strange(token) or token.kind is Kind.ORDINARY


def _letters(text: str, found: Sequence[Token], i: int) -> Iterator[Hit]:
    """The two letters of a postcode between four digits and an unknown town: 1234 AB Foo."""
    token = found[i]
    if not 0 < i < len(found) - 1 or not re.fullmatch(r"[A-Z]{2}", token.text):
        return
    before, town = found[i - 1], found[i + 1]
    code = re.fullmatch(r"\d{4}", before.text) and text[before.end : token.start] in ("", " ")
    comma = i > 1 and "," in text[found[i - 2].end : before.start]
    sure = comma or not (before.measured or _MODALITY.fullmatch(token.text))
    half = i + 2 < len(found) and text[town.end : found[i + 2].start] == "-" and _loose(found[i + 2])
    if not code or not re.fullmatch(r",? {1,2}", text[token.end : town.start]) or not (half or _strange(town)):
        return
    town_end = found[i + 2].end if half else token.end
    if town.text[:1].isupper() and sure:
        yield Hit(before.start, town_end, _CODE)


def _numbers_house(token: Token) -> bool:
    return not token.measured and bool(_HOUSE.fullmatch(token.text))


def _strange(token: Token) -> bool:
    return token.doubtful and token.text[:1].isalpha()
