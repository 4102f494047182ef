"""The rules of the house that no linter knows."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from needs import need

ROOT = Path(__file__).resolve().parent.parent
BIGGEST = 1_500_000
NO_ROOMS = {"utils", "util", "helpers", "helper", "misc", "common", "base"}
# In pieces, so that this file does not name what no file may name.
REGISTRIES = re.compile("|".join(("py" + "pi.org", "python" + "hosted", "registry.np" + "mjs", "yarn" + "pkg.com")))
LOCKS = {"uv" + ".lock", "package-" + "lock.json", "yarn" + ".lock", "poetry" + ".lock", "Pipfile" + ".lock"}
ONE_MACHINE = re.compile(r"(?<![\w.$}])/(?:work|root|home/\w+)/" + r"|\.\." + "/shared")


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """What is tracked, and what will be."""
    need(shutil.which("git") is not None and (ROOT / ".git").exists(), "this is no git checkout")
    # In a container the checkout may belong to another user, which git distrusts.
    listing = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def named(files: list[Path]) -> list[str]:
    return [str(file.relative_to(ROOT)) for file in files]


def holding(files: list[Path], pattern: re.Pattern[str]) -> list[str]:
    """``file:line: text`` of each line that the pattern finds."""
    return [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def python(files: list[Path], *rooms: str) -> list[Path]:
    """The Python files in the rooms, the templates' aside: they are not Python before they are rendered."""
    return [file for file in files if file.suffix == ".py" and file.relative_to(ROOT).parts[0] in rooms]


def test_no_file_is_too_big_to_clone(files):
    assert named([file for file in files if file.stat().st_size > BIGGEST]) == []


def test_no_file_pins_where_packages_come_from(files):
    assert [file.name for file in files if file.name in LOCKS] == []
    assert holding(files, REGISTRIES) == []


def test_no_file_speaks_of_one_machine(files):
    """`conftest.py` documents where real videos are looked for."""
    assert holding([file for file in files if file != ROOT / "conftest.py"], ONE_MACHINE) == []


def test_a_file_holds_one_idea(files):
    long = {
        str(file.relative_to(ROOT)): lines
        for file in python(files, "instantreact_sdk", "plugins", "tests", "benchmarks")
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) >= 400
    }
    assert long == {}


def test_every_module_has_a_name_that_says_what_it_is(files):
    modules = python(files, "instantreact_sdk", "plugins", "tests", "benchmarks")
    assert named([file for file in modules if {file.stem.strip("_"), file.parent.name} & NO_ROOMS]) == []


def test_no_docstring_repeats_the_name(files):
    repeats = re.compile(r'(?:class|def) (\w+)[^\n]*:\n\s+"""(?:An? |The |Return (?:an?|the) )?([\w ]+)\.?"""')
    empty = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in python(files, "instantreact_sdk", "plugins")
        for name, sentence in repeats.findall(file.read_text(encoding="utf-8"))
        if sentence.lower().replace(" ", "") == name.lower().replace("_", "")
    ]
    assert empty == []


def test_the_sdk_knows_no_plugin_by_import(files):
    plugin = re.compile(r"^\s*(?:from|import) instantreact_(?!sdk\b)")
    assert holding(python(files, "instantreact_sdk"), plugin) == []


def test_plugins_use_the_public_interface_alone(files):
    """What a first-party plugin needs is what anyone's plugin may use."""
    private = re.compile(
        r"^\s*(?:from|import) instantreact_sdk\.(?!(?:datasets|metrics|testing|testing\.fakes) import\b)"
    )
    sources = [file for file in python(files, "plugins") if "src" in file.relative_to(ROOT).parts]
    assert holding(sources, private) == []


def test_every_plugin_is_typed_and_described(files):
    for project in (ROOT / "plugins").glob("*/pyproject.toml"):
        assert (project.parent / "README.md").is_file()
        assert list(project.parent.glob("src/*/py.typed"))


def test_files_of_tests_have_names_of_their_own(files):
    """pytest takes two of one name for one."""
    ours = [file for file in python(files, "tests", "plugins") if "frozen" not in file.parts]
    names = Counter(file.name for file in ours if file.name.startswith("test_"))
    assert [name for name, count in names.items() if count > 1] == []
