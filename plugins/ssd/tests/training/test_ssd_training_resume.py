import csv
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from drawn_cells import drawn, trained

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


def test_a_finished_run_goes_on_where_it_is_given_more_epochs_but_nothing_else(tmp_path):
    data = drawn(tmp_path / "data", 4)
    trained(data, data, tmp_path / "run", epochs=1)
    trained(data, data, tmp_path / "run", epochs=2)
    assert [row["epoch"] for row in _rows(tmp_path / "run")] == ["1", "2"]
    with pytest.raises(PluginError, match="was begun with batch_size 4, and is now given 2"):
        trained(data, data, tmp_path / "run", epochs=2, batch_size=2)
    with pytest.raises(PluginError, match="was begun with data"):
        trained(data[:2], data, tmp_path / "run", epochs=2)
