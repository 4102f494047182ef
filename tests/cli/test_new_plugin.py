"""``instantreact-sdk new-plugin``."""

from __future__ import annotations

import json
import os
import pty
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from golden import same_as_golden

HERE = Path(__file__).parent
PROGRAM = [sys.executable, "-c", "from instantreact_sdk.cli import main; main()", "new-plugin"]


def new_plugin(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it without a terminal."""
    return subprocess.run(
        [*PROGRAM, *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def answering(folder: Path, answers: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run it where somebody sits before a terminal."""
    mine, its = pty.openpty()
    try:
        os.write(mine, answers.encode())
        return subprocess.run(
            [*PROGRAM, *arguments], cwd=folder, stdin=its, capture_output=True, timeout=60, check=False
        )
    finally:
        os.close(its)
        os.close(mine)


def test_what_it_prints_is_the_golden_file(tmp_path):
    told = new_plugin(tmp_path, "blob", "--kind", "detector", "--author", "Ada", "--ci", "none")
    assert (told.returncode, told.stderr) == (0, "")
    same_as_golden(HERE / "new_plugin.golden", told.stdout)


def test_its_commands_can_be_pasted_whatever_the_folder_is_called(tmp_path):
    folder = tmp_path / "my plug'ins"
    folder.mkdir()
    told = new_plugin(tmp_path, "blob", "--kind", "detector", "--author", "Ada", "--path", str(folder))
    (line,) = [line for line in told.stdout.splitlines() if line.startswith("  cd ")]
    assert shlex.split(line) == ["cd", str(folder / "instantreact-blob")]


def test_json_names_the_files(tmp_path):
    told = new_plugin(tmp_path, "blob", "--kind", "notifier", "--kind", "source", "--author", "Ada", "--json")
    made = json.loads(told.stdout)
    assert {name: made[name] for name in ("name", "distribution", "package", "kinds", "author", "replaced")} == {
        "name": "blob",
        "distribution": "instantreact-blob",
        "package": "instantreact_blob",
        "kinds": ["source", "notifier"],
        "author": "Ada",
        "replaced": [],
    }
    there = [path for path in (tmp_path / made["folder"]).rglob("*") if path.is_file()]
    assert sorted(str(path.relative_to(tmp_path / made["folder"])) for path in there) == made["files"]


def test_without_a_terminal_the_kind_has_to_be_said(tmp_path):
    told = new_plugin(tmp_path, "blob")
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.startswith("IR6028: It is not said what the plugin is to have. Add `--kind`")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["--yes"], ["--yes", "--json"]])
def test_what_is_taken_as_usual_is_said(arguments, tmp_path):
    told = new_plugin(tmp_path, "blob", *arguments)
    assert told.returncode == 0
    assert told.stderr.splitlines() == [
        "Taken as usual: --kind detector.",
        "Taken as usual: --author 'The authors of instantreact-blob'.",
    ]


def test_before_a_terminal_it_asks_for_what_was_not_said(tmp_path):
    told = answering(tmp_path, "captioner, notifier\nAda\n", "blob")
    assert told.returncode == 0, told.stderr
    assert (tmp_path / "instantreact-blob/src/instantreact_blob/captioner.py").is_file()
    assert "Copyright (c) Ada\n" in (tmp_path / "instantreact-blob/LICENSE").read_text()


def test_enter_takes_what_is_usual(tmp_path):
    assert answering(tmp_path, "\n\n", "blob").returncode == 0
    assert (tmp_path / "instantreact-blob/tests/test_detector.py").is_file()


def test_yes_asks_nothing_before_a_terminal_either(tmp_path):
    assert answering(tmp_path, "", "blob", "--yes").returncode == 0


def test_nothing_is_asked_about_a_name_that_cannot_be(tmp_path):
    told = answering(tmp_path, "", "../evil")
    assert told.returncode == 2
    assert told.stderr.startswith(b"IR6021")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["Blob", "--kind", "detector"], "IR6020"),
        (["ssd", "--kind", "detector"], "IR6022"),
        (["blob", "--kind", "detecter"], "IR6029"),
        (["blob", "--kind", "detector", "--license", "GPL"], "IR6003"),
        (["blob", "--kind", "detector", "--path", "missing"], "IR6026"),
    ],
)
def test_what_cannot_be_is_the_callers_mistake(arguments, code, tmp_path):
    told = new_plugin(tmp_path, *arguments)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.startswith(code)
    assert list(tmp_path.iterdir()) == []


def test_what_force_replaced_is_marked(tmp_path):
    new_plugin(tmp_path, "blob", "--kind", "detector")
    (tmp_path / "instantreact-blob" / "LICENSE").unlink()
    told = new_plugin(tmp_path, "blob", "--kind", "detector", "--force")
    assert "README.md (replaced)" in told.stdout
    assert "LICENSE (replaced)" not in told.stdout
