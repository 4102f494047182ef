"""All secrets have marked values, everything that can fail fails, and no mark is found anywhere."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import cv2
import numpy as np
import pytest
from deadline import until
from gatehouse import PATIENCE, Gatehouse, children, command_line, gate, porter
from gatehouse_parts import PARTS

from instantreact_sdk.testing.fakes import MessengerFake, WebhookFake
from instantreact_sdk.testing.fakes.messenger.access import App
from instantreact_sdk.testing.fakes.messenger.faults import FAULTS
from instantreact_sdk.testing.fakes.messenger.page import Page, Person

MARK = "Zq9mark"
"""In every secret; letters and digits alone, so that percent-encoding and JSON leave it as it is."""
ANNA = "7000000000000001"
PAGE_TOKEN = f"EAA{MARK}PageToken"
APP_SECRET = f"{MARK}AppSecret"
PROOF = hmac.new(APP_SECRET.encode(), PAGE_TOKEN.encode(), hashlib.sha256).hexdigest()


@dataclass
class Told:
    """Everything that was said, by where it was said."""

    said: dict[str, bytes] = field(default_factory=dict)

    def add(self, where: str, what: str | bytes) -> None:
        self.said[where] = what.encode() if isinstance(what, str) else what

    def marked(self) -> dict[str, str]:
        """Where marks are, with what is around them."""
        looked_for = [re.escape(form) for form in (MARK.encode(), PROOF.encode(), *in_base64(MARK))]
        pattern = re.compile(rb".{0,120}(?:" + b"|".join(looked_for) + rb").{0,60}", re.DOTALL | re.IGNORECASE)
        return {where: str(found[0]) for where, what in self.said.items() if (found := pattern.search(what))}


def in_base64(text: str) -> list[bytes]:
    """What it becomes in base64, wherever in a longer text it stands: without the ends, which depend on what is beside it."""
    return [base64.b64encode(b"\0" * before + text.encode())[4 * (before > 0) : -4] for before in range(3)]


@dataclass
class Services:
    """What is told, all of them on loopback."""

    messenger: MessengerFake
    webhook: WebhookFake


@pytest.fixture
def services() -> Iterator[Services]:
    page = Page("104000000000001", PAGE_TOKEN, people={ANNA: Person(ANNA, "Anna Ngo")})
    with MessengerFake(page, App("204000000000001", APP_SECRET)) as messenger, WebhookFake() as webhook:
        messenger.write(ANNA, "Hello")
        yield Services(messenger, webhook)


def secrets(services: Services, store: str) -> dict[str, str]:
    """Values of environment variables."""
    webhook = services.webhook.url.removeprefix("http://")
    return {
        "PAGE_TOKEN": PAGE_TOKEN,
        "WEB_URL": f"json://cam:{MARK}%2Fweb@{webhook}/{MARK}path?-token={MARK}",
        "MAIL_URL": f"mailto://cam:{MARK}mail@127.0.0.1:1?from=cam@example.com&to=anna@example.com&mode=insecure",
        "HC_URL": f"http://hc:{MARK}hc@127.0.0.1:1/{MARK}",
        "STORE_URL": store,
        "CAMERA_URL": f"rtsp://cam:{MARK}cam@127.0.0.1:1/{MARK}",
        "PORTER": f'{MARK}"por/ter\\ é',
    }


def file(services: Services) -> dict[str, Any]:
    """Every fault of Messenger meets a notifier of its own; after it comes whoever else fails."""
    faults = [f"m{number}" for number in range(len(FAULTS))]
    options = {
        "page_token": "env:PAGE_TOKEN", "app_secret": "file:app_secret.txt", "base_url": services.messenger.url,
        "read_timeout": 0.5,
    }  # fmt: skip
    whom = [*faults, "web", "mail", "ben", "log"]
    return gate(
        store="env:STORE_URL",
        heartbeat={"url": "env:HC_URL", "every": "10s"},
        outbox={"next_route": "2s"},
        ring={"notify": whom},
        rules={"trouble": {"when": {"health": "plugin_failed"}, "cooldown": "0s", "notify": ["log"]}},
        notifiers={
            **{f"messenger {name}": {"use": "messenger", "options": options} for name in faults},
            "apprise": {"use": "apprise", "options": {"url": "env:WEB_URL", "timeout": 1}},
            "smtp": {"use": "apprise", "options": {"url": "env:MAIL_URL", "timeout": 1}},
            "porter": porter(secret="env:PORTER", drawers=[{"key": "file:drawer.txt"}]),
            "paper": {"use": "sdk/jsonl", "options": {"path": "told.jsonl"}},
        },
        people={
            **{name: [{f"messenger {name}": ANNA}, {"porter": "1"}] for name in faults},
            "web": [{"apprise": ""}],
            "mail": [{"smtp": ""}],
            "ben": [{"porter": "1"}],
            "log": [{"paper": ""}],
        },
        attach="snapshot",
    )


@pytest.fixture
def house(tmp_path: Path, services: Services, request: pytest.FixtureRequest) -> Iterator[Gatehouse]:
    (tmp_path / "app_secret.txt").write_text(f"{APP_SECRET}\n")
    (tmp_path / "drawer.txt").write_text(f"{MARK}drawer\n")
    kind = getattr(request, "param", "sqlite")
    store = marked_database(request) if kind == "postgres" else f"sqlite:///{tmp_path / 'store.db'}"
    made = Gatehouse(tmp_path, file(services), secrets(services, store))
    made.store = store
    services.webhook.script(*["busy", "reset", "unauthorized"] * 20)
    try:
        yield made
    finally:
        made.clear()


def marked_database(request: pytest.FixtureRequest) -> str:
    """URL of an empty database whose owner's password is marked."""
    import psycopg

    server, url = request.getfixturevalue("postgres"), request.getfixturevalue("postgres_url")
    name, role = url.rpartition("/")[2], f"guard_{os.getpid()}"
    password = f"{MARK}/pg:ä"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {role} LOGIN SUPERUSER PASSWORD '{password}'")
        admin.execute(f"ALTER DATABASE {name} OWNER TO {role}")
    return f"postgresql://{role}:{quote(password, safe='')}@{server.rpartition('@')[2]}/{name}"


