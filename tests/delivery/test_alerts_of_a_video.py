"""From a real video to the guard's phone: each person who comes in is one message and one picture, and everybody tells the same story."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from gatehouse import Gatehouse, lines

from instantreact_sdk.testing.fakes import MessengerFake
from instantreact_sdk.testing.fakes.messenger.records import Message

ANNA = "7000000000000001"
FPS = 10
VISITS = 6
"""People who come into the room, one by one."""


@pytest.fixture
def fake() -> Iterator[MessengerFake]:
    with MessengerFake() as made:
        made.write(ANNA, "Hello")
        yield made


def room(video: Path, fake: MessengerFake, attach: str) -> dict[str, Any]:
    return {
        "sources": {"room": {"use": "opencv/video", "options": {"url": str(video)}}},
        "detectors": {"people": {"use": "opencv/motion", "options": {"min_area": 0.004}}},
        "rules": {"somebody came in": {"when": {"label": "motion", "for": "1s"}, "cooldown": "0s", "notify": ["anna"]}},
        "notifiers": {
            "messenger": {
                "use": "messenger",
                "options": {"page_token": "env:PAGE_TOKEN", "app_secret": "env:APP_SECRET", "base_url": fake.url},
            },
            "log": {"use": "sdk/jsonl", "options": {"path": "told.jsonl"}},
        },
        "people": {"anna": [{"messenger": ANNA}, {"log": ""}]},
        "attach": attach,
    }


@cache
def small(video: Path) -> list[np.ndarray]:
    """All its frames, as `picture` makes them."""
    return [*map(picture, frames(video))]


def frames(video: Path) -> Iterator[np.ndarray]:
    capture = cv2.VideoCapture(str(video))
    while (got := capture.read())[0]:
        yield got[1]
    capture.release()


def picture(image: np.ndarray) -> np.ndarray:
    """So small that the lines of boxes fade."""
    return cv2.resize(image, (192, 108), interpolation=cv2.INTER_AREA).astype(np.int16)


def moment(video: Path, image: np.ndarray) -> float:
    """The seconds at which the video shows this; what is drawn into it counts as any other difference, and that is cut off."""
    wanted = picture(image)
    differences = [np.minimum(abs(frame - wanted), 40).mean() for frame in small(video)]
    return int(np.argmin(differences)) / FPS


def jpeg(content: bytes) -> np.ndarray:
    assert content.startswith(b"\xff\xd8\xff")
    return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)


def told_the_same(house: Gatehouse, fake: MessengerFake, video: Path, store: str, kinds: list[str]) -> None:
    """What the guard got is what events and outbox say."""
    events = lines(house.folder / "out" / "events.jsonl")
    assert len(events) == VISITS
    for event in events:
        shown = json.loads(house.cli("events", "show", event["id"], "--store", store, "--json").stdout)
        (delivery,) = shown["deliveries"]
        (story,) = json.loads(house.cli("outbox", "show", delivery["alert"], "--store", store, "--json").stdout)
        assert {name: value for name, value in story.items() if name != "tried"} == delivery
        assert (story["rule"], story["source"], story["recipient"]) == ("somebody came in", "room", "anna")
        assert story["events"] == [event["id"]]
        assert story["time"] == pytest.approx(event["end"], abs=1e-5)
        assert (story["status"], story["durable"]) == ("sent", True)
        tried = [(one["number"], one["notifier"], one["outcome"]) for one in story["tried"]]
        assert tried == [(number, "messenger", "sent") for number in range(1, story["attempts"] + 1)]
        assert len(tried) <= 1 + ("video" in kinds)  # the clip may come later than the words
        got = [message for message in fake.messages if message.id in story["parts"].values()]
        assert [message.kind for message in got] == kinds
        assert story["receipt"] == got[0].id
        assert story["parts"] == parts(got)
        assert {message.recipient for message in got} == {ANNA}
        assert got[0].text == story["text"]
        assert "somebody came in at room" in story["text"]
        assert got[1].attachment
        assert got[1].attachment.type == "image/jpeg"
        assert moment(video, jpeg(got[1].attachment.content)) == pytest.approx(event["end"], abs=1.5 / FPS)
    assert len(fake.messages) == VISITS * len(kinds)


def parts(got: list[Message]) -> dict[str, str]:
    names = {"text": "text", "image": "snapshot", "video": "clip"}
    return {names[message.kind]: message.id for message in got}


def test_an_analysis_tells_of_each_person_with_a_picture_of_the_moment(
    shared_data: Path, tmp_path: Path, fake: MessengerFake
) -> None:
    video = shared_data / "video" / "one-by-one-person-detection.mp4"
    secrets = {"PAGE_TOKEN": fake.page.token, "APP_SECRET": fake.app.secret}
    house = Gatehouse(tmp_path, room(video, fake, "snapshot"), secrets)
    done = house.cli("analyze", str(video), "-c", "gate.yaml", "--out", "out", "--no-video", "--deliver")
    assert done.returncode == 0, done.stderr
    told_the_same(house, fake, video, "out", ["text", "image"])
    assert [line["delivered"] for line in lines(tmp_path / "out" / "alerts.jsonl")] == [True] * VISITS


def test_a_run_tells_of_each_person_with_a_clip_that_plays(
    shared_data: Path, tmp_path: Path, fake: MessengerFake
) -> None:
    video = shared_data / "video" / "one-by-one-person-detection.mp4"
    secrets = {"PAGE_TOKEN": fake.page.token, "APP_SECRET": fake.app.secret}
    house = Gatehouse(tmp_path, room(video, fake, "clip"), secrets)
    done = house.cli("run", "gate.yaml", "--out", "out")
    assert done.returncode == 0, done.stderr
    told_the_same(house, fake, video, "instantreact.db", ["text", "image", "video"])
    for number, message in enumerate(one for one in fake.messages if one.kind == "video"):
        assert message.attachment
        assert message.attachment.type == "video/mp4"
        clip = tmp_path / f"{number}.mp4"
        clip.write_bytes(message.attachment.content)
        seen = [*frames(clip)]
        assert len(seen) == pytest.approx(
            11 * FPS, abs=3
        )  # from 5 s before the second in which they came in to 5 s after it
