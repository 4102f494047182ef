"""YAML becomes data that knows its lines, whatever somebody wrote."""

from __future__ import annotations

import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from instantreact_sdk import InstantReactError
from instantreact_sdk.config.marks import DEEPEST, parse


def refused(text: str) -> str:
    with pytest.raises(InstantReactError) as caught:
        parse(text, "a.yaml")
    assert caught.value.code == "IR1002"
    return caught.value.what


def test_every_key_and_item_has_its_line():
    _, marks = parse("a: 1\n\nb:\n  - x\n  - c: 2\n    d: {e: 3,\n      f: 4}\n", "a.yaml")
    assert marks.at(("a",)) == 1
    assert marks.at(("b",)) == 3
    assert marks.at(("b", 0)) == 4
    assert marks.at(("b", 1, "d", "e")) == 6
    assert marks.at(("b", 1, "d", "f")) == 7


def test_a_place_that_is_not_there_has_the_line_of_what_is_around_it():
    _, marks = parse("a:\n  b: 1\n", "a.yaml")
    assert marks.at(("a", "nothing", 3)) == 1
    assert marks.at(("nothing",)) == 1
    assert marks.at(()) == 1


def test_a_key_twice_is_refused_with_both_lines():
    assert "a.yaml, line 3" in refused("a: 1\nb: 2\na: 3\n")
    assert "the key 'a' is there already, in line 1" in refused("a: 1\nb: 2\na: 3\n")


def test_keys_are_text_as_it_is_written():
    data, _ = parse("1: a\nno: b\n2024-01-01: c\n'': d\n", "a.yaml")
    assert list(data) == ["1", "no", "2024-01-01", ""]


def test_aliases_and_merges_work_and_keep_the_lines_of_what_they_stand_for():
    data, marks = parse("base: &b\n  x: 1\n  y: 2\nuse:\n  <<: *b\n  y: 3\nagain: *b\n", "a.yaml")
    assert data == {"base": {"x": 1, "y": 2}, "use": {"x": 1, "y": 3}, "again": {"x": 1, "y": 2}}
    assert marks.at(("use", "x")) == 2
    assert marks.at(("use", "y")) == 6
    assert marks.at(("again", "y")) == 3


def test_of_several_merged_mappings_the_first_wins():
    data, _ = parse("- &a {x: 1}\n- &b {x: 2, y: 2}\n- {<<: [*a, *b]}\n", "a.yaml")
    assert data[2] == {"x": 1, "y": 2}


def test_a_bomb_of_aliases_is_refused_at_once():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    began = time.monotonic()
    assert "aliases stand for more than" in refused("\n".join(lines))
    assert time.monotonic() - began < 10  # it would take longer than the universe is old


def test_a_bomb_of_merges_is_refused():
    lines = ["a0: &a0 {x: [1, 2, 3, 4, 5, 6, 7, 8, 9]}"]
    lines += [f"a{n}: &a{n} {{{', '.join(f'k{k}: *a{n - 1}' for k in range(9))}}}" for n in range(1, 30)]
    assert "aliases stand for more than" in refused("\n".join(lines))


def test_an_alias_inside_itself_is_refused():
    assert "holds the alias itself" in refused("a: &a [1, *a]\n")


@pytest.mark.parametrize("depth", [DEEPEST + 1, 100_000])
def test_deep_nesting_is_refused(depth):
    assert "levels deep" in refused("[" * depth)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "it is empty"),
        ("# nothing but a comment\n", "it is empty"),
        ("a:\n\tb: 1\n", "indented by a tab"),
        ("a:\n  - b\n\t- c\n", "indented by a tab"),
        ("a: @b\n", "cannot begin with `@`"),
        ("a: b: c\n", "a colon where none can be"),
        ("a: [1, 2\n", "line 2"),
        ("a: *b\n", "undefined alias"),
        ("a: !!python/object/apply:os.system [ls]\n", "means nothing here"),
        ("a: !secret x\n", "no valid YAML value"),
        ("a: 2024-99-99\n", "no valid YAML value"),
        ("a: !!int x\n", "no valid YAML value"),
        ("a: !!bool x\n", "no valid YAML value"),
        ("? [a, b]\n: 1\n", "a key has to be text"),
        ("<<: 3\n", "takes in mappings only"),
        ("a: 1\n---\nb: 2\n", "document"),
        ("a: \x07\n", "control character"),
        ("a: \ud800\n", "control character"),
        ("x" * 1_000_001, "longer than"),
    ],
)
def test_what_is_no_pipeline_file_is_refused_with_the_reason(text, problem):
    assert problem in refused(text)


def test_what_may_be_a_secret_is_not_quoted():
    assert "sesame" not in refused("{token:sesame: 1, token:sesame: 2}")


# PyYAML itself does not read back every line break and control character that it writes.
texts = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]))
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts
trees = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=20
)


@given(st.dictionaries(texts, trees, max_size=4))
def test_it_reads_what_yaml_writes(data):
    assert parse(yaml.safe_dump(data, allow_unicode=True), "a.yaml")[0] == data
