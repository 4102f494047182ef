"""``instantreact-sdk plugins check``: its work and its tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from instantreact_sdk.cli.terminal import Terminal, terminal
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import listed
from instantreact_sdk.registry import KINDS
from instantreact_sdk.testing.conformance.calls import Limits
from instantreact_sdk.testing.conformance.catalogue import every_check
from instantreact_sdk.testing.conformance.junit import junit
from instantreact_sdk.testing.conformance.result import PREREQUISITE, Report, Result, Status
from instantreact_sdk.testing.conformance.running import must_be_checks, report_on
from instantreact_sdk.testing.conformance.target import Target, targets

_MARKS: dict[Status, tuple[str, str]] = {
    "passed": ("✓", "green"),
    "failed": ("✗", "bold red"),
    "skipped": ("-", "dim"),
    "not enforced": ("?", "yellow"),
    "expected failure": ("x", "yellow"),
}


def check_all(
    names: Sequence[str], *, only: Collection[str], limits: Limits, quiet: bool
) -> tuple[list[Report], list[tuple[Target, InstantReactError]]]:
    """Check components one after another, and print each as it is done.

    Args:
        names: Plugins, distributions, components, local files.
        only: Names of checks; empty for all.
        limits: How long things may take.
        quiet: Whether to print nothing.

    Returns:
        The reports, and what could not be had at all, with the reason.

    Raises:
        InstantReactError: IR2015, IR2041 or IR2043: a name stands for nothing.
    """
    must_be_checks(only)
    found = [target for name in names for target in targets(name, Path.cwd())]
    done: list[Report] = []
    unusable: list[tuple[Target, InstantReactError]] = []
    with Console(stderr=True, quiet=quiet).status("") as status:
        for target in found:
            status.update(f"Checking {target.use} ...")
            try:
                report = report_on(
                    target,
                    only=only,
                    limits=limits,
                    tell=lambda component, result: status.update(f"Checking {component}: {result.check} done"),
                )
            except InstantReactError as error:
                if error.mistake and len(found) == 1:
                    raise
                unusable.append((target, error))
                if not quiet:
                    Terminal(stderr=True).print(f"{target.use}: {error}", style="red", soft_wrap=True)
            else:
                done.append(report)
                if not quiet:
                    print_report(report)
    return done, unusable


def print_report(report: Report) -> None:
    """One line a check, and what is wrong below it."""
    console = terminal()
    console.print(Text.assemble(f"{report.kind} ", (report.component, "bold"), f"  {report.plugin}"))
    if report.not_checkable:
        console.print(Text(f"  not checkable: {report.not_checkable}\n", style="bold red"))
        return
    waiting = Counter(result.message for result in report.results if result.message.startswith(PREREQUISITE))
    for result in report.results:
        if result.message not in waiting:
            console.print(_line(result))
    for reason, number in waiting.items():
        console.print(Text(f"  - {number} more wait for {reason.removeprefix(PREREQUISITE)}", style="dim"))
    counts = [f"{number} {status}" for status in _MARKS if (number := report.count(status))]
    verdict = ("passed", "bold green") if report.passed else ("failed", "bold red")
    console.print(Text.assemble(f"  {listed(counts, 'and')}: ", verdict))
    if report.failed:
        console.print("  Why, and how to mend it:", style="italic")
        for result in report.failed:
            console.print(f"    instantreact-sdk plugins check --explain {result.check}", soft_wrap=True)
    console.print()


def _line(result: Result) -> Text:
    mark, colour = _MARKS[result.status]
    line = Text.assemble("  ", (mark, colour), " ", (result.check, colour if result.status == "failed" else ""))
    if result.status == "passed":
        return line
    if result.status == "failed":
        return line.append(f": {result.message}.")
    return line.append(f"  {result.status}: {result.message}", style="dim")


def print_checks() -> None:
    """All checks with their kinds, one line each."""
    from rich.table import Table

    table = Table("check", "holds for", "what it sees to", box=None, pad_edge=False)
    for check in every_check():
        held = "all kinds" if check.kinds == KINDS else listed(check.kinds, "and")
        table.add_row(Text(check.name), held, Text(check.summary))
    terminal().print(table)


def explain(name: str) -> None:
    """Print the page of a check.

    Raises:
        InstantReactError: IR2043, there is none of that name.
    """
    must_be_checks([name])
    check = next(each for each in every_check() if each.name == name)
    out = terminal()
    out.print(check.name, style="bold")
    for paragraph in check.page.split("\n\n"):
        code = paragraph.startswith("    ")
        out.print(f"\n{paragraph if code else ' '.join(paragraph.splitlines())}")


def as_json(reports: Iterable[Report], unusable: Iterable[tuple[Target, InstantReactError]]) -> list[dict[str, Any]]:
    """For programs."""
    broken = [
        {
            "component": target.use,
            "kind": target.kind,
            "passed": False,
            "error": {"code": error.code, "text": str(error)},
        }
        for target, error in unusable
    ]
    return [*(report.to_json() for report in reports), *broken]


def write_junit(path: Path, reports: Iterable[Report], unusable: Iterable[tuple[Target, InstantReactError]]) -> None:
    """Write JUnit XML.

    Raises:
        InstantReactError: IR4020, the file cannot be written.
    """
    try:
        path.write_text(junit(reports, {target.use: str(error) for target, error in unusable}), encoding="utf-8")
    except OSError as error:
        raise InstantReactError("IR4020", path=path, problem=error.strerror) from None
