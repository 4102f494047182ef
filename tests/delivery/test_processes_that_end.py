"""Processes are killed, stopped and hang: no alert is lost, and what is not theirs goes on."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from deadline import until
from gatehouse import PATIENCE, Gatehouse, gate, lives, pause, porter, running, standing

TWO_WAYS = {
    "notifiers": {"sms": porter(), "watchman": porter()},
    "people": {"anna": [{"porter": "1"}, {"sms": "2"}]},
    "rules": {"trouble": {"when": {"health": "plugin_failed"}, "notify": ["watchman"]}},
}
"""Anna has a second way, and somebody else is told of trouble."""
RESTARTED = {
    "rules": {"restart": {"when": {"health": "restarted"}, "cooldown": "0s", "notify": ["watchman"]}},
    "notifiers": {"watchman": porter()},
}


def told_once(house: Gatehouse, rings: int) -> None:
    """Everybody who rang was told of, nobody twice."""
    assert [*house.told().values()] == [1] * rings


def test_a_delivery_process_that_is_killed_while_it_sends_is_started_anew_and_sends_again(tmp_path: Path) -> None:
    with running(tmp_path, gate(**RESTARTED)) as house:
        house.ring()
        house.wait_rows("sent")
        house.mood("porter", "hangs")
        house.ring()
        until(lambda: len(house.asked()) == 2, PATIENCE)
        first = house.pid("deliverer")
        house.mood("porter")
        os.kill(first, signal.SIGKILL)
        house.ring()
        house.wait_rows("sent", "sent", "sent")
        assert house.another("deliverer", first) != first
        told_once(house, 3)
        assert [one["attempt"] for one in house.asked() if one["key"] == house.asked()[1]["key"]] == [1, 2]
        house.wait_told(1, "watchman")


def test_a_pipeline_that_is_killed_is_started_anew_and_loses_nothing(tmp_path: Path) -> None:
    with running(tmp_path, gate(**RESTARTED)) as house:
        house.mood("porter", "transient")
        house.ring()
        house.wait_rows("pending")
        first = house.pid("worker")
        os.kill(first, signal.SIGKILL)
        house.ring()
        house.mood("porter")
        house.wait_rows("sent", "sent")
        assert house.another("worker", first) != first
        told_once(house, 2)
        house.wait_told(1, "watchman")


def test_who_is_killed_from_outside_again_and_again_blames_no_camera(tmp_path: Path) -> None:
    with running(tmp_path, gate()) as house:
        worker = 0
        for kills in range(4):  # three crashes in a component, and it would be left out
            worker = house.another("worker", worker)
            house.ring()
            house.wait_rows(*["sent"] * (kills + 1))
            if kills < 3:
                os.kill(worker, signal.SIGKILL)
        told_once(house, 4)


def test_both_may_be_killed_at_once(tmp_path: Path) -> None:
    with running(tmp_path, gate()) as house:
        house.mood("porter", "transient")
        house.ring()
        house.wait_rows("pending")
        both = house.pid("worker"), house.pid("deliverer")
        for pid in both:
            os.kill(pid, signal.SIGKILL)
        house.mood("porter")
        house.ring()
        house.wait_rows("sent", "sent")
        told_once(house, 2)


def test_children_of_a_killed_supervisor_end_and_the_next_run_goes_on(tmp_path: Path) -> None:
    with running(tmp_path, gate(**RESTARTED)) as house:
        house.mood("porter", "transient")
        house.ring()
        house.wait_rows("pending")
        both = house.pid("worker"), house.pid("deliverer")
        house.kill()
        until(lambda: not any(map(lives, both)), PATIENCE)
        house.mood("porter")
        assert house.told() == {}
        house.start()
        house.wait_rows("sent")
        house.ring()
        house.wait_rows("sent", "sent")
        told_once(house, 2)


def test_after_everything_was_killed_the_next_run_says_so_once_and_sends_what_waits(tmp_path: Path) -> None:
    with standing(tmp_path, gate(**RESTARTED)) as house:
        house.start()
        house.mood("porter", "transient")
        house.ring()
        house.wait_rows("pending")
        assert house.asked("watchman") == []
        house.kill_all()
        house.mood("porter")
        house.start()
        house.wait_rows("sent")
        house.wait_told(1, "watchman")
        assert house.interrupt() == 130
        house.start()
        house.ring()
        house.wait_rows("sent", "sent")
        assert house.interrupt() == 130
        assert len(house.asked("watchman")) == 1  # it ended in good order the last time
        told_once(house, 2)


def test_a_notifier_that_hangs_gives_way_to_the_next_route_and_holds_nobody_up(tmp_path: Path) -> None:
    file = gate(**TWO_WAYS, outbox={"next_route": "3s"}, ring={"notify": ["anna", "watchman"]})
    file["notifiers"]["porter"] = porter(time_limit="1s")
    with running(tmp_path, file) as house:
        house.mood("porter", "hangs")
        house.ring()
        house.wait_told(1, "watchman")
        house.wait_told(1, "sms")
        (row,) = [row for row in house.rows() if row.recipient == "anna"]
        assert row.notifier == "sms"
        house.mood("porter")
        house.said("online system porter: porter works again.")
        house.ring()
        house.wait_told(1)
        assert house.told("sms").total() == 1


@pytest.mark.parametrize("mood", ["segfaults", "raises", "permanent"])
def test_a_notifier_that_fails_at_each_call_leaves_its_alerts_to_the_next_route(tmp_path: Path, mood: str) -> None:
    with running(tmp_path, gate(**TWO_WAYS, outbox={"next_route": "5s"})) as house:
        house.mood("porter", mood)
        house.ring()
        house.wait_told(1, "sms")
        house.wait_told(1, "watchman")  # of what is wrong with the porter
        house.ring()
        house.wait_told(2, "sms")
        house.wait_rows("sent", "sent")
        assert "Traceback" not in house.log


def test_what_a_notifier_prints_does_not_spoil_the_results(tmp_path: Path) -> None:
    with running(tmp_path, gate()) as house:
        house.mood("porter", "prints")
        house.ring(2)
        house.wait_rows("sent", "sent")
        told_once(house, 2)


def test_a_notifier_that_cannot_be_opened_is_tried_again_and_tells_what_waited(tmp_path: Path) -> None:
    with standing(tmp_path, gate(**RESTARTED)) as house:
        house.mood("porter", "closed")
        house.start()
        house.ring()
        house.said("plugin_failed system porter: IR4000: The lodge is closed.")
        house.mood("porter")
        house.wait_rows("sent")
        house.said("online system porter: porter works again.")
        told_once(house, 1)


def test_a_delivery_process_that_is_stopped_for_a_while_tells_what_came_meanwhile_once(tmp_path: Path) -> None:
    with running(tmp_path, gate()) as house:
        house.ring()
        house.wait_rows("sent")
        os.kill(house.pid("deliverer"), signal.SIGSTOP)
        house.ring()
        house.wait_rows("sent", "pending")
        pause(12.0)  # longer than a lease
        os.kill(house.pid("deliverer"), signal.SIGCONT)
        house.wait_rows("sent", "sent")
        told_once(house, 2)


def test_what_is_due_is_sent_before_a_run_ends_and_what_cannot_be_sent_by_the_next_one(tmp_path: Path) -> None:
    file = gate(
        notifiers={"sms": porter()}, people={"ben": [{"sms": "2"}]}, ring={"cooldown": "1h", "notify": ["anna", "ben"]}
    )
    with running(tmp_path, file) as house:
        house.ring()
        house.wait_rows("sent", "sent")
        house.mood("sms", "transient")
        house.ring()  # its time comes in an hour
        house.wait_rows("sent", "sent", "pending", "pending")
        assert house.interrupt() == 130
        told_once(house, 2)
        assert sorted((row.recipient, row.status) for row in house.rows()[2:]) == [("anna", "sent"), ("ben", "pending")]
        house.mood("sms")
        house.start()
        house.wait_rows("sent", "sent", "sent", "sent")
        assert [*house.told("sms").values()] == [1, 1]
        told_once(house, 2)
