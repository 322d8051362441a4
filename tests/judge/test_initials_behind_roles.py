"""Initials that are abbreviations elsewhere, behind roles and departments of many languages; what stands there and is none."""

from __future__ import annotations

import pytest

from gateway.judge import TextJudge
from gateway.records import Identifiers

NOBODY = Identifiers()


@pytest.mark.parametrize(
    "signed",
    [
        "physics LA", "sono RR", "sono AV", "sono PS", "rad BW", "rad REZ", "MBB'er AVG", "MFA REG", "medical physicist DF",
        "endoscopist PS", "pathologist TRX", "therapist SLT", "Physiker DU", "Medizinphysikerin RR", "Pathologin AV",
        "laborant(e) PS", "Arzt/in RR", "klinisch fysicus MS", "radiofísico LA", "dosimétriste AV", "enfermeiro RR",
        "fizyk PS", "lékařka AV", "fyysikko RR", "lääkäri LA", "bioingeniør MS", "överläkare RR", "orvos PS", "fizikçi AV",
        "φυσικός RR", "nurse AM", "tech PA", "sub-I AV", "co-PI RR", "PI: AV", "OA: RR", "data manager DF", "histo RR",
    ],
)  # fmt: skip
@pytest.mark.parametrize("text", ["CT enterography, {}", "Dissection [{}]", "{} - Sag T1"])
def test_they_are_somebody(judge: TextJudge, text: str, signed: str) -> None:
    cleaned = judge.clean(text.format(signed), NOBODY)[0]
    assert signed.rsplit(maxsplit=1)[-1] not in cleaned.split()
    assert any(word in cleaned for word in ("CT enterography", "Dissection", "Sag T1"))


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("rad ND Shoulder Y view", "rad Shoulder Y view"),
        ("CXR AP sono RTP", "CXR AP sono"),
        ("knee, Site 64/Subj 2720", "knee"),
    ],
)
def test_they_go_at_either_end_of_a_part(judge: TextJudge, text: str, stays: str) -> None:
    assert judge.clean(text, NOBODY)[0] == stays


@pytest.mark.parametrize(
    "text",
    [
        "RR interval 820 ms", "AV node reentry", "LA and RA dilated", "PS gradients 40 mmHg", "MS plaques", "physics QA",
        "echo LV function", "RAD ONC", "sono RUQ", "monitor BP, repeat in one week", "radiology review of MR images",
        "consultant ED", "sono LE", "physics MR safety check",
    ],
)  # fmt: skip
def test_what_is_looked_at_stays(judge: TextJudge, text: str) -> None:
    assert judge.clean(text, NOBODY)[0] == text
