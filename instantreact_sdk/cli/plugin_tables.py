"""Plugins as tables for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from instantreact_sdk.cli.terminal import Terminal

if TYPE_CHECKING:
    from instantreact_sdk.cli.plugin_doctor import Finding
    from instantreact_sdk.registry import Offer, Record

_COLOURS = {
    "ok": "green",
    "blocked": "yellow",
    "new": "yellow",
    "note": "yellow",
    "incompatible": "red",
    "conflict": "red",
    "broken": "red",
    "wrong": "red",
}


def print_list(records: Iterable[Record]) -> None:
    """One row a plugin: name, distribution, status, and its components, or why there are none and what to do."""
    table = _table("plugin", "brought by", "status", "components, or what is wrong")
    for record in records:
        working = [f"{offer.kind} {offer.id}" for offer in record.offers if not offer.cause]
        lines = [Text("\n".join(working)), *_troubles(record)]
        table.add_row(
            record.plugin, record.title, _state(record.status), Text("\n").join(line for line in lines if line)
        )
    Terminal().print(table)


def print_info(records: Iterable[Record]) -> None:
    """All about some plugins."""
    console = Terminal()
    for record in records:
        console.print(Text.assemble((record.plugin, "bold"), f"  {record.title}  ", _state(record.status)))
        for line in _troubles(record):
            console.print(line)
        if record.offers:
            console.print(
                f"hooks imported in {record.import_ms:g} ms, everything in {record.deep_ms:g} ms", style="dim"
            )
        for offer in record.offers:
            console.print()
            _print_offer(console, offer)


def print_findings(findings: Iterable[Finding]) -> None:
    """One row for each thing that ``doctor`` looked at."""
    table = _table("what", "state", "found")
    for finding in findings:
        found = Text(finding.found)
        if finding.fix:
            found = Text.assemble(found, "\n", (finding.fix, "italic"))
        table.add_row(finding.what, _state(finding.state), found)
    Terminal().print(table)


def _print_offer(console: Terminal, offer: Offer) -> None:
    console.print(Text.assemble(f"{offer.kind} ", (offer.id, "bold"), f"  {offer.summary}"))
    if offer.cause:
        console.print(Text(f"cannot be used: {offer.cause}. {offer.fix}", style="red"))
    if offer.kind == "command":
        return
    console.print(Text(f"needs: {_needs(offer.needs)}{'; one instance for each source' if offer.stateful else ''}"))
    properties = offer.options.get("properties", {})
    if not properties:
        return
    table = _table("option", "type", "default", "meaning")
    for name, schema in properties.items():
        required = name in offer.options.get("required", ())
        default = (
            Text("required", style="bold") if required else Text(json.dumps(schema.get("default"), ensure_ascii=False))
        )
        table.add_row(name, Text(_type(schema)), default, Text(" ".join(schema.get("description", "").split())))
    console.print(table)


def _troubles(record: Record) -> list[Text]:
    lines = []
    if record.cause:
        lines.append(Text.assemble((f"{record.cause}.", _COLOURS[record.status]), f" {record.fix}"))
    lines.extend(Text(warning, style="yellow") for warning in record.warnings)
    return lines


def _needs(needs: Mapping[str, Any]) -> str:
    words = []
    for name, value in needs.items():
        words.append(f"{name} {', '.join(value)}" if isinstance(value, Sequence) else name)
    return "; ".join(words) or "nothing but computing"


def _type(schema: Mapping[str, Any]) -> str:
    if schema.get("format") == "password":
        return "secret"
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " | ".join(_type(one) for one in schema[several])
    if schema.get("type") == "array" and isinstance(schema.get("items"), Mapping):
        return f"list of {_type(schema['items'])}"
    return str(schema.get("const", schema.get("type", "any")))


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _state(state: str) -> Text:
    return Text(state, style=_COLOURS[state])
