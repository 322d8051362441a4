"""Addresses, ages, dates and initials as people write them in comments: drawn by families, set among technical words, gone.

No form stands in the code as it stands here: the families are postal conventions, ways to tell an age and labels before initials
of many languages. Beside them stand their neighbours that are none (``Flat 12 mm``, ``turned 30 degrees``) and stay whole.
"""

from __future__ import annotations

import random
import re

import pytest

from gateway.judge import TextJudge
from gateway.records import Identifiers

NOBODY = Identifiers()
JUDGE = TextJudge.load()
NAMES = (
    "Quilfeather",
    "Oberlomp",
    "Zwanikken",
    "Ferrandiz",
    "Przydroga",
    "Hakkarinen",
    "Tshombela",
    "Vuonghoa",
    "Mbekwe",
)
GIVEN = ("Seung-Min", "Beat-Quilf", "Quilf-Max", "Zwani-Beat")
TOWNS = ("Ostrzeszyn", "Vlaardingerveen", "Kuusankorpi", "Santibanuelos", "Wolverstead", "Nykobrug")
FORMS = {
    # Andorra to Vietnam: words of streets before and behind, doors, houses, what stands between them.
    "addresses": """
        Flat {n}, {f} House, {t}|Flat {n}, {f} Court, {t}|Flat {n} {f} Mansions, {t}|Apt {n}, {f} Tower|{n}, {f} Lodge, {t}
        {n} {f} {f} Street, {t}|{n}{l} {f} Crescent|Unit {n}, {f} Heights, {t}|{n} {f} Mews, {t} {c}
        Apartment {n}, {f} Gardens, {t}|Suite {n}, {f} Building|{n} {f} Close, {t}|{t}, ON {k}|{t} {k}|{t}, QC  {k}
        C/ {f}, {n}|C/ {f} {f}, {n}, {n} {l}|Calle {f}, {n}|Avda. {f}, {n}|Plaza {f}, {n}|Paseo de {f}, {n}|c/ de {f} {n}
        Rua {f}, {n}|Rua {f} {f}, {n}|Av. {f} {f}, {n}|Travessa {f} {n}|Largo do {f}, {n}|Praça {f} {f} {n}|Alameda {f}, {n}
        Via {f}, {n}|via {f} {f} {n}|Piazza {f} {f} {n}|Corso {f}, {n}|Viale {f} {f}, {n}|Vicolo {f} {n}|Largo {f}, {n}
        rue {f} {f}, {n}|{n}, rue {f}|{n} bis rue {f}|Impasse {f}, {n}|Quai {f} {n}|Chemin du {f}, {n}|Place {f} {n}
        {f}straße {n}|{f} Straße {n}|{f}gasse {n}/{m}|{f}weg {n}, {t}|{f} Allee {n}|{f}platz {n}, {p} {t}|{f} Damm {n}
        {f}laan {n}, {q} {t}|{f}straat {n}, {q} {t}|{f} {f}plein {n}|{f}gracht {n}-{m}, {q}  {t}|{q} {t}|{f}weg {n}, {q}, {t}
        {f}vej {n}, {p} {t}|{f} Vej {n}|{f}gatan {n}, {t}|{f}gade {n}, {t}|{f}gata {n}|{f}veien {n}, {p} {t}|{f}katu {n}
        ul. {f} {n}|ul. {f} {f} {n}/{m}|ulica {f} {n}|al. {f} {n}, {t}|os. {f} {n}/{m}|pl. {f} {n}|{f} utca {n}.|{f} út {n}
        {f} tér {n}|Str. {f}, {n}|Str. {f} {f} {n}|Calea {f} {n}|Bulevardul {f} {n}|{f} Sokak {n}|{f} Caddesi {n}|{f} Cad. {n}
        {f} iela {n}, {t}|{f} gatvė {n}|{f} ulice {n}|náměstí {f} {n}|Trg {f} {n}|Jalan {f} {n}|Jl. {f} {f} {n}|Duong {f} {n}
        Piazza {f} {f} {n} - Ms {f}|via {f}, {n}. kV
        {n}, {f} Nagar, {t}|{n}/{m} {f} Marg|Plot {n}, {f} Road|Odos {f} {n}|Rruga {f}, {n}|Jln {f} {n}
        Bloco {n}, {f}|Piso {n}, {f}|Stiege {n}, {f}|Daire {n}, {f}|Block {n}, {f} House|Lejl. {n}, {f}vej
    """,
    "ages": """
        turned {a} last week|turns {a} tomorrow|just turned {a}|patient is {a}|pt is now {a}|she is {a}|who is {a}
        at the age of {a}|age of {a}|{a} years young|{a} yrs of age|{a} y.o. female|{a}-y-o|{a}th birthday|her {a}th birthday
        wurde {a}|wird {a}|{a}. Geburtstag|im {a}. Lebensjahr|{a}-jähriger|{a}jährige|Jg. 19{d}|Jahrgang {d}|Alter: {a}
        âgé de {a}|âgée de {a} ans|{a} ans|{a}e anniversaire|{a} printemps|fête ses {a} ans
        cumplió {a}|cumple {a} años|{a} años|edad de {a}|{a} cumpleaños|{a}º cumpleaños
        compie {a} anni|ha compiuto {a}|{a}enne|{a}º compleanno|età {a}|{a} anni
        wordt {a}|{a} jaar|{a}-jarige|leeftijd {a}|{a}e verjaardag|completou {a}|fez {a} anos|idade: {a}|{a} anos
        fylte {a}|fyllt {a}|fyldte {a} år|{a}-åring|{a}-årig|{a} år|ålder {a}|alder {a}|{a}-års fødselsdag
        {a}-letnia|{a}-letni|{a} lat|skończyła {a}|ukończył {a} lat|wiek {a}|{a} r.ż.|{a} l.|{a} let|{a}letá|věk {a}
        {a} vuotta|{a}-vuotias|täytti {a}|{a} éves|betöltötte {a}|{a} yaş\u0131nda|{a} godina|{a} metų|{a} aastane
    """,
    "dates": """
        {day}'{month}'{year}|{day}\u2019{month}\u2019{year}|{day}\u00b4{month}\u00b4{year}|{day}|{month}|{year}|{day}\\{month}\\{year}
        {day}:{month}:{year}|{day};{month};{year}|{day},{month},{year}|{day}, {month}, {year}|{day}~{month}~{year}
        {day}+{month}+{year}|{day}*{month}*{year}|{day}={month}={year}|{day}·{month}·{year}|{day}\u2013{month}\u2013{year}
        {day}--{month}--{year}|{day}..{month}..{year}|{day} _ {month} _ {year}|{year}'{month}'{day}|{year}\\{month}\\{day}
        {year},{month},{day}|{year}:{month}:{day}|{day}'{month}'{d}|{day}/{month}/'{d}|{day}.{month}.'{d}|{day}-{month}'{d}
        Jan {day}|Sep {day}|Sept. {day}|Oct. {day}|Nov-{day}|avr. {day}|juil. {day}|août {day}|május {day}|sierpnia {day}
        Apr {day}|März {day}|Okt. {day}|Jun. {day}|ott. {day}|febrero {day}|août {day}|Dec. {day}|{day} Sep|{day}. Okt.
        {day} avr.|{day} abr|{day} maj
    """,
    "initials": """
        RT: {i}|RT={i}|tech: {i}|Tech {i}|technologist {i}|MTRA {i}|Befunder: {i}|Befunder {i}|ssk {i}|ssk: {i}|signed {i}
        signed: {i}|typed by {i}|dictated {i}|transcribed: {i}|Arzt: {i}|Oberarzt {i}|radiologist {i}|Radiologe: {i}|manip {i}
        médico: {i}|enfermera: {i}|TSRM {i}|infermiere: {i}|lekarz: {i}|laborant: {i}|firmado: {i}|assinado {i}|signerat {i}
        läkare: {i}|lege: {i}|sygeplejerske {i}|author: {i}|observer {i}|initials {i}
    """,
    "halves": """
        {g} {f}|{G} {F}|{F} {G}|{f}, {g}|{f}^{g}|{g}^{f}|{g}.{f}|{h} {s}|{f} {g} {f}|{x} {f}|{f}, {x}|{F} {X}|{x}.{f}
    """,
    "codes": """
        {C}_{q4}_{d}|{C}-{q4}-{d}|{C}/{q4}/{d}|Subject {q3}-{q3} US ABD|{q3} {d} {d} {d}, Hr68|9{d} {d} {d} {d}|case {C}.{q4}.{d}
    """,
}
# What words of a form may stay: labels, verbs and joining words tell nobody.
AMONG = (
    "{x}",
    "CT chest {x}",
    "{x}, chest PA",
    "lumbar spine - {x}",
    "Thorax ({x})",
    "axial, {x}, contrast",
    "knee / {x}",
    "{x} | liver",
    "{x}. Liver is normal.",
    "pelvis^{x}",
    "MRI brain; {x}; sagittal",
)


