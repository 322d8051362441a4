from __future__ import annotations

import io
import re
import shutil
import subprocess
from base64 import b64decode
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from audit.reports import HELD, SENTENCES, held, png, report
from PIL import Image

from gateway.audit.chain import Head
from gateway.audit.job_report import (
    Counts,
    HeldItem,
    JobReport,
    MaskUse,
    Picture,
    ReleasedStudy,
    RuleUse,
    mask_uses,
    pictures,
    released_studies,
    rule_uses,
)
from gateway.audit.ledger import Verification
from gateway.audit.report import FOLD_FROM, looks_for, place, render, verdict, words
from gateway.records import Box, Change, ChangeCount, CleanedInstance, Mask, Outcome, Problem, Thumbnail

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}"
VOID = {"meta", "br", "img"}


class Page(HTMLParser):
    """The page's tags (checked to be balanced), its text, and where its links and sources point."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.points_to: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.points_to += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "action")]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] != ["style"]:
            self.text += f"{data} "


def hostile() -> JobReport:
    """A report in which every text is hostile."""
    one = report(1, 1)
    return replace(
        one,
        job=HOSTILE,
        started=HOSTILE,
        finished=HOSTILE,
        policy=replace(one.policy, gateway=HOSTILE, profile=HOSTILE, description=HOSTILE, options=(HOSTILE,)),
        models=(replace(one.models[0], name=HOSTILE, version=HOSTILE, sha256=HOSTILE, purpose=HOSTILE),),
        rules=(RuleUse(HOSTILE, HOSTILE, "X", 1, 1),),
        masks=(MaskUse(HOSTILE, 1, 1),),
        pictures=(Picture(HOSTILE, HOSTILE, HOSTILE, 0, 1, (HOSTILE,)),),
        held=(HeldItem(HOSTILE, HOSTILE, HOSTILE, HOSTILE, 1, (Problem(HOSTILE, 1, HOSTILE),)),),
        studies=(ReleasedStudy(HOSTILE, HOSTILE, 1, 1),),
        ledger=Verification(1, True, None, HOSTILE, Head(1, HOSTILE)),  # noqa: FBT003  # a record, written as it is
        checks={HOSTILE: HOSTILE},
    )  # fmt: skip


def test_hostile_texts_stay_texts() -> None:
    html = render(hostile())
    page = Page(html)
    assert page.tags.count("img") == 1
    assert "script" not in page.tags
    assert "<script" not in html
    assert page.text.count("<script>alert(1)</script>") > 20
    assert "{{ 7*7 }}" in page.text
    assert "49" not in page.text


@pytest.mark.parametrize("studies", [1, 6, 300])
def test_the_page_is_complete_in_itself(studies: int) -> None:
    page = Page(render(report(studies, pictures=2)))
    assert all(target.startswith(("data:image/png;base64,", "#")) for target in page.points_to)
    assert not {"script", "link", "iframe", "object", "form"} & set(page.tags)
    assert "url(" not in render(report(1))
    assert "@import" not in render(report(1))


def test_the_page_is_the_same_for_the_same_job() -> None:
    assert render(report()) == render(report())


def test_headings_tables_and_pictures_can_be_read_aloud() -> None:
    html = render(report())
    page = Page(html)
    assert '<html lang="en">' in html
    assert page.tags.count("h1") == 1
    assert len(re.findall(r"<th (?!scope)", html)) == len(re.findall("<th>", html)) == 0
    assert len(re.findall(r'<img [^>]*alt="Frame \d+ of instance 2\.25\.\d+ after masking"', html)) == 5


def test_every_number_of_the_job_is_shown() -> None:
    text = Page(render(report(1000, 1))).text
    for told in ("Received 40,035", "Released 40,000", "Quarantined 28", "Duplicates of another file 4", "Not DICOM 3"):
        assert told in text
    for told in ("found 1,003", "released 1,000", "for text 52,000", "found 31,000", "written 9,000"):
        assert told in text
    assert "names 1 file that is not on it" in text


def test_policy_models_rules_and_ledger_are_shown() -> None:
    one = report()
    text = Page(render(one)).text
    assert "Retain Longitudinal Temporal Information Modified Dates Option" in text
    for told in (
        one.policy.digest,
        *(m.sha256 for m in one.models),
        *SENTENCES.values(),
        *SENTENCES,
        one.ledger.head.hash,
    ):
        assert told in text
    assert "X remove 9,120 \u00b7 K keep 4,560 \u00b7 C clean 960." in text
    for letter in "DZXKCU":
        assert re.search(rf"\b{letter} (Dummy|Zero|Remove|Keep|Clean|UID) ", text)


def test_what_is_held_is_shown_with_reason_next_step_and_findings() -> None:
    text = Page(render(report())).text
    for item in HELD:
        for told in (item.item, item.code, item.reason, item.advice):
            assert told in text
    assert (
        "at (0040,A730) Content Sequence \u203a (0040,A160) Text Value \u00b7 instance 3 \u00b7 identifier-in-bytes"
        in text
    )
    assert "Not met: \u201cNo distinctive original identifier stands anywhere" in text
    assert "Check not met at frame 3 \u00b7 instance 1 \u00b7 identifier-in-pixels" in text


def test_a_finding_about_the_study_itself_names_no_instance() -> None:
    text = Page(
        render(report(items=(held(1, "VERIFICATION_FAILED", "r", "a", Problem("instance-missing", -1, "staging")),)))
    ).text
    assert "at staging \u00b7 instance-missing" in text


def test_many_findings_are_cut_and_counted() -> None:
    found = tuple(Problem("identifier-in-bytes", n, "00100010") for n in range(FOLD_FROM + 30))
    html = render(report(items=(held(1, "VERIFICATION_FAILED", "r", "a", *found),)))
    assert html.count("(0010,0010)") == FOLD_FROM
    assert "and 30 more; see" in html


def test_empty_sections_say_so() -> None:
    text = Page(render(report(0, 0, (), rules=(), masks=(), models=(), pictures_taken=0))).text
    for told in (
        "Nothing is held.",
        "No model took part.",
        "No element was changed.",
        "No mask was written.",
        "No study was released.",
    ):
        assert told in text
    assert "Masked frames" not in text


def test_long_lists_are_folded_and_short_ones_are_not() -> None:
    assert "<details>" not in render(report(FOLD_FROM, FOLD_FROM))
    many = tuple(held(n, "UID_CONFLICT", "r", "a") for n in range(FOLD_FROM + 1))
    html = render(report(1000, 13, many, rules=tuple(RuleUse(f"r{n}", "s", "X", 1, 1) for n in range(150))))
    summaries = re.findall("<summary>(.*?)</summary>", html)
    assert summaries == [
        "Show the items (13)",
        "Show the rules (150)",
        "Show the frames (13)",
        "Show the studies (1,000)",
    ]


@pytest.mark.parametrize(
    ("changes", "tone", "sentence", "then"),
    [
        ({}, "held", "6 of 9 studies released; 3 items wait for a decision.", "28 files did not leave"),
        ({"studies": 0, "items": HELD[2:]}, "held", "0 of 1 study released; 1 item waits for a decision.", "1 file did"),
        ({"items": ()}, "good", "Complete: 6 of 6 studies released, nothing is held.", "Every file received is accounted for."),
        ({"studies": 1, "items": ()}, "good", "Complete: 1 of 1 study released, nothing is held.", ""),
    ],
)  # fmt: skip
def test_the_verdict_says_what_happened(changes: dict[str, Any], tone: str, sentence: str, then: str) -> None:
    told = verdict(report(**changes))
    assert told[:2] == (tone, sentence)
    assert told[2].startswith(then)
    assert sentence in Page(render(report(**changes))).text


def test_a_ledger_that_does_not_verify_is_the_headline() -> None:
    broken = Verification(3, False, 17, "Entry 17 does not verify.", Head(16, "a" * 64))  # noqa: FBT003  # a record, written as it is
    one = report(ledger=broken)
    assert verdict(one) == (
        "bad",
        "The ledger does not verify: do not rely on this report.",
        "Entry 17 does not verify.",
    )
    assert "The first fault is at entry 17." in Page(render(one)).text
    unknown = replace(broken, first_bad_seq=None, message="The ledger is whole, but has no such job.")
    assert "first fault" not in Page(render(report(ledger=unknown))).text


def test_counts_that_do_not_add_up_are_the_headline() -> None:
    one = report()
    short = replace(one, counts=replace(one.counts, received=one.counts.received + 1))
    assert verdict(short)[:2] == ("bad", "Files are unaccounted for: do not rely on this report.")
    assert Counts(10, 4, 3, 2, 1, 1, 1, 0, 0, 0).add_up


def test_places_are_told_in_words() -> None:
    assert place("00100010") == "(0010,0010) Patient's Name"
    assert place("00020003") == "(0002,0003) Media Storage SOP Instance UID"
    assert place("00290010/0040A123") == "(0029,0010) \u203a (0040,A123) Person Name"
    assert place("frame 3") == "frame 3"
    assert words("CleanPixelDataOption") == "Clean Pixel Data Option"
    assert looks_for("own.short_id").startswith("a value from the study's own header")
    assert looks_for("phone") == "a telephone number"
    assert looks_for("recipe.aloka") == "a place that a recipe masks on such screens, whatever stands there"
    assert looks_for("technical.vocabulary") == "a technical text that could not stay where it stands"
    assert looks_for("unsure.unknown_word") == "something that could not be ruled out to identify somebody"


# --- from the outcomes of the studies ------------------------------------------------------------------------------
def outcome(number: int, *, masked: int = 2, code: str = "") -> Outcome:
    masks = (Mask(Box(0, 0, 9, 9), (0, 1), ("own.name", "ner.person")), Mask(Box(9, 9, 9, 9), (1,), ("own.name",)))
    names = [f"P{number}/2.25.{number}/2.25.{number}1/2.25.{number}{n}9.dcm" for n in range(3)]
    return Outcome(
        study=f"2.25.{number}",
        patient=f"P{number}",
        code=code,
        cleaned=tuple(CleanedInstance(name, 1, "0" * 64, masks if n < masked else ()) for n, name in enumerate(names)),
        changes=(
            ChangeCount(Change("00100010", "D", "pseudonym"), 3, 3),
            ChangeCount(Change("00100020", "D", "pseudonym"), 3, 2),
            ChangeCount(Change("00290010", "X", "private"), 40, 1),
            ChangeCount(Change("7FE00010", "C", "own.name"), 2, 2),
            ChangeCount(Change("00280301", "D", "the pixels were cleaned"), 3, 3),
        ),
        thumbnails=tuple(Thumbnail(name, n, "cG5n", ("own.name",)) for n, name in enumerate(names[:masked])),
    )  # fmt: skip


def test_rules_are_summed_up_over_studies_in_the_profiles_order() -> None:
    assert rule_uses([outcome(1), outcome(2)], SENTENCES) == (
        RuleUse("private", SENTENCES["private"], "X", 80, 2),
        RuleUse("pseudonym", SENTENCES["pseudonym"], "D", 12, 6),
        RuleUse("the pixels were cleaned", "", "D", 6, 6),
    )


def test_masks_are_counted_by_rule() -> None:
    assert mask_uses([outcome(1), outcome(2, masked=1)]) == (MaskUse("own.name", 6, 3), MaskUse("ner.person", 3, 3))


def test_pictures_come_from_as_many_studies_as_possible() -> None:
    chosen = pictures([outcome(1), outcome(2, masked=0), outcome(3, masked=1), outcome(4)], most=4)
    assert [(p.study, p.instance, p.frame, p.masks) for p in chosen] == [
        ("2.25.1", "2.25.109", 0, 1), ("2.25.3", "2.25.309", 0, 1), ("2.25.4", "2.25.409", 0, 1), ("2.25.1", "2.25.119", 1, 2),
    ]  # fmt: skip
    assert pictures([], most=4) == ()


def test_only_studies_that_passed_are_listed_as_released() -> None:
    found = released_studies([outcome(2), outcome(3, code="UID_CONFLICT"), outcome(1, masked=0)])
    assert found == (ReleasedStudy("P1", "2.25.1", 3, 0), ReleasedStudy("P2", "2.25.2", 3, 4))


# --- in a real browser ---------------------------------------------------------------------------------------------
def test_a_browser_shows_the_page_without_overflow(tmp_path: Path) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("needs the Debian package chromium")
    page, shot = tmp_path / "report.html", tmp_path / "report.png"
    page.write_text(render(report(1000, 12)), encoding="utf-8")
    size = "--window-size=1200,2400"
    command = [
        chromium,
        "--headless",
        "--no-sandbox",
        "--hide-scrollbars",
        f"--screenshot={shot}",
        size,
        f"--user-data-dir={tmp_path / 'c'}",
    ]
    subprocess.run([*command, page.as_uri()], check=True, capture_output=True, timeout=120)
    pixels = np.asarray(Image.open(io.BytesIO(shot.read_bytes())).convert("L"))
    assert pixels.shape == (2400, 1200)
    assert (pixels[:, :100] == 255).all()
    assert (pixels[:, -100:] == 255).all()
    assert 0.02 < (pixels < 128).mean() < 0.25


def test_the_samples_picture_is_a_picture() -> None:
    assert Image.open(io.BytesIO(b64decode(png()))).size == (320, 240)


def test_the_policy_names_knobs_recipes_and_the_profiles_they_route_to() -> None:
    policy = replace(
        report().policy,
        knobs=(("documents", "clean"), ("oldest_age", "90")),
        recipes=(("site", "ab12" * 16),),
        routes=(("us-research", "2021b", "cd34" * 16),),
    )
    studies = (ReleasedStudy("P-1", "2.25.1", 4, 0), ReleasedStudy("P-2", "2.25.2", 4, 0, "us-research"))
    told = replace(report(policy=policy, warnings=("Kept against the profile: KVP.",)), studies=studies)
    page = Page(render(told)).text
    assert "documents: clean oldest age: 90" in page
    assert f"Recipes may route studies to us-research, edition 2021b {'cd34' * 16}" in page
    assert f"Recipe site, digest (SHA-256) {'ab12' * 16}" in page
    assert "P-1 2.25.1 research 4 0 P-2 2.25.2 us-research 4 0" in page
    assert page.index("Kept against the profile: KVP.") < page.index("What came in")
    plain = Page(render(report())).text
    assert "Recipe" not in plain
    assert "Knobs" not in plain


def test_the_report_says_what_is_left_of_faces_where_they_were_erased() -> None:
    faces = (*report().policy.options, "CleanRecognizableVisualFeaturesOption")
    erased = Page(render(report(policy=replace(report().policy, options=faces)))).text
    other = replace(report().policy, options=faces, routes=(("us-research", "2021b", "cd34" * 16),))
    routed = Page(render(report(policy=other))).text  # what another profile cleaned has its faces
    plain = Page(render(report())).text
    for page, gone, left in ((erased, True, False), (routed, True, True), (plain, False, True)):
        assert ("after their faces were erased" in page) == gone
        assert ("Faces and other features" in page) == left
