"""``instantreact-sdk outbox``."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from golden import same_as_golden
from outboxes import ANNA, ANNA_TWO_WAYS, BOB, BOSS, NOON, Gatehouse
from typer.testing import CliRunner

from instantreact_sdk import InstantReactError
from instantreact_sdk.alerts.ledger import Ledger
from instantreact_sdk.alerts.store import Store
from instantreact_sdk.cli.delivery_wording import shortened, span
from instantreact_sdk.cli.outbox import app

HERE = Path(__file__).parent
LATER = NOON + 600


@pytest.fixture
def utc(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def gate(tmp_path, monkeypatch, utc):
    """At noon an intruder, of whom Bob was told, Anna not, and the boss is to be told; ten minutes ago, as commands see it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Ledger.__init__, "__defaults__", (lambda: LATER,))
    with Store.open(f"sqlite:///{tmp_path}/instantreact.db") as store:
        gate = Gatehouse(store, run="0123456789ab")
        gate.raised(ANNA_TWO_WAYS, BOB, replace(BOSS, after=7200.0), snapshot="snapshots/1.jpg")
        gate.at(1)
        gate.tell("messenger", "permanent", "The window of 24 hours is closed.")
        gate.at(2)
        anna, bob = gate.take()
        gate.at(3.5)
        gate.settle(anna, "permanent", "There is no such number.")
        gate.settle(bob, receipt="m1")
        yield gate


def run(*arguments: str, code: int = 0, **facts) -> str:
    result = CliRunner().invoke(app, arguments, **facts)
    if isinstance(result.exception, InstantReactError):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.stdout


def ids(*arguments: str) -> list[str]:
    return [one["recipient"] for one in json.loads(run("list", "--json", *arguments))]


def key(gate: Gatehouse, recipient: str) -> str:
    return gate.row(recipient).key


def test_what_people_read_is_that_of_the_golden_file(gate):
    alert = gate.row().alert
    told = [
        run("list"),
        run("show", alert),
        run("figures"),
        run("retry", alert),
        run("list"),
        run("ack", alert),
        run("drop", key(gate, "anna"), "--yes"),
        run("list"),
    ]
    lines = "-----\n".join(told).splitlines()
    same_as_golden(HERE / "outbox.golden", "\n".join(line.rstrip() for line in lines) + "\n")


def test_list_narrows_down(gate):
    assert ids() == ["boss", "bob", "anna"]
    assert ids("--status", "failed") == ["anna"]
    assert ids("--status", "sent, waiting") == ["boss", "bob"]
    assert ids("--recipient", "bob") == ["bob"]
    assert ids("--limit", "1") == ["boss"]
    assert "There are no such deliveries.\n" in run("list", "--recipient", "carol")


def test_a_status_that_there_is_not_is_told_with_those_that_there_are(gate):
    with pytest.raises(InstantReactError, match=r"no status 'faild'. Choose .*failed"):
        run("list", "--status", "sent,faild")


def test_an_empty_outbox_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Store.open(f"sqlite:///{tmp_path}/instantreact.db").close()
    assert run("list") == "There are no deliveries.\nNothing waits to be sent.\n"
    assert run("figures") == "Nothing waits to be sent.\n"
    assert run("retry", "--all") == "Nothing was given up.\n"
    found = json.loads(run("figures", "--json"))
    assert (found["queued"], found["oldest"], found["notifiers"]) == (0, None, {})
    assert found["seconds"]["delivery"] == {"of": 0, "p50": None, "p99": None}


def test_programs_get_all_fields_and_moments_in_both_ways(gate):
    (found,) = json.loads(run("show", key(gate, "anna"), "--json"))
    assert found["routes"] == [
        {"notifier": "messenger", "address": "4711"},
        {"notifier": "sms", "address": "+237600000001"},
    ]
    assert (found["settled"], found["settled_at"]) == (NOON + 3.5, "2026-03-01T12:00:03.500000+00:00")
    assert (found["acknowledged"], found["acknowledged_at"]) == (None, None)
    assert [(one["notifier"], one["outcome"]) for one in found["tried"]] == [
        ("messenger", "permanent"),
        ("sms", "permanent"),
    ]
    assert found["tried"][1]["began_at"] == "2026-03-01T12:00:02+00:00"


def test_figures_count_by_arithmetic(gate):
    found = json.loads(run("figures", "--json"))
    assert (found["queued"], found["sent"], found["failed"]) == (1, 1, 1)
    assert found["notifiers"]["sms"] | {"counts": 0} == {
        "queued": 1, "sent": 1, "failed": 1, "counts": 0, "oldest": None, "failures": 0, "circuit_open": False,
        "closed_for": 0.0, "cause": "",
    }  # fmt: skip
    # Anna was first tried after 1 s, Bob after 2 s and told after 3.5 s.
    assert found["seconds"]["first_attempt"] == {"of": 2, "p50": 1.0, "p99": 2.0}
    assert found["seconds"]["delivery"] == {"of": 1, "p50": 3.5, "p99": 3.5}


