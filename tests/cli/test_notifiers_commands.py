"""``instantreact-sdk notifiers``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from instantreact_sdk import InstantReactError
from instantreact_sdk.cli.notifiers import app

TELLERS = '''
import threading
from instantreact_sdk import Notifier, Options, OutcomeUnknown, PermanentError, Receipt


class Ways(Options):
    how: str = "well"
    """How it goes."""


class Teller(Notifier):
    def __init__(self, options: Ways):
        self.how = options.how
        print("noise of a plugin")

    def open(self, context):
        if self.how == "unopened":
            raise PermanentError("The token is revoked.", "Make a new one.")

    def notify(self, alert, delivery):
        match self.how:
            case "bug": raise KeyError("nothing")
            case "exits": raise SystemExit(0)
            case "wrong": return "sent"
            case "unknown": raise OutcomeUnknown("The connection broke.")
            case "hangs": threading.Event().wait()
        with open("told.txt", "a") as file:
            print(delivery.recipient, alert.text, file=file)
        return Receipt("m-1")

    def close(self):
        open("closed.txt", "w").close()
'''
FILE = """\
sources:
  broken: {use: nobody/installed/this}
notifiers:
  told: {use: "./tellers.py:Teller", options: {how: HOW}, time_limit: LIMIT}
  log: {use: sdk/jsonl, options: {path: alerts.jsonl}}
people:
"""


@pytest.fixture
def config(tmp_path, monkeypatch, own_home, known_plugins):
    shutil.copytree(known_plugins, own_home, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tellers.py").write_text(TELLERS)

    def write(how: str = "well", people: str = "  anna: [{told: '1234'}]", limit: str = "20s") -> None:
        (tmp_path / "instantreact.yaml").write_text(FILE.replace("HOW", how).replace("LIMIT", limit) + people)

    write()
    return write


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["test", *arguments])
    if isinstance(result.exception, InstantReactError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def failed(*arguments: str) -> InstantReactError:
    with pytest.raises(InstantReactError) as caught:
        run(*arguments)
    return caught.value


def test_a_test_alert_is_sent_to_the_one_person_and_what_came_of_it_is_told(config, tmp_path):
    assert run("told").splitlines()[-1] == "told took the test alert for 1234 as m-1."
    assert (tmp_path / "told.txt").read_text().startswith("1234 This is a test of told")
    assert (tmp_path / "closed.txt").exists()


def test_a_notifier_without_recipients_needs_none(config, tmp_path):
    assert run("log") == "log took the test alert.\n"
    assert json.loads(Path("alerts.jsonl").read_text())["rule"] == "test"


def test_relative_paths_start_at_the_pipeline_file(config, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    run("log", "--config", str(tmp_path / "instantreact.yaml"))
    assert (tmp_path / "alerts.jsonl").exists()


def test_a_person_or_an_address_can_be_named(config):
    config(people="  anna: [{told: '1'}]\n  ben: [{log: x}, {told: '2'}]\n  eva: [{log: x}]\n")
    assert "for 2 as" in run("told", "--to", "ben")
    assert "for 555 as" in run("told", "--to", "555")
    error = failed("told")
    assert (error.code, error.exit_code) == ("IR1007", 2)
    assert "--to anna" in str(error)
    assert "eva is not told that way" in str(failed("told", "--to", "eva"))


def test_an_unknown_notifier_names_the_nearest(config):
    assert str(failed("tald")) == "IR1007: instantreact.yaml has no notifier 'tald'. Did you mean told?"


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("unopened", "IR4000: The token is revoked. Make a new one."),
        ("unknown", "IR4000: The connection broke."),
        ("bug", "IR4001: told failed in notify: KeyError"),
        ("exits", "IR4001: told failed in notify: SystemExit"),
        ("wrong", "IR4004: told returned a str from notify."),
    ],
)
def test_what_goes_wrong_is_one_sentence_and_exit_1(config, tmp_path, how, message):
    config(how)
    error = failed("told")
    assert str(error).startswith(message)
    assert error.exit_code == 1
    assert (tmp_path / "closed.txt").exists()


def test_a_notifier_that_hangs_is_given_up(config):
    config("hangs", limit="100ms")
    assert str(failed("told")).startswith("IR4002: told did not return from notify within 0.1 s.")