def filled(form: str, seed: random.Random) -> tuple[str, set[str]]:
    """A form filled in, and the drawn parts of it."""
    letters = "ABCDEFGHJKLMNPRSTVWXZ"
    drawn: list[str] = []

    def draw(found: re.Match[str]) -> str:
        digits = "".join(seed.choice("23456789") for _ in range(4))
        pair = seed.choice(letters) + seed.choice(letters)
        name, given = seed.choice(NAMES), seed.choice(GIVEN)
        parts = {
            "n": str(seed.randint(2, 98)), "m": str(seed.randint(11, 29)), "l": seed.choice("abc"), "p": digits,
            "q": f"{digits} {pair}",
            "c": f"N{digits[0]} {digits[1]}{pair}", "k": f"K{digits[0]}{pair[0]} {digits[1]}{pair[1]}{digits[2]}",
            "g": given, "G": given.upper(), "h": given.lower(), "x": "H\u0113mi", "X": "H\u0112MI",
            "f": name, "F": name.upper(), "s": name.lower(), "t": seed.choice(TOWNS),
            "a": str(seed.randint(90, 107)), "d": str(seed.randint(31, 98)), "day": f"{seed.randint(13, 28)}",
            "month": f"{seed.randint(1, 12):02}", "year": str(seed.randint(1931, 2024)),
            "i": pair, "C": pair, "q4": digits, "q3": digits[:3],
        }  # fmt: skip
        drawn.append(parts[found[1]])
        return parts[found[1]]

    text = re.sub(r"\{(\w+)\}", draw, form)
    runs = {run for part in drawn for run in re.findall(r"[^\W_]+", part)}
    return text, {run for run in runs if len(run) > 1}


