"""Each rule about forms: what it names and what it leaves. One row a rule, as presidio's recogniser tests have it."""

from __future__ import annotations

import time

import pytest

from gateway.judge.patterns import PATTERNS, find

NAMED: dict[str, list[str]] = {
    "date.numeric": [
        "24.05.2002", "5/25/2011", "2011-05-25", "2011.05.25", "2011 05 25", "1/2/60", "25.5.11", "05-25-11",
        "11.05.25", "5/25/2O11", "l0/12/2O20",
    ],
    "date.compact": ["20110525", "25052011", "2O11O525"],
    "date.other_script": [
        "10 يناير 1993", "17 בינואר", "10 มกราคม 1933", "3 शहरीवर 1370", "11 tháng 2 năm 2012", "tháng 2/2012", "năm 1987",
    ],
    "date.era": ["S32.9.30", "H05.4.1", "R3/10/14"],
    "date.cjk": ["2023年03月11日", "3月 11", "11 日", "2023년"],
    "date.month_name": [
        "24-MAY-02", "24MAY2002", "25 May 2011", "May 25, 2011", "25. Mai 2011", "12 août 2014", "2011 MAY 25",
        "3 de marzo de 2015", "25 May", "May 2011", "24-MAV-02", "Oct14'21",
    ],
    "date.roman_month": ["12/III/1998", "14.IV.2011", "7-XI-59", "3. VII. 2020", "IX/2004"],
    "date.week": ["2021-W14", "2021W14-3", "KW 14/2021", "week 3, 2020", "KW14", "Q3 2019", "FY2020", "FY21", "Q1/24"],
    "date.day_month": ["16/02", "25/12", "12.11.", "04-17", "03/58"],
    "date.spelt_out": ["fifth of March", "March twenty-first", "nineteen forty-two", "two thousand and seven"],
    "date.weekday": ["Wednesday", "Mittwoch", "jeudi", "lunes"],
    "date.month_year": ["05/2011", "5.2011"],
    "time": [
        "11:24:20", "2:56:22 PM", "02:56pm", "11:24", "14h25", "14.25 Uhr", "09.12.44", "8 p.m.", "11;24;20",
        "11:24:20.123",
    ],
    "id.long_number": ["1234567", "0012345678", "12345G7890", "MRN 00123456"],
    "id.grouped_number": ["11-05-25-142825", "2019-004512", "943 476 5919", "2011/0005/3321", "0001-2345"],
    "id.letters_and_number": [
        "AB123456", "E-4795", "A12345", "K9812", "US-22-00871", "B-4471/22", "4455AB12", "H0982-123",
        "K7P2R9T4", "Y33S57", "4D82K195", "VD-8449-13", "12AB3456", "9154-1021", "123456789X",
    ],
    "id.labelled": ["ID 4711", "Case E-4795", "Case I953C68", "ID#7", "id: 12", "Nr 5512", "ACC 22011"],
    "id.social_security": ["123-45-6789"],
    "id.uid": ["1.2.840.113619.2.55", "550e8400-e29b-41d4-a716-446655440000"],
    "id.ip_address": ["192.168.10.22"],
    "phone": [
        "(555) 123-4567", "555-1234", "+49 89 4400 0", "0761/27038200", "555.123.4567", "Ph 555 0199",
        "Tel: 030 450 50",
    ],
    "email": ["john.smith@example.org", "a@b"],
    "web": ["www.westway.org", "https://x", "westway.org", "\\\\pacs01\\share", "dicom://quilf:11112", "//nas/a/b", "C:/Users/x",
        "/home/quilf.a/b", "(/data/Quilf_A/ct", "s3://quilf/b", "/quilf/a/b",
    ],
    "address.door": ["Foo 7, 2ºB", "3ª izq.", "1°D", "14 Quilfeather Dr, Wolverstead"],
    "postcode.british": ["SW1A 1AA", "TR18 4EX"],
    "postcode.canadian": ["K9V 4T6", "Lindsay K9V-4T6"],
    "plate": ["BA-820-GY", "83-VP-16", "KB-VK-790", "plate HL-AM 79", "Kennzeichen: M-OB 1234"],
    "postcode": ["OH 44195", "D-79106 F"],
    "address": [
        "123 Main Street", "14 Harbour Road", "12 Elm Lane", "Hauptstr. 12", "12 rue de la Paix", "P.O. Box", "RR 2 Box 59",
    ],
    "age_sex": [
        "45Y", "045Y", "45Y M", "F 058Y", "45 yrs", "M/45", "45/M", "M, 45 y", "M 11:24", "8 months", "54 años",
        "63 J.", "F74", "W, 74", "♀", "35歳", "45 years old",
    ],
    "age_sex.capital": ["45M", "45 F"],
    "sex": ["FEMALE", "Male", "Sex: F", "männlich", "(M)"],
    "person.title": [
        "Dr. Lee", "DR SMITH", "Prof. Dr. Weber", "Dr.med. Klein", "Mrs Oakes", "Mr. Green", "Herr Schmidt", "Mr Brown",
        "Sra. Gomez", "R. Gomez MD", "Hr. Huber",
    ],
    "person.performed_by": ["Scanned by TL", "READ BY", "Reported_by"],
    "person.labelled_initials": [
        "tech: KLM", "Technologist AB", "by TKM", "RT(NF)", "Bediener LT", "user RH", "MTR CS", "rad: PV",
        "dict. MM", "op. DB", "TER LB", "imaged by PA", "= by AP", "EM RT(R)(CT)", ". HD, RT",
    ],
    "person.initials": ["J.S.", "K. L. M."],
    "person.caret": ["SMITH^JOHN^A", "Smith^John^"],
}  # fmt: skip
LEFT = [
    "MI 1.2", "TIs 0.4", "Im 12/120", "W 400 L 40", "C5-1", "L12-3", "S5-1", "TE 100 TR 2000", "AX T1 FSE 5mm",
    "ep2d_diff_b50_400_800_ADC", "FR 33Hz", "Gn 12", "2D 45%", "b1000", "65bpm", "1.2.3", "3:1", "3.45 cm",
    "12 x 14 mm", "512 x 512", "5 mag", "2 set", "Set 2", "Mar", "-120.5", "12.5/1.2", "F/0", "T2 5mm",
    "120 kV 250 mA", "36 ms", "Persist Med", "MR Brain", "120 ms", "CT Abdomen^Routine", "Sat 98%", "DR 60", "5 J",
    "256x192", "3D", "H31s", "GA 22w3d", "10.5 MHz", "dB", "M3", "1:1", "0.5/1.2", "Vol 34.2 ml", "15 fps",
    "Guided by CT", "L4L5", "10x10x5", "128-256", "female pelvis", "ep2d_b1000",
    "Tc99m", "32Ch Head", "RT KNEE", "KNEE AP, RT", "FT, RT", "AP RT (L)", "MTR map", "MTR WM", "imaged by CT",
    "post op. VKB",
    "T1/T2/PD", "and/or", "W/O", "10/2", "AP / LAT", "T1 v. T2", "60 v. 40", "plate DHS", "LC-DCP plate", "GE-MR-750",
    "REVIEWED ON AN INDEPENDENT SCREEN",

    "5.0 x 1.2 mm B30f",
]  # fmt: skip


