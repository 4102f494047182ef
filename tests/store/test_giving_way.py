"""Of two transactions that wait for each other PostgreSQL undoes one: it is done again."""

from __future__ import annotations

import pytest
from deadline import joined, started, until
from outboxes import Gatehouse

from instantreact_sdk import InstantReactError
from instantreact_sdk.alerts.store import Store
from instantreact_sdk.alerts.writing import giving_way


def test_of_two_that_wait_for_each_other_both_are_done(postgres_url):
    with Store.open(postgres_url) as store:
        gate = Gatehouse(store)
        gate.raised()
        gate.raised(rule="fire")
        gate.tell(what="transient", error="refused")
        with store.engine.connect() as other:
            other.exec_driver_sql("SET deadlock_timeout = '60s'")  # the one that is undone is ours
            other.exec_driver_sql("UPDATE deliveries SET error = 'theirs' WHERE rule = 'fire'")
            hastens = started(gate.ledger.hasten)  # has the first row, and waits for the second one
            until(lambda: waiting(store) == 1, 20)
            other.exec_driver_sql("UPDATE deliveries SET error = 'theirs' WHERE rule = 'intruder'")
            other.commit()
        joined(hastens)
        assert [(row.error, row.due) for row in gate.rows()] == [("theirs", gate.now)] * 2


def waiting(store: Store) -> int:
    with store.engine.connect() as connection:
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return connection.exec_driver_sql(query).scalar()


def test_what_fails_otherwise_is_not_done_again():
    tried = []

    @giving_way
    def fails() -> None:
        tried.append(1)
        raise InstantReactError("IR5006", url="store", problem="gone")

    with pytest.raises(InstantReactError, match="IR5006"):
        fails()
    assert len(tried) == 1
