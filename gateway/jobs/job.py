"""One job: where its studies are recorded, released and held, and how it is found again after a kill."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from gateway import __version__
from gateway.audit import events
from gateway.audit.ledger import Ledger
from gateway.audit.linkage import Linkage, LinkageRow
from gateway.errors import (
    ConfigError,
    OriginalsUnknown,
    OutputError,
    ReleasedBefore,
    UnreadableFile,
    reasons,
)
from gateway.files import cause
from gateway.home import Home
from gateway.jobs import quarantine
from gateway.jobs.state import Origin, State
from gateway.recipes import Recipes
from gateway.records import Instance, Outcome, SourceFile, Study
from gateway.release.folder import FolderDestination, remove_partial
from gateway.resources import folder
from gateway.sources import Refused, open_file
from gateway.tags import Profile, Pseudonymizer
from gateway.tools import models_used, recipe_folders


@dataclass(frozen=True, slots=True)
class Job:
    """What a run works with in the parent process.

    ``policy`` is a digest of all that decides an outcome but the content; ``zone`` is the name of the research zone.
    """

    name: str
    home: Home
    profile: Profile
    recipes: Recipes
    staging: Path
    destination: FolderDestination
    ledger: Ledger
    linkage: Linkage
    state: State
    pseudonymizer: Pseudonymizer
    table: Mapping[str, str] | None
    policy: str
    zone: str

    # --- resume ------------------------------------------------------------------------------------------------------
    def remembered(self, study: Study) -> Outcome | None:
        """The outcome of an earlier run for this very content and policy, if what it released still stands."""
        outcome = self.state.find(self.name, self.pseudonymizer.uid(study.uid), self._content(study))
        if outcome and outcome.code in (ReleasedBefore.code, OriginalsUnknown.code) and not self.standing(study):
            return None  # a person took the released copy away, as the item advised
        return None if outcome and outcome.passed and not self._stands(outcome) else outcome

    def _stands(self, outcome: Outcome) -> bool:
        """Whether the research zone holds the study's files, and the ledger's last word on it is their release."""
        return self.is_there(outcome) and self.ledger.says(self.name, events.released(outcome))

    def is_there(self, outcome: Outcome) -> bool:
        """Whether the research zone holds the files of a study that passed."""
        return self.destination.holds({one.path: one.size for one in outcome.cleaned})

    def standing(self, study: Study) -> tuple[LinkageRow, ...]:
        """The linkage rows, of any job, of a study's files that the research zone holds."""
        rows = self.linkage.lookup(study.uid)
        return tuple(row for row in rows if row.path and (self.destination.out / row.path).exists())

    def _content(self, study: Study) -> str:
        research_id = (
            "" if self.table is None else self.table.get(study.patient_id.strip(), "?")
        )  # "?" is no research ID
        parts = (self.policy, research_id, study.lacking, *sorted(instance.digest for instance in study.instances))
        return sha256("\0".join(parts).encode()).hexdigest()

    # --- record, then release or quarantine --------------------------------------------------------------------------
    def finish(self, study: Study, outcome: Outcome) -> Outcome:
        """Release the study if it passed, else hold it, and remember which; what an earlier run finished is left alone."""
        if self.remembered(study) == outcome:
            return outcome
        finished = self._release(study, outcome) if outcome.passed else self._hold(study, outcome)
        if finished.code != UnreadableFile.code or study.lacking:  # a source that was away for a while may be back
            origins = self.origins(study, finished)
            self.state.save(self.name, self._content(study), finished, self.zone, origins)
        return finished

    def drop(self, outcome: Outcome) -> Outcome:
        """Drop what a dry run staged for a study."""
        shutil.rmtree(self.staging / outcome.study, ignore_errors=True)
        return outcome

    def _release(self, study: Study, outcome: Outcome) -> Outcome:
        """Record a study that passed and was vetted, then move it into the research zone.

        The way back and the ledger's announcement are on disk before the first file appears outside. What stands there and is
        recorded, as a run leaves it that was killed before it could remember the study, is not recorded again.
        """
        self.linkage.record(self.name, self.rows(study, outcome))
        self.ledger.record_once(self.name, events.cleaned(outcome))
        if not self._stands(outcome):
            self.ledger.record_once(self.name, events.releasing(outcome))
            self.destination.release(self.staging / outcome.study)
            self.ledger.record(self.name, events.released(outcome))
        self._let_go(study)
        return self.drop(outcome)

    def origins(self, study: Study, outcome: Outcome) -> dict[str, Origin]:
        """What each instance of a study (its new SOP Instance UID) is made from."""
        digests = (instance.digest for instance in study.instances)
        return {
            uid: Origin(digest, self.settings(outcome))
            for uid, digest in zip(self.instances(study), digests, strict=True)
        }

    def settings(self, outcome: Outcome) -> str:
        """A name of what decides an outcome beside the content: version, profile, and the digest of all of it."""
        return f"gateway {__version__}, profile {outcome.profile or self.profile.name} ({self.policy[:12]})"

    def _let_go(self, study: Study) -> None:
        """Remove from the quarantine what an earlier run held and this one released; other originals stay there."""
        files = [self.item_of_file(instance.file, instance.digest) for instance in study.instances]
        for item in (self.item(study), *files):
            if self.holds(item):
                self.ledger.record(self.name, events.ItemDecided(item=item, decision="release"))
                quarantine.discard(self.home.quarantine, item)

    def instances(self, study: Study) -> tuple[str, ...]:
        """The new SOP Instance UIDs of a study."""
        return tuple(self.pseudonymizer.uid(instance.sop_uid) for instance in study.instances)

    def _hold(self, study: Study, outcome: Outcome) -> Outcome:
        """Record a study that is held, and keep its originals in the quarantine."""
        item = self.item(study)
        self.state.hold(self.zone, self.instances(study), item)
        self.linkage.record(self.name, self.rows(study, outcome))
        self.ledger.record_once(
            self.name,
            events.StudyQuarantined(
                item=item,
                study=outcome.study,
                code=outcome.code,
                instances=len(study.instances),
                faults=events.faults(outcome.problems),
            ),
        )
        note = quarantine.Item(
            item=item,
            job=self.name,
            code=outcome.code,
            message=outcome.message,
            advice=reasons()[outcome.code].advice,
            files=len(study.instances),
            study=outcome.study,
            instances=self.instances(study),
            problems=outcome.problems,
            waits_for=outcome.waits_for,
            zone=self.zone,
        )
        if not self.discarded(item):
            quarantine.hold(self.home.quarantine, note, [instance.file for instance in study.instances])
        return self.drop(outcome)

    def hold_file(self, refused: Refused) -> None:
        """Record a single file that is held (unreadable, broken, in conflict), and keep it, unless a person discarded it."""
        item = self.item_of_refused(refused)
        row = self._row(refused.instance, "quarantined") if refused.instance else _bare(refused.file, "quarantined")
        self.linkage.record(self.name, [row])
        if self.discarded(item):
            return
        if refused.sop_uid:
            self.state.hold(self.zone, [self.pseudonymizer.uid(refused.sop_uid)], item)
        self.ledger.record_once(self.name, events.FileQuarantined(item=item, code=refused.code))
        if not self.holds(item):
            note = quarantine.Item(item, self.name, refused.code, refused.reason, refused.kind.advice, 1)
            quarantine.hold(self.home.quarantine, note, [refused.file])

    def holds(self, item: str) -> bool:
        """Whether the quarantine holds an item."""
        return (self.home.quarantine / item).exists()

    def discarded(self, item: str) -> bool:
        """Whether a person decided that these very originals need not be kept."""
        return self.ledger.says(self.name, events.ItemDecided(item=item, decision="discard"))

    def item(self, study: Study) -> str:
        """The name under which a study is held. Other content has another name, so that no held original is replaced."""
        return self.home.name("q", self.name, "study", study.uid, *sorted(each.digest for each in study.instances))

    def item_of_file(self, file: SourceFile, digest: str) -> str:
        """The name under which a single file with this content is held."""
        return self.home.name("q", self.name, "file", file.source, digest)

    def item_of_refused(self, refused: Refused) -> str:
        """The name under which a file that the index refused is held."""
        return self.item_of_file(refused.file, refused.instance.digest if refused.instance else _digest(refused.file))

    # --- linkage -----------------------------------------------------------------------------------------------------
    def rows(self, study: Study, outcome: Outcome) -> list[LinkageRow]:
        """The linkage rows of a study's instances."""
        if not outcome.passed:
            return [self._row(instance, "quarantined") for instance in study.instances]
        paths = {Path(one.path).stem: one.path for one in outcome.cleaned}
        keyed = self.pseudonymizer.uid
        return [
            self._row(instance, "released", outcome.patient, paths[keyed(instance.sop_uid)], outcome.profile)
            for instance in study.instances
        ]

    def record_others(self, duplicates: Iterable[tuple[SourceFile, Instance]], not_dicom: Iterable[SourceFile]) -> None:
        """Write the linkage rows of the files that are no part of a study."""
        rows = [replace(self._row(same, "duplicate"), source=file.source) for file, same in duplicates]
        rows += [_bare(file, "not_dicom") for file in not_dicom]
        self.linkage.record(self.name, rows)

    def _row(self, instance: Instance, status: str, patient: str = "", path: str = "", routed: str = "") -> LinkageRow:
        profile = self.recipes.profiles.get(routed, self.profile)
        uid = self.pseudonymizer.for_elements(keep_uids=profile.has("RetainUidsOption")).uid
        return LinkageRow(
            instance.file.source,
            instance.patient_id,
            patient,
            instance.study_uid,
            uid(instance.study_uid),
            instance.series_uid,
            uid(instance.series_uid),
            instance.sop_uid,
            uid(instance.sop_uid),
            status=status,
            path=path,
        )


