"""``instantreact-sdk plugins check``."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from deadline import until
from typer.testing import CliRunner

from instantreact_sdk import InstantReactError
from instantreact_sdk.cli.plugins import app
from instantreact_sdk.testing.conformance.catalogue import checks_of, every_check

BLOB = """
from instantreact_sdk import Detections, Detector


class Blob(Detector):
    labels = ("blob",)

    def detect(self, frames):
        return [Detections.empty() for _ in frames]


class Prints(Blob):
    def detect(self, frames):
        print("hello")
        return super().detect(frames)
"""


@pytest.fixture(autouse=True)
def desk(tmp_path, monkeypatch):
    (tmp_path / "blob.py").write_text(BLOB)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def check(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["check", *arguments])
    if isinstance(result.exception, InstantReactError):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.stdout


def refused(*arguments: str) -> str:
    with pytest.raises(InstantReactError) as caught:
        check(*arguments)
    return str(caught.value)


def test_what_passes_is_shown_check_by_check():
    shown = check("./blob.py:Blob")
    assert shown.startswith("detector ./blob.py:Blob")
    assert "✓ answers-fit" in shown
    assert shown.rstrip().endswith(": passed")


def test_what_fails_is_shown_with_what_it_did_and_ends_with_one():
    shown = check("./blob.py:Prints", code=1)
    assert "✗ is-quiet: " in shown
    assert shown.rstrip().endswith("\n    instantreact-sdk plugins check --explain is-quiet")


def test_json_has_every_result():
    (report,) = json.loads(check("./blob.py:Prints", "--json", code=1))
    assert [result["check"] for result in report["results"]] == [each.name for each in checks_of("detector")]
    assert [result["check"] for result in report["results"] if result["status"] == "failed"] == ["is-quiet"]
    assert report["passed"] is False


def test_several_may_be_named_and_each_is_reported():
    assert [one["passed"] for one in json.loads(check("./blob.py:Blob", "./blob.py:Prints", "--json", code=1))] == [
        True,
        False,
    ]


def test_one_that_cannot_be_had_does_not_keep_the_others_from_being_checked(desk):
    (desk / "bad.py").write_text("raise ValueError('no')\n")
    good, bad = json.loads(check("./blob.py:Blob", "./bad.py:Blob", "--json", code=1))
    assert good["passed"] is True
    assert bad["error"]["code"] == "IR2011"


def test_junit_counts_what_ci_counts(desk):
    check("./blob.py:Prints", "--junit", "out.xml", code=1)
    (suite,) = ET.parse(desk / "out.xml").getroot()
    assert suite.attrib["failures"] == "1"
    assert int(suite.attrib["tests"]) == len(checks_of("detector")) == len(suite.findall("testcase"))
    assert [case.attrib["name"] for case in suite if case.find("failure") is not None] == ["is-quiet"]


def test_junit_tells_of_what_could_not_be_had(desk):
    (desk / "bad.py").write_text("raise ValueError('no')\n")
    check("./blob.py:Blob", "./bad.py:Blob", "--only", "answers", "--junit", "out.xml", code=1)
    good, bad = ET.parse(desk / "out.xml").getroot()
    assert (good.attrib["tests"], good.attrib["errors"]) == ("1", "0")
    assert (bad.attrib["name"], bad.attrib["tests"], bad.attrib["errors"]) == ("./bad.py:Blob", "1", "1")
    assert bad.find("testcase/error").attrib["message"].startswith("IR2011: ")


def test_a_single_check_can_be_made():
    shown = check("./blob.py:Prints", "--only", "answers-fit")
    assert "✓ answers-fit" in shown
    assert "is-quiet" not in shown


def test_the_list_has_all_checks_and_each_can_be_explained():
    shown = check("--list")
    for each in every_check():
        assert each.name in shown
    page = check("--explain", "is-quiet")
    assert "Why: " in page
    assert "To fix: " in page


def test_a_page_has_lines_as_long_as_the_terminal_lets_them_be_and_code_as_it_is():
    title, *paragraphs = check("--explain", "options-are-described").rstrip().split("\n\n")
    assert title == "options-are-described"
    *prose, code = paragraphs
    assert [len(paragraph.splitlines()) for paragraph in prose] == [1, 1, 1]
    assert code.splitlines()[:2] == ["    class BlobOptions(Options):", '        colour: str = "red"']


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "IR6003: Nothing is named that could be checked."),
        (["nope"], "IR2015: No plugin, component or distribution is called 'nope'."),
        (["./nope.py:Blob"], "IR2010: There is no file "),
        (["./blob.py:Blub"], "IR2012: ./blob.py has no class 'Blub'. Did you mean 'Blob'?"),
        (["./blob.py:Blob", "--only", "is-quite"], "IR2043: There is no check 'is-quite'. Did you mean 'is-quiet'?"),
        (["--explain", "quiet"], "IR2043: There is no check 'quiet'."),
        (["./blob.py:Blob", "--junit", "no/such/folder.xml"], "IR4020: no/such/folder.xml could not be written"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(arguments, said):
    assert refused(*arguments).startswith(said)


def test_checks_that_wait_for_one_that_failed_take_one_line(desk):
    (desk / "blob.py").write_text(BLOB.replace("return [Detections", "return None and [Detections"))
    shown = check("./blob.py:Blob", code=1)
    assert "✗ answers-fit: detect returned None" in shown
    assert shown.count("more wait for answers-fit") == 1
    assert "prerequisite" not in shown


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_leaves_no_folder_and_no_process(desk, monkeypatch, number):
    (desk / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(desk / "tmp"))
    (desk / "blob.py").write_text(
        BLOB.replace("return [Detections", "import time; time.sleep(300); return [Detections")
    )
    command = [Path(sys.executable).with_name("instantreact-sdk"), "plugins", "check", "./blob.py:Blob"]
    with subprocess.Popen(command, cwd=desk, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until(lambda: list((desk / "tmp").glob("instantreact-check-*/*/check-*")))
        process.send_signal(number)
        assert process.wait(timeout=60) == 130
    assert list((desk / "tmp").iterdir()) == []
