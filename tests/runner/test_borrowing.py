"""What a plugin's own command gets of a pipeline file."""

from __future__ import annotations

import pytest

from instantreact_sdk import InstantReactError, borrowed
from instantreact_sdk.builtin.jsonl import JsonlOptions

FILE = """
sources: {lobby: {use: nobody/has-this}}
notifiers:
  log: {use: sdk/jsonl, options: {path: alerts.jsonl}}
  screen: {use: sdk/console}
people:
  anna: [{log: "7"}, {screen: ""}]
  ben: [{screen: "8"}]
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "pipeline.yaml"
    path.write_text(FILE)
    return path


def test_it_gets_the_options_the_people_and_a_state_that_lasts(file):
    with borrowed(file, "sdk/jsonl") as one:
        assert one.name == "log"
        assert isinstance(one.options, JsonlOptions)
        assert one.people == {"anna": "7"}
        assert one.context.base == file.parent
        one.context.state["seen"] = 3
    with borrowed(file, "sdk/jsonl", "log") as again:
        assert dict(again.context.state) == {"seen": 3}
    assert (file.parent / "instantreact.db").exists()


def test_looking_makes_no_store(file):
    with borrowed(file, "sdk/jsonl", create=False) as one:
        one.context.state["seen"] = 3
    assert [path.name for path in file.parent.iterdir()] == ["pipeline.yaml"]


@pytest.mark.parametrize(
    ("use", "name", "says"),
    [
        ("sdk/other", "", "no component 'sdk/other'. Add one with `use: sdk/other`."),
        ("sdk/jsonl", "lgo", "no sdk/jsonl that is called 'lgo'. It has log."),
        ("sdk/jsonl", "screen", "no sdk/jsonl that is called 'screen'. It has log."),
    ],
)
def test_what_is_not_there_is_told(file, use, name, says):
    with pytest.raises(InstantReactError) as caught, borrowed(file, use, name):
        pass
    assert caught.value.code == "IR1007"
    assert says in str(caught.value)


def test_of_two_it_has_to_be_said_which(file):
    file.write_text(FILE.replace("sdk/console", "sdk/jsonl, options: {path: other.jsonl}"))
    with pytest.raises(InstantReactError, match=r"no single 'sdk/jsonl'\. It has log and screen\. Say which\."):
        borrowed(file, "sdk/jsonl").__enter__()
    with borrowed(file, "sdk/jsonl", "screen", create=False) as one:
        assert one.people == {"anna": "", "ben": "8"}


def test_options_that_are_wrong_are_told_with_their_line(file):
    file.write_text(FILE.replace("path: alerts.jsonl", "paht: alerts.jsonl"))
    with pytest.raises(InstantReactError, match=r"pipeline.yaml:4: notifiers.log.options") as caught:
        borrowed(file, "sdk/jsonl").__enter__()
    assert caught.value.code == "IR1003"
