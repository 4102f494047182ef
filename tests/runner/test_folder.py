"""The files that a run writes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from needs import need

from instantreact_sdk import InstantReactError
from instantreact_sdk.runner.folder import FILES, Folder

OURS = (*FILES, "summary.json", "report.html", "annotated.mp4", "annotated-hall.mp4", "snapshots/0123456789ab.jpg")
THEIRS = (
    "notes.txt",
    "holiday.mp4",
    "snapshots/readme.md",
    "snapshots/beach.jpg",
    "instantreact.db",
    "more/events.jsonl",
)


def begun(folder: Folder) -> Folder:
    folder.begin()
    return folder


def old_run(folder: Path) -> None:
    for name in (*OURS, *THEIRS):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text('{"old":1}\n')


def left(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


def test_an_earlier_runs_files_are_replaced_and_nothing_else(tmp_path: Path) -> None:
    old_run(tmp_path)
    folder = begun(Folder(tmp_path, observations=True, goes_on=False))
    assert left(tmp_path) == {*FILES, *THEIRS}
    folder.write("events.jsonl", {"id": "é", "n": 0.5})
    assert (tmp_path / "events.jsonl").read_text() == '{"id":"é","n":0.5}\n'  # at once, for whoever follows it
    folder.close({"exit": "done"})
    assert json.loads((tmp_path / "summary.json").read_text()) == {"exit": "done"}


def test_observations_of_an_earlier_run_do_not_stay_where_none_are_written(tmp_path: Path) -> None:
    old_run(tmp_path)
    folder = begun(Folder(tmp_path, observations=False, goes_on=False))
    folder.write("observations.jsonl", {"id": "unheard"})
    folder.close({})
    assert not (tmp_path / "observations.jsonl").exists()


def test_a_run_that_watches_cameras_adds_to_what_is_there(tmp_path: Path) -> None:
    old_run(tmp_path)
    folder = begun(Folder(tmp_path, observations=False, goes_on=True))
    folder.write("events.jsonl", {"new": 2})
    folder.close({"exit": "done"})
    assert left(tmp_path) == {*OURS, *THEIRS} - {"report.html"}
    assert (tmp_path / "events.jsonl").read_text() == '{"old":1}\n{"new":2}\n'


def test_what_is_there_stays_until_it_begins(tmp_path: Path) -> None:
    old_run(tmp_path)
    folder = Folder(tmp_path, observations=True, goes_on=False)
    folder.write("events.jsonl", {"too": "early"})
    folder.close({"exit": "failed"})
    assert left(tmp_path) == {*OURS, *THEIRS}
    assert (tmp_path / "events.jsonl").read_text() == '{"old":1}\n'


@pytest.mark.parametrize("read", ["annotated.mp4", "snapshots/photo.jpg", "snapshots"])
def test_what_the_run_reads_is_not_replaced(tmp_path: Path, read: str) -> None:
    old_run(tmp_path)
    with pytest.raises(InstantReactError, match=r"IR5022: The results in .* would replace"):
        Folder(tmp_path, observations=True, goes_on=False, inputs=[(tmp_path / read).resolve()])


def test_it_makes_the_folder(tmp_path: Path) -> None:
    begun(Folder(tmp_path / "a" / "b", observations=True, goes_on=False)).close({})
    assert (tmp_path / "a" / "b" / "snapshots").is_dir()


@pytest.mark.parametrize("in_the_way", ["out", "out/snapshots", "out/events.jsonl/x"])
def test_a_folder_that_cannot_be_written_to_is_one_error(tmp_path: Path, in_the_way: str) -> None:
    blocked = tmp_path / in_the_way
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.write_text("")
    with pytest.raises(
        InstantReactError, match=r"IR5020: The results cannot be written to .*out: (Not a d|File exists|Is a d)"
    ):
        begun(Folder(tmp_path / "out", observations=True, goes_on=False))


def test_a_folder_without_permission_is_one_error(tmp_path: Path) -> None:
    need(os.geteuid() != 0 or Path("/proc/self").is_dir(), "there is no folder here that nobody may write to")
    out = Path("/proc/self/out") if os.geteuid() == 0 else tmp_path / "out"  # root may write anywhere else
    if os.geteuid():
        out.mkdir(mode=0o500)
    with pytest.raises(InstantReactError, match="IR5020"):
        begun(Folder(out, observations=True, goes_on=False))


def test_a_full_disk_is_one_error(tmp_path: Path) -> None:
    need(Path("/dev/full").exists(), "there is no /dev/full here")
    (tmp_path / "alerts.jsonl").symlink_to("/dev/full")
    folder = begun(Folder(tmp_path, observations=False, goes_on=True))
    with pytest.raises(InstantReactError, match=r"IR5020: .* No space left on device"):
        folder.write("alerts.jsonl", {"id": 1})
    with pytest.raises(InstantReactError, match="IR5020"):
        folder.close({})  # the line still cannot be written, and all files are closed
