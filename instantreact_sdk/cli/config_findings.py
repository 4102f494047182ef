"""What ``config check`` finds, and how it tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.tree import Tree

from instantreact_sdk.cli.terminal import styled, terminal
from instantreact_sdk.config import Configured, Loaded, check_components, load
from instantreact_sdk.config.components import make_components
from instantreact_sdk.config.conditions import AllCondition, AnyCondition, Condition, NoneCondition
from instantreact_sdk.config.labels import check_labels, known_labels
from instantreact_sdk.config.leaving import Leaving, in_words, leaving, services
from instantreact_sdk.config.pipeline_file import PipelineFile, Rule
from instantreact_sdk.config.problem import refuse
from instantreact_sdk.config.routes import check_routes
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import listed
from instantreact_sdk.interfaces import Component, Notifier
from instantreact_sdk.registry import discover
from instantreact_sdk.rules.wording import number, wording


@dataclass(frozen=True, slots=True)
class Findings:
    """All about a pipeline file that is in order.

    Attributes:
        loaded: The file.
        components: What it configures.
        leaves: What leaves the machine.
        answers: The notifiers through which recipients may answer.
    """

    loaded: Loaded
    components: tuple[Configured, ...]
    leaves: tuple[Leaving, ...]
    answers: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """As JSON-able values; no options, so no secrets."""
        return {
            "ok": True,
            "path": str(self.loaded.path),
            "components": [
                {"name": one.name, "kind": one.kind, "id": one.choice.id, "plugin": one.choice.plugin}
                for one in self.components
            ],
            "rules": {name: [told(rule), *_lines(rule.when)] for name, rule in self.loaded.file.rules.items()},
            "leaves": [asdict(one) for one in self.leaves],
            "answers": list(self.answers),
            **_services(self.loaded.file),
        }


def examine(path: Path) -> Findings:
    """Check everything about a pipeline file that can be checked without opening or sending anything.

    Raises:
        InstantReactError: IR1001 to IR1004; a plugin's problem, the store's, a label that nobody finds, or a person whom nobody can rely
            on being told, is one of those that IR1003 lists.
    """
    loaded = load(path)
    _check_store(loaded)
    components = check_components(loaded, discover())
    made = make_components(loaded, components)
    check_labels(loaded, known_labels(loaded, made))
    check_routes(loaded, components)
    return Findings(loaded, components, tuple(leaving(loaded.file, components)), tuple(_answering(made)))


def _answering(made: Mapping[str, Component]) -> Iterator[str]:
    for name, component in made.items():
        if isinstance(component, Notifier) and type(component).replies is not Notifier.replies:
            yield name


def _services(file: PipelineFile) -> dict[str, Any]:
    """As JSON-able values; the heartbeat's address is a secret."""
    return {
        "heartbeat": {"every": file.heartbeat.every} if file.heartbeat else None,
        "links": file.links.model_dump() if file.links else None,
        "metrics": file.metrics.model_dump() if file.metrics else None,
    }


def _check_store(loaded: Loaded) -> None:
    if loaded.file.store is None:
        return
    from instantreact_sdk.alerts.database import check_address

    try:
        check_address(loaded.store_url)
    except InstantReactError as error:
        raise refuse([loaded.problem(("store",), str(error))]) from None


def print_findings(findings: Findings) -> None:
    """For a person, on stdout."""
    out = terminal()
    out.print(f"{findings.loaded.path} is in order.")
    out.print(styled("\n", ("Components", "bold")))
    for row in _columns([(one.kind, one.name, one.choice.id, one.choice.plugin) for one in findings.components]):
        out.print(f"  {row}")
    out.print()
    rules = Tree(styled(("Rules", "bold")), guide_style="dim")
    for name, rule in findings.loaded.file.rules.items():
        _grow(rules.add(styled((name, "cyan"), f": {told(rule)}")), rule.when)
    out.print(rules)
    if not findings.loaded.file.rules:
        out.print("  none: it observes, but no event can come of it")
    if any(step.unless for rule in findings.loaded.file.rules.values() for step in rule.steps()):
        out.print(f"  An alert is acknowledged by {listed(_acknowledging(findings))}.")
    out.print(styled("\n", ("What leaves the machine", "bold")))
    lines = [*in_words(findings.leaves), *services(findings.loaded.file)]
    for line in lines or ["nothing, by what the plugins declare"]:
        out.print(f"  {line}")


def _acknowledging(findings: Findings) -> Iterator[str]:
    told = {one.component for one in findings.leaves if one.recipient}
    if through := [name for name in findings.answers if name in told]:
        yield f"an answer through {listed(through)}"
    if findings.loaded.file.links:
        yield "the link in its text"
    yield "`instantreact-sdk outbox ack`"


def told(rule: Rule) -> str:
    """Where a rule looks and whom it tells, as ``on any source, tells anna, after 120 s bob, then holds back for 60 s``."""
    where = f"on {listed(rule.sources, 'and' if rule.across else 'or')}" if rule.sources else "on any source"
    where += ", looked at together" if rule.across else ""
    if not rule.notify:
        return f"{where}, tells nobody"
    pause = f", then holds back for {number(rule.cooldown)} s" if rule.cooldown else ""
    return f"{where}, tells {', '.join(_steps(rule))}{pause}"


def _steps(rule: Rule) -> Iterator[str]:
    """Who is told at once, and then who else at each later moment."""
    steps = sorted(rule.steps(), key=lambda step: (step.after, step.unless is not None))
    if steps[0].after:
        yield "nobody at once"
    for (after, unless), together in groupby(steps, lambda step: (step.after, step.unless)):
        names = listed((step.then for step in together), "and")
        when = f"after {number(after)} s " if after else ""
        yield f"{when}{names}{' unless somebody has acknowledged' if unless else ''}"


def _parts(condition: Condition) -> list[Condition]:
    match condition:
        case AllCondition(all=parts) | AnyCondition(any=parts) | NoneCondition(none=parts):
            return parts
        case _:
            return []


def _grow(tree: Tree, condition: Condition) -> None:
    branch = tree.add(styled(wording(condition)))
    for part in _parts(condition):
        _grow(branch, part)


def _lines(condition: Condition, depth: int = 0) -> Iterator[str]:
    yield "  " * depth + wording(condition)
    for part in _parts(condition):
        yield from _lines(part, depth + 1)


def _columns(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    rows = [*rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
