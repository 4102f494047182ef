"""Writes the directory of first-party plugins from their own metadata: ``python website/generators/plugin_directory.py PAGE``.

What a page says of a plugin is what its distribution and its specs say, so it cannot say anything else.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from instantreact_sdk.errors.wording import listed
from instantreact_sdk.registry import KINDS, Offer, Record, discover

ROOT = Path(__file__).resolve().parents[2]


def projects(root: Path = ROOT) -> list[Mapping[str, Any]]:
    """The ``[project]`` tables of the first-party plugins, in order of their names."""
    found = [
        tomllib.loads(path.read_text(encoding="utf-8"))["project"] for path in root.glob("plugins/*/pyproject.toml")
    ]
    return sorted(found, key=lambda project: str(project["name"]))


def page(projects: Iterable[Mapping[str, Any]], records: Iterable[Record]) -> str:
    """The directory as Markdown.

    Args:
        projects: The plugins to list.
        records: What the registry found; holds every one of them.

    Raises:
        LookupError: A plugin is not installed, or cannot be used: it could not be described.
    """
    brought = {record.distribution: record for record in records}
    listing = [(project, _working(brought, str(project["name"]))) for project in projects]
    builtin = _working(brought, "instantreact-sdk")
    offers = [offer for record in (builtin, *(record for _, record in listing)) for offer in record.offers]
    lines = [
        "---",
        "title: Plugin directory",
        "---",
        "",
        "# Plugin directory",
        "",
        "Every component that comes with the SDK or from its own plugins. `instantreact-sdk plugins list` shows what is installed on your machine.",
        "",
        "| job | component | what it does | what leaves the machine |",
        "|---|---|---|---|",
    ]
    for kind in (*KINDS, "command"):
        lines += [
            f"| {kind} | `{offer.id}` | {_cell(offer.summary)} | {_leaving(offer)} |"
            for offer in offers
            if offer.kind == kind
        ]
    for project, record in listing:
        lines += ["", f"## {project['name']}", "", str(project["description"]), ""]
        lines += ["```bash", f"instantreact-sdk plugins install {project['name']}", "```"]
        for offer in record.offers:
            lines += ["", *_component(offer)]
    return "\n".join([*lines, ""])


def _working(brought: Mapping[str, Record], name: str) -> Record:
    record = brought.get(name)
    if record is None or record.status != "ok":
        raise LookupError(f"{name} is {record.status if record else 'not installed'}: {record.cause if record else ''}")
    return record


def _component(offer: Offer) -> Iterator[str]:
    yield f"### {offer.kind} `{offer.id}`"
    yield ""
    yield offer.summary
    yield ""
    if offer.kind == "command":
        yield f"`instantreact-sdk {offer.id} --help` lists what it can do."
        return
    yield f"Needs: {_needs(offer)}."
    properties: Mapping[str, Any] = offer.options.get("properties", {})
    if not properties:
        return
    required = offer.options.get("required", ())
    yield ""
    yield "| option | default | |"
    yield "|---|---|---|"
    for name, schema in properties.items():
        default = "required" if name in required else _default(schema)
        yield f"| `{name}` | {default} | {_cell(str(schema.get('description', '')))} |"


def _default(schema: Mapping[str, Any]) -> str:
    """As a pipeline file writes it; nothing where it is made anew each time, of which a schema does not know."""
    return f"`{_cell(json.dumps(schema['default'], ensure_ascii=False))}`" if "default" in schema else ""


def _needs(offer: Offer) -> str:
    words = {
        "network": "the network",
        "files": "files of its own",
        "subprocess": "other programs",
        "gpu": "a GPU where there is one",
        "downloads": "downloads",
    }
    return listed([text for name, text in words.items() if offer.needs.get(name)], "and") or "nothing but the processor"


def _leaving(offer: Offer) -> str:
    sends = offer.needs.get("sends", ())
    if sends:
        hosts = offer.needs.get("hosts", ())
        return f"{listed(sends, 'and')}, to {listed(hosts, 'and') or 'where the pipeline file says'}"
    return "nothing"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(projects(), discover().records), encoding="utf-8")
