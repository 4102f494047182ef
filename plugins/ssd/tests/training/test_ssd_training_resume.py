import csv
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import torch
from drawn_cells import TINY, drawn, trained
from instantreact_ssd.network import SSD
from instantreact_ssd.training.state import State
from instantreact_ssd.weights import save_weights

from instantreact_sdk import Context, PluginError

HERE = Path(__file__).parents[1]
MEASURED_IN_TIME = {"images_per_second", "seconds"}


def _rows(out: Path) -> list[dict[str, str]]:
    with (out / "metrics.csv").open(newline="") as file:
        return [{name: row[name] for name in row if name not in MEASURED_IN_TIME} for row in csv.DictReader(file)]


def test_a_run_killed_at_any_step_or_while_writing_ends_as_an_unbroken_one(tmp_path):
    path = os.pathsep.join([str(HERE), str(HERE.parents[2] / "tests")])
    subprocess.run(
        [sys.executable, HERE / "killed_runs.py", tmp_path],
        check=True,
        timeout=240,
        env={**os.environ, "PYTHONPATH": path},
    )
    whole = tmp_path / "whole"
    assert [row["epoch"] for row in _rows(whole)] == ["1", "2"]
    assert _rows(tmp_path / "broken") == _rows(whole)
    for name in ("weights.safetensors", "weights.json"):
        assert (tmp_path / "broken" / name).read_bytes() == (whole / name).read_bytes()


def test_a_run_that_is_stopped_ends_after_the_step_and_can_be_taken_up(tmp_path):
    data = drawn(tmp_path / "data", 4)
    stop = threading.Event()
    told = []

    def progress(done, total, what):
        told.append(done)
        if done == 3:
            stop.set()

    trained(data, data, tmp_path / "run", progress, Context(stop=stop), epochs=2, batch_size=2)
    assert told == [1, 2, 3]
    told.clear()
    trained(data, data, tmp_path / "run", lambda done, *_: told.append(done), epochs=2, batch_size=2)
    assert told == [3, 4]


@pytest.mark.parametrize("option", ["init", "base_weights"])
def test_a_run_goes_on_without_the_weights_that_it_began_with(tmp_path, option):
    data, first, base = drawn(tmp_path / "data", 4), tmp_path / "first", tmp_path / "base.pth"
    save_weights(SSD(TINY, 2), ("blue", "red"), first, component="ssd/ssdlite320")
    torch.save(SSD(TINY, 2).body.state_dict(), base)
    options = {"epochs": 2, "batch_size": 2, option: str(first if option == "init" else base)}
    trained(data, data[:0], tmp_path / "whole", **options)
    stop = threading.Event()

    def stop_at(done, *_):
        if done == 3:
            stop.set()

    trained(data, data[:0], tmp_path / "broken", stop_at, Context(stop=stop), **options)
    shutil.rmtree(first)
    base.unlink()
    assert State.read(tmp_path / "broken").frozen == 2
    trained(data, data[:0], tmp_path / "broken", **options)
    whole, broken = (tmp_path / run / "weights.safetensors" for run in ("whole", "broken"))
    assert broken.read_bytes() == whole.read_bytes()


def test_a_rate_is_found_and_drawn_and_not_looked_for_again(tmp_path):
    data, out = drawn(tmp_path / "data", 2), tmp_path / "run"
    options = {"epochs": 1, "learning_rate": "auto", "augment": False}
    stop, told = threading.Event(), []

    def progress(done, total, what):
        told.append(what.partition(",")[0])
        if what.startswith("epoch"):
            stop.set()

    trained(data, data[:0], out, progress, Context(stop=stop), **options)
    assert set(told) == {"trying learning rates", "epoch 1 of 1"}
    found = State.read(out).rate
    assert 1e-6 < found < 1
    assert (out / "learning_rate.png").read_bytes().startswith(b"\x89PNG")
    stop.clear()
    told.clear()
    trained(data, data[:0], out, progress, **options)
    assert told == ["epoch 1 of 1"]
    assert State.read(out).rate == found


def test_a_finished_run_goes_on_where_it_is_given_more_epochs_but_nothing_else(tmp_path):
    data = drawn(tmp_path / "data", 4)
    trained(data, data, tmp_path / "run", epochs=1)
    trained(data, data, tmp_path / "run", epochs=2)
    assert [row["epoch"] for row in _rows(tmp_path / "run")] == ["1", "2"]
    with pytest.raises(PluginError, match="was begun with batch_size 4, and is now given 2"):
        trained(data, data, tmp_path / "run", epochs=2, batch_size=2)
    with pytest.raises(PluginError, match="was begun with data"):
        trained(data[:2], data, tmp_path / "run", epochs=2)
