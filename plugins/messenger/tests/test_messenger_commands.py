"""`instantreact-sdk messenger`: as a program, against the fake."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from instantreact_messenger.findings import findings
from instantreact_messenger.introductions import Introductions, line_for
from instantreact_messenger.people import People, Person

from instantreact_sdk import Context, borrowed
from instantreact_sdk.config import loads
from instantreact_sdk.testing import Answer
from instantreact_sdk.testing.fakes.messenger.faults import usage_headers
from instantreact_sdk.testing.fakes.messenger.page import Template

ANNA, BEN, CARL = "7000000000000001", "7000000000000002", "7000000000000003"
PROGRAM = [sys.executable, "-c", "from instantreact_sdk.cli import main; main()", "messenger"]
FILE = """
sources: {{lobby: {{use: opencv/video, options: {{url: lobby.mp4}}}}}}
notifiers:
  messenger:
    use: messenger
    options: {{page_token: env:PAGE_TOKEN, app_secret: env:APP_SECRET, base_url: "{url}"}}
people:
  anna: [{{messenger: "{anna}"}}]
"""


@pytest.fixture
def file(fake, tmp_path, monkeypatch):
    path = tmp_path / "guard.yaml"
    path.write_text(FILE.format(url=fake.url, anna=ANNA))
    monkeypatch.setenv("PAGE_TOKEN", fake.page.token)
    monkeypatch.setenv("APP_SECRET", fake.app.secret)
    monkeypatch.setenv("NO_COLOR", "1")
    return path


def run(*words, code=0):
    done = subprocess.run([*PROGRAM, *words], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


@contextmanager
def running(*words):
    """The program, and what it says on standard error and output, line by line."""
    with subprocess.Popen(
        [*PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ}
    ) as process:
        guard = threading.Timer(120, process.kill)
        guard.start()
        try:
            yield process
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 130
            assert "Traceback" not in process.stderr.read()
        finally:
            process.kill()
            guard.cancel()


def found(options, people, context=None):
    return {(one.about, one.person): one for one in findings(options, people, context or Context())}


def test_the_check_says_line_by_line_what_would_stop_an_alert(fake, file):
    fake.write(ANNA, "Hello")
    lines = run("check", "--config", str(file)).stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [["ok", "token"], ["ok", "permission"], ["ok", "window"]]
    assert "Night Watch" in lines[0]
    assert "anna" in lines[2]
    assert fake.messages == []
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_the_check_ends_with_1_where_something_would_and_speaks_json(fake, file, monkeypatch):
    monkeypatch.setenv("PAGE_TOKEN", "EAArevoked")
    [told] = json.loads(run("check", "--config", str(file), "--json", code=1).stdout)
    assert (told["about"], told["level"], told["person"]) == ("token", "stops", "")
    assert "Make a new Page token" in told["fix"]


def test_windows_are_open_close_soon_are_closed_or_never_were(fake, options):
    people = {"anna": ANNA, "ben": BEN, "carl": CARL}
    fake.clock.advance(22 * 3600)
    fake.write(BEN, "Hello")
    told = found(options(), people, Context(clock=fake.clock))
    assert [told["window", name].level for name in people] == ["warning", "ok", "stops"]
    assert "within three hours" in told["window", "anna"].what
    assert "has not written" in told["window", "carl"].what
    fake.clock.advance(2 * 3600 + 1)
    told = found(options(), people, Context(clock=fake.clock))
    assert [told["window", name].level for name in people] == ["stops", "ok", "stops"]
    assert "to write to the Page" in told["window", "anna"].fix


def test_what_the_webhook_heard_counts_where_conversations_do_not_tell_it(fake, options):
    context = Context(clock=fake.clock)
    People(context.state).note(CARL, fake.clock.now())
    assert found(options(), {"carl": CARL}, context)["window", "carl"].level == "ok"
    fake.clock.advance(24 * 3600)
    assert "closed on" in found(options(), {"carl": CARL}, context)["window", "carl"].what


def test_nobody_under_people_is_a_warning(options):
    assert found(options(), {})["window", ""].level == "warning"


@pytest.mark.parametrize(
    ("fault", "edge", "about", "says"),
    [
        ("190/463", "me", "token", "has expired"),
        ("200", "conversations", "permission", "pages_manage_metadata"),
        ("html 502", "me", "network", "out of order"),
        ("reset", "me", "network", "connection broke"),
    ],
)
def test_what_stops_everything_is_told(fake, options, fault, edge, about, says):
    fake.script(fault, edge=edge)
    told = found(options(), {"anna": ANNA})
    [stops] = [one for one in told.values() if one.level == "stops" and not one.person]
    assert stops.about in (about, "token")
    assert says in stops.what + stops.fix


def test_a_token_of_another_page_is_told(options):
    told = found(options(page="99"), {})
    assert told["token", ""].level == "stops"
    assert "`page` is 99" in told["token", ""].what


@pytest.mark.parametrize(("percent", "level"), [(79, None), (80, "warning"), (100, "stops")])
def test_what_is_used_up_is_told(fake, options, percent, level):
    answer = Answer(
        200, json.dumps({"id": fake.page.id, "name": "A"}).encode(), usage_headers(fake.page.id, percent, 0)
    )
    fake.script(answer, edge="me")
    told = found(options(), {}).get(("limits", ""))
    assert (told.level if told else None) == level


@pytest.mark.parametrize(("status", "level"), [("APPROVED", "ok"), ("PENDING", "stops"), (None, "stops")])
def test_a_template_has_to_be_approved(fake, options, status, level):
    if status:
        fake.page.templates["alarm", "en"] = Template("alarm", "{{1}}", status=status)
    told = found(options(mode="utility", template={"name": "alarm"}), {"anna": ANNA})
    assert told["template", ""].level == level
    assert ("window", "anna") not in told


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Anna Ngo", '"Anna Ngo": [{"messenger": "7"}]'),
        ('A"n\\na: [', '"A\\"n\\\\na: [": [{"messenger": "7"}]'),
        ("a/b\n\x1b[31m", '"a b [31m": [{"messenger": "7"}]'),
        ("", '"guest 7": [{"messenger": "7"}]'),
        ("\u202e" + "n" * 100, '"' + "n" * 64 + '": [{"messenger": "7"}]'),
        ("Zoé 👮", '"Zoé 👮": [{"messenger": "7"}]'),
    ],
)
def test_the_line_for_people_is_yaml_whatever_the_name(name, line):
    assert line_for(Person("7", None, name), "messenger") == line
    head = "sources: {a: {use: x/y}}\nnotifiers: {messenger: {use: messenger}}\npeople:\n  "
    assert [[*route] for route in loads(head + line, "a.yaml").file.people.values()] == [[{"messenger": "7"}]]


def test_leaving_does_not_wait_until_everybody_has_a_name(fake, options):
    people = People({})
    for person in (ANNA, BEN, CARL):
        people.note(person, fake.clock.now())
    fake.script("unanswered", times=3, edge="conversations")
    met = []
    with Introductions(options(), people, {}, met.append):
        pass
    assert len(met) <= 1  # whom it was asking for


def test_subscribe_makes_a_named_recipient_of_who_writes_and_keeps_them(fake, file):
    fake.webhook.limit = 60
    with running("subscribe", "--config", str(file), "--port", "0") as process:
        url = re.search(r"http://\S+/webhook", process.stderr.readline())[0]
        token = re.search(r"token (\w+)\.", process.stderr.readline())[1]
        assert fake.webhook.subscribe(url, token)
        fake.write(ANNA, "ok")  # she is in the file
        fake.write(BEN, "Hello")
        assert process.stdout.readline() == f'"Ben Achu": [{{"messenger": "{BEN}"}}]\n'
        process.stderr.readline()  # what to subscribe to
        assert "Their window is open until" in process.stderr.readline()
        fake.forge(CARL, "Hello")
    assert [post.status for post in fake.webhook.posts] == [200, 200, 403]
    with running("subscribe", "--config", str(file), "--poll") as process:
        assert process.stdout.readline() == f'"Ben Achu": [{{"messenger": "{BEN}"}}]\n'  # still not in the file
        assert "Asking Meta every 300 s" in process.stderr.readline() + process.stderr.readline()


def test_subscribe_by_asking_finds_who_wrote(fake, file):
    with borrowed(file, "messenger/messenger") as notifier:
        People(notifier.context.state).note(CARL, datetime.now(UTC) - timedelta(hours=25), "Carl Mbah")
    with running("subscribe", "--config", str(file), "--poll") as process:
        assert process.stdout.readline() == f'"Carl Mbah": [{{"messenger": "{CARL}"}}]\n'
        told = process.stderr.readline() + process.stderr.readline()
        assert "Their window is closed" in told
        assert "Asking Meta every 300 s" in told
        assert process.stdout.readline() == f'"Ben Achu": [{{"messenger": "{BEN}"}}]\n'


def test_subscribe_needs_the_secret_of_the_app_and_a_free_port(fake, file, monkeypatch):
    text = file.read_text()
    file.write_text(text.replace("app_secret: env:APP_SECRET, ", ""))
    assert "or use `--poll`" in run("subscribe", "--config", str(file), code=1).stderr
    file.write_text(text)
    port = fake.url.rpartition(":")[2]
    assert "Choose another `--port`" in run("subscribe", "--config", str(file), "--port", port, code=1).stderr
    monkeypatch.setenv("PAGE_TOKEN", "EAArevoked")
    told = run("subscribe", "--config", str(file), "--poll", code=1).stderr
    assert "Make a new Page token" in told
    assert "EAArevoked" not in told
