"""``instantreact-sdk events``."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from golden import same_as_golden
from typer.testing import CliRunner

from instantreact_sdk import Alert, Event, InstantReactError
from instantreact_sdk.alerts.intake import Addressee, Intake
from instantreact_sdk.alerts.outbox import Answer, Outbox
from instantreact_sdk.alerts.store import Store
from instantreact_sdk.alerts.stored import Outcome, StoredEvent
from instantreact_sdk.cli.events import app
from instantreact_sdk.types import NearMiss

HERE = Path(__file__).parent
NOON = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)


def node(condition: str, result: bool, because: str, *children: dict) -> dict:
    return {"condition": condition, "result": result, "because": because, "evidence": [], "children": [*children]}


MOTION = node("label motion in door", True, "1 of 1 at 4 s")
WORDS = node("words help or fire", False, "none in 10 s")
HEARD = node("words help or fire", True, "'help' at 3.2 s")
FIRST = Event(
    "cry [bold]for[/] help",
    "lobby",
    2.0,
    4.0,
    ("lobby/people/100", "lobby/words/3"),
    node("all of 2 within 10 s", True, "2 of 2", HEARD, MOTION),
)
SECOND = Event(
    "cry [bold]for[/] help", "lobby", 22.0, 24.0, (), node("all of 2 within 10 s", True, "2 of 2", HEARD, MOTION)
)
OTHER = Event("gone", "gate", 3600.0, 3723.45, (), node("health offline", True, "since 3600 s"), NOON)
NEARLY = NearMiss(
    "cry [bold]for[/] help", "lobby", 50.0, 54.0, (), node("all of 2 within 10 s", False, "1 of 2", WORDS, MOTION)
)
QUIET = NearMiss("quiet", "lobby", 60.0, 64.0, (), node("none of 1 for 60 s", False, "4 s of 60 s", WORDS))


def told(store: Store, run: str, alert: Alert, recipient: str, answer: Answer | None = None) -> None:
    """Tell it; without an answer, it is only written down."""
    intake, outbox = Intake(store.engine, NOON.timestamp), Outbox(store.engine, NOON.timestamp)
    intake.alert(run, alert, Addressee(recipient, ((recipient, ""),)), status="pending" if answer else "noted")
    if answer:
        (work,) = outbox.take(recipient, 1)
        outbox.settle(work, answer)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Store.open(f"sqlite:///{tmp_path}/instantreact.db") as store:
        run = store.begin_run("lobby.yaml", started=NOON)
        store.add(
            run,
            [
                StoredEvent(FIRST),
                StoredEvent(SECOND),
                StoredEvent(OTHER),
                StoredEvent(NEARLY),
                StoredEvent(QUIET),
            ],
        )
        alert = Alert("a1", FIRST.rule, "lobby", "Somebody [cries].", (FIRST, SECOND), 4.0)
        store.set_outcome(run, [FIRST.id], Outcome("alerted", "a1"))
        store.set_outcome(run, [SECOND.id], Outcome("merged", "a1", until=64.0))
        told(store, run, alert, "log", Answer("sent"))
        told(store, run, alert, "anna", Answer("permanent", "The network is down."))
    return tmp_path


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, arguments)
    if isinstance(result.exception, InstantReactError):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.stdout


def without_run(text: str) -> str:
    """The run's id is by chance."""
    return "\n".join(line.partition("; run ")[0].rstrip() for line in text.splitlines()) + "\n"


def test_what_people_read_is_that_of_the_golden_file(folder):
    shown = [
        run("list"),
        run("list", "--near-misses"),
        *(run("show", one.id) for one in (FIRST, SECOND, OTHER, NEARLY)),
    ]
    same_as_golden(HERE / "events.golden", without_run("-----\n".join(shown)))


def test_much_evidence_is_cut_short_for_people(folder):
    ids = tuple(f"lobby/people/{number}" for number in range(120))
    with Store.open("sqlite:///instantreact.db") as store:
        store.add(store.begin_run(), [StoredEvent(Event("much", "lobby", 0, 9, ids, MOTION))])
    (found,) = json.loads(run("list", "--json", "--rule", "much"))
    shown = run("show", found["id"])
    assert "lobby/people/19\n" in shown
    assert "and 100 more" in shown
    assert len(found["evidence"]) == 120