def rows(store: str) -> str:
    """All that is in the tables of a database, as text."""
    from sqlalchemy import MetaData, create_engine, select

    engine = create_engine(store.replace("postgresql:", "postgresql+psycopg:"))
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        told = [repr(row) for table in tables.sorted_tables for row in connection.execute(select(table))]
    engine.dispose()
    assert len(told) > len(FAULTS)
    return "\n".join(told)


def titles(pid: int) -> str:
    """How a process and its children are shown to everybody on the machine."""
    shown = ""
    for each in (pid, *children(pid)):
        with suppress(OSError):
            shown += command_line(each) + Path(f"/proc/{each}/comm").read_text()
            shown += "".join(path.read_text() for path in Path(f"/proc/{each}/task").glob("*/comm"))
    return shown


def files(*folders: Path) -> Iterator[tuple[str, bytes]]:
    """All files but those that hold secrets for others to read."""
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and path.name not in ("app_secret.txt", "drawer.txt", "typo.yaml"):
                yield str(path), path.read_bytes()


@pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True)
def test_a_run_in_which_everything_fails_lets_no_secret_out(
    house: Gatehouse, services: Services, own_home: Path
) -> None:
    told = Told()
    services.messenger.script(*FAULTS)
    house.mood("porter", "blabs")
    house.start("--debug")
    house.ring()
    faults = len(FAULTS)
    until(lambda: len(services.messenger.attempts) >= faults, 2 * PATIENCE)
    until(lambda: len(house.asked()) > 1 and len(services.webhook.requests) > 1, PATIENCE)
    house.said("plugin_failed system heartbeat")
    house.said("plugin_failed system porter: ")
    told.add("titles", titles(house.supervisor))
    os.kill(house.pid("deliverer"), signal.SIGKILL)  # so that the next one is told what the last one died of
    until(lambda: "It is started again." in house.log, PATIENCE)
    house.another("deliverer", 0)
    told.add("titles of the second", titles(house.supervisor))
    house.interrupt()

    assert len(house.rows()) == faults + 4
    assert not [row for row in house.rows(None) if MARK in repr(row)]
    for row in house.rows()[:2]:
        told.add(f"outbox show {row.key}", said(house, "outbox", "show", row.key, "--store", house.store))
    told.add("rows", rows(house.store))
    for command in (
        ["config", "check", "gate.yaml"],
        ["config", "check", "gate.yaml", "--json"],
        ["notifiers", "test", "porter", "-c", "gate.yaml", "--to", "ben"],
        ["notifiers", "test", "apprise", "-c", "gate.yaml"],
        ["notifiers", "test", "smtp", "-c", "gate.yaml"],
        ["notifiers", "test", "messenger m1", "-c", "gate.yaml"],
        ["messenger", "check", "-c", "gate.yaml", "--name", "messenger m1"],
        ["messenger", "check", "-c", "gate.yaml", "--name", "messenger m1", "--json"],
        ["outbox", "list", "--store", house.store],
        ["outbox", "list", "--store", house.store, "--json"],
        ["outbox", "figures", "--store", house.store],
        ["events", "list", "--store", house.store, "--json"],
        ["events", "show", house.rows()[0].events[0], "--store", house.store, "--json"],
        ["sources", "probe", f"rtsp://cam:{MARK}cam@127.0.0.1:1/x"],
    ):
        services.messenger.script("190")
        told.add(" ".join(command).replace(MARK, ""), said(house, "--debug", *command))
    for name, content in files(house.folder, own_home):
        told.add(name, content)
    assert told.marked() == {}
    # So the porter has said it all, and somebody covered it.
    for what in ("I was given ***", "ValueError: ***", "invalid literal for int() with base 10: '***"):
        assert what in house.log


