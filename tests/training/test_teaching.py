"""`instantreact_sdk.train`, with a trainer that learns the colour of each class."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from textwrap import dedent

import numpy as np
import pytest
from colours import pictures
from labelled import listed, voc_xml

from instantreact_sdk import InstantReactError, ModelCard, train

SPOTS = "colours/spots"


def refused(*arguments: object, **settings: object) -> str:
    with pytest.raises(InstantReactError) as caught:
        train(*arguments, **settings)
    return str(caught.value)


def colours(card: ModelCard) -> np.ndarray:
    with np.load(card.weights) as stored:
        return stored["colours"]


def test_weights_are_learned_from_one_split_and_their_card_says_which(data, tmp_path):
    card = train(SPOTS, f"voc:{data}", out=tmp_path / "run", options={"epochs": 3})
    assert card.labels == ("blue", "red")
    # Six pictures, three times: from 0 half of the way to 255 each time leaves 255 / 2**18.
    assert np.abs(colours(card) - [[0, 0, 255], [255, 0, 0]]).max() == pytest.approx(255 / 2**18)
    assert card.data == {
        "name": f"voc:{data}",
        "split": "train",
        "validation": "val",
        "pictures": 6,
        "fingerprint": "abc",
    }
    assert card.metrics == {"epoch": 3, "validation pictures": 2}
    assert ModelCard.read(tmp_path / "run") == card


def test_what_was_asked_is_kept_for_who_goes_on(data, tmp_path):
    train(SPOTS, str(data), out=tmp_path / "run", options={"epochs": 1, "rate": 0.25, "shades": (0.5, 1)})
    kept = json.loads((tmp_path / "run" / "run.json").read_text())
    assert {name: kept[name] for name in ("component", "data", "split", "validation", "options", "base")} == {
        "component": SPOTS,
        "data": f"voc:{data}",
        "split": "train",
        "validation": "val",
        "options": {"epochs": 1, "rate": 0.25, "shades": [0.5, 1.0]},
        "base": str(tmp_path),
    }


def test_a_run_goes_on_by_its_folder_alone_and_epochs_may_be_raised(data, tmp_path, monkeypatch):
    whole = train(SPOTS, "voc:data", out="whole", options={"epochs": 4, "order": "reversed"})
    train(SPOTS, "voc:data", out="part", options={"epochs": 2, "order": "reversed"})
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    card = train(out="../part", resume=True, options={"epochs": 4})
    assert (colours(card) == colours(whole.__class__.read(tmp_path / "whole"))).all()
    assert json.loads((tmp_path / "part" / "run.json").read_text())["options"] == {"epochs": 4, "order": "reversed"}


def test_who_stops_it_is_told_how_to_go_on_and_it_ends_as_if_it_had_never_stopped(data, tmp_path):
    stop = threading.Event()

    def stop_in_the_second_epoch(done: int, total: int, what: str) -> None:
        if what == "epoch 2":
            stop.set()

    told = refused(SPOTS, str(data), out=tmp_path / "run", stop=stop, progress=stop_in_the_second_epoch)
    assert told == (
        f"IR7020: The training in {tmp_path / 'run'} was stopped. "
        f"Go on with `instantreact-sdk train --resume --out {tmp_path / 'run'}`."
    )
    whole = train(SPOTS, str(data), out=tmp_path / "whole")
    assert (colours(train(out=tmp_path / "run", resume=True)) == colours(whole)).all()


def test_progress_tells_of_the_look_at_the_data_and_then_of_the_work(data, tmp_path):
    told: list[tuple[int, int, str]] = []
    train(SPOTS, str(data), out=tmp_path / "run", options={"epochs": 1}, progress=lambda *so_far: told.append(so_far))
    assert told == [(step, 6, what) for what in ("looking at the data", "epoch 1") for step in range(1, 7)]


def test_a_folder_that_holds_something_is_left_alone(data, tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "letters.txt").write_text("mine")
    assert refused(SPOTS, str(data), out=tmp_path / "run").startswith(f"IR7015: {tmp_path / 'run'} holds something")
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["letters.txt"]


def test_nothing_goes_on_where_no_run_was_begun(tmp_path):
    assert "IR7016" in refused(out=tmp_path / "none", resume=True)
    (tmp_path / "run.json").write_text("{")
    assert refused(out=tmp_path, resume=True).startswith(f"IR7016: {tmp_path} holds no run to go on with: run.json")


def test_a_run_goes_on_only_as_it_was_begun(data, tmp_path):
    train(SPOTS, str(data), out=tmp_path / "run", options={"epochs": 1})
    told = refused(SPOTS, str(data), out=tmp_path / "run", resume=True, split="test", options={"rate": 0.1})
    assert "IR7017" in told
    assert "split was train, and is test now; rate was auto, and is 0.1 now" in told
    same = train(SPOTS, "data", out=tmp_path / "run", resume=True, split="train", options={"rate": "auto"})
    assert same.metrics["epoch"] == 1


def test_pictures_may_not_be_learned_from_and_chosen_by(data, tmp_path):
    listed(data / "ImageSets/Main/both.txt", "val0", "train3")
    told = refused(SPOTS, str(data), out=tmp_path / "run", validation="both")
    assert told.startswith("IR7019: The validation both and the split train share pictures, train3 for one (1 in all)")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("split", "validation", "count"),
    [("train", None, 2), ("train", "none", 0), ("train", "test", 3), ("all", None, 0), ("trainval", None, 0)],
)
def test_validation_is_what_shares_nothing_with_what_is_learned_from(data, tmp_path, split, validation, count):
    listed(data / "ImageSets/Main/trainval.txt", "train0", "val0")
    card = train(SPOTS, str(data), out=tmp_path / "run", split=split, validation=validation, options={"epochs": 1})
    assert card.metrics["validation pictures"] == count


def test_validation_may_be_another_dataset(data, tmp_path):
    other = pictures(tmp_path / "other", {"night": 5})
    card = train(SPOTS, str(data), out=tmp_path / "run", validation=f"voc:{other}", options={"epochs": 1})
    assert (card.metrics["validation pictures"], card.data["validation"]) == (5, f"voc:{other}")


def test_a_split_without_pictures_or_objects_is_refused_before_anything_is_begun(data, tmp_path):
    listed(data / "ImageSets/Main/empty.txt")
    assert "cannot be used for training: it has no pictures" in refused(SPOTS, str(data), out="run", split="empty")
    for name in ("train0", "train1"):
        voc_xml(data, name, size=(48, 32))
    listed(data / "ImageSets/Main/background.txt", "train0", "train1")
    assert "no picture has an object" in refused(SPOTS, str(data), out="run", split="background")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda data: (data / "Annotations/train3.xml").write_text("<annotation>"), "IR7005"),
        (lambda data: (data / "JPEGImages/train3.png").write_bytes(b"no picture"), "IR7004"),
        (lambda data: (data / "JPEGImages/train3.png").unlink(), "IR7004"),
        (lambda data: voc_xml(data, "train3", size=(7, 7)), "IR7006"),
    ],
)
def test_a_bad_file_is_named_before_anything_is_begun(data, tmp_path, spoil, code):
    spoil(data)
    told = refused(SPOTS, str(data), out=tmp_path / "run")
    assert told.startswith(code)
    assert "train3" in told
    assert not (tmp_path / "run").exists()


def test_wrong_options_are_all_named_and_the_right_one_for_a_typo(data):
    told = refused(SPOTS, str(data), out="run", options={"epoch": 3, "rate": "fast", "start": {"grey": "dark"}})
    assert told.startswith("IR7021: The options of colours/spots are not right: ")
    assert told.endswith("See `instantreact-sdk train colours/spots --help`.")
    for part in ("epoch unknown key; did you mean 'epochs'?", "rate has to be", "start.grey has to be a valid integer"):
        assert part in told


def test_what_has_no_trainer_is_told_with_those_that_have_one(data):
    told = refused("colours/plain", str(data), out="run")
    assert told.startswith("IR7014: colours/plain has no trainer.")
    assert "colours/odd, colours/spots" in told
    assert told.endswith(" have one.")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("raises", "IR4001: colours/odd failed in train: ZeroDivisionError: nothing to share (odd.py, line"),
        ("exits", "IR4001: colours/odd failed in train: SystemExit"),
        ("returns-none", "IR4004: colours/odd returned a NoneType from train."),
    ],
)
def test_a_trainer_that_goes_wrong_is_named(data, tmp_path, how, said):
    assert refused("colours/odd", str(data), out=tmp_path / "run", options={"how": how}).startswith(said)


def test_what_a_trainer_prints_is_no_result(data, tmp_path, capsys):
    train(SPOTS, str(data), out=tmp_path / "run")
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "a library prints\n")


def test_a_training_is_begun_with_a_component_and_data(tmp_path):
    with pytest.raises(TypeError, match="needs a component and data"):
        train(SPOTS, out=tmp_path / "run")


def test_a_run_that_did_not_come_to_begin_is_in_nobodys_way(data, tmp_path):
    assert "IR4001" in refused("colours/odd", str(data), out=tmp_path / "run")
    assert train(SPOTS, str(data), out=tmp_path / "run", options={"epochs": 1}).metrics["epoch"] == 1


def test_two_trainings_are_not_in_one_folder(data, tmp_path):
    other = """
        import sys
        from pathlib import Path
        from instantreact_sdk.training.run_file import alone
        with alone(Path(sys.argv[1])):
            print("there", flush=True)
            sys.stdin.read()
    """
    train(SPOTS, str(data), out=tmp_path / "run", options={"epochs": 1})
    command = [sys.executable, "-c", dedent(other), str(tmp_path / "run")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "there\n"
        told = refused(out=tmp_path / "run", resume=True, options={"epochs": 2})
        assert told.startswith(f"IR7025: Another training is at work in {tmp_path / 'run'}.")
        process.kill()
    assert train(out=tmp_path / "run", resume=True, options={"epochs": 2}).metrics["epoch"] == 2


def test_who_stops_it_while_the_data_is_looked_at_can_go_on_too(data, tmp_path):
    stop = threading.Event()
    told = refused(SPOTS, str(data), out=tmp_path / "run", stop=stop, progress=lambda *so_far: stop.set())
    assert told.startswith("IR7020")
    assert train(out=tmp_path / "run", resume=True).metrics["epoch"] == 3
