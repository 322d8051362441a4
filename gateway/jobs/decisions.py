"""What a person decides on a quarantined item: discard it, or have its job run again."""

from __future__ import annotations

from pathlib import PurePosixPath

from gateway.audit import events
from gateway.audit.ledger import Ledger
from gateway.home import Home
from gateway.jobs import quarantine
from gateway.jobs.request import load_request
from gateway.jobs.result import JobResult
from gateway.jobs.state import State
from gateway.pipeline import run_job
from gateway.watch import Watch


def discard_item(home: Home, item: str) -> None:
    """Record the decision, then delete the item's copies of the originals."""
    with home.locked():
        found = quarantine.show(home.quarantine, item)
        ledger = Ledger(home.ledger, home.key("ledger"))
        ledger.record(found.job, events.ItemDecided(item=item, decision="discard"))
        quarantine.discard(home.quarantine, item)


def retry_item(home: Home, item: str, watch: Watch) -> JobResult:
    """Record the decision, forget what the item's study came to, and run its job again from its sources.

    The item goes when the run released every instance that it holds. Else it stays: it may be the last copy.

    Raises:
        SourceNotFound: the sources of the job are gone.
    """
    with home.locked():
        found = quarantine.show(home.quarantine, item)
        request = load_request(home, found.job)
        Ledger(home.ledger, home.key("ledger")).record(found.job, events.ItemDecided(item=item, decision="retry"))
        State(home.state).forget(found.job, found.study)
    result = run_job(request, home.path, watch)
    with home.locked():
        outcome = State(home.state).last(found.job, found.study)
        released = {PurePosixPath(one.path).stem for one in outcome.cleaned} if outcome and outcome.passed else set()
        if found.instances and released.issuperset(found.instances) and (home.quarantine / item).exists():
            Ledger(home.ledger, home.key("ledger")).record(found.job, events.ItemDecided(item=item, decision="release"))
            quarantine.discard(home.quarantine, item)
    return result
