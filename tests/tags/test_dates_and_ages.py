"""Dates stay legal, whatever comes in, and keep their distances."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.valuerep import DA, DT, TM

from gateway.tags.ages import legal_age
from gateway.tags.dates import legal_time, shift_date, shift_datetime

DAYS = st.integers(-3650, -1)
DATES = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(DATES, DATES, DAYS)
def test_intervals_hold(first: date, second: date, days: int) -> None:
    moved = [DA(shift_date(f"{day:%Y%m%d}", days)) for day in (first, second)]
    assert moved[1] - moved[0] == second - first
    assert moved[0] == first + timedelta(days=days)


@given(
    st.datetimes(), DAYS, st.sampled_from(["", "+0000", "-0930", "+1400"]), st.sampled_from([4, 6, 8, 10, 12, 14, 21])
)
def test_shifted_date_times_are_legal_and_as_precise_as_before(
    moment: object, days: int, offset: str, precision: int
) -> None:
    text = f"{moment:%Y%m%d%H%M%S.%f}".zfill(21)[:precision] + offset
    shifted = shift_datetime(text, days)
    if shifted is None:
        assert int(text[:4]) < 12
    else:
        assert len(shifted) == len(text)
        assert shifted[8:] == text[8:] or precision < 8
        assert str(DT(shifted))


@given(st.text(max_size=30))
def test_no_text_becomes_an_illegal_date(text: str) -> None:
    for change in (lambda value: shift_date(value, -5), lambda value: shift_datetime(value, -5), legal_time):
        result = change(text)
        assert result is None or all(char in "0123456789.+-" for char in result)


@given(st.from_regex(r"[0-2][0-9](:?[0-5][0-9](:?[0-5][0-9](\.[0-9]{1,8})?)?)?", fullmatch=True))
def test_times_are_repaired(text: str) -> None:
    result = legal_time(text)
    assert (result is None) == (int(text[:2]) > 23)
    assert result is None or str(TM(result))


@pytest.mark.parametrize(
    ("text", "shifted"),
    [
        ("20230101", "20221231"), ("20240301", "20240229"), ("2023.01.01", "20221231"), ("2023-01-01", "20221231"),
        ("2023/01/01", "20221231"), ("20230101-20230131", "20221231-20230130"), ("20230229", None), ("20231301", None),
        ("00010101", None), ("2023", None), ("", None), ("20230101-", None), ("2023010120230102", None), ("20230101-x", None),
    ],
)  # fmt: skip
def test_dates(text: str, shifted: str | None) -> None:
    assert shift_date(text, -1) == shifted


@pytest.mark.parametrize(
    ("text", "shifted"),
    [
        ("2023", "2022"), ("202301", "202212"), ("20230101", "20221231"), ("2023010110", "2022123110"),
        ("20230101101530.123456+0200", "20221231101530.123456+0200"), ("2023-0500", "2022-0500"),
        ("20230101-20230201", "20221231-20230131"), ("202313", None), ("20230101101530.1234567", None),
        ("20230101+9900", None), ("tomorrow", None), ("20230110151", None), ("00010101", None), ("20230101.5", None),
    ],
)  # fmt: skip
def test_date_times(text: str, shifted: str | None) -> None:
    assert shift_datetime(text, -1) == shifted


@pytest.mark.parametrize(
    ("text", "legal"),
    [
        ("101530", "101530"), ("10:15:30", "101530"), ("10", "10"), ("1015", "1015"), ("101530.1234567", "101530.123456"),
        ("235960", "235960"), ("1000-1100", "1000-1100"),
        ("2400", None), ("1061", None), ("noon", None), ("1000-noon", None), ("1", None),
    ],
)  # fmt: skip
def test_times(text: str, legal: str | None) -> None:
    assert legal_time(text) == legal


@pytest.mark.parametrize(
    ("text", "legal"),
    [
        ("47", "047Y"), ("047Y", "047Y"), ("47y", "047Y"), ("47 Y", "047Y"), ("3D", "003D"), ("012W", "012W"), ("18M", "018M"),
        ("89Y", "089Y"), ("90Y", "090Y"), ("101", "090Y"), ("999Y", "090Y"), ("999M", "999M"),
        ("adult", None), ("1000Y", None), ("Y", None),
    ],
)  # fmt: skip
def test_ages(text: str, legal: str | None) -> None:
    assert legal_age(text, 90) == legal
    assert legal_age("61Y", 60) == "060Y"