def _bare(file: SourceFile, status: str) -> LinkageRow:
    return LinkageRow(file.source, status=status)


def _digest(file: SourceFile) -> str:
    """SHA-256 (hex) of a file's bytes, empty if it cannot be read."""
    digest = sha256()
    try:
        with open_file(file) as stream:
            while part := stream.read(1 << 20):
                digest.update(part)
    except (OSError, UnreadableFile):
        return ""
    return digest.hexdigest()


def open_job(
    home: Home,
    sources: Sequence[str],
    out: Path,
    profile: Profile,
    table: Mapping[str, str] | None,
    recipes: Recipes,
) -> Job:
    """Open the job that these sources, this research zone and this profile name: the same ones name the same job again.

    Raises:
        Usage: home and research zone, or research zone and a source, lie inside one another.
        Retry: the home cannot be written, its ledger does not verify, or a model is not the one the manifest names.
    """
    out = out.absolute()
    _keep_apart(home.path.resolve(), out.resolve(), [Path(source).resolve() for source in sources])
    try:
        out.mkdir(parents=True, exist_ok=True)
        remove_partial(out)
    except OSError as error:
        raise OutputError(f"The research zone cannot be written ({cause(error)}).") from None
    name = home.name("job", *sorted(str(Path(source).absolute()) for source in sources), str(out), profile.name)
    shutil.rmtree(home.path / "staging", ignore_errors=True)  # what a killed run left; the home is locked for this one
    staging = home.path / "staging" / f"{name}-{os.getpid()}"
    staging.mkdir(mode=0o700, parents=True)
    return Job(
        name,
        home,
        profile,
        recipes,
        staging,
        FolderDestination(out),
        Ledger(home.ledger, home.key("ledger")),
        Linkage(home.linkage, home.key("linkage")),
        State(home.state),
        Pseudonymizer(home.key("pseudonym")),
        table,
        _policy(profile, recipes, home.path),
        home.name("zone", str(out.resolve())),
    )


