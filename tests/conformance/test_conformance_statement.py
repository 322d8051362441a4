"""The conformance statement says what the code does: it is made from its tables, and the page in docs/ is the printed one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from batches import gateway

from gateway.conformance import as_json, as_markdown, tables
from gateway.errors import reasons
from gateway.pixels.codecs import supported
from gateway.tags import charsets, choices, explain, load, names, standard
from gateway.verify import CHECKS

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"


def test_the_page_in_docs_is_what_the_command_prints(tmp_path: Path) -> None:
    printed = gateway("conformance", home=tmp_path).stdout
    assert printed == PAGE.read_text("utf-8"), "run: gateway conformance > docs/conformance.md"


def test_every_option_profile_edition_check_and_reason_is_in_it() -> None:
    found = tables()
    assert {row[2] for row in found["options"].rows} == set(choices.OPTIONS)
    assert tuple(row[0] for row in found["profiles"].rows) == names()
    assert {row[0]: int(row[1]) for row in found["editions"].rows} == {
        name: len(standard.edition(name).rows) for name in standard.editions()
    }
    assert {row[0] for row in found["checks"].rows} == set(CHECKS)
    assert {row[0] for row in found["reasons"].rows} == set(reasons()) - {"QUARANTINED"}
    assert all(all(cell.strip() for cell in row) for table in found.values() for row in table.rows)


def test_the_actions_of_an_edition_add_up_to_its_rows() -> None:
    basic = tables()["basic"]
    for place, edition in enumerate(standard.editions(), 1):
        assert sum(int(row[place]) for row in basic.rows) == len(standard.edition(edition).rows)


def test_a_compressed_syntax_is_claimed_only_if_a_decoder_is_there() -> None:
    claimed = {row[0]: row[2] for row in tables()["syntaxes"].rows}
    assert claimed["1.2.840.10008.1.2.4.90"] == "yes"
    assert claimed["1.2.840.10008.1.2.4.100"] == "no"
    for uid, read in claimed.items():
        if uid.startswith(("1.2.840.10008.1.2.4", "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.8")):
            assert (read == "yes") == supported(uid)


def test_every_defined_term_of_a_character_set_is_claimed_and_read() -> None:
    """PS3.3 Tables C.12-2 to C.12-5; ISO_IR 6 is no term of theirs, but is met in files."""
    numbers = ["6", "13", "100", "101", "109", "110", "126", "127", "138", "144", "148", "166", "192", "203"]
    claimed = [cell.split(", ") for cell in tables()["characters"].rows[0]]
    assert set(claimed[0]) == {"(none)", "GB18030", "GBK", *(f"ISO_IR {number}" for number in numbers)}
    assert set(claimed[1]) == {f"ISO 2022 IR {number}" for number in {*numbers, "58", "87", "149", "159"} - {"192"}}
    for term in {*claimed[0], *claimed[1]} - {"(none)"}:
        known = charsets.python_encodings([term])
        assert len(known) == 1
        assert (known == [charsets.DEFAULT]) == term.endswith(" 6")


def test_the_doctor_lists_the_transfer_syntaxes_that_the_statement_claims(tmp_path: Path) -> None:
    claimed = [row[1] for row in tables()["syntaxes"].rows if row[2] == "yes"]
    printed = " ".join(gateway("doctor", home=tmp_path).stdout.split())
    assert ", ".join(claimed) in printed


@pytest.mark.parametrize("name", ["basic", "research-mr"])
def test_a_profile_adds_its_options_knobs_and_attributes(name: str) -> None:
    profile = load(name)
    found = tables(profile)
    assert len(found["chosen"].rows) == len(profile.options)
    assert ("oldest_age", "90") in found["knobs"].rows
    assert len(found["attributes"].rows) == sum(len(tag) == 8 for tag, *_ in explain(profile))
    page = as_markdown(profile)
    assert f"Profile {name}" in page
    assert "| (0008,1010) | StationName | " in page
    assert page.startswith(as_markdown().rstrip())


def test_every_table_has_as_many_cells_in_each_row() -> None:
    for block in re.findall(r"(?:^\|.*\n)+", as_markdown(load("basic")), re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1


def test_scripts_get_the_tables_as_json(tmp_path: Path) -> None:
    printed = json.loads(gateway("conformance", "--profile", "basic@2021b", "--json", home=tmp_path).stdout)
    assert printed == json.loads(json.dumps(as_json(load("basic", edition="2021b"))))
    assert printed["tables"]["editions"]["columns"] == ["Edition", "Rows", "SHA-256"]
