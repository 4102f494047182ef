"""However many deliveries there are, nothing reads or sorts them all: what SQLite says that it would do is looked at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from outboxes import Gatehouse
from sqlalchemy import insert, select
from sqlalchemy.event import listen

from instantreact_sdk.alerts.store import Store
from instantreact_sdk.alerts.tables import deliveries


class Plans:
    """How SQLite goes about each statement that reads or changes deliveries."""

    def __init__(self, gate: Gatehouse) -> None:
        self._engine = gate.store.engine
        self._seen: list[tuple[str, tuple]] = []
        listen(self._engine, "before_cursor_execute", lambda *facts: self._seen.append((facts[2], facts[3])))

    def slow(self) -> list[str]:
        """Those that read a whole table, or sort what they found."""
        seen = [one for one in self._seen if "deliveries" in one[0] and one[0].startswith(("SELECT", "UPDATE"))]
        with self._engine.connect() as connection:
            plans = [
                (row[3], statement)
                for statement, values in seen
                for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            ]
        self._seen.clear()
        assert seen
        return [f"{step}: {statement}" for step, statement in plans if step.startswith(("SCAN d", "USE TEMP"))]


@pytest.fixture
def gate(tmp_path) -> Iterator[Gatehouse]:
    with Store.open(f"sqlite:///{tmp_path}/store.db") as store:
        gate = Gatehouse(store)
        gate.raised()
        with store.engine.begin() as connection:
            row = connection.execute(select(deliveries)).one()._asdict()
            row.pop("position")
            several = [row | {"key": f"{n:024x}", "rule": f"{n}", "alert": f"{n:012x}"} for n in range(200)]
            connection.execute(insert(deliveries), several)
        yield gate


@pytest.fixture
def plans(gate) -> Plans:
    return Plans(gate)


def test_to_take_and_to_settle(gate, plans):
    works = gate.take()
    assert [work.alert.rule for work in works] == ["intruder", *(f"{n}" for n in range(15))]
    assert plans.slow() == []
    gate.settle(works[0])
    gate.settle(works[1], "transient", "no")
    assert plans.slow() == []
    gate.outbox.pass_on("sms", "quarantined")
    assert [step for step in plans.slow() if "deliveries.position IN" not in step] == []  # what was changed is sorted


@pytest.mark.parametrize("seconds", [0, -3600])
def test_to_know_when_the_next_one_is_due(gate, plans, seconds):
    gate.now += seconds
    assert gate.outbox.next("sms") <= gate.now
    assert plans.slow() == []


def test_to_open_a_link(gate, plans):
    gate.ledger.acknowledge(f"{7:024x}", "link")
    assert plans.slow() == []
    assert gate.ledger.delivery(f"{8:012x}").rule == "8"
    assert plans.slow() == []


def test_to_find_what_begins_so(gate, plans):
    key = gate.rows()[0].key
    plans.slow()
    assert [row.rule for row in gate.ledger.meant(f"{77:012x}"[:-1] + "d")] == ["77"]
    assert gate.ledger.delivery(key[:9]).rule == "intruder"
    assert plans.slow() == []


def test_to_understand_an_answer(gate, plans):
    gate.settle(gate.take()[0], receipt="m1")
    plans.slow()
    assert gate.ledger.replied("sms", "+237600000001").rule == "intruder"
    assert plans.slow() == []


def test_an_answer_is_looked_for_without_keeping_others_from_writing(gate):
    gate.settle(gate.take()[0], receipt="m1")
    statements: list[str] = []
    listen(gate.store.engine, "before_cursor_execute", lambda *facts: statements.append(facts[2]))
    assert gate.ledger.replied("sms", "+237600000099") is None
    assert not any("BEGIN" in statement for statement in statements)


def test_a_cooldown_of_no_seconds_holds_nothing_back(gate, plans):
    """With a thousand that wait, to tell each would write all of them."""
    row = gate.rows()[0]
    with gate.store.engine.begin() as connection:
        connection.execute(deliveries.update().values(cooldown=0.0, rule="intruder"))
    due = [one.due for one in gate.rows()]
    gate.now += 5
    work = gate.take()[0]
    assert work.delivery.key == row.key
    gate.settle(work)
    assert [one.due for one in gate.rows()] == due
