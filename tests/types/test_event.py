"""Events, near misses, their ids and their lines."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instantreact_sdk import Event
from instantreact_sdk.types import NearMiss

WALL = datetime(2024, 2, 29, 12, 0, 0, 250_000, tzinfo=UTC)
TRACE = {"condition": "label: cat", "result": True, "because": "2.0 s long", "evidence": ["a/b/3"], "children": []}
EVENT = Event("intruder", "lobby", 0.5, 2.5, ("a/b/3",), TRACE)
NEAR = NearMiss("intruder", "lobby", 0.5, 2.5, ("a/b/3",), TRACE)

named = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=9)
moments = st.integers(0, 10**11).map(lambda number: number / 100_000)  # 5 decimals
walls = st.none() | st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def test_an_id_is_12_hexadecimal_digits():
    assert re.fullmatch("[0-9a-f]{12}", EVENT.id)


def test_every_run_gives_the_same_file_the_same_ids():
    program = (
        "from instantreact_sdk import Event; from instantreact_sdk.types import NearMiss\n"
        "for kind in (Event, NearMiss): print(kind('intruder', 'lobby', 0, 2.5, (), {}).id)"
    )
    for seed in "12":
        run = subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        )
        assert run.stdout.split() == [EVENT.id, NEAR.id]


@pytest.mark.parametrize(
    "other",
    [
        replace(EVENT, rule="stranger"),
        replace(EVENT, source="yard"),
        replace(EVENT, rule="lobby", source="intruder"),
        replace(EVENT, rule="ruder", source="lobbyint"),
        replace(EVENT, end=2.50001),
        replace(EVENT, wall=WALL),
        NEAR,
    ],
    ids=["rule", "source", "exchanged", "shifted", "time", "wall", "kind"],
)
def test_another_rule_source_time_kind_or_day_has_another_id(other):
    assert other.id != EVENT.id


@given(*([st.tuples(st.sampled_from([Event, NearMiss]), named, named, moments, walls)] * 2))
def test_two_ids_are_the_same_only_for_the_same_decision(one, two):
    ids = []
    for kind, rule, source, end, wall in (one, two):
        ids.append(kind(rule, source, 0.0, end, (), {}, wall).id)
    live = one[4] is not None  # then the media time says nothing: it begins anew each time that a camera is opened
    what = [(*each[:3], each[4] if live else each[3:]) for each in (one, two)]
    assert (ids[0] == ids[1]) == (what[0] == what[1])


def test_an_id_depends_on_nothing_else():
    same = replace(EVENT, start=1.0, evidence=("c/d/5",), trace={}, end=2.500001)
    assert same.id == EVENT.id


def test_two_days_of_a_camera_share_no_id():
    live = replace(EVENT, wall=WALL)
    assert replace(live, wall=WALL + timedelta(days=1)).id != live.id
    assert replace(live, end=9.0).id == live.id  # a reconnected camera's clock may differ, UTC tells the moment


def test_the_same_moment_in_another_time_zone_has_the_same_id():
    there = WALL.astimezone(timezone(timedelta(hours=1)))
    assert replace(EVENT, wall=there).id == replace(EVENT, wall=WALL).id


@pytest.mark.parametrize("decision", [EVENT, NEAR], ids=lambda each: each.kind)
def test_a_line_of_a_file_has_the_documented_keys_in_their_order(decision):
    line = replace(decision, start=1 / 3, trace={**TRACE, "children": [{"score": 2 / 3}]}).line()
    assert list(line) == ["v", "id", "rule", "source", "start", "end", "evidence", "trace"]
    assert line == {
        "v": 1,
        "id": decision.id,
        "rule": "intruder",
        "source": "lobby",
        "start": 0.33333,
        "end": 2.5,
        "evidence": ["a/b/3"],
        "trace": {**TRACE, "children": [{"score": 0.66667}]},
    }
    assert json.loads(json.dumps(line, allow_nan=False)) == line


def test_a_line_of_a_live_source_ends_with_its_moment_in_utc():
    line = replace(EVENT, wall=WALL).line()
    assert list(line)[-1] == "wall"
    assert line["wall"] == "2024-02-29T12:00:00.250000+00:00"
    assert {key: value for key, value in line.items() if key not in ("id", "wall")} == {
        key: value for key, value in EVENT.line().items() if key != "id"
    }
