from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import cv2

from instantreact_sdk import Delivery
from instantreact_sdk.testing import media


def test_an_alert_tells_one_event_of_its_rule_and_source():
    alert = media.alert("Fire!", rule="fire", source="yard", time=30.0)
    (event,) = alert.events
    assert (alert.text, alert.rule, alert.source, alert.time) == ("Fire!", "fire", "yard", 30.0)
    assert (event.rule, event.source, event.start, event.end) == ("fire", "yard", 28.0, 30.0)
    assert alert.id == event.id
    assert alert.wall == event.wall == datetime(2026, 1, 1, 22, 0, 30, tzinfo=UTC)
    assert alert.snapshot is None


def test_alerts_of_other_moments_have_other_ids():
    assert media.alert().id == media.alert().id
    assert len({media.alert().id, media.alert(time=13.0).id, media.alert(rule="fire").id}) == 3


def test_an_alert_can_be_written_down_with_its_event():
    alert = media.alert()
    assert alert.line()["events"] == [alert.id]
    assert alert.events[0].line()["trace"]["evidence"] == ["lobby/people/1"]


def test_an_alert_of_the_first_second_starts_no_sooner_than_its_source():
    assert media.alert(time=0.5).events[0].start == 0


def test_a_delivery_is_the_first_attempt_of_which_nothing_is_done():
    assert media.delivery("anna") == Delivery("delivery-1", "anna", 1, {})
    assert media.delivery(attempt=2, key="k", done={"text": "7"}) == Delivery("k", "", 2, {"text": "7"})


def test_a_snapshot_is_a_jpeg_of_320_by_240_in_mid_grey(tmp_path: Path):
    path = media.snapshot(tmp_path)
    picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert path == tmp_path / "snapshot.jpg"
    assert picture.shape == (240, 320)
    assert (picture == 128).all()
