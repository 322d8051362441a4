"""Doors, rooms, boxes, days, hours, ages, initials and towns that mean something else on a console: in free text they go.

Drawn by families as in ``test_forms_in_prose``: ``#`` draws a digit. No form stands in the code as it stands
here. Their neighbours that tell nobody stay whole, and a line of pixels is judged without these forms.
"""

from __future__ import annotations

import random
import re

import pytest

from gateway.judge import TextJudge
from gateway.records import Identifiers, Verdict

NOBODY = Identifiers()
JUDGE = TextJudge.load()
NAMES = ("Quilfeather", "Oberlomp", "Zwanikken", "Ferrandiz", "Przydroga", "Hakkarinen", "Tshombela", "Vuonghoa")
TOWNS = ("Ostrzeszyn", "Vlaardingerveen", "Kuusankorpi", "Wolverstead", "Nykobrug")
# They are words of radiology too: nasal cannula, gradient slew, pulmonary vein, proton density.
INITIALS = ("nc", "gs", "vp", "lf", "rm", "pdw")
FORMS = {
    "streets": """
        ## {f} Park, {t}|## {f} Row, {t}|## {f} Rise|## {f} Crossing, {t}|## {f} Turnpike|## {f} Cres|## The {f}, {t}|## {f} Alley
        #### State Route ##|#### Highway ##|## {f} Esplanade, {t}|## Izquierdo Close, {t}|scan ## {f} Crescent, {t}
        ## all. {f}|## imp. {f}|## cité {f}|## résidence {f}|## passage {f}|## faubourg {f}|## venelle {f}|## r. {f}|## ZA {f}
        Carrera ## No ## - ##|Cra ## {h} ##-##|Diagonal ## {h} ##-##|Calle ## {h} ##-##|Transversal ## No. ## - ##|S.S. ## km ##
        {f} Alle ##|{f} pr. ##|{f} cesta ##|{f} ul. ##|{f} Cd. ##|##, ##th Cross, {f}|{f} Sk. ##
    """,
    "doors": """
        {f}gasse ##/Stg. 3/Top ##|{f}gasse ##, Top ##|Avda. {f} ##, bloque ##|C/ {f} ##, esc. 2, piso ##
        str. {f} ## bl ## et. 3 ap. ##
        {f}gatan ##, ## tr|ul. {f} d. ## kv. ##|bul. {f} bl. ## vh. A ap. ##|Sector ##, {t}|Box ##, {t}|{f} utca ##, ## em
        Private Bag ##, {t}|Locked Bag ##|Postbus ##, {t}|Postboks ###|Antwoordnummer ###|skrytka ##|caixa postal ##|casilla ##
        Eircode K## T2##|č.p. ##, {t}|RT 0#/RW 0#|Moo ##|lat 51.50##, -0.12##|48.85##, 12.35##|51°30'##"N 0°7'##"W
    """,
    "rooms": """
        habitación ##|hab ##|letto ##|stanza ##|kamer ##|afdeling ##|avdeling ##|avdelning ##|säng ##|seng ##|łóżko ##
        pokój ##|lůžko ##
        szoba ##|yatak ##|huone ##|cama ##|leito ##|chambre ##|cubicle ##|trolley ##|incubator ##|5N-###|4W-##|ICU ##|CCU ##
        ITS ##|reparto ##|token no ##|interno ###|ramal ###|toestel ###|busca ###
    """,
    "days": """
        LMP 19/4|FUR 3/12|am 23.2.|vom 27.4.|bis 26.2.|Mo 14.3.|Fr 5.7.|Mi. 11.10|le 13/9|du 18/9|el 25/5|del 14/6|em 17/6
        d.d. 21-7
        den 15/4|dnia 20.10|Pzt 27.8.|ke 21.8.|18.6.-21.6.|7th/10/15|CT of 9/17|compared 12/26|født 9/2-64|6.1.-07|född -71
        11º de febrero|17er juillet|16° luglio|25ème jour septembre|28 au 29 janvier|3rd to 5th October|Sep-48|Oct_41|Sep/58
        14/IX|10.XI.|23-VIII|21.V.|1952. IX. 20.|2007.06|2604'91|summer '98|'71|in '09|49. KW 1991|16. KW|from 10/36|seit 10/68
        comp. 10/92|op. 12/79|15 Kislev|20 Safar|18 Tir 1403|21 Dhul Hijja|3 Ordibehesht|Ramadan 1442
        kl. 12.56|klo 00.39|ora 21.47|15.06 h|om 10.22 u|11 AM|12-04
    """,
    "ages": """
        varón 9#|varón de 9#|mujer 9#|vrouw 10#|kvinna 9#|kvinde 9#|vârsta 9#|lft 9#|di anni 9#|im 9#. LJ|9# év|Age-9#
        9#+ y|K/9#|E/9#
    """,
    "initials": """
        QC: {i}|QA: {i}|qc/{i}|QC'd {i}|chk'd {i}|checked by {i}|ck'd by {i}|tech {i}|tech - {i}|reader 1: {i}|reader 2 {i}
        annotated by {i}|drawn by {i}|prepared by {i}|injected by {i}|cannulated by {i}|student: {i}|nurse {i}|hecho por {i}
        fait par {i}|realizado: {i}|utført av {i}|wykonał: {i}|teknisyen: {i}|TSRM: {i}|firma: {i}|author {i}|usr={i}
        logged in as {i}
        Op: {i}|ordered by {i}|assisted by {i}|QC {I}|paged {I}|attn: {I}|{I} (tech)|{I} - tech|R1: {I} R2: {I}|called to {I}
        tagged by {i}|prelim by {i}|staff: {i}|scrub {I}|anaesthetist {I}|undersköterska {I}|Konsultassistent {I}
        uploaded by {i}|overread by {i}|dosimetrist {I}|physicist {i}|planned by {i}|verified {I}|revisado {i}
    """,
}
TOWNS_OF_WORDS = """
    Bad Kreuznach|Bad Homburg|Long Beach|Grand Rapids|Twin Falls|Iron Mountain|Eagle Pass|White Plains|High Point|Round Rock
    Puerto Real|Villa del Rey|Três Lagoas|Tres Arroyos|Boa Vista|Piedras Negras|Bergen op Zoom|Nové Mesto|Port Zwanikken
        New Oberlomp
    Red Deer|Moose Jaw|Corner Brook|Half Moon Bay|Palmerston North|Rapid City|Citrus Heights|Oberlomp Falls|Silver Grove
        Elk Harbor
    Castel San Pietro|Treinta y Tres|Saffron Walden|Much Wenlock|Oberlomp Sound|Red Wing|Mira do Norte|Ciudad del Sol
""".replace("\n", "|")
AMONG = (
    "{x}", "CT chest {x}", "{x}, chest PA", "lumbar spine - {x}", "Thorax ({x})", "knee / {x}", "{x} | liver",
    "{x}. Liver is normal.", "pelvis^{x}", "MRI brain; {x}; sagittal",
)  # fmt: skip


