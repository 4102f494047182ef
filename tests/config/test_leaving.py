"""What leaves the machine, and to whom, as `config check` tells it."""

from __future__ import annotations

import pytest

from instantreact_sdk import Capabilities, DetectorSpec, NoOptions, NotifierSpec, SourceSpec
from instantreact_sdk.config import Configured, PipelineFile, loads
from instantreact_sdk.config.leaving import Leaving, in_words, leaving, services
from instantreact_sdk.registry.choice import Choice

FILE = """
sources:
  lobby: {use: a/camera}
detectors:
  cloud: {use: a/cloud}
rules:
  somebody:
    when: {label: person}
    notify: [anna, log, {then: bob, after: 2m, unless: acknowledged}]
  nobody:
    when: {none: [{label: person}], within: 1h}
    notify: [anna]
notifiers:
  messenger: {use: a/messenger}
  sms: {use: a/sms}
  log: {use: a/log}
  spare: {use: a/spare}
people:
  anna: [{messenger: "1"}, {sms: "2"}]
  bob: [{sms: "3"}]
  nobody's friend: [{spare: "4"}]
"""
NEEDS = {
    "lobby": Capabilities(network=True),
    "cloud": Capabilities(network=True, hosts=("eyes.example.org",), sends=("frames",)),
    "messenger": Capabilities(network=True, hosts=("graph.facebook.com",), sends=("clip", "snapshot", "text")),
    "sms": Capabilities(network=True, sends=("text",)),
    "log": Capabilities(files=True),
    "spare": Capabilities(network=True, hosts=("spare.example.org",), sends=("text",)),
}


SPECS = {"sources": SourceSpec, "detectors": DetectorSpec, "notifiers": NotifierSpec}


def pipeline(more: str = "") -> PipelineFile:
    return loads(FILE + more, "lobby.yaml").file


def components(file: PipelineFile) -> list[Configured]:
    """Those of the file, with what `NEEDS` says of them."""
    found = []
    for section, spec in SPECS.items():
        for name, use in getattr(file, section).items():
            declared = spec(name=name, summary="", factory="", needs=NEEDS[name])
            choice = Choice(use.use, spec.kind, declared, "a 1.0", "")
            found.append(Configured(name, spec.kind, use, choice, NoOptions()))
    return found


def left(file: PipelineFile) -> list[Leaving]:
    return leaving(file, components(file))


def test_everybody_who_is_told_is_listed_once_with_each_route_in_order():
    assert [(one.recipient, one.component, one.route) for one in left(pipeline()) if one.recipient] == [
        ("anna", "messenger", 1),
        ("anna", "sms", 2),
        ("log", "log", 1),
        ("bob", "sms", 1),
    ]


@pytest.mark.parametrize(
    ("attach", "by_messenger"),
    [("none", ("text",)), ("snapshot", ("text", "snapshot")), ("clip", ("text", "snapshot", "clip"))],
)
def test_what_is_attached_is_what_is_declared_cut_down_to_what_may_leave(attach, by_messenger):
    sent = {one.component: one.sends for one in left(pipeline(f"attach: {attach}\n"))}
    assert sent["messenger"] == by_messenger
    assert sent["sms"] == ("text",)
    assert sent["cloud"] == ("frames",)


def test_it_is_told_in_words_for_each_component_and_each_person():
    assert [*in_words(left(pipeline("attach: snapshot\n")))] == [
        "lobby sends nothing of what is seen or heard; it may connect to the host in its options, if there is one",
        "cloud sends frames to eyes.example.org",
        "anna: text and snapshot through messenger, to graph.facebook.com; where that fails, text through sms, to the host in its options, if there is one",
        "log: told on this machine",
        "bob: text through sms, to the host in its options, if there is one",
        "spare sends nothing of what is seen or heard; it may connect to spare.example.org",
    ]


def test_a_person_may_be_told_on_this_machine():
    file = loads(FILE.replace('{sms: "3"}', '{log: "3"}'), "lobby.yaml").file
    assert "bob: told on this machine through log" in [*in_words(left(file))]


def test_what_stays_and_tells_nobody_is_left_out():
    file = loads(FILE.replace("[anna, log, {then", "[anna, {then"), "lobby.yaml").file
    assert "log" not in [one.component for one in left(file)]


def test_services_say_what_they_do_without_their_secrets():
    assert [*services(pipeline())] == []
    more = (
        "heartbeat: {url: 'https://sesame.example.org/sesame', every: 2m}\n"
        "links: {url: https://guard.example.org, host: '::1'}\n"
        "metrics: {port: 9999, host: 0.0.0.0}\n"
    )
    assert [*services(pipeline(more))] == [
        "heartbeat: asks for its `url` every 120 s; nothing of what is seen or heard goes with it",
        "links: each alert's text has a link below https://guard.example.org, and whoever has that can acknowledge the alert; [::1]:8088 is listened to",
        "metrics: figures of delivery for whoever reaches 0.0.0.0:9999",
    ]
