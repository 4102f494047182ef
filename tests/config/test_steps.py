"""Who is told at once, and who later: `notify` in the file."""

from __future__ import annotations

import pytest
from right_file import RIGHT, load_text, problems

from instantreact_sdk.config.pipeline_file import Rule, Then


def notifying(steps: str) -> str:
    return RIGHT.replace("[anna, log]", steps)


def rule(steps: str) -> Rule:
    return load_text(notifying(steps)).file.rules["intruder"]


def test_names_and_steps_are_seen_as_one_kind():
    assert rule("[anna, {then: log, after: 2m, unless: acknowledged}]").steps() == [
        Then(then="anna", after=0.0, unless=None),
        Then(then="log", after=120.0, unless="acknowledged"),
    ]


def test_a_rule_that_tells_nobody_has_no_steps():
    assert rule("[]").steps() == []


def test_a_step_without_unless_is_told_whatever_is_acknowledged():
    assert rule("[{then: log, after: 7d}]").steps() == [Then(then="log", after=604_800.0)]


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ("{then: lgo, after: 2m}", "notify[1].then: there is no person or notifier 'lgo'; did you mean 'log'?"),
        ("{then: log}", "notify[1].after: has to be given"),
        ("{after: 2m}", "notify[1].then: has to be given"),
        ("{then: log, after: 2m, unles: acknowledged}", "notify[1].unles: unknown key; did you mean 'unless'?"),
        ("{then: log, after: 2m, unless: acknowleged}", "notify[1].unless: has to be 'acknowledged'; did you mean 'acknowledged'?"),
        ("{then: log, after: soon}", "notify[1].after: a length of time is written like 500ms, 2s, 1.5m, 1h or 1d"),
        ("{then: log, after: 8d}", "notify[1].after: has to be from 0s to 7d"),
        ("{then: log, after: -1}", "notify[1].after: has to be greater than or equal to 0"),
        ("{then: [log], after: 2m}", "notify[1].then: has to be text"),
        ("[log]", "notify[1]: has to be text"),
        ("237600000000", "notify[1]: has to be text; put it in quotes"),
    ],
)  # fmt: skip
def test_a_wrong_step_is_told(step, problem):
    (only,) = problems(notifying(f"[anna, {step}]"))
    assert only == f"11: rules.intruder.{problem}"


def test_each_step_has_its_line():
    (only,) = problems(notifying("\n    - anna\n    - then: log\n      after: 2m\n      unless: answered"))
    assert only.startswith("15: rules.intruder.notify[1].unless:")


@pytest.mark.parametrize(
    "steps",
    [
        "[{then: anna, after: 2m, unless: acknowledged}]",
        "[anna, {then: log, after: 0s, unless: acknowledged}]",
        "[{then: anna, after: 2m}, {then: log, after: 2m, unless: acknowledged}]",
    ],
)
def test_what_nobody_could_have_acknowledged_is_no_condition(steps):
    (only,) = problems(notifying(steps))
    assert "].unless: nobody is told before" in only


@pytest.mark.parametrize(
    "steps",
    [
        "[log, {then: anna, after: 2m, unless: acknowledged}]",  # `outbox ack` acknowledges what a notifier was told
        "[{then: anna, after: 2m, unless: acknowledged}, log]",  # the order in the file is not that in time
        "[{then: anna, after: 1m}, {then: log, after: 2m, unless: acknowledged}]",
    ],
)
def test_whoever_is_told_before_may_acknowledge(steps):
    assert rule(steps)
