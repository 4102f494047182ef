"""Labels in rules are ones that a detector there can find."""

from __future__ import annotations

from pathlib import Path

import pytest

from instantreact_sdk import Detections, Detector, InstantReactError, NoOptions, PluginError
from instantreact_sdk.config import load
from instantreact_sdk.config.labels import check_labels, known_labels

FILE = """\
sources: {yard: {use: opencv/video}, lobby: {use: opencv/video}}
detectors:
  animals: {use: opencv/motion}
  things: {use: opencv/motion, sources: [lobby]}
rules:
  anything:
    when: WHEN
    sources: [yard]
"""


@pytest.fixture
def problems(tmp_path):
    def check(when: str, labels: dict[str, tuple[str, ...]]) -> list[str]:
        path = tmp_path / "labels.yaml"
        path.write_text(FILE.replace("WHEN", when))
        try:
            check_labels(load(path), labels)
        except InstantReactError as error:
            return [f"{each.line}: {each.what}" for each in error.facts["found"]]
        return []

    return check


BOTH = {"animals": ("cat", "dog"), "things": ("cup",)}


def test_a_label_that_is_found_is_in_order(problems):
    assert problems("{label: cat}", BOTH) == []


def test_each_label_that_nobody_finds_is_told_with_the_nearest(problems):
    assert problems("{label: [dog, catt, dg]}", BOTH) == [
        "7: no detector here finds 'catt'; did you mean 'cat'?",
        "7: no detector here finds 'dg'; did you mean 'dog'?",
    ]


def test_where_none_is_near_those_that_are_found_are_told(problems):
    assert problems("{label: elephant}", BOTH) == ["7: no detector here finds 'elephant'; they find cat, dog"]
    many = tuple(f"{number:02}" for number in range(25))
    (told,) = problems("{label: elephant}", {**BOTH, "animals": many})
    assert told.endswith("18, 19 and 5 more")


def test_a_detector_that_watches_elsewhere_does_not_count(problems):
    assert problems("{label: cup}", BOTH) == ["7: no detector here finds 'cup'; they find cat, dog"]


def test_nothing_is_said_while_one_of_those_that_watch_is_not_known(problems):
    assert problems("{label: elephant}", {"things": ("cup",)}) == []


def test_labels_deep_in_a_rule_are_looked_at(problems):
    assert len(problems("{none: [{any: [{label: catt}, {label: '*'}]}], within: 1s}", BOTH)) == 1


def test_whatever_is_found_is_a_label_that_every_detector_has(problems):
    assert problems("{label: '*'}", BOTH) == []


class Fixed(Detector):
    labels = ("cat",)

    def detect(self, frames):
        return [Detections.empty() for _ in frames]


class Loaded(Fixed):
    labels = property(lambda self: 1 / 0)


class Reading(Loaded):
    def known_labels(self, base: Path) -> tuple[str, ...]:
        if not (base / "names.txt").exists():
            raise PluginError("names.txt is not there.")
        return tuple((base / "names.txt").read_text().split())


def test_what_can_be_told_without_opening_is_asked_of_each_detector(tmp_path):
    path = tmp_path / "labels.yaml"
    path.write_text(FILE.replace("WHEN", "{label: cat}"))
    (tmp_path / "names.txt").write_text("cup mug")
    loaded = load(path)
    assert known_labels(loaded, {"animals": Fixed(NoOptions()), "things": Loaded(NoOptions())}) == {"animals": ("cat",)}
    assert known_labels(loaded, {"animals": Fixed(NoOptions()), "things": Reading(NoOptions())}) == {
        "animals": ("cat",),
        "things": ("cup", "mug"),
    }


def test_a_detector_that_cannot_work_is_told_at_its_line(tmp_path):
    path = tmp_path / "labels.yaml"
    path.write_text(FILE.replace("WHEN", "{label: cat}"))
    with pytest.raises(InstantReactError, match=r"labels.yaml:4: detectors.things.*names.txt is not there"):
        known_labels(load(path), {"animals": Fixed(NoOptions()), "things": Reading(NoOptions())})
