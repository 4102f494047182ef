"""The pipeline file as JSON Schema, for editors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from instantreact_sdk.config.components import SECTIONS
from instantreact_sdk.config.pipeline_file import PipelineFile
from instantreact_sdk.registry.record import Offer

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(offers: Iterable[Offer] = ()) -> dict[str, Any]:
    """Draft 2020-12, with descriptions.

    Args:
        offers: What installed plugins offer: where a component uses one of them, its options are checked too.
    """
    schema = PipelineFile.model_json_schema(by_alias=True)
    definitions = schema["$defs"]
    by_kind: dict[str, list[Offer]] = {}
    for offer in offers:
        if not offer.cause:
            by_kind.setdefault(offer.kind, []).append(offer)
    for section, kind in SECTIONS.items():
        items = schema["properties"][section]
        choices = _choices(by_kind.get(kind, []), definitions)
        items["additionalProperties"] = False
        items["patternProperties"] = {
            pattern: {"allOf": [use, *choices]} for pattern, use in items["patternProperties"].items()
        }
    return {"$schema": DIALECT, **schema, "title": "InstantReact pipeline file"}


def _choices(offers: list[Offer], definitions: dict[str, Any]) -> list[dict[str, Any]]:
    """One ``if``/``then`` for each offer, and one that lists all of them for the editor's completion."""
    names = {offer.id: _names(offer, offers) for offer in offers}
    choices: list[dict[str, Any]] = []
    for offer in offers:
        if not offer.options:
            continue
        key = re.sub(r"\W", "_", f"{offer.kind}_{offer.id}")
        then: dict[str, Any] = {"properties": {"options": _hoisted(offer.options, key, definitions)}}
        if offer.options.get("required"):
            then["required"] = ["options"]
        choices.append({"if": {"properties": {"use": {"enum": names[offer.id]}}, "required": ["use"]}, "then": then})
    if offers:
        known = [name for offer in offers for name in names[offer.id]]
        choices.append({"properties": {"use": {"anyOf": [{"enum": known}, {"type": "string"}]}}})
    return choices


def _names(offer: Offer, offers: list[Offer]) -> list[str]:
    plugin = offer.id.partition("/")[0]
    alone = sum(other.id.partition("/")[0] == plugin for other in offers) == 1
    return [offer.id, plugin] if alone else [offer.id]


def _hoisted(options: Mapping[str, Any], key: str, definitions: dict[str, Any]) -> dict[str, Any]:
    """The options' schema with its definitions moved to the top, where editors look for them."""

    def moved(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: _ref(item) if name == "$ref" else moved(item) for name, item in value.items()}
        return [moved(item) for item in value] if isinstance(value, list) else value

    def _ref(target: Any) -> Any:
        return re.sub(r"^#/\$defs/", f"#/$defs/{key}.", target) if isinstance(target, str) else moved(target)

    for name, definition in options.get("$defs", {}).items():
        definitions[f"{key}.{name}"] = moved(definition)
    return {name: moved(value) for name, value in options.items() if name != "$defs"}
