"""A pipeline file that is right, to make wrong ones of."""

from __future__ import annotations

from textwrap import dedent

import pytest

from instantreact_sdk import InstantReactError
from instantreact_sdk.config import Loaded, loads

RIGHT = dedent(
    """\
    sources:
      lobby: {use: opencv/video, options: {url: lobby.mp4}}
      gate: {use: opencv/video, options: {url: gate.mp4}}
    detectors:
      people: {use: opencv/motion}
    zones:
      door: {source: lobby, polygon: [[0, 0], [1, 0], [1, 1]]}
    rules:
      intruder:
        when: {label: motion, zone: door}
        notify: [anna, log]
    notifiers:
      log: {use: sdk/console}
    people:
      anna: [{log: "1234"}]
    """
)


def load_text(text: str) -> Loaded:
    return loads(text, "lobby.yaml")


def problems(text: str) -> list[str]:
    """``line: key: what`` of each mistake."""
    with pytest.raises(InstantReactError) as caught:
        load_text(text)
    assert caught.value.code == "IR1003", caught.value
    return [str(found).removeprefix("lobby.yaml:") for found in caught.value.facts["found"]]


def with_rule(when: str, more: str = "") -> str:
    """The right file with another rule: ``rules.other``, whose condition stands in line 10 and `more` in line 11."""
    return RIGHT.replace("rules:\n", f"rules:\n  other:\n    when: {when}\n    {more}\n")
