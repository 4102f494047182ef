"""What ``data check`` found, for people."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from rich.table import Table
from rich.text import Text

from instantreact_sdk.cli.terminal import Terminal, styled, terminal
from instantreact_sdk.datasets import KINDS, Findings, Problem

_FIRST_FILES = 10
_FIRST_OBJECTS = 3
"""So many are named, of each kind and of each file, where not all are asked for."""


def print_findings(findings: Findings, copy: Findings | None, *, everything: bool) -> None:
    """On stdout.

    Args:
        findings: Of the dataset.
        copy: Of its mended copy, where one was made.
        everything: Whether to name every file.
    """
    out = terminal()
    address = findings.dataset.form
    objects = ", ".join(f"{count} {' '.join(name.split())}" for name, count in findings.classes.items())
    out.print(
        f"{address}: {findings.pictures} pictures, {sum(findings.classes.values())} objects ({objects or 'none'})"
    )
    if findings.problems:
        out.print()
        out.print(_counts(findings))
        _print_files(out, findings, everything=everything)
    out.print(styled("\n", _verdict(findings)))
    if copy:
        out.print(
            f"The copy, {copy.dataset.form}, has {copy.pictures} pictures and {sum(copy.classes.values())} objects."
        )
        out.print(styled(_verdict(copy)))


def _verdict(findings: Findings) -> tuple[str, str]:
    wrong = sum(count for kind, count in findings.counts.items() if KINDS[kind].wrong)
    if wrong:
        return f"{findings.dataset.form} is not in order: {wrong} things are wrong.", "red"
    return f"{findings.dataset.form} is in order.", "green"


def _counts(findings: Findings) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("kind", "how many", "what it means", "with --fix"):
        table.add_column(column, justify="right" if column == "how many" else "left")
    for kind, count in findings.counts.items():
        known = KINDS[kind]
        table.add_row(Text(kind, "red" if known.wrong else "yellow"), str(count), known.what, known.mended)
    return table


def _print_files(out: Terminal, findings: Findings, *, everything: bool) -> None:
    for kind, problems in groupby(findings.problems, key=lambda problem: problem.kind):
        files = [(file, [*found]) for file, found in groupby(problems, key=lambda problem: problem.file)]
        out.print(styled("\n", (kind, "bold")))
        for file, found in files if everything else files[:_FIRST_FILES]:
            told = [*_told(found)]
            shown = told if everything else told[:_FIRST_OBJECTS]
            more = [f"and {len(told) - len(shown)} more"] if len(shown) < len(told) else []
            out.print(f"  {_name(file, findings)}: {'; '.join(shown + more)}")
        if not everything and len(files) > _FIRST_FILES:
            out.print(f"  and {len(files) - _FIRST_FILES} more files; --all names them")


def _name(file: Path, findings: Findings) -> Path | str:
    root = findings.dataset.form.path
    return file.relative_to(root) if file.is_relative_to(root) and file != root else file.name


def _told(problems: list[Problem]) -> Iterator[str]:
    """What is wrong in one file; what is the same for several objects is told once."""
    places: dict[str, list[str]] = {}
    for problem in problems:
        places.setdefault(problem.detail, []).append(problem.place)
    for detail, of in places.items():
        where = ", ".join(filter(None, of))
        yield f"{where}: {detail}" if where else detail
