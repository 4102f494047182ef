"""What cannot be made, each with its reason; and nothing is written then."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from golden import same_as_golden

from instantreact_sdk import InstantReactError
from instantreact_sdk.scaffolding import scaffold
from instantreact_sdk.scaffolding.names import checked_names

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

NAMES = [
    *("", "Blob", "my_plugin", "a--b", "-a", "a-", "a b", "blöb", "b\x1b[31mlob", "3d", "instantreact-", "a.b"),
    *("../evil", "/tmp/evil", "a/b", "a\\b", "..", "."),
    *("sdk", "instantreact", "all", "opencv", "instantreact-ssd", "captioning", "wit", "pocketsphinx", "sounds"),
    *("messenger", "apprise", "x" * 33, "null", "yes", "on", "false"),
]


def refusal(*arguments, **settings) -> str:
    with pytest.raises(InstantReactError) as caught:
        scaffold(*arguments, **settings)
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_names_are_refused_as_in_the_golden_file(tmp_path):
    told = [f"{name!r}\n  {refusal(name, ['detector'], tmp_path)}\n" for name in NAMES]
    assert list(tmp_path.iterdir()) == []
    same_as_golden(HERE / "refusals.golden", "".join(told))


@pytest.mark.parametrize("name", ["blob", "a", "a1", "my-plugin", "class", "instantreact-blob", "x" * 32, "x-3d"])
def test_other_names_are_taken(name):
    names = checked_names(name, ("detector",))
    assert names.package.isidentifier()
    assert names.class_of("detector").isidentifier()


def test_a_name_gives_all_the_others():
    names = checked_names("instantreact-parking-lot", ("detector",))
    assert (names.name, names.distribution) == ("parking-lot", "instantreact-parking-lot")
    assert (names.package, names.variable) == ("instantreact_parking_lot", "PARKING_LOT")
    assert names.class_of("detector") == "ParkingLotDetector"


def test_a_class_is_not_called_as_one_of_the_sdk_is(tmp_path):
    assert "FrameSource" in refusal("frame", ["source"], tmp_path)
    assert scaffold("frame", ["detector"], tmp_path).folder.is_dir()


def test_an_installed_plugin_keeps_its_name(tmp_path, monkeypatch):
    about = tmp_path / "other_thing-2.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Name: other-thing\nVersion: 2.0\n")
    (about / "entry_points.txt").write_text("[instantreact_sdk.v1]\nblob = other.hooks\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert "IR6023: A plugin 'blob' is installed already: other-thing 2.0." in refusal("blob", ["detector"], tmp_path)


def test_an_installed_distribution_keeps_its_name(tmp_path, monkeypatch):
    about = tmp_path / "instantreact_blob-2.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Name: instantreact-blob\nVersion: 2.0\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert "IR6023" in refusal("blob", ["detector"], tmp_path)


def test_a_package_that_can_be_imported_keeps_its_name_and_is_not_imported(tmp_path, monkeypatch):
    (tmp_path / "instantreact_blob.py").write_text("raise RuntimeError('imported')")
    monkeypatch.syspath_prepend(tmp_path)
    told = refusal("blob", ["detector"], tmp_path)
    assert told.startswith("IR6024: A Python package instantreact_blob is there already, in ")


@pytest.mark.parametrize("kinds", [[], ["detecter"]])
def test_a_kind_is_needed_that_there_is(kinds, tmp_path):
    assert ("IR6029" if kinds else "IR6028") in refusal("blob", kinds, tmp_path)


def test_licences_and_ci_are_those_that_there_are(tmp_path):
    assert "There is no licence 'GPL'. Choose MIT" in refusal("blob", ["detector"], tmp_path, license="GPL")
    assert "There is no CI 'jenkins'. Choose github" in refusal("blob", ["detector"], tmp_path, ci="jenkins")


@pytest.mark.parametrize("author", ["\x1b[31mred", "a\u202eb", "a\ud800b"])
def test_an_author_can_be_shown(author, tmp_path):
    assert "IR6027" in refusal("blob", ["detector"], tmp_path, author=author)


def test_the_folder_for_it_has_to_be_there(tmp_path):
    (tmp_path / "file").touch()
    assert "it does not exist" in refusal("blob", ["detector"], tmp_path / "missing")
    assert "it is no folder" in refusal("blob", ["detector"], tmp_path / "file")


def test_the_folder_for_it_can_be_written_to(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    if os.geteuid() == 0:
        closed = Path("/proc")  # closed to root too
    assert "IR6026" in refusal("blob", ["detector"], closed)


def test_a_folder_that_is_there_is_kept(tmp_path):
    made = scaffold("blob", ["detector"], tmp_path)
    (made.folder / "README.md").write_text("mine")
    assert "IR6025" in refusal("blob", ["detector"], tmp_path)
    assert (made.folder / "README.md").read_text() == "mine"


@pytest.mark.parametrize("name", [path.parent.name for path in ROOT.glob("plugins/*/pyproject.toml")])
def test_the_name_of_each_plugin_of_the_project_is_taken(tmp_path, name):
    with pytest.raises(InstantReactError, match="is a plugin of the project"):
        scaffold(name, ["detector"], tmp_path)
