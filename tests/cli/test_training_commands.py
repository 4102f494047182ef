"""``instantreact-sdk train``, ``evaluate`` and ``export``, as they are typed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from colours import COLOURS, pictures
from deadline import SECONDS, until
from golden import same_as_golden
from zoo import settle

from instantreact_sdk.cli import main

COMMAND = str(Path(sys.executable).with_name("instantreact-sdk"))
Typed = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environment(tmp_path, own_home, known_plugins) -> dict[str, str]:
    """In which the plugin that learns colours is installed, and ``data`` in `tmp_path` is what it can learn."""
    shutil.copytree(known_plugins, own_home, dirs_exist_ok=True)
    (tmp_path / "installed").mkdir()
    settle(tmp_path / "installed", COLOURS)
    pictures(tmp_path / "data", {"train": 6, "val": 2, "test": 3})
    return os.environ | {"PYTHONPATH": str(tmp_path / "installed"), "COLUMNS": "200", "NO_COLOR": "1"}


@pytest.fixture
def typed(tmp_path, environment) -> Typed:
    def run(*words: object) -> subprocess.CompletedProcess[str]:
        command = [COMMAND, *map(str, words)]
        return subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=120, cwd=tmp_path, env=environment
        )

    return run


@pytest.fixture
def here(tmp_path, environment, monkeypatch, capsys) -> Iterator[Callable[[str], tuple[str, int]]]:
    """Types a line without a process for it, which takes its time: gives what was printed, and the exit code."""
    monkeypatch.syspath_prepend(tmp_path / "installed")
    monkeypatch.chdir(tmp_path)
    for name in ("COLUMNS", "NO_COLOR"):
        monkeypatch.setenv(name, environment[name])
    monkeypatch.setenv("PYDANTIC_DISABLE_PLUGINS", "__all__")  # the program would set it, and leave it set
    before = signal.getsignal(signal.SIGTERM)

    def run(line: str) -> tuple[str, int]:
        monkeypatch.setattr(sys, "argv", ["instantreact-sdk", *line.split()])
        with pytest.raises(SystemExit) as ended:
            main()
        return "".join(capsys.readouterr()), int(ended.value.code or 0)

    yield run
    signal.signal(signal.SIGTERM, before)
    for name in [name for name in sys.modules if name.startswith("zoo_")]:
        del sys.modules[name]


def train(tmp_path: Path, environment: dict[str, str], *words: object) -> subprocess.Popen[str]:
    """A training at work, each step of which takes a while."""
    return subprocess.Popen(
        [COMMAND, "train", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=environment,
    )


SLOW = ("colours/spots", "--data", "voc:data", "--out", "run", "--epochs", 40, "--step-seconds", 0.02)


def begun(run: Path) -> bool:
    """Whether some epochs are done."""
    state = run / "last.json"
    return state.exists() and json.loads(state.read_text())["epoch"] >= 2


def learned(run: Path) -> str:
    return (run / "last.json").read_text()


def test_a_training_ends_with_the_words_of_the_golden_file(typed, tmp_path):
    taught = typed("train", "colours/spots", "--data", "voc:data", "--out", "run", "--epochs", 4, "--rate", 0.75)
    assert (taught.returncode, taught.stderr) == (0, "a library prints\n")
    same_as_golden(Path(__file__).with_name("train.golden"), taught.stdout.replace(str(tmp_path), "/here"))


def test_what_a_training_says_to_do_next_can_be_done(typed, tmp_path):
    taught = typed("train", "colours/spots", "--data", "voc:data", "--out", "run", "--epochs", 4, "--rate", 0.75)
    commands = [line.split()[1:] for line in taught.stdout.splitlines() if line.startswith("  instantreact-sdk")]
    assert [command[0] for command in commands] == ["evaluate", "detect", "export"]
    figures = typed(*commands[0], "--json")
    assert figures.returncode == 0, figures.stderr
    assert json.loads(figures.stdout)["voc"]["mean_average_precision"] == 1
    assert typed(*commands[2], "--digits", 0).stdout == "run/model.onnx is written, 0.0 MB.\n"
    assert (tmp_path / "run/model.onnx").read_text() == "0 0 255\n255 0 0\n"


def test_figures_are_told_as_a_table_with_what_does_not_fit(typed, tmp_path):
    typed("train", "colours/spots", "--data", "data", "--out", "run")
    pictures(tmp_path / "other", {"night": 2}, classes=("blue", "green"))
    told = typed(
        "evaluate", "colours/spots", "--data", "voc:other", "--split", "night", "--weights", "run", "--out", "o"
    )
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    assert lines[0] == f"colours/spots on voc:{tmp_path}/other, split night"
    assert [" ".join(line.split()) for line in lines[3:7]] == [
        "class objects VOC AP 11-point COCO AP best score precision recall",
        "blue 2 100.0 % 100.0 % 100.0 % 0.90 100.0 % 100.0 %",
        "green 2 0.0 % 0.0 % 0.0 % - - -",
        "all 4 50.0 % 50.0 % 50.0 % 0.90 100.0 % 50.0 %",
    ]
    assert lines[8] == "At a score of 0.90: 0 duplicate, 0 localisation, 0 other class, 0 background, 2 missed"
    assert lines[9] == "The detector does not know green: none of them is found."
    assert lines[-1] == "Report: o/report.html"


def test_a_training_that_is_killed_goes_on_and_ends_as_an_unbroken_one(typed, tmp_path, environment):
    process = train(tmp_path, environment, *SLOW)
    until(lambda: begun(tmp_path / "run"))
    process.kill()
    process.communicate(timeout=SECONDS)
    assert not (tmp_path / "run/weights.npz").exists()
    went_on = typed("train", "--resume", "--out", "run", "--step-seconds", 0, "--json")
    assert went_on.returncode == 0, went_on.stderr
    assert json.loads(went_on.stdout)["metrics"]["epoch"] == 40
    whole = typed("train", *SLOW[:4], "whole", "--epochs", 40)
    assert whole.returncode == 0, whole.stderr
    assert learned(tmp_path / "run") == learned(tmp_path / "whole")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_training_that_is_interrupted_says_how_to_go_on(typed, tmp_path, environment, number):
    process = train(tmp_path, environment, *SLOW)
    until(lambda: begun(tmp_path / "run"))
    process.send_signal(number)
    out, told = process.communicate(timeout=SECONDS)
    assert (process.returncode, out) == (130, "")
    assert "\nStopping, so that it can go on later." in told
    last = told.splitlines()[-1]
    assert last.startswith("IR7020: The training in run was stopped. Go on with `instantreact-sdk train")
    again = last.partition("`instantreact-sdk ")[2].partition("`")[0].split()
    assert typed(*again, "--step-seconds", 0).returncode == 0


def test_a_second_interrupt_ends_even_what_does_not_look_for_the_first(tmp_path, environment):
    process = train(tmp_path, environment, "colours/odd", "--data", "data", "--out", "run", "--how", "deaf")
    until((tmp_path / "run" / "deaf").exists)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=SECONDS)
    assert process.returncode == 130


def test_help_has_the_options_of_what_is_named(here):
    told, code = here("train colours/spots --help")
    assert code == 0
    panel = told.partition("─ Options of the trainer of colours/spots ─")[2]
    for part in ("--epochs", "INT", "How often every picture is looked at.", "--careful", "--no-careful", "FLOAT|auto"):
        assert part in panel
    assert "One that has no flag, in YAML: start." in panel
    assert "--epochs" not in here("train --help")[0]
    assert "--min-score" in here("evaluate colours/spots --help")[0]
    assert "--digits" in here("export colours/spots --help")[0]


MISTAKES = (
    "train",
    "train --out run",
    "train colours/spots --out run",
    "train colours/plain --data data --out run",
    "train colours/spot --data data --out run",
    "train nowhere/spots --data data --out run",
    "train colours/spots --data data --out run --epoch 3",
    "train colours/spots --data data --out run --epochs many --order backwards",
    "train colours/spots --data data --out run --epochs 0 --rate fast",
    "train colours/spots --data data --out run --option start.grey=dark --option moon=full",
    "train colours/spots --data data --out run --option start",
    "train colours/spots --data nothing --out run",
    "train colours/spots --data data --out run --split tset",
    "train colours/spots --data data --out run --validation train",
    "train colours/spots --data data --out data",
    "train --resume --out run",
    "evaluate colours/spots",
    "evaluate colours/spots --data data",
    "evaluate --data data --weights run",
    "train --data data --out run --epochs 3",
    "evaluate colours/spots --data data --weights nothing",
    "evaluate colours/tracker --data data",
    "evaluate colours/plain --data data",
    "export colours/spots --weights nothing --out x",
    "export colours/plain --weights nothing --out x",
)


def test_mistakes_are_told_in_the_words_of_the_golden_file(here, tmp_path):
    told = []
    for line in MISTAKES:
        said, code = here(line)
        told.append(f"$ {line}\n{said.replace(str(tmp_path), '/here')}-> {code}\n\n")
    same_as_golden(Path(__file__).with_name("training.golden"), "".join(told))


def test_completing_half_a_word_is_no_error(tmp_path, environment):
    words = "instantreact-sdk train colours/sp --ep"
    told = subprocess.run(
        [COMMAND],
        env=environment | {"_INSTANTREACT_SDK_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": "3"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=tmp_path,
    )
    assert "Traceback" not in told.stderr