def forms(family: str) -> list[str]:
    return [form.strip() for line in FORMS[family].strip().splitlines() for form in line.split("|")]


def filled(form: str, seed: random.Random) -> tuple[str, set[str]]:
    """A form filled in, and what of it tells somebody: runs with digits, names, initials, and months."""
    parts = {
        "f": seed.choice(NAMES),
        "t": seed.choice(TOWNS),
        "i": seed.choice(INITIALS),
        "I": seed.choice(INITIALS).upper(),
        "h": "\0",
    }
    text = re.sub(r"\{(\w)\}", lambda found: parts[found[1]], form)
    drawn = re.sub("#", lambda _: seed.choice("23456789"), text).replace("\0", "#")
    runs = [run for run in re.findall(r"[^\W_]+", drawn) if len(run) > 1]
    initials = "{i}" in form or "{I}" in form
    return drawn, {
        run for run in runs if (initials and run.casefold() in INITIALS) or (not initials and re.search(r"\d\d", run))
    }


@pytest.mark.parametrize("family", FORMS)
def test_every_family_goes(family: str) -> None:
    seed = random.Random(f"prose only {family}")
    left = []
    for form in forms(family):
        for _ in range(4):
            text, telling = filled(form, seed)
            line = seed.choice(AMONG).replace("{x}", text)
            if telling & set(re.findall(r"[^\W_]+", JUDGE.clean(line, NOBODY)[0])):
                left.append((form, line, JUDGE.clean(line, NOBODY)[0]))
    assert len(left) <= 0.01 * 4 * len(forms(family)), left


