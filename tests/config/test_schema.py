"""The JSON Schema says yes and no where the models do."""

from __future__ import annotations

import pytest
import yaml
from jsonschema import Draft202012Validator
from pydantic import Field
from right_file import RIGHT, with_rule

from instantreact_sdk import Options
from instantreact_sdk.config.schema import json_schema
from instantreact_sdk.registry import Offer


class Inner(Options):
    depth: int
    """How deep."""


class Outer(Options):
    url: str
    """Where."""
    inner: Inner | None = None
    """What is inside."""
    many: list[Inner] = Field(default_factory=list)
    """Several of it."""


OFFER = Offer("opencv/video", "source", "A video.", options=Outer.model_json_schema())


def errors(text: str, *offers: Offer) -> list[str]:
    schema = json_schema(offers)
    Draft202012Validator.check_schema(schema)
    return [error.json_path for error in Draft202012Validator(schema).iter_errors(yaml.safe_load(text))]


@pytest.mark.parametrize(
    "text",
    [
        RIGHT,
        with_rule("{label: [a, b], for: 2s, count: 3}"),
        with_rule("{all: [{words: help}, {none: [{label: a}], within: 3}], within: 1.5m}"),
        RIGHT.replace("log]", "{then: log, after: 2m, unless: acknowledged}]"),
        RIGHT + "outbox: {next_route: 2m, evidence: 2GB}\nheartbeat: {url: env:HC_URL}\nmetrics: {}\nattach: clip",
    ],
)
def test_what_is_right_is_right(text):
    assert errors(text) == []
    assert errors(text, OFFER) == []


@pytest.mark.parametrize(
    "text",
    [
        RIGHT + "source: {}",
        with_rule("{label: a, fro: 2s}"),
        with_rule("{label: a, for: soon}"),
        with_rule("{label: []}"),
        with_rule("{}"),
        RIGHT.replace("[1, 1]", "[1, 2]"),
        RIGHT.replace("lobby: {use", "lob/by: {use"),
        RIGHT.replace("log]", "{then: log}]"),
        RIGHT.replace("log]", "{then: log, after: 2m, unless: answered}]"),
        RIGHT.replace("log]", "{then: log, after: 2m, unles: acknowledged}]"),
        RIGHT + "outbox: {evidence: 2 gigs}",
        RIGHT + "heartbeat: {every: 60s}",
        RIGHT + "links: {url: 'https://a.org', port: 0}",
    ],
)
def test_what_is_wrong_is_wrong(text):
    assert errors(text)


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ("{}", "$.sources.lobby.options"),
        ("{url: a, inner: {depth: b}}", "$.sources.lobby.options.inner"),
        ("{url: a, many: [{depth: 1}, {deep: 1}]}", "$.sources.lobby.options.many[1]"),
        ("{url: a, colour: red}", "$.sources.lobby.options"),
    ],
)
@pytest.mark.parametrize("use", ["opencv/video", "opencv"])
def test_options_are_those_of_the_plugin_that_is_used(options, place, use):
    text = RIGHT.replace("{use: opencv/video, options: {url: lobby.mp4}}", f"{{use: {use}, options: {options}}}")
    assert place in errors(text, OFFER)[0]
    assert errors(text) == []


def test_a_plugin_alone_is_no_name_where_it_offers_several():
    text = RIGHT.replace("{use: opencv/video, options: {url: lobby.mp4}}", "{use: opencv}")
    assert errors(text, OFFER)
    assert errors(text, OFFER, Offer("opencv/other", "source", "Another.")) == []


def test_what_is_not_installed_may_be_used():
    assert errors(RIGHT.replace("opencv/video", "other/video"), OFFER) == []


def test_everything_has_a_description():
    schema = json_schema()
    bare = [
        f"{model}.{key}"
        for model, definition in {"": schema, **schema["$defs"]}.items()
        for key, value in definition.get("properties", {}).items()
        if "description" not in value
    ]
    assert bare == []
