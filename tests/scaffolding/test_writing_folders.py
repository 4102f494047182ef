"""A folder is written whole, or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from instantreact_sdk import InstantReactError
from instantreact_sdk.scaffolding import scaffold
from instantreact_sdk.scaffolding.writing import write_folder

FILES = {"a.txt": "a\n", "b/c.txt": "é\n"}


def everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_new_folder_has_all_files_and_nothing_lies_beside_it(tmp_path):
    assert write_folder(tmp_path / "new", FILES) == ()
    assert everything(tmp_path) == ["new", "new/a.txt", "new/b", "new/b/c.txt"]
    assert (tmp_path / "new/b/c.txt").read_bytes() == "é\n".encode()


def test_others_may_read_it_as_any_folder(tmp_path):
    (tmp_path / "usual").mkdir()
    write_folder(tmp_path / "new", FILES)
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_nothing_is_left_of_what_was_interrupted(error, tmp_path, monkeypatch):
    written = []

    def write(path, *arguments, **settings):
        if written:
            raise error
        written.append(path)

    monkeypatch.setattr(Path, "write_text", write)
    with pytest.raises((KeyboardInterrupt, InstantReactError)):
        write_folder(tmp_path / "new", FILES)
    assert written
    assert everything(tmp_path) == []


def test_force_replaces_its_own_files_says_which_and_leaves_the_rest(tmp_path):
    made = scaffold("blob", ["detector"], tmp_path)
    (made.folder / "README.md").write_text("mine")
    (made.folder / "notes.txt").write_text("mine")
    (made.folder / "LICENSE").unlink()
    again = scaffold("blob", ["detector"], tmp_path, force=True)
    assert set(again.files) - set(again.replaced) == {"LICENSE"}
    assert (made.folder / "README.md").read_text().startswith("# instantreact-blob")
    assert (made.folder / "notes.txt").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["instantreact-blob"]


def test_force_makes_anew_what_is_installed_from_that_folder(tmp_path, monkeypatch):
    made = scaffold("blob", ["detector"], tmp_path)
    monkeypatch.syspath_prepend(made.folder / "src")
    assert scaffold("blob", ["detector"], tmp_path, force=True).replaced == made.files


@pytest.mark.parametrize("place", ["src", "tests/test_detector.py", "LICENSE"])
def test_force_follows_no_link_out_of_the_folder(place, tmp_path):
    outside, home = tmp_path / "outside", tmp_path / "home"
    outside.mkdir()
    (outside / "LICENSE").write_text("theirs")
    home.mkdir()
    link = home / "instantreact-blob" / place
    link.parent.mkdir(parents=True)
    link.symlink_to(outside / "LICENSE" if "." in place or place == "LICENSE" else outside)
    with pytest.raises(InstantReactError, match="leads out of the folder"):
        scaffold("blob", ["detector"], home, force=True)
    assert everything(outside) == ["LICENSE"]
    assert (outside / "LICENSE").read_text() == "theirs"
    assert len(everything(home / "instantreact-blob")) <= 2


def test_force_does_not_take_a_link_for_the_folder(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "instantreact-blob").symlink_to("elsewhere")
    with pytest.raises(InstantReactError, match="no folder of its own"):
        scaffold("blob", ["detector"], tmp_path, force=True)
    assert everything(tmp_path / "elsewhere") == []


def test_force_replaces_nothing_where_one_folder_is_closed(tmp_path):
    made = scaffold("blob", ["detector"], tmp_path)
    readme = made.folder / "README.md"
    readme.write_text("mine")
    (made.folder / "tests").chmod(0o500)
    ordinary = ["setpriv", "--bounding-set=-all"] if os.geteuid() == 0 else []  # nothing is closed to root as it is
    again = [
        str(Path(sys.executable).with_name("instantreact-sdk")),
        "new-plugin",
        "blob",
        "--kind=detector",
        "--yes",
        "--force",
    ]
    try:
        done = subprocess.run([*ordinary, *again], cwd=tmp_path, capture_output=True, text=True, check=False)
    finally:
        (made.folder / "tests").chmod(0o700)
    assert done.returncode
    assert "you may not write in its folder tests" in done.stderr
    assert readme.read_text() == "mine"


def test_force_does_not_replace_a_folder_by_a_file(tmp_path):
    (tmp_path / "instantreact-blob" / "LICENSE").mkdir(parents=True)
    with pytest.raises(InstantReactError, match="LICENSE is no file"):
        scaffold("blob", ["detector"], tmp_path, force=True)
    assert everything(tmp_path) == ["instantreact-blob", "instantreact-blob/LICENSE"]


def test_force_replaces_a_link_to_itself(tmp_path):
    folder = scaffold("blob", ["detector"], tmp_path).folder
    (folder / "LICENSE").unlink()
    (folder / "LICENSE").symlink_to("LICENSE")
    scaffold("blob", ["detector"], tmp_path, force=True)
    assert (folder / "LICENSE").read_text().startswith("MIT")


def test_force_sees_a_folder_that_is_a_link_to_itself_before_anything_is_replaced(tmp_path):
    folder = tmp_path / "instantreact-blob"
    folder.mkdir()
    (folder / "src").symlink_to("src")
    with pytest.raises(InstantReactError, match="src is no folder"):
        scaffold("blob", ["detector"], tmp_path, force=True)
    assert [path.name for path in folder.iterdir()] == ["src"]
