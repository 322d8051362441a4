"""What a person decides on a quarantined item: discard it, or have its job run again."""

from __future__ import annotations

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

    The item leaves the quarantine when its study is released; until then it is kept, whatever became of the source.

    Raises:
        SourceNotFound: the sources of the job are gone.
    """
    with home.locked():
        found = quarantine.show(home.quarantine, item)
        request = load_request(home, found.job)
        Ledger(home.ledger, home.key("ledger")).record(found.job, events.ItemDecided(item=item, decision="retry"))
        State(home.state).forget(found.job, found.study)
    return run_job(request, home.path, watch)