@pytest.mark.parametrize("town", [town.strip() for town in TOWNS_OF_WORDS.split("|") if town.strip()])
@pytest.mark.parametrize(
    "among", ["{x}", "Klinikum {x}", "33 Zwanikken St, {x}", "CT head {x}", "{x} General", "from {x}, CT chest"]
)
def test_towns_of_known_words_go(town: str, among: str) -> None:
    cleaned, _ = JUDGE.clean(among.replace("{x}", town), NOBODY)
    assert not {word for word in re.findall(r"\w+", town) if word[0].isupper()} & set(re.findall(r"\w+", cleaned))


@pytest.mark.parametrize(
    ("line", "gone"),
    [
        ("Great Western Hospital, CT chest", {"Great", "Western"}),
        ("CT chest, Hospital Central", {"Central"}),
        ("Holy Cross Hospital: MR knee", {"Holy", "Cross"}),
        ("transfer from Orange hosp, CT chest", {"Orange"}),
        ("Klinikum Most, MR knee", {"Most"}),
        ("lives in Reading, CT chest", {"Reading"}),
        ("Green Valley Clinic", {"Green", "Valley"}),
        ("transferred from Bath, MR knee", {"Bath"}),
    ],
)
def test_what_institutions_and_homes_are_called_goes(line: str, gone: set[str]) -> None:
    assert not gone & set(re.findall(r"\w+", JUDGE.clean(line, NOBODY)[0]))


# --- what must stay ------------------------------------------------------------------------------------------------------
NEIGHBOURS = """
    measures 2.1 to 4.5 x 3.2 cm|from 3-5 cm|stenosis of 50-70 %|power of 4/5|pain 7/10|murmur 3/6|fracture du 1/3 distal|in 3/12
    fractura del 1/3 medio|20 or 25 mm|3 X 4 X 5 cm|95th percentile|10th rib|segments VII-VIII|segment 7/8|L4/5|C5/6|T12/L1|L5-S1
    image 12/45|phase 3/12|fraction 12/25|series 3 of 12|slice 10/12|station 3 legs|floor of mouth|box 5 mm|ROI 3|flex 120 ext 10
    TA 45|PF 6/8|b 50 400 800|BP 120/80|TE 30 TR 500|Gleason 3+4|T2 N1 M0|BI-RADS 4a|Schatzker VI|CN VII/VIII|IX, X, XI|level IIb
    30 degrees|45 deg flexion|5 fr catheter|0.488281, 0.488281|6 weeks|week 12|32 weeks 4 days|day 21|C9-4|7.5 MHz|SUV 5.7.|60/30
    50.4 Gy in 28|Br40|I26f 3|10 o'clock|2:00 position|may represent|3 may represent cyst|100 K counts|lat 90|AP 20|LAO 45|SpO2 98
    CA 125|CA 15-3|lesions 3 and 5|bone age 13 years|gestational age 12 weeks|Long head of biceps|White matter|High field|Low pass
    Bad image quality|Grand mal seizure|Bone island|Disc heights|Recurrent falls|Great toe
    QC phantom|QC OK|QC MIP reformats|confirmed by MRI|done with contrast|initial CT|initial PA film|init CRT
    measured AP diameter|segmented by AI|IV by hand|read as normal|planner T1|OP planning|res 1 mm|MTR map
"""


def test_their_neighbours_stay_whole() -> None:
    lines = [
        among.replace("{x}", line.strip())
        for line in NEIGHBOURS.replace("\n", "|").split("|")
        if line.strip()
        for among in ("{x}", "CT chest {x}", "MR knee, {x}")
    ]
    lost = {line: JUDGE.clean(line, NOBODY)[0] for line in lines}
    assert {line: cleaned for line, cleaned in lost.items() if cleaned.strip(" .") != line.strip(" .")} == {}


@pytest.mark.parametrize("line", ["ICU 12", "QC MIP", "PF 6/8", "Sep 48", "Grand Rapids"])
def test_lines_of_pixels_are_judged_without_them(line: str) -> None:
    assert JUDGE.judge(line, NOBODY).verdict is not Verdict.PHI