def forms(family: str) -> list[str]:
    separated = FORMS[family].replace("{day}|{month}|{year}", "\0")
    return [
        form.replace("\0", "{day}|{month}|{year}")
        for line in separated.strip().splitlines()
        for form in line.strip().split("|")
    ]


@pytest.mark.parametrize("family", FORMS)
def test_what_tells_somebody_goes(family: str) -> None:
    seed = random.Random(f"prose {family}")
    left = []
    for form in forms(family):
        for _ in range(5):
            text, telling = filled(form, seed)
            line = seed.choice(AMONG).replace("{x}", text)
            cleaned, _ = JUDGE.clean(line, NOBODY)
            if telling & set(re.findall(r"[^\W_]+", cleaned)):
                left.append((line, cleaned))
    assert len(left) <= 0.01 * 5 * len(forms(family)), left


# --- what must stay ------------------------------------------------------------------------------------------------------
NEIGHBOURS = """
    flat {12,30} mm|unit {2}|block {3}|top {2} slices|level {3}|plane {2}|floor of mouth
    via femoral {5,6} F|via left femoral vein|access via femoral artery|drain via catheter|route of injection
    place {3} mm|place tube {2} cm|close to {2} mm|gate {3}
    turned {30,45} degrees|head turned {30,45} left|arm turned {20} degrees|rotated {90}|flexed {90} degrees|table {40} cm
    {2,3,10} years ago|every {2,3} years|for {10,30} years|{2,5} years post op|{1,2} years follow up|{6,12} months follow up
    in {6} months|after {3} months|gestational age {12,32} weeks|bone age {7,13} years|{12,24} weeks pregnant|since {3} years
    smoker for {30} years|{3} weeks post op|day {2,10}
    OCT {5} line raster|SEP {2} mm|MIN {2} mm
    b {0},{50},{1000}|TE {4,10},{8,30},{2000}|{3},{4},{5} mm|{10},{20},{30} degrees|TI {100}, {200}, {2000} ms
    {5}'{30}''|{2}'{15}''|{10} min {30} s|{1.5}+{2.5}|{10}:{1}|{3}x{4}x{5}|{12} x {5} mm|{3} + {4}|{5} / {7} mm
    RT: LAT|RT: AP|RT: CC|RT: MLO|LT: CT|read in CT|reported on MR
    C5/6|C{3,4}-{5,6}|L4/5 disc|T{10,11,12}|PI-RADS v2.1|PI-RADS {3,4}|BI-RADS {3,4}a|TI-RADS {4}|Gleason 3+4
    Gleason {4}+{3}=7|Bosniak 2F|Bosniak {3}|grade 2F|grade {2,3}|T2b N1|T{1,2}c N0 M0|N{1} M{1}|R{1}|G{2}|stage {2}
    phase {2,3}|series {4}
    image {7}|echo {2}|Br{40}|Hr{68}|FC{51}|B{30}f|I{40}f {3}|H{31}s|Qr{40}d|iDose {4}|ADMIRE {3}|ASIR-V {50} %
    OSEM {3}i{24}s|{4}i{8}s
    TI {900}, s{2}|SE_{2}_{45}|IM_{12}_{45}|TE_{30}_{20}|FS_{3}|T2_TSE_{320}|CT_{64}|Tc-99m MDP|TC-99M MDP|TC-99M MIBI
    {924} US|US {12} MHz|{12} us|{5} ms|{5040} cGy|{45} GY|{60} Gy|{2} GY|Non-Contrast Head|Post-Contrast Chest|T2-Weighted
    Fat-Sat|Post-Op knee|Follow-Up CT|X-Ray|Turbo-Spin-Echo|Wrist {8}|Breast {16}|Knee {15}|Body {18}
"""


