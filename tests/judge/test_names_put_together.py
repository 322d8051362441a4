"""Names put together of known words, and addresses, days and numbers whose last letter or word means something else."""

from __future__ import annotations

import pytest

from gateway.judge import TextJudge
from gateway.records import Identifiers

NOBODY = Identifiers()


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        # a given name that is a clinical word, behind a relative or a role of some language
        ("Celiac selective, daughter Corazon", "Celiac selective, daughter"),
        ("Celiac selective, mother-in-law Corazon", "Celiac selective, mother"),
        ("CT chest - partner Iris", "CT chest - partner"),
        ("MR knee, physicist Reto", "MR knee, physicist"),
        ("MR knee, fiancee Rima", "MR knee, fiancee"),
        # logins and addresses of mail
        ("corazon_bagshaw@example.net EVAR follow up", "EVAR follow up"),
        ("bagshaw.corazon@example.net EVAR follow up", "EVAR follow up"),
        ("theodorakopoulou_corazon, CT chest", "CT chest"),
        ("CT chest, afonsina.lo-presti", "CT chest"),
        ("chest_bagshaw@example.net EVAR follow up", "chest_EVAR follow up"),
        # half a surname
        ("CT hip, Sr. Deshmukh-Rao", "CT hip"),
        ("CT hip, Rao-Deshmukh", "CT hip"),
        ("MR knee, DR. DESHMUKH-STONE", "MR knee"),
        # initials and a surname
        ("MRA renal arteries, BB SÜSSMUTH", "MRA renal arteries"),
        ("Süssmuth BB, CT chest", "CT chest"),
        ("Urs K. Jędrzejczyk, MR knee", "MR knee"),
        # hospitals of saints
        ("Iodine map imported from St Corazon's Hospital", "Iodine map imported"),
        # streets in one word with their name, and others of two
        ("Sag T1, Quattrocchiveien 7M", "Sag T1"),
        ("Sag T1, Cienfuegoskade 2", "Sag T1"),
        ("Sag T1, Quattrocchigatan 4 B", "Sag T1"),
        ("Sag T1, Winterbourne utca 32", "Sag T1"),
        ("Sag T1, Unit 97/35 Quattrocchi Parade", "Sag T1"),
        ("Sag T1, Via El-Quattrocchi, 61", "Sag T1"),
        # a day before a month that is a word, too
        ("Comparison 21 mei. CT guided FNA", "CT guided FNA"),
        ("low back pain_18 Mar", "low back pain"),
        ("MR knee, 12 ene", "MR knee"),
        # numbers with a letter behind them, and behind a hash
        ("NP-389869-C: CT aorta", "CT aorta"),
        ("XR pelvis AP, MR-137575-V", "XR pelvis AP"),
        ("CT aorta, MR# 123456", "CT aorta"),
        ("CT aorta, Acc# 1234567", "CT aorta"),
        ("walk-in, WW_2237_29", "walk-in"),
    ],
)
def test_they_go_whole(judge: TextJudge, text: str, stays: str) -> None:
    assert judge.clean(text, NOBODY)[0] == stays


@pytest.mark.parametrize(
    "text",
    [
        "ventrículo izquierdo del corazón",
        "iris and lens normal",
        "MR-guided biopsy",
        "RAO 30 view",
        "iMAR 140 kV",
        "chest_abdomen.pelvis",
        "galweg verwijd",
        "mother and daughter cysts",
        "partner tested positive",
        "femoral-popliteal bypass",
        "Blalock-Taussig shunt",
        "set 2, 3 sets",
    ],
)
def test_their_neighbours_stay(judge: TextJudge, text: str) -> None:
    assert judge.clean(text, NOBODY)[0] == text
