"""The store, in a thread of its own."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from instantreact_sdk import InstantReactError
from instantreact_sdk.alerts.store import Store
from instantreact_sdk.runner import keeping as keeping_module
from instantreact_sdk.runner.keeping import Keeping


def url(file: Path) -> str:
    return f"sqlite:///{file}"


def begun(keeping: Keeping) -> Keeping:
    keeping.begin()
    return keeping


def test_work_is_done_in_order_and_before_it_closes(tmp_path: Path) -> None:
    done: list[int] = []
    keeping = begun(Keeping(url(tmp_path / "a.db"), "p.yaml", pytest.fail))
    for number in range(50):
        keeping.do(lambda store, number=number: done.append(number))
    keeping.close()
    assert done == list(range(50))
    with Store.open(url(tmp_path / "a.db")) as store:
        (run,) = store.runs()
    assert run.config == "p.yaml"
    assert run.ended is not None


def test_each_error_is_told_once(tmp_path: Path) -> None:
    told: list[str] = []
    keeping = begun(Keeping(url(tmp_path / "a.db"), "p.yaml", lambda error: told.append(error.code)))

    def slip(store: Store) -> None:
        raise ValueError("a bug of ours")

    keeping.do(slip)
    keeping.do(slip)
    keeping.close()
    assert told == ["IR6002"]


def test_a_store_that_fails_is_left_alone_for_a_while_and_what_cannot_wait_goes_elsewhere(tmp_path: Path) -> None:
    told: list[str] = []
    elsewhere: list[int] = []
    keeping = begun(Keeping(url(tmp_path / "a.db"), "p.yaml", lambda error: told.append(error.code)))

    def fail(store: Store) -> None:
        raise InstantReactError("IR5003", url="x")

    for number in range(3):
        keeping.do(
            fail if not number else lambda store: pytest.fail("it was asked again at once"),
            lambda number=number: elsewhere.append(number),
        )
    keeping.close()
    assert (told, elsewhere) == (["IR5003"], [0, 1, 2])
    with Store.open(url(tmp_path / "a.db")) as store:
        assert store.runs()[0].ended is not None


def test_a_store_that_works_again_is_told_of_and_so_is_the_next_failure(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(keeping_module, "PAUSE", 0.0)
    told: list[str | None] = []
    keeping = begun(Keeping(url(tmp_path / "a.db"), "p.yaml", lambda error: told.append(error and error.code)))

    def fail(store: Store) -> None:
        raise InstantReactError("IR5003", url="x")

    for work in (fail, fail, lambda store: None, lambda store: None, fail):
        keeping.do(work)
    keeping.close()
    assert told == ["IR5003", None, "IR5003"]


def test_a_run_that_was_broken_off_is_told_of_by_the_next_one_of_the_same_file(tmp_path: Path) -> None:
    with Store.open(url(tmp_path / "a.db")) as store:
        killed = store.begin_run("p.yaml")
        store.end_run(store.begin_run("other.yaml"))
    told: list[str] = []
    for file in ("p.yaml", "p.yaml", "other.yaml"):
        begun(Keeping(url(tmp_path / "a.db"), file, pytest.fail, broken_off=lambda run: told.append(run.id))).close()
    assert told == [killed]


def test_a_store_that_cannot_be_opened_is_told_once_and_work_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("this is no database, and long enough to be looked into as one" * 20)
    told: list[str] = []
    keeping = begun(Keeping(url(tmp_path / "a.db"), "p.yaml", lambda error: told.append(error.code)))
    keeping.do(lambda store: pytest.fail("there is no store"))
    with pytest.raises(InstantReactError):
        keeping.opened()
    keeping.close()
    assert told == ["IR5005"]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("store")]


def test_it_begins_anew_or_goes_on(tmp_path: Path) -> None:
    for anew, runs in ((False, 1), (False, 2), (True, 1)):
        begun(Keeping(url(tmp_path / "a.db"), "p.yaml", pytest.fail, anew=anew)).close()
        with Store.open(url(tmp_path / "a.db")) as store:
            assert len(store.runs()) == runs


def test_what_is_there_stays_until_it_begins(tmp_path: Path) -> None:
    begun(Keeping(url(tmp_path / "a.db"), "p.yaml", pytest.fail)).close()
    Keeping(url(tmp_path / "a.db"), "p.yaml", pytest.fail, anew=True).close()
    with Store.open(url(tmp_path / "a.db")) as store:
        assert len(store.runs()) == 1
