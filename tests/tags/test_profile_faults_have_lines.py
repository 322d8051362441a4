"""A profile with a fault stops the start: every fault at once, each with file, line and what to do about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.errors import ProfileError
from gateway.tags import ProfileProblem, load, names, problems

LINES = """\
# A site's own profile.
name: ours
edition: 2026c
description: A test.
options:
  - BasicApplicationConfidentialityProfile
  - CleanPixelDataOption
"""
FULL = "RetainLongitudinalTemporalInformationFullDatesOption"
MODIFIED = "RetainLongitudinalTemporalInformationModifiedDatesOption"


def written(folder: Path, text: str | bytes) -> str:
    path = folder / "ours.yaml"
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return str(path)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        # options
        (
            LINES + "  - RetainDeviceIdentity\n",
            8,
            "the option 'RetainDeviceIdentity' is not known; did you mean 'RetainDeviceIdentityOption'?",
        ),
        (LINES + "  - RetainDeviceIdentitiesOption\n", 8, "did you mean 'RetainDeviceIdentityOption'?"),
        (LINES + "  - 113109\n", 8, "the option '113109' is not known; did you mean 'RetainDeviceIdentityOption'?"),
        (LINES + "  - Retain Device Identity Option\n", 8, "did you mean 'RetainDeviceIdentityOption'?"),
        (LINES + "  - retain UIDs option\n", 8, "did you mean 'RetainUidsOption'?"),
        (LINES + "  - Make it nice\n", 8, "the option 'Make it nice' is not known; there are: Basic"),
        (LINES + "  - [CleanGraphicsOption]\n", 8, "is not known"),
        (LINES + "  - CleanPixelDataOption\n", 8, "is named twice; keep one of the two."),
        (LINES.replace("  - CleanPixelDataOption\n", ""), 5, "CleanPixelDataOption cannot be left out; add it"),
        (LINES.replace("options:", "options: {}\nnot:"), 5, "options must be a list"),
        # editions
        (
            LINES.replace("2026c", "2026d"),
            3,
            "there is no Table E.1-1 of edition '2026d'; there are: 2008, 2011, 2017c",
        ),
        (
            LINES.replace("2026c", "2017c") + "  - RetainInstitutionIdentityOption\n",
            8,
            "it came with 2017d; choose edition 2021b or a later one, or leave the option out.",
        ),
        (
            LINES.replace("2026c", "2008") + "  - CleanDescriptorsOption\n",
            8,
            "edition 2008 has no Clean Descriptors Option, it came with 2011",
        ),
        (
            LINES.replace("edition: 2026c", "title: 2026c"),
            0,
            "edition is missing; add `edition: 2026c`, or one of 2008,",
        ),
        (LINES.replace("description: A test.", ""), 0, "description is missing; add `description: ...`."),
        (LINES.replace("2026c", "2008") + "  - CleanRecognizableVisualFeaturesOption\n", 8, "it came with 2011"),
        # contradictions
        (
            LINES + f"  - {MODIFIED}\n  - {FULL}\n",
            9,
            "full and modified dates exclude each other (PS3.15 E.3.6); keep one of the two options.",
        ),
        (
            LINES + "knobs:\n  oldest_age: 80\n  descriptors: keep-known-words\n",
            10,
            "descriptors: keep-known-words says how CleanDescriptorsOption works; add that option",
        ),
        (
            LINES + "knobs:\n  private: safe-numeric\n",
            9,
            "private: safe-numeric says how RetainSafePrivateOption works; add that option",
        ),
        (
            LINES + "  - RetainUidsOption\nrules:\n  FrameOfReferenceUID: U\n",
            10,
            "RetainUidsOption keeps UIDs; leave one of the two out.",
        ),
        (
            LINES + "rules:\n  FrameOfReferenceUID: K\n",
            9,
            "it would keep original UIDs and break references; take RetainUidsOption",
        ),
        (LINES + "rules:\n  StudyDate: C\n", 9, f"it would shift a date; take {MODIFIED}"),
        (LINES + f"  - {MODIFIED}\nrules:\n  StudyDate: K\n", 10, f"it would keep a date; take {FULL}"),
        (LINES + f"  - {FULL}\nrules:\n  StudyDate: C\n", 10, "it would shift a date"),
        (LINES + "rules:\n  OperatorsName: K\n", 9, "names of persons are never kept; leave the rule out."),
        (
            LINES + "rules:\n  StationName: K\n",
            9,
            "it would keep what identifies; take the option that retains it, or D for a token that stands for it.",
        ),
        (
            LINES + "knobs:\n  accession: numeric\nrules:\n  AccessionNumber: X\n",
            11,
            "the knob accession: numeric speaks for the same attribute",
        ),
        # rules
        (
            LINES + "rules:\n  StationNames: X\n",
            9,
            "the rule 'StationNames': 'X' cannot be built: there is no such attribute; did you mean 'StationName'?",
        ),
        (LINES + "rules:\n  (0008,1010): X\n", 9, "there is no such attribute; write its keyword (PS3.6)."),
        (LINES + "rules:\n  Rows: C\n", 9, "US has no such action; take one of X, Z, D, K."),
        (LINES + "rules:\n  StationName: XZ\n", 9, "SH has no such action; take one of X, Z, D, K, C."),
        (LINES + "rules:\n  StationName:\n", 9, "SH has no such action"),
        (
            LINES + "rules:\n  DeidentificationMethod: X\n",
            9,
            "it is written anew in each instance; leave the rule out.",
        ),
        (
            LINES + "rules:\n  CodeMeaning: D\n",
            9,
            "codes are judged as a whole; write a rule for the code sequence instead.",
        ),
        # the file as such
        (LINES + "knob: 1\n", 8, "the key 'knob' is not known; did you mean 'knobs'?"),
        (LINES + "zzz: 1\n", 8, "the key 'zzz' is not known; there are: name, edition, description"),
        (LINES + "knobs: 5\n", 8, "knobs must be a mapping; there are: oldest_age, descriptors"),
        (LINES + "knobs: {oldest_age: 1.5}\n", 8, "oldest_age is no age; take a number of years from 1 to 999."),
        (LINES + "knobs: {oldestage: 80}\n", 8, "the knob 'oldestage' is not known; did you mean 'oldest_age'?"),
        (LINES + "knobs: {documents: burn}\n", 8, "documents cannot be that; take one of hold, replace, clean."),
        (LINES + "name: theirs\n", 8, "'name' stands on line 2 already; keep one of the two."),
        (
            LINES + "rules:\n  StationName: X\n  Rows: X\n  StationName: Z\n",
            11,
            "'StationName' stands on line 9 already",
        ),
        (LINES.replace("name: ours", "name: 5"), 2, "name must be text; put it in quotes."),
        (LINES.replace("name: ours", "name: größer"), 2, "the name cannot be written"),
        (
            LINES + "\tknobs: 1\n",
            8,
            "this is not YAML (found character '\\t' that cannot start any token); indent with spaces.",
        ),
        (LINES + "knobs: [1\n", 9, "this is not YAML"),
        (LINES + "---\nname: theirs\n", 8, "this is not YAML (but found another document); compare with"),
        (LINES + "knobs: &a [*a]\n", 8, "this value refers to another; write it out."),
        (LINES + "knobs: &a {oldest_age: 90}\nrules: *a\n", 9, "this value refers to another; write it out."),
        (
            "name: " + "[" * 5000,
            0,
            "values stand in each other without end; compare with a profile that ships with the gateway.",
        ),
        (LINES + "knobs: !!python/name:os.system x\n", 8, "this value cannot be read; put it in quotes."),
        (LINES + "knobs:\n  oldest_age: 2023-99-99\n", 9, "this value cannot be read; put it in quotes."),
        (LINES + "knobs:\n  ? [1]\n  : 2\n", 9, "the key of this value is no word; write it as `key: value`."),
        (LINES + "# a bell \x07\n", 8, "this holds a control character; take it out."),
        (LINES.encode() + b"# gr\xf6\xdfer\n", 8, "this is not UTF-8; save the file as UTF-8."),
        ("", 1, "this is no profile; a profile is a mapping of name, edition"),
    ],
)
def test_a_fault_is_told_with_file_line_and_remedy(tmp_path: Path, text: str | bytes, line: int, said: str) -> None:
    path = written(tmp_path, text)
    found = problems(path)
    assert line in {problem.line for problem in found}
    here = next(problem for problem in found if problem.line == line)
    assert said in str(here)
    with pytest.raises(ProfileError) as error:
        load(path)
    place = f"ours.yaml, line {line}: " if line else "ours.yaml: "
    assert place in str(error.value)
    assert said in str(error.value)


def test_all_faults_are_told_at_once_in_the_order_of_the_lines(tmp_path: Path) -> None:
    text = LINES + "  - RetainUIDs\n  - 7\nknobs: {oldest_age: 0}\nrules: {Rowz: X, PatientID: X}\nname: again\n"
    path = written(tmp_path, text.replace("2026c", "1999"))
    found = problems(path)
    assert [problem.line for problem in found] == [3, 8, 9, 10, 11, 11, 12]
    assert found[0] == ProfileProblem(3, "there is no Table E.1-1 of edition '1999'", found[0].remedy)
    with pytest.raises(ProfileError) as error:
        load(path)
    assert str(error.value).splitlines() == [f"ours.yaml, {problem}" for problem in found]


def test_a_sound_profile_has_no_faults(tmp_path: Path) -> None:
    more = "  - RetainDeviceIdentityOption\nknobs: {accession: numeric}\nrules: {StationName: K, Rows: K}\n"
    assert problems(written(tmp_path, LINES + more)) == ()
    assert all(problems(name) == () for name in names())


def test_an_edition_that_is_not_there_is_told_when_asked_for() -> None:
    with pytest.raises(ProfileError, match=r"basic.yaml: there is no Table E.1-1 of edition '2022a'; there are: 2008"):
        load("basic", edition="2022a")
    with pytest.raises(ProfileError, match=r"edition 2008 has no Clean Descriptors Option"):
        load("research", edition="2008")


@pytest.mark.parametrize("word", ["basik", "BASIC", "reserch"])
def test_a_misspelt_name_is_told(word: str) -> None:
    with pytest.raises(ProfileError, match=r"did you mean '(basic|research)'\?"):
        problems(word)
