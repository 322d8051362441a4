"""How the command line shows progress and results to a person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Self

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table

from gateway.jobs.quarantine import Item
from gateway.jobs.result import JobResult


class Progress:
    """Progress bars on stderr, one a stage; only where a person looks on."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description:<18}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bars = Bars(*columns, console=console, disable=not console.is_terminal)
        self._stage: TaskID | None = None

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._bars.stop()

    def begin(self, stage: str, total: int | None) -> None:
        """Begin a stage of ``total`` units; the stage before is finished."""
        if self._stage is not None:
            units = max(1, self._bars.tasks[-1].completed)
            self._bars.update(self._stage, total=units, completed=units)
        self._stage = self._bars.add_task(stage, total=total)

    def advance(self, units: int = 1) -> None:
        """Count units of the present stage as done."""
        if self._stage is not None:
            self._bars.advance(self._stage, units)


def print_json(value: object) -> None:
    """Print one JSON object on stdout."""
    typer.echo(json.dumps(value))  # ASCII: neither paths nor the terminal need be UTF-8


def show_result(result: JobResult, *, as_json: bool) -> None:
    """Print what a run came to: one JSON object, or a table with what to do next."""
    if as_json:
        print_json(result.as_json())
        return
    console = Console()
    title = f"Job {result.job}" + (" (dry run: nothing was released)" if result.dry_run else "")
    table = Table(title=title, title_justify="left")
    table.add_column("Files")
    table.add_column("", justify="right")
    table.add_column("Work")
    table.add_column("", justify="right")
    for left, right in zip(_files(result), _work(result), strict=True):
        table.add_row(left[0], str(left[1]), right[0], str(right[1]))
    console.print(table)
    if result.items:
        _show_held(console, result)
    for warning in result.warnings:
        console.print(f"[yellow]{escape(warning)}[/]", highlight=False)
    if result.missing_on_media:
        console.print(f"A DICOMDIR names {result.missing_on_media} file(s) that are not on the media.")
    if result.references_unseen:
        console.print(
            f"Released studies refer to {result.references_unseen} instance(s) that the gateway has not seen."
        )
    if result.references_to_held:
        console.print(
            f"Released studies that refer to an instance now held: {result.references_to_held}; see the report."
        )
    if result.ready_to_retry:
        console.print(f"Held for another item that has gone, to be retried: {', '.join(result.ready_to_retry)}")
    if not result.dry_run:
        console.print(f"Released studies: {result.out}", soft_wrap=True)
        console.print(f"Report:           {result.report}", soft_wrap=True)


def _files(result: JobResult) -> tuple[tuple[str, int], ...]:
    return (
        ("received", result.received),
        ("[green]released[/]" if not result.dry_run else "would be released", result.released),
        ("[yellow]quarantined[/]" if result.quarantined else "quarantined", result.quarantined),
        ("duplicates", result.duplicates),
        ("not DICOM", result.not_dicom),
    )


def _work(result: JobResult) -> tuple[tuple[str, object], ...]:
    return (
        ("studies released", f"{result.studies_released} of {result.studies}"),
        ("frames read (by comparison)", f"{result.frames_read} ({result.frames_compared})"),
        ("text regions found", result.regions_found),
        ("masks", result.masks),
        ("seconds", f"{result.seconds:.1f}"),
    )


def _show_held(console: Console, result: JobResult, most: int = 20) -> None:
    table = Table(title="Quarantined", title_justify="left")
    for column in ("Item", "Files", "Reason", "What happened"):
        table.add_column(column, overflow="fold")
    for held in result.items[:most]:
        table.add_row(held.item, str(held.files), held.code, held.message)
    console.print(table)
    more = f"The first {most} of {len(result.items)} items are shown. " if len(result.items) > most else ""
    console.print(f"{more}Next: gateway quarantine show ITEM", markup=False)


def tag_words(tag: str) -> str:
    """A tag (8 hex digits) as people write it: (gggg,eeee)."""
    return f"({tag[:4]},{tag[4:]})" if len(tag) == 8 else tag


def print_rows(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], empty: str, *, lines: bool = False) -> None:
    """Print a table, or ``empty`` where there is nothing to show; ``lines`` draws one between the rows."""
    if not rows:
        typer.echo(empty)
        return
    table = Table(show_lines=lines)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    Console().print(table)


def print_item(item: Item, folder: Path) -> None:
    """Print one quarantined item; a check of the verifier that failed is a sentence, with the places where it did."""
    from gateway.verify import CHECKS  # slow to import; only here

    console = Console()
    console.print(f"{item.item}: {item.files} file(s), {item.code}", highlight=False)
    console.print(escape(item.message), highlight=False)
    for check, problems in groupby(sorted(item.problems, key=lambda one: one.check), lambda one: one.check):
        sentence = CHECKS.get(check, "A check of an earlier version of the gateway.")
        console.print(f"  - Not so ({escape(check)}): {sentence}", highlight=False)
        for problem in problems:
            where = f"instance {problem.instance + 1}, " if problem.instance >= 0 else ""
            console.print(f"      {where}{escape(tag_words(problem.place))}", highlight=False)
    console.print(f"Originals: {folder}", soft_wrap=True, highlight=False)
    console.print(f"Next: {item.advice}", highlight=False)
