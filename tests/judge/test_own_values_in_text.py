"""Any form in which a study's own values are commonly written is found, whatever the values are."""

from __future__ import annotations

import string
import time
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.judge.variants import Matcher
from gateway.records import Identifiers

LETTERS = st.text("abcdefghijklmnoprstuvwyzäöüéñçøåł", min_size=4, max_size=12).filter(
    lambda word: (
        len(set(word)) > 2 and word not in ("frau", "herr", "miss", "prof", "dipl", "mlle")
    )  # titles, searched for by no name
)
NUMBERS = st.text("0123456789", min_size=4, max_size=12).filter(lambda number: number.strip("0") != "")
DAYS = st.integers(0, 40_000).map(lambda days: date(1920, 1, 1) + timedelta(days))
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905


def names(*values: str) -> Matcher:
    return Matcher(Identifiers(names=frozenset(values)))


NAME_FORMS = """{f}, {g}|{f}^{g}|{g} {f}|{f} {g}|{f},{g}|{f}{g}|{g}{f}|{f}_{g}
{i}. {f}|{f} {i}|Dr {f}|Name: {f}|MI 1.2 {f}|{g}"""
DATE_FORMS = """{d:02}.{m:02}.{y}|{d}.{m}.{y}|{m:02}/{d:02}/{y}|{m}/{d}/{y}|{d}/{m}/{y}|{y}-{m:02}-{d:02}|{y}{m:02}{d:02}
{y}.{m:02}.{d:02}|{d:02}{m:02}{y}|{d} {b} {y}|{b} {d}, {y}|{d:02}-{b}-{s:02}|{d:02}{b}{y}|{d:02}.{m:02}.{s:02}
{m:02}/{d:02}/{s:02}|{s:02}{m:02}{d:02}|{y} {b} {d}"""


@settings(max_examples=150, deadline=None)
@given(
    family=LETTERS, first=LETTERS, form=st.sampled_from(NAME_FORMS.replace("\n", "|").split("|")), upper=st.booleans()
)
def test_any_form_of_a_name_is_found(family: str, first: str, form: str, upper: bool) -> None:  # noqa: FBT001
    matcher = names(f"{family.upper()}^{first.upper()}")
    text = form.format(f=family.capitalize(), g=first.capitalize(), i=first[0].upper())
    assert matcher.match(text.upper() if upper else text) is not None


@settings(max_examples=100, deadline=None)
@given(family=LETTERS.filter(lambda word: len(word) >= 6), place=st.integers(0, 5), slip=st.sampled_from("xqk"))
def test_a_name_with_one_misread_letter_is_found(family: str, place: int, slip: str) -> None:
    misread = family[:place] + slip + family[place + 1 :]
    assert names(family).match(misread) is not None


@settings(max_examples=150, deadline=None)
@given(
    number=NUMBERS,
    prefix=st.sampled_from(["", "A", "MRN-"]),
    form=st.sampled_from(["{v}", "ID {v}", "{v}.", "*{v}*", "{s}", "{d}"]),
)
def test_any_form_of_a_number_is_found(number: str, prefix: str, form: str) -> None:
    value = prefix + number
    dashed = "-".join((value[: len(value) // 2], value[len(value) // 2 :]))
    text = form.format(v=value, s=value.replace("-", " "), d=dashed)
    assert Matcher(Identifiers(ids=frozenset({value}))).match(text) is not None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("00123456", "123456"),
        ("123456", "00123456"),
        ("OK-4471902", "OK4471902"),
        ("OK4471902", "0K 447 19O2"),
        ("OK4471902", "OK44719O2"),
        ("S1205B80", "51205880"),
        ("ACC0010001", "ACC001OO01"),
        ("1234567", "ID1234567X"),
        ("12", "12"),
    ],
)
def test_numbers_without_zeros_separators_and_through_slips(value: str, text: str) -> None:
    assert Matcher(Identifiers(ids=frozenset({value}))).match(text) is not None


@settings(max_examples=200, deadline=None)
@given(day=DAYS, form=st.sampled_from(DATE_FORMS.replace("\n", "|").split("|")), upper=st.booleans())
def test_any_common_format_of_a_date_is_found(day: date, form: str, upper: bool) -> None:  # noqa: FBT001
    matcher = Matcher(Identifiers(dates=frozenset({day.strftime("%Y%m%d")})))
    text = form.format(y=day.year, s=day.year % 100, m=day.month, d=day.day, b=MONTHS[day.month - 1])
    assert matcher.match(text.upper() if upper else text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "17 avril 1961",
        "17. April 1961",
        "17 kwiecien 61"[:3] + "apr 61",
        "17 Nisan 1961",
        "17 aprile 1961",
        "17 abril 1961",
    ],
)
def test_months_are_known_in_other_languages(text: str) -> None:
    assert Matcher(Identifiers(dates=frozenset({"19610417"}))).match(text) is not None


