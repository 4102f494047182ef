"""`instantreact_sdk.evaluate`: any detector, on any labelled pictures."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from colours import pictures
from labelled import voc_object, voc_xml

from instantreact_sdk import InstantReactError, ModelCard, evaluate, train

SPOTS = "colours/spots"


@pytest.fixture
def run(data, tmp_path) -> Path:
    """A trained run; its detector finds every spot, at .9."""
    train(SPOTS, str(data), out=tmp_path / "run")
    return tmp_path / "run"


def refused(*arguments: object, **settings: object) -> str:
    with pytest.raises(InstantReactError) as caught:
        evaluate(*arguments, **settings)
    return str(caught.value)


def test_a_detector_that_finds_everything_has_an_average_precision_of_1(data, run):
    found = evaluate(SPOTS, str(data), options={"weights": str(run)})
    assert found.voc.mean_average_precision == found.voc.mean_average_precision_11 == 1
    assert found.coco.figures["AP"] == pytest.approx(1)
    assert (len(found.truth), found.voc.together.objects, found.mistakes, found.never) == (3, 6, [], ())
    assert found.pictures_per_second > 0
    assert found.plain()["data"] == f"voc:{data}, split test"


def test_what_is_missed_and_what_is_wrong_is_counted(data, run):
    # Of three red spots one is said to be blue: red has 2 objects and 3 detections, the wrong one equally sure.
    objects = [voc_object("blue", box=(3, 3, 10, 10)), voc_object("blue", box=(3, 13, 10, 20))]
    voc_xml(data, "test0", *objects, size=(48, 32))
    found = evaluate(SPOTS, str(data), options={"weights": str(run)})
    assert found.kinds == {"duplicate": 0, "localisation": 0, "other class": 1, "background": 0, "missed": 1}
    assert found.confusions == [("blue", "red", 1)]
    assert found.voc.curves["blue"].average_precision == pytest.approx(3 / 4)  # 3 of 4 found, and nothing wrong


def test_labels_are_matched_by_name_and_both_sides_are_told(tmp_path, data, run):
    other = pictures(tmp_path / "other", {"test": 2}, classes=("blue", "green"))
    found = evaluate(SPOTS, str(other), options={"weights": str(run), "also": "ghost"})
    assert found.dataset.classes == ("blue", "green")
    assert (found.never, found.left_out) == (("green",), {"ghost": 2})
    assert found.voc.curves["blue"].average_precision == 1
    assert found.voc.mean_average_precision == 0.5


def test_a_detector_that_knows_none_of_the_classes_is_refused(data):
    told = refused("colours/plain", str(data))
    assert told.startswith(f"IR7023: colours/plain knows none of the classes of voc:{data}: it finds nothing,")
    assert "and the dataset has blue and red" in told


def test_options_that_are_not_set_are_those_for_evaluation(data, run):
    def min_score(**options: object) -> float:
        return evaluate(SPOTS, str(data), options={"weights": str(run), **options}).options["min_score"]

    assert min_score() == 0.05
    assert min_score(min_score=0.3) == 0.3


def test_the_card_keeps_the_figures_and_the_score_of_best_f1(data, run):
    found = evaluate(SPOTS, str(data), options={"weights": "run"}, write_card=True)
    card = ModelCard.read(run)
    assert card.settings == {"min_score": found.min_score}
    assert found.min_score == pytest.approx(0.9)
    assert {name: card.metrics[name] for name in ("test VOC mAP", "test VOC mAP 11-point", "epoch")} == {
        "test VOC mAP": 1,
        "test VOC mAP 11-point": 1,
        "epoch": 3,
    }


def test_figures_of_what_has_no_card_are_not_lost_after_the_work_but_refused_before(data):
    assert refused("colours/plain", str(data), write_card=True).startswith("IR7024")


def test_the_folder_has_all_figures_and_a_page_that_needs_nothing_else(data, run, tmp_path):
    objects = [voc_object("blue", box=(3, 3, 10, 10)), voc_object("blue", box=(30, 13, 37, 20))]
    voc_xml(data, "test0", *objects, size=(48, 32))
    found = evaluate(SPOTS, str(data), options={"weights": str(run)}, out=tmp_path / "out")
    assert json.loads((tmp_path / "out/evaluation.json").read_text()) == found.plain()
    page = (tmp_path / "out/report.html").read_text()
    assert "default-src 'none'" in page
    assert "red at 0.90: it is blue" in page
    assert "blue, 4.2 % of the picture" in page  # 8 x 8 of 48 x 32 pixels
    assert page.count("<polyline") == 2
    assert page.count("data:image/jpeg;base64,") == len(found.mistakes) + found.kinds["missed"]
    assert not re.findall(r'(?:src|href)="(?!data:)', page)


def test_names_cannot_put_anything_into_the_page(data, run, tmp_path):
    voc_xml(data, "test0", voc_object("red"), voc_object("&lt;script&gt;alert(1)&lt;/script&gt;"), size=(48, 32))
    evaluate(SPOTS, str(data), options={"weights": str(run)}, out=tmp_path / "out")
    assert "<script" not in (tmp_path / "out/report.html").read_text()


def test_a_limit_takes_the_same_pictures_each_time(data, run):
    twice = [evaluate(SPOTS, str(data), split="train", options={"weights": str(run)}, limit=4) for _ in range(2)]
    assert len(twice[0].dataset) == 4
    assert twice[0].dataset.ids == twice[1].dataset.ids


def test_what_remembers_frames_is_refused(data):
    told = refused("colours/tracker", str(data))
    assert told.startswith("IR7022: colours/tracker cannot be shown single pictures: it remembers")


def test_a_split_that_is_not_there_is_told_with_those_that_are(data, run):
    told = refused(SPOTS, str(data), split="tset", options={"weights": str(run)})
    assert told.startswith("IR7003")
    assert "test, train or val" in told


def test_options_are_checked_and_needed_ones_asked_for(data):
    told = refused(SPOTS, str(data))
    assert told.endswith("weights has to be given. See `instantreact-sdk detect --use colours/spots --help`.")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return []", "IR4004: ./local.py:Local returned 0 results for 2 frames from detect."),
        ("return [None for _ in frames]", "a NoneType instead of Detections"),
        ("return [Detections([[0, 0, 1, 1]], [1], [5]) for _ in frames]", "a label outside its 1 labels"),
        ("raise KeyError('lost')", "IR4001: ./local.py:Local failed in detect: KeyError: 'lost' (local.py, line"),
    ],
)
def test_a_detector_that_answers_wrongly_is_named(data, tmp_path, body, said):
    (tmp_path / "local.py").write_text(
        "from instantreact_sdk import Detections, Detector\n\n\n"
        "class Local(Detector):\n"
        "    labels = ('red',)\n"
        "    batch_size = 2\n\n"
        "    def detect(self, frames):\n"
        f"        {body}\n"
    )
    assert said in refused("./local.py:Local", str(data))


def test_a_folder_that_cannot_be_written_is_told_before_the_work(data, run, tmp_path):
    (tmp_path / "file").touch()
    told: list[str] = []
    with pytest.raises(InstantReactError, match=f"IR4020: {tmp_path / 'file'}"):
        evaluate(
            SPOTS,
            str(data),
            options={"weights": run},
            out=tmp_path / "file",
            progress=lambda *so_far: told.append(so_far),
        )
    assert not told


def test_a_card_that_a_training_wrote_meanwhile_is_left_alone(data, run):
    card = ModelCard.read(run)

    def trained_on(*so_far: object) -> None:
        replace(card, metrics={"epoch": 99.0}).write()

    with pytest.raises(InstantReactError, match=r"IR7024: .* it changed meanwhile"):
        evaluate(SPOTS, str(data), options={"weights": run}, write_card=True, progress=trained_on)
    assert ModelCard.read(run).metrics == {"epoch": 99.0}
