"""What is put into the store comes out of it, from SQLite and from PostgreSQL alike."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from instantreact_sdk import Event, InstantReactError
from instantreact_sdk.alerts.store import Store
from instantreact_sdk.alerts.stored import Outcome, StoredEvent
from instantreact_sdk.types import NearMiss
from instantreact_sdk.version import __version__

NOON = datetime(2026, 3, 1, 12, 0, 30, 250_000, tzinfo=UTC)
TRACE = {"word": "label", "got": True, "because": [{"é": None, "score": 0.5}]}


def event(end: float, rule: str = "intruder", source: str = "lobby") -> Event:
    return Event(rule, source, end - 2, end, (f"{source}/people/1", f"{source}/people/2"), TRACE)


def stored(*ends: float, **facts) -> list[StoredEvent]:
    return [StoredEvent(event(end), **facts) for end in ends]


def ends(found: list[StoredEvent]) -> list[float]:
    return [one.event.end for one in found]


def test_an_event_comes_out_as_it_went_in(store):
    run = store.begin_run("lobby.yaml")
    store.add(run, [StoredEvent(replace(event(4.25), wall=NOON))])
    assert store.events() == [StoredEvent(replace(event(4.25), wall=NOON), run=run)]


def test_a_time_of_another_zone_comes_out_as_the_same_moment_in_utc(store):
    run = store.begin_run()
    store.add(run, [StoredEvent(replace(event(4), wall=NOON.astimezone(timezone(timedelta(hours=1)))))])
    (found,) = store.events()
    assert found.event.wall == NOON
    assert found.event.wall.tzinfo == UTC


def test_the_same_event_of_one_run_is_kept_once(store):
    run = store.begin_run()
    store.add(run, stored(4, 4, 5))
    store.add(run, stored(5, 6))
    assert ends(store.events()) == [6, 5, 4]


def test_the_same_event_of_two_runs_is_kept_for_each(store):
    first, second = store.begin_run(), store.begin_run()
    store.add(first, stored(4))
    store.add(second, stored(4))
    assert [found.run for found in store.events()] == [second, first]
    assert store.event(event(4).id).run == second


def test_events_are_kept_all_or_none(store):
    run = store.begin_run()
    broken = StoredEvent(Event("intruder", "lobby", 0, 9, (), {"trace": object()}))
    with pytest.raises(Exception, match="JSON"):
        store.add(run, [*stored(4), broken])
    assert store.events() == []


def test_an_added_event_again_does_not_forget_its_outcome(store):
    run = store.begin_run()
    store.add(run, stored(4))
    store.set_outcome(run, [event(4).id], Outcome("alerted", "a1"))
    store.add(run, stored(4))
    assert store.events()[0].outcome == Outcome("alerted", "a1")


def test_what_became_of_events_is_kept(store):
    run = store.begin_run()
    store.add(run, stored(4, 5, 6, 7))
    store.set_outcome(run, [event(4).id], Outcome("alerted", "a1"))
    store.set_outcome(run, [event(5).id, event(6).id], Outcome("merged", "a1", until=64.0))
    assert [found.outcome for found in store.events()] == [
        None,
        Outcome("merged", "a1", 64.0),
        Outcome("merged", "a1", 64.0),
        Outcome("alerted", "a1"),
    ]


def test_near_misses_are_told_apart_from_events(store):
    run = store.begin_run()
    nearly = NearMiss("intruder", "lobby", 4, 5, (), TRACE)
    store.add(run, [*stored(4), StoredEvent(nearly)])
    assert ends(store.events()) == [4]
    assert ends(store.events(kind="near_miss")) == [5]
    assert ends(store.events(kind=None)) == [5, 4]
    assert store.event(nearly.id).event == nearly


def test_a_near_miss_does_not_hide_an_event_of_the_same_moment(store):
    run = store.begin_run()
    store.add(run, [StoredEvent(NearMiss("intruder", "lobby", 2, 4, (), TRACE)), *stored(4)])
    assert ends(store.events()) == [4]
    assert ends(store.events(kind=None)) == [4, 4]


def test_events_are_found_by_rule_source_and_run(store):
    first, second = store.begin_run(), store.begin_run()
    store.add(first, [StoredEvent(event(1)), StoredEvent(event(2, rule="fire")), StoredEvent(event(3, source="gate"))])
    store.add(second, stored(4))
    assert ends(store.events(rule="fire")) == [2]
    assert ends(store.events(source="gate")) == [3]
    assert ends(store.events(rule="intruder", source="lobby")) == [4, 1]
    assert ends(store.events(run=first)) == [3, 2, 1]
    assert ends(store.events(limit=2)) == [4, 3]


def test_the_beginning_of_an_id_is_enough(store):
    store.add(store.begin_run(), stored(4, 5))
    assert store.event(event(4).id[:8]).event == event(4)
    assert store.event(event(4).id[:8].upper()).event == event(4)


def test_an_unknown_id_and_one_of_many_are_told(store):
    store.add(store.begin_run(), stored(*range(1, 40)))
    with pytest.raises(InstantReactError, match="IR5008"):
        store.event("%")
    with pytest.raises(InstantReactError, match="IR5008"):
        store.event("nothing")
    with pytest.raises(InstantReactError, match="IR5009: 39 events begin with ''"):
        store.event("")


def test_runs_are_listed_with_their_end(store):
    first = store.begin_run("lobby.yaml", started=NOON)
    store.begin_run(started=NOON + timedelta(hours=1))
    store.end_run(first, ended=NOON + timedelta(minutes=1))
    later, earlier = store.runs()
    assert (earlier.id, earlier.config, earlier.started) == (first, "lobby.yaml", NOON)
    assert (earlier.ended, earlier.version) == (NOON + timedelta(minutes=1), __version__)
    assert later.ended is None


def test_component_state_is_a_dictionary_that_outlives_the_store(store, url):
    state = store.state("messenger")
    state["cursor"] = {"since": 5, "seen": ["a", None]}
    state["cursor"] = {"since": 6}
    state["other"] = None
    store.state("sms")["cursor"] = 1
    store.close()
    with Store.open(url) as again:
        assert dict(again.state("messenger")) == {"cursor": {"since": 6}, "other": None}
        assert len(again.state("messenger")) == 2
        assert again.state("messenger").pop("cursor") == {"since": 6}
        assert "cursor" not in again.state("messenger")
        assert again.state("sms")["cursor"] == 1
        with pytest.raises(KeyError):
            again.state("messenger")["cursor"]
        with pytest.raises(KeyError):
            del again.state("messenger")["cursor"]


def test_many_threads_write_and_read_at_once(store):
    run = store.begin_run()
    errors = []

    def work(number: int) -> None:
        try:
            for index in range(20):
                store.add(run, stored(number * 100 + index))
                store.state(f"component {number}")["index"] = index
                store.events(limit=5)
        except Exception as error:  # noqa: BLE001  (whatever it is, the test has to know)
            errors.append(error)

    threads = [threading.Thread(target=work, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert errors == []
    assert sorted(ends(store.events(limit=1000))) == sorted(n * 100 + i for n in range(6) for i in range(20))


def test_two_that_open_an_empty_place_at_once_both_get_a_store(url):
    opened, errors = [], []

    def work() -> None:
        try:
            opened.append(Store.open(url))
        except InstantReactError as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for store in opened:
        store.begin_run()
        store.close()
    assert (len(opened), errors) == (4, [])