def neighbours(seed: random.Random) -> list[str]:
    return [
        re.sub(r"\{([^}]*)\}", lambda found: seed.choice(found[1].split(",")), form)
        for line in NEIGHBOURS.strip().splitlines()
        for form in line.strip().split("|")
        for _ in range(2)
    ]


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text))


def test_neighbours_of_these_forms_stay_whole() -> None:
    seed = random.Random("neighbours")
    lines = [
        seed.choice(("{x}", "CT chest {x}", "MR knee, {x}", "{x}; lateral")).replace("{x}", form)
        for form in neighbours(seed)
    ]
    assert {line: JUDGE.clean(line, NOBODY)[0] for line in lines if JUDGE.clean(line, NOBODY)[0] != line} == {}


@pytest.mark.parametrize(
    "line", ["Wrist 8 {x}", "grade 2 {x}", "series 4; {x}", "AX DWI B=800 {x}", "LI-RADS 5. {x}", "fraction 12 {x}",
             "Rib 7 - {x}", "chest 3 {x}", "BI-RADS 4a {x}", "12 x 5 mm {x}", "Gleason 3+4. {x}", "Bosniak 2F {x}", "75% {x}",
             "{x}, 4 chamber view", "{x}; 3 plane localizer"],
)  # fmt: skip
@pytest.mark.parametrize("telling", ["Quilfeather", "ID: 96069739", "Mr Oberlomp", "r.zwanikken@example.org"])
def test_numbers_stay_with_their_word(line: str, telling: str) -> None:
    cleaned, _ = JUDGE.clean(line.replace("{x}", telling), NOBODY)
    assert words(line) - {"x"} <= words(cleaned)
    assert not words(telling) & words(cleaned)


@pytest.mark.parametrize("line", ["radiologist CT chest", "technologist LT knee", "tech MR brain"])
def test_what_a_role_looks_at_is_no_initials(line: str) -> None:
    cleaned, _ = JUDGE.clean(line, NOBODY)
    assert cleaned.endswith(line.partition(" ")[2])
