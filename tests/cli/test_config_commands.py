"""``instantreact-sdk config``."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from golden import same_as_golden
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from instantreact_sdk import InstantReactError
from instantreact_sdk.cli.config import app

HERE = Path(__file__).parent

BRIGHT = '''
from instantreact_sdk import Detections, Detector, Options, Secret


class Bright(Detector):
    """The brightest spot."""

    labels = ("spot",)

    def __init__(self, options):
        pass

    def detect(self, frames):
        return [Detections.empty() for _ in frames]
'''
FILE = """\
sources:
  lobby: {use: opencv/video, options: {url: lobby.mp4}}
  gate: {use: opencv/video, options: {url: "rtsp://guard:sesame@10.0.0.1/1"}}
detectors:
  movement: {use: opencv/motion}
  bright: {use: "./bright.py:Bright", sources: [gate]}
zones:
  door: {source: lobby, polygon: [[0, 0], [1, 0], [1, 1]]}
rules:
  intruder:
    when: {label: motion, zone: door, min_score: 0.6, for: 2s}
    cooldown: 90s
    sources: [lobby]
    notify: [anna, log]
  glare and movement:
    when:
      all:
        - {label: spot}
        - any: [{label: motion, count: 2}, {health: offline, for: 1m}]
      within: 10s
    sources: [gate]
  lights out:
    when: {none: [{label: spot}], within: 1h}
    across: true
    notify: [log]
notifiers:
  screen: {use: sdk/console}
  log: {use: sdk/jsonl, options: {path: alerts.jsonl}}
people:
  anna: [{screen: "1234"}]
