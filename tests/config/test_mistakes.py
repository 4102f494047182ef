"""Each mistake is told with its line, its place and what was probably meant; never with a value that may be a secret."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from golden import same_as_golden
from hypothesis import given, settings
from hypothesis import strategies as st
from right_file import RIGHT, load_text, problems, with_rule

from instantreact_sdk import InstantReactError
from instantreact_sdk.config import Loaded, load, loads

HERE = Path(__file__).parent


def one(text: str) -> str:
    (only,) = problems(text)
    return only


def test_a_right_file_is_loaded():
    loaded = load_text(RIGHT)
    assert loaded.file.rules["intruder"].notify == ["anna", "log"]
    assert loaded.line(("rules", "intruder", "notify")) == 11


def test_the_errors_of_a_broken_file_are_those_of_the_golden_file(monkeypatch):
    monkeypatch.chdir(HERE)
    with pytest.raises(InstantReactError) as caught:
        load("broken.yaml")
    same_as_golden(HERE / "broken.golden", f"{caught.value}\n")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("source", "sources"),
        ("detector", "detectors"),
        ("notifers", "notifiers"),
        ("alow_lateness", "allowed_lateness"),
    ],
)
def test_an_unknown_section_names_the_nearest(wrong, right):
    assert one(f"{RIGHT}{wrong}: {{}}\n") == f"16: {wrong}: unknown key; did you mean '{right}'?"


@pytest.mark.parametrize(
    ("when", "problem"),
    [
        ("{label: motion, fro: 2s}", "10: rules.other.when.fro: unknown key; did you mean 'for'?"),
        ("{label: motion, min_scor: 1}", "10: rules.other.when.min_scor: unknown key; did you mean 'min_score'?"),
        ("{lable: motion}", "10: rules.other.when: unknown key `lable`; did you mean 'label'?"),
        ("{al: [{label: motion}]}", "10: rules.other.when: unknown key `al`; did you mean 'all'?"),
        ("{health: offline, within: 2s}", "10: rules.other.when.within: `within` goes with `all` or `none`, not with `health`"),
        ("{caption: man, zone: door}", "10: rules.other.when.zone: `zone` goes with `label`, not with `caption`"),
        ("{words: help, for: 3s}", "10: rules.other.when.for: `for` goes with `label` or `health`, not with `words`"),
        ("{label: motion, words: help}", "10: rules.other.when: a condition has one of `label` and `words`, not 2; put them into a list below `all` or `any`"),
        ("motion", "10: rules.other.when: a condition is a mapping, as in `{label: person}`"),
        ("{label: []}", "10: rules.other.when.label: needs 1 at least"),
        ("{speech: 'a('}", "10: rules.other.when.speech: this is not a regular expression: missing ) at position 2"),
        ("{label: motion, for: soon}", "10: rules.other.when.for: a length of time is written like 500ms, 2s, 1.5m, 1h or 1d"),
        ("{label: motion, count: 0}", "10: rules.other.when.count: has to be greater than or equal to 1"),
        ("{none: [{label: motion}]}", "10: rules.other.when.within: has to be given"),
        ("{health: ofline}", "did you mean 'offline'?"),
        ("{any: [{label: motion}, {all: [{label: motion, cuont: 2}]}]}", "10: rules.other.when.any[1].all[0].cuont: unknown key; did you mean 'count'?"),
    ],
)  # fmt: skip
def test_a_wrong_condition_is_told(when, problem):
    assert problem in one(with_rule(when))


def test_unquoted_numbers_are_told_apart_from_text():
    assert one(RIGHT.replace('"1234"', "+237600000000")) == "15: people.anna[0].log: has to be text; put it in quotes"


def test_a_key_without_a_value_is_told():
    text = re.sub(r"zones:\n.*\n", "zones:\n", RIGHT).replace(", zone: door", "")
    assert one(text) == "6: zones: has no value"


def test_what_should_be_a_mapping_or_a_list_is_told():
    assert "2: sources.lobby: has to be a mapping" in one(
        RIGHT.replace("{use: opencv/video, options: {url: lobby.mp4}}", "lobby.mp4")
    )
    assert "notify: has to be a list" in one(RIGHT.replace("[anna, log]", "anna"))


@pytest.mark.parametrize(
    ("polygon", "problem"),
    [
        ("[[0, 0], [1, 1]]", "needs 3 at least"),
        ("[[0, 0], [1, 1], [0, 0]]", "three different corners"),
        ("[[0, 0], [0.5, 0.5], [1, 1]]", "on one line"),
        ("[[0, 0], [1, 0], [1, 640]]", "less than or equal to 1"),
    ],
)
def test_a_polygon_without_an_inside_is_refused(polygon, problem):
    assert problem in one(RIGHT.replace("[[0, 0], [1, 0], [1, 1]]", polygon))


def test_the_checks_of_references_do_not_wait_for_the_rest():
    """One run tells of a misspelled key, and of a name that is not there in another place."""
    text = with_rule("{label: motion, fro: 2s}").replace("[anna, log]", "[ana, log]")
    assert problems(text) == [
        "10: rules.other.when.fro: unknown key; did you mean 'for'?",
        "14: rules.intruder.notify[0]: there is no person or notifier 'ana'; did you mean 'anna'?",
    ]


def test_a_file_that_is_wrong_in_itself_is_no_unknown_name_elsewhere():
    assert one(RIGHT.replace("{source: lobby,", "{source: lobby, colour: red,")) == "7: zones.door.colour: unknown key"


SECRET = "EAAB-sesame-1234"


@pytest.mark.parametrize(
    "text",
    [
        f"store: [{SECRET}]",
        f"store: {{{SECRET}: 1}}",
        f"attach: {SECRET}",
        f"workers: {SECRET}",
        f"defaults: {{sample_fps: {SECRET}}}",
        f"defaults: {{token:{SECRET}}}",
        f"defaults: {SECRET}",
        f"allowed_lateness: {{sound: {SECRET}}}",
        f"allowed_lateness: {{sound:{SECRET}, sound:{SECRET}}}",
        f"captioners: {{c: {{use: [{SECRET}]}}}}",
    ],
)
def test_no_error_quotes_a_value(text):
    with pytest.raises(InstantReactError) as caught:
        load_text(RIGHT + text)
    assert SECRET not in str(caught.value)


def test_files_that_cannot_be_read_are_told(tmp_path):
    (tmp_path / "latin.yaml").write_bytes("sources: {caf\xe9: 1}".encode("latin-1"))
    for path, code, text in (
        (tmp_path / "none.yaml", "IR1001", "config init"),
        (tmp_path / "none" / "none.yaml", "IR1001", "config init"),
        (tmp_path, "IR1004", "it is a folder"),
        (tmp_path / "latin.yaml", "IR1004", "no UTF-8"),
        ("a\0b", "IR1004", "null"),
    ):
        with pytest.raises(InstantReactError, match=code) as caught:
            load(path)
        assert text in str(caught.value)


def test_a_byte_order_mark_is_no_part_of_the_file(tmp_path):
    (tmp_path / "a.yaml").write_text(RIGHT, encoding="utf-8-sig")
    assert load(tmp_path / "a.yaml").file == load_text(RIGHT).file


@pytest.mark.parametrize(
    ("store", "url"),
    [
        ("", "sqlite:////house/instantreact.db"),
        ("store: sqlite:///kept/all.db", "sqlite:////house/kept/all.db"),
        ("store: sqlite:////var/all.db", "sqlite:////var/all.db"),
        ("store: postgresql://guard:sesame@db/store", "postgresql://guard:sesame@db/store"),
    ],
)
def test_a_relative_store_is_beside_the_file(store, url):
    assert loads(RIGHT + store, "/house/lobby.yaml").store_url == url


def outcome(text: str) -> object:
    try:
        return load_text(text)
    except InstantReactError as error:
        return error


words = st.sampled_from(
    [*re.findall(r"\w+|[^\w\s]", RIGHT), "all", "any", "none", "within", "&a", "*a", "<<", "- ", "\n  ", "\n"]
)


@settings(max_examples=150, deadline=5000)
@given(
    st.text() | st.lists(words, max_size=60).map(" ".join) | st.binary().map(lambda raw: raw.decode(errors="replace"))
)
def test_random_text_gives_a_file_or_one_of_our_errors(text):
    assert isinstance(outcome(text), Loaded | InstantReactError)


@settings(max_examples=150, deadline=5000)
@given(st.data())
def test_a_right_file_with_anything_in_any_place_gives_a_file_or_one_of_our_errors(data):
    """The place is that of any word of the file; so the mistakes lie deep inside it."""
    places = [match.span() for match in re.finditer(r"[\w./]+", RIGHT)]
    start, end = data.draw(st.sampled_from(places))
    new = data.draw(
        st.sampled_from(
            ["", "3", "null", "[]", "{}", "[a, {b: c}]", "{a: {b: 1}}", "true", "2024-01-01", "1e999", "!x y"]
        )
        | words
    )
    found = outcome(RIGHT[:start] + new + RIGHT[end:])
    assert isinstance(found, Loaded | InstantReactError)
    if isinstance(found, InstantReactError) and found.code == "IR1003":
        assert all(1 <= problem.line <= 16 for problem in found.facts["found"])


def test_a_pattern_that_is_nested_too_deep_is_a_mistake_of_the_file():
    text = "(" * 5000 + "a" + ")" * 5000
    assert "nested too deep" in one(with_rule(f"{{caption: '{text}'}}"))


@pytest.mark.parametrize("rate", [".inf", ".nan", "0"])
def test_a_rate_that_is_no_number_above_0_is_refused(rate):
    assert "defaults.sample_fps" in one(f"{RIGHT}defaults: {{sample_fps: {rate}}}\n")
