"""What one part of the file names, another has to be."""

from __future__ import annotations

import pytest
from right_file import RIGHT, load_text, problems, with_rule

WATCHED = "sources: [lobby]"
ACROSS = "across: true"


def one(text: str) -> str:
    (only,) = problems(text)
    return only


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("{use: opencv/motion}", "{use: opencv/motion, sources: [gate, loby]}", "5: detectors.people.sources[1]: there is no source 'loby'; did you mean 'lobby'?"),
        ("source: lobby", "source: loby", "7: zones.door.source: there is no source 'loby'; did you mean 'lobby'?"),
        ("zone: door", "zone: dor", "10: rules.intruder.when.zone: there is no zone 'dor'; did you mean 'door'?"),
        ("[anna, log]", "[anna, lgo]", "11: rules.intruder.notify[1]: there is no person or notifier 'lgo'; did you mean 'log'?"),
        ("[anna, log]", "[anna, police]", "11: rules.intruder.notify[1]: there is no person or notifier 'police'; there is anna, log"),
        ('log: "1234"', 'sms: "1234"', "15: people.anna[0].sms: there is no notifier 'sms'; there is log"),
        ('[{log: "1234"}]', "[]", "15: people.anna: a person needs a route at least"),
        ('{log: "1234"}', "{}", "15: people.anna[0]: a route is one notifier with one address"),
        ("notify:", "sources: [Lobby]\n    notify:", "11: rules.intruder.sources[0]: there is no source 'Lobby'; did you mean 'lobby'?"),
        ("notify:", "sources: []\n    notify:", "11: rules.intruder.sources: an empty list watches nothing"),
        ("notify:", "sources: [gate]\n    notify:", "10: rules.intruder.when.zone: zone 'door' lies in the picture of 'lobby', which is not watched here"),
    ],
)  # fmt: skip
def test_a_name_that_leads_nowhere_is_told(old, new, problem):
    assert problem in one(RIGHT.replace(old, new))


def test_a_person_and_a_notifier_cannot_share_a_name():
    told = RIGHT.replace("[anna, log]", "[log]").replace("anna", "log")
    assert one(told).startswith("15: people.log: the name is taken by notifiers.log")


@pytest.mark.parametrize("again", ["anna", "{then: anna, after: 5m}", "{then: anna, after: 5m, unless: acknowledged}"])
def test_nobody_is_to_be_told_twice(again):
    told = one(RIGHT.replace("[anna, log]", f"[anna, log, {again}]"))
    assert told == "11: rules.intruder.notify[2]: anna is named twice, and is told once"


def test_what_the_sdk_tells_of_itself_has_a_name_that_no_source_may_have():
    told = one(RIGHT.replace("gate:", "system:"))
    assert told.startswith("3: sources.system: `system` is the source of what the SDK tells of itself")


def test_rules_may_watch_how_the_sdk_itself_is_doing():
    assert load_text(with_rule("{health: falling_behind}", "sources: [system]"))
    assert load_text(with_rule("{health: falling_behind, source: system}", ACROSS))
    assert load_text(with_rule("{health: falling_behind, source: system}", f"{ACROSS}\n    sources: [system, gate]"))
    told = one(with_rule("{health: falling_behind, source: system}", f"{ACROSS}\n    {WATCHED}"))
    assert "there is no watched source 'system'" in told


@pytest.mark.parametrize("when", ["{label: motion}", "{label: motion, zone: door}", "{sound: glass}"])
def test_nothing_is_seen_where_only_health_comes_from(when):
    told = "10: rules.other.when: `system` tells of health alone; nothing is seen or heard there"
    assert one(with_rule(when, "sources: [system]")) == told
    assert one(with_rule(f"{when[:-1]}, source: system}}", ACROSS)) == told


def test_components_cannot_share_a_name():
    text = RIGHT + "captioners:\n  people: {use: captioning}\n"
    assert one(text).startswith("17: captioners.people: the name is taken by detectors.people")


@pytest.mark.parametrize(
    ("when", "section"),
    [
        ("{caption: man}", "captioners"),
        ("{words: help}", "recognizers"),
        ("{speech: help}", "recognizers"),
        ("{intent: call}", "recognizers"),
        ("{sound: glass}", "recognizers"),
        ("{any: [{label: motion}, {sound: glass}]}", "recognizers"),
    ],
)
def test_a_condition_that_nothing_could_ever_make_true_is_told(when, section):
    assert f"needs one of the `{section}`" in one(with_rule(when))
    assert load_text(with_rule(when) + f"{section}:\n  more: {{use: more}}\n")


def test_a_detector_that_watches_elsewhere_does_not_help():
    text = (
        with_rule("{label: motion}", WATCHED)
        .replace(", zone: door", "")
        .replace("motion}\nz", "motion, sources: [gate]}\nz")
    )
    assert one(text) == "10: rules.other.when: nothing would ever see it: `label` needs one of the `detectors` on lobby"


def test_health_needs_no_component():
    assert load_text(with_rule("{health: offline, for: 30s}"))


@pytest.mark.parametrize(
    "when", ["{all: [{label: a}, {health: black}]}", "{all: [{any: [{health: black}]}, {label: a}]}"]
)
def test_all_needs_a_window_unless_it_is_about_labels_alone(when):
    assert "`within` has to say how close together they are" in one(with_rule(when))
    assert load_text(with_rule(when[:-1] + ", within: 3s}"))
    assert load_text(with_rule("{all: [{label: a}, {any: [{label: b}, {label: c}]}]}"))


def test_one_source_of_several_needs_a_rule_across():
    when = "{all: [{label: a, source: lobby}, {label: b, source: gate}]}"
    assert [text.partition(": `source` needs")[0] for text in problems(with_rule(when))] == [
        "10: rules.other.when.all[0].source",
        "10: rules.other.when.all[1].source",
    ]
    assert load_text(with_rule(when, ACROSS))


def test_one_source_has_to_be_watched():
    text = with_rule("{all: [{label: a, source: gate}, {label: b}]}", f"{ACROSS}\n    {WATCHED}")
    assert "10: rules.other.when.all[0].source: there is no watched source 'gate'" in one(text)


def test_a_zone_has_to_lie_in_the_picture_of_the_one_source():
    text = with_rule("{label: a, source: gate, zone: door}", ACROSS)
    assert "zone 'door' lies in the picture of 'lobby'" in one(text)