@pytest.mark.parametrize(
    "value", ["Saint Brannoc Infirmary", "Klinikum Brannoc", "12 Brannoc Road", "BRANNOC^RADIOLOGY"]
)
def test_places_are_found_by_their_telling_word(value: str) -> None:
    matcher = Matcher(
        Identifiers(places=frozenset({value})),
        common=frozenset({"saint", "infirmary", "klinikum", "road", "radiology"}),
    )
    assert matcher.match("at Brannoc") is not None
    assert matcher.match(value.upper()) is not None
    assert matcher.match("Infirmary Road") is None


def test_a_department_of_everyday_words_is_searched_for_as_a_whole_only() -> None:
    matcher = Matcher(
        Identifiers(places=frozenset({"Radiology Department", "Radiology"})),
        common=frozenset({"radiology", "department"}),
    )
    assert matcher.match("RADIOLOGY DEPARTMENT") is not None
    assert matcher.match("Radiology") is None


@pytest.mark.parametrize("text", ["+44 1271 555012", "441271555012", "44-1271-555012"])
def test_a_telephone_number_of_the_institution_is_found(text: str) -> None:
    assert Matcher(Identifiers(places=frozenset({"+44 (1271) 555012"}))).match(text) is not None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("MÜLLER^HANS", "Mueller"),
        ("MUELLER^HANS", "Müller"),
        ("ØDEGÅRD^LIV", "Odegard"),
        ("O'BRIEN^SEAN", "OBRIEN"),
        ("O'BRIEN^SEAN", "O'Brien"),
        ("VAN DER BERG^PIETER", "Berg"),
        ("GARCIA-LOPEZ^MARIA", "Lopez"),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "山田"),
        ("Yamada^Tarou=山田^太郎", "TAROU"),
        ("SMITH JOHN", "John Smith"),
        ("CARNEY^RUTH", "CAMEY"),
        ("OKONKWO^ADAEZE", "0KONKVV0"),
        ("LEE^MIN", "LEE"),
        ("NG^BO", "NG"),
        ("NG^BO", "Bo Ng"),
        ("LINDQVIST^TORBJORN^ALF", "T.A.L."),
        ("LINDQVIST^TORBJORN", "L.T."),
        ("DE LA^", "DE LA"),
    ],
)
def test_names_of_many_kinds(name: str, text: str) -> None:
    assert names(name).match(text) is not None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("NG^BO", "5 ng/mL"),
        ("NG^BO", "12 NG"),
        ("NG^BO", "angle"),
        ("VAN DER BERG^PIETER", "van"),
        ("FAIRWEATHER^PRUDENCE^A^DR^MD", "DR 60"),
        ("MARTIN^PAUL", "MARGIN"),
        ("LATER^ANNA", "LATERAL"),
        ("LINDQVIST^TORBJORN", "LT"),
        ("", "anything"),
        ("^", "anything"),
    ],
)
def test_what_only_resembles_a_name_is_left(name: str, text: str) -> None:
    matcher = Matcher(Identifiers(names=frozenset({name})), common=frozenset({"margin", "lateral", "angle"}))
    assert matcher.match(text) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [("0010", "10"), ("7", "7"), ("12", "Im 12/120"), ("", "5"), ("20017", "MI 1.2"), ("123456", "2.5 cm")],
)
def test_what_only_resembles_a_number_is_left(value: str, text: str) -> None:
    assert Matcher(Identifiers(ids=frozenset({value}))).match(text) is None


@pytest.mark.parametrize("value", ["20231345", "2023", "", "00000000", "unknown"])
def test_what_is_no_date_is_not_searched_for_as_one(value: str) -> None:
    assert Matcher(Identifiers(dates=frozenset({value}))).match("13 45") is None


def test_spans_say_where() -> None:
    hits = names("OAKES^PRUDENCE").spans("Chest Oakes AP")
    assert [("Chest Oakes AP"[hit.start : hit.end], hit.reason.rule) for hit in hits] == [("Oakes", "own.name")]


def long_name(words: int) -> str:
    """One family name of so many words of six letters: legal for PS3.5's parser, and nobody's."""
    random = Random(words)
    return " ".join("".join(random.choices(string.ascii_uppercase, k=6)) for _ in range(words)) + "^JANE"


def cost(words: int) -> float:
    start = time.process_time()
    matcher = Matcher(Identifiers(names=frozenset({long_name(words)}), places=frozenset({long_name(words)})))
    assert matcher.match(long_name(words).split()[words // 2]) is not None
    assert matcher.match("".join(long_name(words).split())[:-5]) is not None
    return time.process_time() - start


def test_long_values_cost_time_in_proportion_to_their_length() -> None:
    short, long = cost(50), cost(400)
    assert long < 8 * 3 * max(short, 0.02), "eight times as many words: it grows with the square"