"""


@pytest.fixture
def folder(tmp_path, monkeypatch, own_home, known_plugins):
    shutil.copytree(known_plugins, own_home, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bright.py").write_text(BRIGHT)
    (tmp_path / "lobby.yaml").write_text(FILE)
    return tmp_path


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, arguments)
    if isinstance(result.exception, InstantReactError):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.stdout


def test_check_says_what_the_golden_file_says(folder):
    told = run("check", "lobby.yaml")
    same_as_golden(HERE / "config_check.golden", re.sub(r"\d+\.\d+\.\d+", "VERSION", told))


def test_check_as_json_says_the_same(folder):
    told = json.loads(run("check", "lobby.yaml", "--json"))
    assert told["ok"] is True
    assert [(one["kind"], one["name"], one["id"]) for one in told["components"]] == [
        ("source", "lobby", "opencv/video"),
        ("source", "gate", "opencv/video"),
        ("detector", "movement", "opencv/motion"),
        ("detector", "bright", "./bright.py:Bright"),
        ("notifier", "screen", "sdk/console"),
        ("notifier", "log", "sdk/jsonl"),
    ]
    assert told["rules"]["intruder"] == [
        "on lobby, tells anna and log, then holds back for 90 s",
        "label motion in door, score >= 0.6, for 2 s",
    ]
    assert len(told["rules"]["glare and movement"]) == 6
    assert "sesame" not in json.dumps(told)


ESCALATING = FILE.replace("[anna, log]", "[log, {then: anna, after: 2m, unless: acknowledged}]") + (
    "attach: clip\nheartbeat: {url: env:HC_URL}\nlinks: {url: https://guard.example.org}\nmetrics: {}\n"
)


def test_check_says_who_is_told_later_and_what_the_services_do(folder, monkeypatch):
    monkeypatch.setenv("HC_URL", "https://sesame.example.org/sesame")
    (folder / "lobby.yaml").write_text(ESCALATING)
    told = " ".join(run("check", "lobby.yaml").split())
    assert "tells log, after 120 s anna unless somebody has acknowledged, then holds back for 90 s" in told
    assert "An alert is acknowledged by the link in its text or `instantreact-sdk outbox ack`." in told
    assert "log: told on this machine anna: told on this machine through screen heartbeat: asks for its `url`" in told
    assert "sesame" not in told


def test_check_as_json_has_each_recipient_and_each_service(folder, monkeypatch):
    monkeypatch.setenv("HC_URL", "https://sesame.example.org/sesame")
    (folder / "lobby.yaml").write_text(ESCALATING)
    told = json.loads(run("check", "lobby.yaml", "--json"))
    assert [one for one in told["leaves"] if one["recipient"]] == [
        {"component": "log", "sends": [], "hosts": [], "network": False, "recipient": "log", "route": 1},
        {"component": "screen", "sends": [], "hosts": [], "network": False, "recipient": "anna", "route": 1},
    ]
    assert told["answers"] == []
    assert told["heartbeat"] == {"every": 60.0}
    assert told["links"] == {"url": "https://guard.example.org", "host": "127.0.0.1", "port": 8088}
    assert told["metrics"] == {"host": "127.0.0.1", "port": 9108}
    assert "sesame" not in json.dumps(told)


TELLER = '''
from instantreact_sdk import Notifier, Options, Receipt


class Page(Notifier):
    """A pager that sleeps at night, to which people answer."""

    def __init__(self, options: "Hours"):
        pass

    def notify(self, alert, delivery):
        return Receipt()

    def replies(self):
        return ()


class Hours(Options):
    def reservations(self):
        return "it sleeps at night"
'''


def test_check_refuses_a_person_whom_nobody_can_rely_on_being_told(folder):
    (folder / "pager.py").write_text(TELLER)
    paged = ESCALATING.partition("attach")[0].replace(
        "screen: {use: sdk/console}", 'screen: {use: sdk/console}\n  page: {use: "./pager.py:Page"}'
    )
    (folder / "lobby.yaml").write_text(paged.replace('{screen: "1234"}', '{page: "1234"}'))
    told = json.loads(run("check", "lobby.yaml", "--json", code=2))
    (problem,) = told["problems"]
    assert (problem["line"], problem["key"]) == (31, "people.anna")
    assert "(page: it sleeps at night); add a route that can be tried at any time" in problem["problem"]

    (folder / "lobby.yaml").write_text(paged.replace('{screen: "1234"}', '{page: "1234"}, {screen: "1"}'))
    words = " ".join(run("check", "lobby.yaml").split())
    assert "An alert is acknowledged by an answer through page or `instantreact-sdk outbox ack`." in words


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ("[anna, log]", "tells anna and log"),
        ("[{then: log, after: 1m}]", "tells nobody at once, after 60 s log"),
        ("[{then: log, after: 1m}, anna]", "tells anna, after 60 s log"),
        ("[anna, {then: log, after: 0s}]", "tells anna and log"),
        (
            "[anna, {then: log, after: 1m}, {then: screen, after: 1m, unless: acknowledged}]",
            "tells anna, after 60 s log, after 60 s screen unless somebody has acknowledged",
        ),
        (
            "[anna, {then: log, after: 1m, unless: acknowledged}, {then: screen, after: 1m, unless: acknowledged}]",
            "tells anna, after 60 s log and screen unless somebody has acknowledged",
        ),
    ],
)
def test_steps_are_told_in_the_order_of_time(folder, steps, words):
    (folder / "lobby.yaml").write_text(FILE.replace("[anna, log]", steps))
    told = json.loads(run("check", "lobby.yaml", "--json"))
    assert told["rules"]["intruder"][0] == f"on lobby, {words}, then holds back for 90 s"


def test_a_label_that_nobody_finds_is_refused_with_the_nearest_one(folder):
    (folder / "lobby.yaml").write_text(FILE.replace("- {label: spot}", "- {label: spott}"))
    told = json.loads(run("check", "lobby.yaml", "--json", code=2))
    assert told["problems"] == [
        {
            "line": 16,
            "key": "rules.glare and movement.when",
            "problem": "no detector here finds 'spott'; did you mean 'spot'?",
        }
    ]


def test_labels_may_come_from_a_file_beside_the_pipeline_file(folder):
    (folder / "bright.py").write_text(
        BRIGHT.replace(
            'labels = ("spot",)',
            "labels = property(lambda self: self.names)\n\n"
            "    def known_labels(self, base):\n        return tuple((base / 'names.txt').read_text().split())",
        )
    )
    (folder / "names.txt").write_text("spot flash")
    assert "is in order" in run("check", "lobby.yaml")
    (folder / "names.txt").write_text("flash")
    told = json.loads(run("check", "lobby.yaml", "--json", code=2))
    assert [problem["problem"] for problem in told["problems"]] == [
        "no detector here finds 'spot'; they find flash, motion",
        "no detector here finds 'spot'; they find flash, motion",
    ]
    (folder / "names.txt").unlink()
    told = json.loads(run("check", "lobby.yaml", "--json", code=2))
    assert told["problems"][0]["problem"] == "it could not tell its labels: it raised FileNotFoundError"


def test_check_as_json_lists_mistakes_and_exits_with_2(folder):
    (folder / "lobby.yaml").write_text(
        FILE.replace("zone: door", "zone: dor").replace("opencv/motion", "opencv/notion")
    )
    told = json.loads(run("check", "lobby.yaml", "--json", code=2))
    assert told["ok"] is False
    assert told["problems"] == [
        {
            "line": 11,
            "key": "rules.intruder.when.zone",
            "problem": "there is no zone 'dor'; did you mean 'door'?",
        }
    ]
    assert json.loads(run("check", "none.yaml", "--json", code=2))["error"].startswith("IR1001")


def test_check_tells_what_plugins_do_not_have(folder):
    (folder / "lobby.yaml").write_text(
        FILE.replace("opencv/motion", "opencv/motoin").replace("path: alerts", "pth: alerts")
    )
    with pytest.raises(InstantReactError, match="IR1003") as caught:
        run("check", "lobby.yaml")
    first, *rest = caught.value.facts["found"]
    assert str(first).startswith("lobby.yaml:5: detectors.movement.use: IR2001")
    assert "'motion'" in first.what
    assert [f"{problem.line} {problem.key}: {problem.what}" for problem in rest] == [
        "28 notifiers.log.options.path: has to be given",
        "28 notifiers.log.options.pth: unknown key; did you mean 'path'?",
    ]


@pytest.mark.parametrize(
    ("store", "why"),
    [
        ("mysql://anna:sesame@db/events", "mysql://anna:***@db/events cannot be opened: it is neither SQLite nor"),
        ("sqlite://", "a store in memory would be lost"),
        ("anna:sesame@db", "this is no URL of a database"),
    ],
)
def test_check_refuses_a_store_that_no_run_could_open(folder, store, why):
    (folder / "lobby.yaml").write_text(f"{FILE}store: {store}\n")
    with pytest.raises(InstantReactError, match="IR1003") as caught:
        run("check", "lobby.yaml")
    (problem,) = caught.value.facts["found"]
    assert (problem.line, problem.key, why in problem.what) == (len(FILE.splitlines()) + 1, "store", True)
    assert "sesame" not in str(caught.value)


def test_check_connects_to_no_store(folder):
    (folder / "lobby.yaml").write_text(f"{FILE}store: sqlite:///folder/that/is/made/later.db\n")
    assert "is in order." in run("check", "lobby.yaml")
    assert not (folder / "folder").exists()


def test_init_writes_a_file_that_check_likes(folder):
    assert "config check instantreact.yaml" in run("init")
    assert "instantreact.yaml is in order." in run("check")


def test_init_keeps_what_is_there(folder):
    with pytest.raises(InstantReactError, match="IR1005"):
        run("init", "lobby.yaml")
    assert (folder / "lobby.yaml").read_text() == FILE
    run("init", "lobby.yaml", "--force", "--video", "gate.mp4")
    assert 'url: "gate.mp4"' in (folder / "lobby.yaml").read_text()


def test_init_with_a_schema_tells_editors_of_it(folder):
    run("init", "new.yaml", "--schema")
    assert (folder / "new.yaml").read_text().startswith("# yaml-language-server: $schema=new.schema.json\n")
    assert (folder / "new.schema.json").read_text() == run("schema")


def test_the_schema_knows_the_options_of_installed_plugins(folder):
    import yaml

    schema = json.loads(run("schema"))
    Draft202012Validator.check_schema(schema)
    check = Draft202012Validator(schema)
    assert list(check.iter_errors(yaml.safe_load(FILE))) == []
    wrong = yaml.safe_load(FILE.replace("path: alerts", "pth: alerts"))
    assert {error.json_path for error in check.iter_errors(wrong)} == {"$.notifiers.log.options"}