@pytest.mark.parametrize(
    "shown",
    [
        MARK,
        quote(f"a/{MARK}/ä", safe=""),
        json.dumps(f'"{MARK}é'),
        *(base64.b64encode(f"{'x' * before}{PAGE_TOKEN}:y".encode()).decode() for before in range(3)),
        PROOF,
    ],
)
def test_a_mark_is_found_in_any_form(shown: str) -> None:
    told = Told()
    told.add("here", f"Authorization: {shown}\n")
    told.add("there", "nothing")
    assert [*told.marked()] == ["here"]


def said(house: Gatehouse, *arguments: str) -> str:
    done = house.cli(*arguments)
    assert done.stdout + done.stderr
    return done.stdout + done.stderr


def test_an_analysis_in_which_everything_fails_lets_no_secret_out(
    house: Gatehouse, services: Services, own_home: Path
) -> None:
    told = Told()
    services.messenger.script(*FAULTS)
    house.mood("porter", "blabs")
    house.ring()
    film(house.folder / "clip.avi")
    done = house.cli("--debug", "analyze", "clip.avi", "-c", "gate.yaml", "--out", "out", "--deliver")
    assert (house.folder / "out" / "report.html").exists(), done.stderr
    told.add("analyze", done.stdout + done.stderr)
    for name, content in files(house.folder, own_home):
        told.add(name, content)
    assert "porter failed in notify: ValueError: ***" in str(told.said)
    assert told.marked() == {}


def film(path: Path) -> None:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for index in range(30):
        writer.write(np.full((48, 64, 3), 5 * index, np.uint8))
    writer.release()


@pytest.mark.parametrize(
    "mistake",
    [
        {
            "notifiers": {
                "m": {"use": "messenger", "options": {"page_token": f"{MARK}token", "app_secrte": f"{MARK}secret"}}
            }
        },
        {"notifiers": {"m": {"use": "messenger", "options": {"page_token": {"value": f"{MARK}token"}}}}},
        {
            "notifiers": {
                "m": {"use": "messenger", "options": {"page_token": f"{MARK}token", "base_url": f"http://a:{MARK}@b"}}
            }
        },
        {"notifiers": {"m": {"use": "apprise", "options": {"url": f"nosuch://{MARK}:{MARK}@{MARK}"}}}},
        {"notifiers": {"m": {"use": "apprise", "options": {"url": f"tgram://{MARK}/1", "tittle": MARK}}}},
        {
            "notifiers": {
                "m": {"use": f"{PARTS}:Porter", "options": {"drawers": [{"key": f"{MARK}", "kee": f"{MARK}"}]}}
            }
        },
        {"store": f"postgre://guard:{MARK}@127.0.0.1/x"},
        {"store": f"postgresql://guard:{MARK}@127.0.0.1:1/x"},
        {"store": f"postgresql://guard:{MARK}@127.0.0.1:{MARK}/x"},
        {"heartbeat": {"url": f"ftp://{MARK}:{MARK}@127.0.0.1/{MARK}"}},
        {"heartbeat": {"url": f"https://127.0.0.1/{MARK}", "evry": "60s"}},
        {"links": {"url": f"https://guard:{MARK}@example.org"}},
        {
            "sources": {
                "gate": {
                    "use": "opencv/video",
                    "options": {"url": f"rtsp://cam:{MARK}@127.0.0.1:1/", "urll": f"{MARK}"},
                }
            }
        },
    ],
    ids=lambda mistake: next(iter(mistake)),
)
def test_a_mistake_beside_a_secret_does_not_quote_it(tmp_path: Path, mistake: dict[str, Any]) -> None:
    house = Gatehouse(tmp_path, {})
    (tmp_path / "typo.yaml").write_text(json.dumps(gate() | mistake, indent=1))
    told = Told()
    for command in (["--debug", "config", "check", "typo.yaml"], ["config", "check", "typo.yaml", "--json"]):
        told.add(" ".join(command), said(house, *command))
    for name, content in files(tmp_path):
        told.add(name, content)
    assert told.marked() == {}