def test_what_is_in_square_brackets_is_shown_as_it_is(folder):
    assert "cry [bold]for[/] help" in run("list")
    assert "cry [bold]for[/] help" in run("show", FIRST.id)


def test_list_narrows_down(folder):
    def ids(*arguments: str) -> list[str]:
        return [one["id"] for one in json.loads(run("list", "--json", *arguments))]

    assert ids() == [OTHER.id, SECOND.id, FIRST.id]
    assert ids("--rule", "gone") == [OTHER.id]
    assert ids("--source", "lobby") == [SECOND.id, FIRST.id]
    assert ids("--limit", "1") == [OTHER.id]
    assert ids("--near-misses") == [QUIET.id, NEARLY.id]
    assert ids("--rule", "none") == []
    assert run("list", "--rule", "none") == "There are no events.\n"


def test_the_beginning_of_an_id_is_enough_to_show_one(folder):
    shown = json.loads(run("show", SECOND.id[:6], "--json"))
    assert {key: shown[key] for key in SECOND.line()} == json.loads(json.dumps(SECOND.line()))
    assert shown["outcome"] == {"what": "merged", "alert": "a1", "until": 64.0}
    assert [(one["recipient"], one["status"]) for one in shown["deliveries"]] == [("anna", "failed"), ("log", "sent")]
    assert shown["deliveries"][1]["settled_at"] == NOON.isoformat()


def test_a_near_miss_tells_what_was_missing(folder):
    assert "not true: words help or fire: none in 10 s" in run("show", NEARLY.id)
    assert "not true: none of 1 for 60 s: 4 s of 60 s" in run("show", QUIET.id)


@pytest.mark.parametrize("store", [".", "instantreact.db", "{folder}", "sqlite:///instantreact.db"])
def test_the_store_is_a_folder_a_file_or_a_url(folder, store):
    assert json.loads(run("list", "--json", "--store", store.format(folder=folder)))


def test_what_is_not_there_is_told_and_nothing_is_made(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for arguments in (["list"], ["show", "1"], ["list", "-s", "none"], ["list", "-s", "none/at.db"]):
        with pytest.raises(InstantReactError, match="IR5007"):
            run(*arguments)
    assert list(tmp_path.iterdir()) == []


def test_where_a_store_is_missing_those_near_by_are_named(folder):
    (folder / "lobby-out").mkdir()
    with pytest.raises(InstantReactError, match=r"with `--store`; here there is instantreact\.db\.$"):
        run("list", "--store", "lobby-out")
    (folder / "instantreact.db").rename(folder / "lobby-out" / "instantreact.db")
    with pytest.raises(InstantReactError, match=r"with `--store`; here there is lobby-out/instantreact\.db\.$"):
        run("list")


def test_what_was_only_written_down_is_no_failure(folder):
    with Store.open("sqlite:///instantreact.db") as store:
        run_id = store.begin_run("lobby.yaml", started=NOON)
        event = Event("door", "lobby", 0, 9, (), MOTION)
        store.add(run_id, [StoredEvent(event)])
        store.set_outcome(run_id, [event.id], Outcome("alerted", "a2"))
        told(store, run_id, Alert("a2", "door", "lobby", "A door.", (event,), 9.0), "anna")
    assert "- anna: A door. (written down, not sent)" in run("show", event.id)


def test_the_end_of_a_cooldown_is_told_as_the_event_is(folder):
    with Store.open("sqlite:///instantreact.db") as store:
        run_id = store.begin_run("lobby.yaml", started=NOON)
        event = Event("door", "gate", 0, 9, (), MOTION, NOON)
        store.add(run_id, [StoredEvent(event)])
        store.set_outcome(run_id, [event.id], Outcome("merged", "a2", until=29.0))
    late = f"{NOON + timedelta(seconds=20):%Y-%m-%d %H:%M:%S}"
    assert f"held back until {late} by the cooldown" in run("show", event.id)


def test_an_unknown_event_is_told(folder):
    with pytest.raises(InstantReactError, match="IR5008"):
        run("show", "ffffffffffff0")
