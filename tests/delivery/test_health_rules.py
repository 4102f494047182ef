"""What is wrong with cameras, recognizers, notifiers and the store is a rule's condition, and reaches somebody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gatehouse import Gatehouse, gate, porter, running


def told_of(kind: str, **sections: Any) -> dict[str, Any]:
    """A watchman is told of one kind of health."""
    return gate(
        rules={"trouble": {"when": {"health": kind}, "cooldown": "0s", "notify": ["watchman"]}},
        notifiers={"watchman": porter()},
        **sections,
    )


def source(house: Gatehouse) -> str:
    """Where the trouble is that the watchman was told of."""
    return house.asked("watchman")[0]["text"].partition(" at ")[2].partition(",")[0]


@pytest.mark.parametrize("kind", ["offline", "frozen", "black"])
def test_a_camera_that_shows_nothing(tmp_path: Path, kind: str) -> None:
    with running(tmp_path, told_of(kind)) as house:
        house.mood("porter", "transient")
        (tmp_path / "gate.health").write_text(kind)
        house.wait_told(1, "watchman")
        assert source(house) == "gate"


def test_a_detector_that_is_quarantined(tmp_path: Path) -> None:
    file = told_of("plugin_failed")
    file["detectors"]["bell"]["max_failures"] = 2
    with running(tmp_path, file) as house:
        house.mood("bell", "it is broken")
        house.wait_told(1, "watchman")
        assert source(house) == "gate"
        house.said("plugin_failed gate bell: IR4001: bell failed in detect: ValueError: it is broken")


def test_a_notifier_that_fails_and_one_that_works_again(tmp_path: Path) -> None:
    file = told_of("plugin_failed")
    file["rules"]["well"] = {"when": {"health": "online"}, "cooldown": "0s", "notify": ["watchman"]}
    with running(tmp_path, file) as house:
        house.mood("porter", "raises")
        house.ring()
        house.wait_told(1, "watchman")
        assert source(house) == "system"
        house.mood("porter")
        house.wait_told(2, "watchman")
        assert [one["rule"] for one in house.asked("watchman")] == ["trouble", "well"]


def test_a_notifier_whose_oldest_alert_has_waited_too_long(tmp_path: Path) -> None:
    with running(tmp_path, told_of("falling_behind", outbox={"late": "3s"})) as house:
        house.mood("porter", "transient")
        house.ring()
        house.wait_told(1, "watchman")
        assert source(house) == "system"
        assert (
            "falling_behind system porter: The oldest alert that porter has not delivered has waited for" in house.log
        )
        house.mood("porter")
        house.said("online system porter: porter delivers in time again.")


def test_a_service_that_fails_five_times_in_a_row(tmp_path: Path) -> None:
    whom = [f"guard {number}" for number in range(5)]
    file = told_of("plugin_failed", ring={"notify": whom}, people={name: [{"porter": name}] for name in whom})
    with running(tmp_path, file) as house:
        house.mood("porter", "transient")
        house.ring()
        house.wait_told(1, "watchman")
        assert len(house.asked()) == 5
        assert source(house) == "system"