def _keep_apart(home: Path, out: Path, sources: Sequence[Path]) -> None:
    """The two trust zones must not overlap, and the research zone must not be read as a source of the next run."""
    if out.is_relative_to(home) or home.is_relative_to(out):
        raise ConfigError("The home and the research zone (--out) must not lie inside one another.")
    for number, source in enumerate(sources, 1):
        if out.is_relative_to(source) or source.is_relative_to(out):
            raise ConfigError(f"Source {number} and the research zone (--out) must not lie inside one another.")
        if source.is_relative_to(home) or home.is_relative_to(source):
            raise ConfigError(
                f"Source {number} and the home must not lie inside one another; move the home with --home."
            )


def profile_digest(profile: Profile) -> str:
    """A digest of all that a profile says."""
    parts = (profile.name, profile.edition, *profile.options, repr(profile.knobs))
    return sha256(repr((parts, [(rule.id, rule.tag, rule.action) for rule in profile.rules])).encode()).hexdigest()


def _policy(profile: Profile, recipes: Recipes, home: Path) -> str:
    """A digest of everything that decides an outcome beside the study's content and keys."""
    data = (*recipe_folders(home), folder("profiles"))  # tables and vocabulary decide as much as the profile itself
    files = (path for place in data for path in sorted(place.rglob("*")) if path.is_file())
    digests = (sha256(path.read_bytes()).hexdigest() for path in files)
    routed = (profile_digest(other) for other in recipes.profiles.values())
    used = map(repr, models_used(profile, recipes, home))
    parts = (__version__, profile_digest(profile), *routed, *used, *digests)
    return sha256("\0".join(parts).encode()).hexdigest()
