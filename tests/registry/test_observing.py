"""Observing hooks, called one by one behind a guard."""

from __future__ import annotations

import pytest
from zoo import Animal, settle

from instantreact_sdk import Event, Health
from instantreact_sdk.registry import discover, tell

HOOKS = """
from instantreact_sdk import hookimpl

@hookimpl
def instantreact_event(event):
    {on_event}

@hookimpl
def instantreact_health():
    import builtins
    builtins.zoo_heard.append("{name}")
"""


@pytest.fixture
def observers(zoo, monkeypatch):
    heard = []
    monkeypatch.setattr("builtins.zoo_heard", heard, raising=False)
    ways = {
        "first": "1 / 0",
        "second": "raise SystemExit(1)",
        "third": "import builtins; builtins.zoo_heard.append(event.rule)",
    }
    for name, on_event in ways.items():
        settle(zoo, Animal(name, {"hooks.py": HOOKS.format(on_event=on_event, name=name)}))
    return discover().observers(ways), heard


def test_what_one_raises_is_told_and_does_not_reach_the_next(observers):
    found, heard = observers
    failures = []
    tell(
        found,
        Event("intruder", "lobby", 0, 1, (), {}),
        lambda observer, cause: failures.append((observer.plugin, cause)),
    )
    assert heard == ["intruder"]
    assert failures == [
        (
            "zoo-first 1.0",
            "instantreact_event of zoo-first 1.0 raised ZeroDivisionError: division by zero (hooks.py, line 6)",
        ),
        ("zoo-second 1.0", "instantreact_event of zoo-second 1.0 called sys.exit(1) (hooks.py, line 6)"),
    ]


def test_a_hook_gets_only_its_own_news_and_may_leave_out_its_parameter(observers):
    found, heard = observers
    failures = []
    tell(found, Health("offline", "gone"), lambda *failure: failures.append(failure))
    assert heard == ["first", "second", "third"]
    assert not failures


def test_ctrl_c_is_not_taken_for_a_failure(zoo):
    settle(zoo, Animal("interrupts", {"hooks.py": HOOKS.format(on_event="raise KeyboardInterrupt", name="x")}))
    found = discover().observers(["interrupts"])
    with pytest.raises(KeyboardInterrupt):
        tell(found, Event("intruder", "lobby", 0, 1, (), {}), lambda *_: None)