def test_a_notifier_that_is_left_alone_is_told_with_the_reason(gate):
    gate.at(590)
    gate.raised(BOB, rule="fire")
    gate.tell(what="transient", error="Slow down, please.", closed_for=3600.0)
    assert "for 60 min: Slow down, please." in run("figures")
    assert json.loads(run("figures", "--json"))["notifiers"]["sms"]["circuit_open"]


def test_addresses_are_shown_to_who_knows_them():
    assert shortened("+237600000001") == "...0001"
    assert shortened("4711") == "...11"
    assert shortened("") == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "0.00 s"),
        (0.254, "0.25 s"),
        (9.5, "9.50 s"),
        (10.4, "10 s"),
        (119.0, "119 s"),
        (120.0, "2 min"),
        (7199.0, "120 min"),
        (7200.0, "2 h"),
        (86_400.0, "24 h"),
        (172_800.0, "2 days"),
    ],
)
def test_a_time_is_told_in_its_largest_unit(seconds, words):
    assert span(seconds) == words


def test_retry_of_everything_tries_what_was_given_up_and_names_who_does_it(gate):
    told = run("retry", "--all")
    assert "to anna" in told
    assert "instantreact-sdk outbox deliver gate.yaml" in told
    assert "to bob" not in told
    gate.now = LATER
    assert len(gate.tell("messenger")) == 1
    assert gate.states("anna") == ["sent"]


def test_retry_needs_an_id_or_all_and_not_both(gate):
    for arguments in (["retry"], ["retry", "abc", "--all"]):
        with pytest.raises(InstantReactError, match="IR6003: Give an ID, or `--all`"):
            run(*arguments)


def test_what_was_sent_is_not_tried_again(gate):
    assert "nothing to be tried again" in run("retry", key(gate, "bob"))
    assert gate.states("bob") == ["sent"]


def test_drop_asks_on_a_terminal_and_refuses_without_one(gate, monkeypatch):
    boss = key(gate, "boss")
    with pytest.raises(InstantReactError, match=r"IR5032: .*to boss would never be told\. Add `--yes`"):
        run("drop", boss)

    def answer(word: str) -> str:
        with monkeypatch.context() as patched:
            patched.setattr("instantreact_sdk.cli.outbox._asks", lambda: True)
            return run("drop", boss, input=word)

    assert "Nothing was dropped." in answer("n\n")
    assert gate.states("boss") == ["waiting"]
    assert f"Dropped {boss[:8]}" in answer("y\n")
    assert gate.states("boss") == ["failed"]
    assert "nothing to be dropped" in run("drop", boss)


def test_ack_of_an_alert_stops_who_waits_for_it_and_nobody_else(gate):
    gate.at(590)
    gate.raised(ANNA, replace(BOSS, after=7200.0), rule="fire")
    alert = gate.rows("anna")[1].alert
    told = run("ack", alert)
    assert "Still to be told:" in told
    assert (gate.states("anna")[1], gate.states("boss")) == ("pending", ["waiting", "acknowledged"])
    assert gate.rows("boss")[1].acknowledged_by == "outbox ack"


def test_what_is_not_there_and_what_is_not_clear_is_told(gate):
    for command in (["show"], ["retry"], ["drop", "--yes"], ["ack"]):
        with pytest.raises(InstantReactError, match="IR5030"):
            run(*command, "zzzz")
    for number in range(40):
        gate.raised(rule=f"rule {number}")
    with pytest.raises(InstantReactError, match=r"IR5031: '.' could mean \d+ deliveries"):
        run("drop", key(gate, "bob")[0], "--yes")
    assert gate.states("boss") == ["waiting"]


def test_the_store_is_found_as_events_find_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InstantReactError, match="IR5007"):
        run("list")
    (tmp_path / "out").mkdir()
    Store.open(f"sqlite:///{tmp_path}/out/instantreact.db").close()
    assert "There are no deliveries." in run("list", "--store", "out")


def test_what_is_in_a_text_does_not_paint_the_terminal(gate):
    gate.at(590)
    gate.raised(BOB, rule="[bold]\x1b[31mfire")
    gate.tell(what="permanent", error="\x1b]0;title\x07[red]no")
    told = run("list") + run("show", gate.rows("bob")[-1].key)
    assert "[bold][31mfire" in told
    assert "\x1b" not in told
