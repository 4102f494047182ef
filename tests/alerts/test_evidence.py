from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from instantreact_sdk import InstantReactError
from instantreact_sdk.alerts.database import open_engine
from instantreact_sdk.alerts.evidence import Room, Trimmed, pinned, trim
from instantreact_sdk.alerts.tables import deliveries, runs

NOW = 1_600_000_000.0
NOBODY: frozenset[str] = frozenset()


def put(folder: Path, number: int, size: int = 100, *, age: float | None = None, suffix: str = "jpg") -> Path:
    """Evidence of event `number`; without an age, the higher the number, the younger it is."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number:012x}.{suffix}"
    path.write_bytes(bytes(size))
    changed = NOW - (age if age is not None else 10_000 - number)
    os.utime(path, (changed, changed))
    return path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_oldest_go_until_the_rest_is_within_the_budget(tmp_path: Path):
    pictures, clips = tmp_path / "snapshots", tmp_path / "clips"
    files = [put(pictures, 1), put(clips, 2, 500, suffix="mp4"), put(pictures, 3), put(clips, 4, 500, suffix="mp4")]
    # 1200 bytes in all: without the first two, 600 are left, and without the first alone 1100.
    assert trim([pictures, clips], 700, NOBODY, now=NOW) == Trimmed(tuple(files[:2]), 600, fits=True)
    assert names(pictures) | names(clips) == {files[2].name, files[3].name}


def test_a_budget_that_is_just_kept_costs_nothing(tmp_path: Path):
    for number in range(3):
        put(tmp_path, number)
    assert trim([tmp_path], 300, NOBODY, now=NOW) == Trimmed((), 300, fits=True)
    assert len(trim([tmp_path], 299, NOBODY, now=NOW).removed) == 1


def test_what_is_still_to_be_delivered_stays_and_the_next_oldest_go(tmp_path: Path):
    files = [put(tmp_path, number) for number in range(5)]
    done = trim([tmp_path], 300, frozenset([files[0].name, files[2].name]), now=NOW)
    assert done == Trimmed((files[1], files[3]), 300, fits=True)


def test_where_all_is_pinned_nothing_goes_and_the_caller_learns_it(tmp_path: Path):
    files = [put(tmp_path, number) for number in range(5)]
    done = trim([tmp_path], 300, frozenset(file.name for file in files), now=NOW)
    assert done == Trimmed((), 500, fits=False)
    assert len(names(tmp_path)) == 5


def test_the_last_minute_stays_for_its_alerts_may_not_be_in_the_outbox_yet(tmp_path: Path):
    young = put(tmp_path, 1, age=59)
    old = put(tmp_path, 2, age=61)
    ahead = put(tmp_path, 3, age=-3600)  # the clock was put back
    assert trim([tmp_path], 0, NOBODY, now=NOW) == Trimmed((old, ahead), 100, fits=False)
    assert names(tmp_path) == {young.name}


def test_only_what_runs_make_is_counted_and_removed(tmp_path: Path):
    foreign = ["family.jpg", "0123456789abc.jpg", "0123456789AB.jpg", "0123456789ab.png", "0123456789ab.jpg.bak"]
    for name in foreign:
        (tmp_path / name).write_bytes(bytes(1000))
    (tmp_path / "aaaaaaaaaaaa.jpg").mkdir()
    target = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    target.write_bytes(bytes(1000))
    (tmp_path / "bbbbbbbbbbbb.jpg").symlink_to(target)
    assert trim([tmp_path, tmp_path / "missing"], 0, NOBODY, now=NOW) == Trimmed((), 0, fits=True)
    assert names(tmp_path) == {*foreign, "aaaaaaaaaaaa.jpg", "bbbbbbbbbbbb.jpg"}


def test_files_that_vanish_meanwhile_are_no_error(tmp_path: Path):
    """Two processes empty the same folder at once."""
    for number in range(2000):
        put(tmp_path, number, 10)
    script = f"""
        from pathlib import Path
        from instantreact_sdk.alerts.evidence import trim
        input()
        print(len(trim([Path({str(tmp_path)!r})], 0, frozenset(), now={NOW}).removed))
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    both = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for one in both:
        assert one.stdin
        one.stdin.write("\n")
        one.stdin.flush()
    said = [one.communicate(timeout=60) for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert names(tmp_path) == set()


def test_the_disk_is_looked_at_only_when_the_budget_is_reached(tmp_path: Path):
    asked = []

    def ask() -> frozenset[str]:
        asked.append(len(names(tmp_path / "snapshots")))
        return NOBODY

    room = Room(tmp_path, 10_000, ask)
    told = []
    for number in range(1, 301):
        done = room.added(put(tmp_path / "snapshots", number))
        told += [done] if done else []
        assert len(names(tmp_path / "snapshots")) <= 100, "at 100 bytes each, 100 are the budget"
    # The 101st is too many; a twentieth is freed besides, so that 95 are left. From there on, each sixth is too many.
    assert asked == [101] * len(asked)
    assert len(asked) == 1 + (300 - 101) // 6
    assert {(len(done.removed), done.size, done.fits) for done in told} == {(6, 9500, True)}
    assert told[0].removed[0].name == f"{1:012x}.jpg"


def test_room_counts_what_earlier_runs_left(tmp_path: Path):
    for number in range(1, 51):
        put(tmp_path / "clips", number, suffix="mp4")
    room = Room(tmp_path, 5_000, lambda: NOBODY)
    done = room.added(put(tmp_path / "snapshots", 51))
    assert done
    assert (len(done.removed), done.size) == (4, 4700)  # 51 x 100 - 4 x 100 <= 4750


def test_a_full_and_pinned_room_is_told_and_tried_again_after_another_twentieth(tmp_path: Path):
    keep = {"all": True}
    asked = []

    def ask() -> frozenset[str]:
        asked.append(1)
        return frozenset(names(tmp_path / "snapshots")) if keep["all"] else NOBODY

    room = Room(tmp_path, 2_000, ask)
    told = [room.added(put(tmp_path / "snapshots", number)) for number in range(1, 25)]
    assert [index for index, done in enumerate(told, 1) if done] == [21, 23]  # 2100 bytes, then more than 2200
    assert [done for done in told if done] == [Trimmed((), 2100, fits=False), Trimmed((), 2300, fits=False)]
    keep["all"] = False  # they were delivered
    assert room.added(put(tmp_path / "snapshots", 25))
    assert len(names(tmp_path / "snapshots")) == 19
    assert len(asked) == 3


def test_a_store_that_cannot_be_read_loses_no_evidence(tmp_path: Path):
    def ask() -> frozenset[str]:
        raise InstantReactError("IR5003", url="sqlite:///x")

    room = Room(tmp_path, 1_000, ask)
    for number in range(1, 11):
        assert room.added(put(tmp_path / "snapshots", number)) is None
    with pytest.raises(InstantReactError, match="IR5003"):
        room.added(put(tmp_path / "snapshots", 11))
    assert room.added(put(tmp_path / "snapshots", 12, 10)) is None, "it is not asked again at once"
    assert len(names(tmp_path / "snapshots")) == 12


def deliver(engine: Engine, key: str, status: str, snapshot: str = "", clip: str = "") -> None:
    row = {
        "key": key, "run": "r", "alert": key, "rule": "intruder", "source": "lobby", "recipient": "anna", "text": "", "events": [], "time": 0.0,
        "snapshot": snapshot, "clip": clip, "status": status, "routes": [["log", ""]], "lasts": [60.0], "notifier": "log",
        "created": 0.0, "due": 0.0, "due_set": 0.0, "expires": 60.0,
    }  # fmt: skip
    with engine.begin() as connection:
        connection.execute(deliveries.insert().values(row))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_engine(f"sqlite:///{tmp_path / 'store.db'}", create=True)
    with made.begin() as connection:
        connection.execute(runs.insert().values(id="r", config="", started=datetime.now(UTC), version="1"))
    yield made
    made.dispose()


def test_evidence_is_pinned_until_every_delivery_of_it_has_ended(engine: Engine, tmp_path: Path):
    deliver(engine, "1", "sent", "out/snapshots/aaaaaaaaaaaa.jpg")
    deliver(engine, "2", "failed", "out/snapshots/aaaaaaaaaaaa.jpg")
    assert pinned(engine) == set()
    deliver(engine, "3", "pending", "out/snapshots/aaaaaaaaaaaa.jpg")  # another recipient of the same
    deliver(engine, "4", "waiting", str(tmp_path / "snapshots" / "bbbbbbbbbbbb.jpg"))
    deliver(engine, "5", "sending", clip="/out/clips/cccccccccccc.mp4")
    for number, status in enumerate(("sent", "acknowledged", "failed", "expired", "noted"), 6):
        deliver(engine, str(number), status, f"{number:012}.jpg", f"{number:012}.mp4")
    assert pinned(engine) == {"aaaaaaaaaaaa.jpg", "bbbbbbbbbbbb.jpg", "cccccccccccc.mp4"}
    with engine.begin() as connection:
        connection.execute(deliveries.update().values(status="sent"))
    assert pinned(engine) == set()


def test_room_is_made_beside_what_the_store_pins(engine: Engine, tmp_path: Path):
    first = put(tmp_path / "snapshots", 1)
    deliver(engine, "1", "pending", str(first))
    room = Room(tmp_path, 200, lambda: pinned(engine))
    second, third = put(tmp_path / "snapshots", 2), put(tmp_path / "clips", 3, suffix="mp4")
    assert room.added(third) == Trimmed((second, third), 100, fits=True)  # one for the budget, one for the twentieth
    assert first.exists()


def test_a_store_that_is_damaged_says_so(engine: Engine, tmp_path: Path):
    engine.dispose()
    for path in tmp_path.glob("store.db*"):
        path.write_bytes(b"nothing like a database" * 100)
    with pytest.raises(InstantReactError, match="IR5005"):
        pinned(engine)