def rules(text: str) -> set[str]:
    return {hit.reason.rule for hit in find(text)}


def test_every_rule_has_a_row_and_every_row_a_rule() -> None:
    assert set(NAMED) == {pattern.rule for pattern in PATTERNS}


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in NAMED.items() for text in texts])
def test_named(rule: str, text: str) -> None:
    assert rule in rules(text)


@pytest.mark.parametrize("text", LEFT)
def test_left(text: str) -> None:
    assert rules(text) == set()


def test_places_lie_in_the_text() -> None:
    for text in ("ŁÓDŹ 24-MAY-02 ß 45Y", "İ 24-MAY-02"):
        for hit in find(text):
            assert 0 <= hit.start < hit.end <= len(text)
        assert any(text[hit.start : hit.end] == "24-MAY-02" for hit in find(text))


@pytest.mark.parametrize(
    "text",
    [
        "a" * 20_000,
        "1" * 20_000,
        "1 " * 10_000,
        "a-" * 10_000,
        "(" * 20_000,
        "1." * 10_000,
        "a'" * 10_000,
        "a " * 10_000,
    ],
)
def test_long_texts_take_no_long_time(text: str) -> None:
    start = time.process_time()
    list(find(text))
    assert time.process_time() - start < 1, "longer than a page of any other text: it grows with the square"
