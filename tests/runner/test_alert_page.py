"""The page behind a link: looking changes nothing, asking acknowledges, and nobody opens what they were not told of."""

from __future__ import annotations

import html
import http.client
import random
import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from urllib.parse import urlsplit

import pytest
from deadline import until
from needs import need
from report.browser import Browser
from sqlalchemy import select

from instantreact_sdk.alerts.database import memory_engine, open_engine
from instantreact_sdk.alerts.ledger import Ledger
from instantreact_sdk.alerts.links import Links, link_key
from instantreact_sdk.alerts.store import Store
from instantreact_sdk.alerts.tables import deliveries, runs
from instantreact_sdk.runner.alert_page import AlertPage
from instantreact_sdk.runner.front_desk import FrontDesk

KEY = "0123456789abcdef01234567"
NOW = 1_800_000_000.0
TEXT = 'A person <b>at</b> the gate & "more"\n한국어 </p><script>alert(1)</script>'


def row(run: str, **facts) -> dict[str, object]:
    return {
        "key": KEY, "run": run, "alert": KEY[:12], "rule": "<i>intruder</i>", "source": "gate", "recipient": "anna", "text": TEXT,
        "events": ["e"], "time": 5.0, "wall": datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC), "status": "sent", "routes": [["sms", "1"]],
        "lasts": [60.0], "notifier": "sms", "cooldown": 60.0, "created": NOW - 60, "due": NOW - 60, "due_set": NOW - 60, "expires": NOW,
        "settled": NOW - 50,
    } | facts  # fmt: skip


class House:
    """A store with one delivery, and the front desk before it."""

    def __init__(self, engine, desk: FrontDesk, links: Links) -> None:
        self.engine = engine
        self.desk = desk
        self.links = links
        self.ledger = Ledger(engine)
        self.path = urlsplit(links.for_delivery(KEY)).path

    def ask(self, method: str, path: str | None = None) -> tuple[int, str, http.client.HTTPMessage]:
        connection = http.client.HTTPConnection("127.0.0.1", self.desk.port, timeout=20)
        connection.request(method, self.path if path is None else path)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, body, answer.headers

    def rows(self) -> list:
        with self.engine.connect() as connection:
            return connection.execute(select(deliveries)).all()

    def change(self, **facts) -> None:
        with self.engine.begin() as connection:
            connection.execute(deliveries.update().values(**facts))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    with Store.open(url) as store:
        run = store.begin_run()
    engine = open_engine(url, create=False)
    with engine.begin() as connection:
        connection.execute(deliveries.insert(), row(run))
    links = Links("https://guard.example.org", link_key(engine))
    with FrontDesk("127.0.0.1", 0, AlertPage(links, [Ledger(engine)]).answers, name="links") as desk:
        yield House(engine, desk, links)
    engine.dispose()


def test_looking_shows_the_alert_and_changes_nothing(house):
    before = house.rows()
    for _ in range(3):
        status, page, _ = house.ask("GET")
        assert status == 200
    assert house.rows() == before
    assert "gate" in page
    assert "<h1>Alert</h1>" in page
    assert 'datetime="2026-03-01T' in page
    assert '<form method="post">' in page


def test_what_the_alert_says_is_text_and_nothing_else(house):
    _, page, _ = house.ask("GET")
    assert "A person &lt;b&gt;at&lt;/b&gt; the gate &amp; &#34;more&#34;\n한국어" in page
    assert page.count("<script>") == 1
    assert "<b>" not in page
    assert "<i>" not in page


def test_asking_acknowledges_and_says_so(house):
    status, page, _ = house.ask("POST")
    assert status == 200
    assert '<h1 class="known">Acknowledged</h1>' in page
    (found,) = house.rows()
    assert (found.status, found.acknowledged_by) == ("acknowledged", "anna, by the link")
    assert found.acknowledged
    assert "by <bdi>anna, by the link</bdi>" in page


def test_asking_again_changes_nothing_more(house):
    house.ask("POST")
    before = house.rows()
    status, page, _ = house.ask("POST")
    assert (status, "Acknowledged" in page) == (200, True)
    assert house.rows() == before


@pytest.mark.parametrize("status", ["waiting", "pending", "sending", "sent", "failed", "expired"])
def test_whatever_has_become_of_it_it_can_be_acknowledged(house, status):
    house.change(status=status)
    _, page, _ = house.ask("GET")
    assert "<form" in page
    house.ask("POST")
    assert house.rows()[0].status == "acknowledged"


@pytest.mark.parametrize("status", ["acknowledged", "noted"])
def test_where_there_is_nothing_to_acknowledge_the_page_asks_for_nothing(house, status):
    house.change(status=status)
    for method in ("GET", "POST"):
        _, page, _ = house.ask(method)
        assert "<form" not in page
        assert "<script" not in page
    assert house.rows()[0].status == status


def test_the_answer_to_asking_never_asks_again(house):
    house.change(status="noted")  # and so it stays
    assert "<script" not in house.ask("POST")[1]


def test_unknown_and_forged_links_cannot_be_told_apart(house):
    unknown = urlsplit(house.links.for_delivery("f" * 24)).path
    forged = house.path[:-1] + ("0" if house.path[-1] != "0" else "1")
    for method in ("GET", "POST"):
        answers = [house.ask(method, path) for path in (unknown, forged, "/a/b", "/")]
        assert {(status, body, tuple(sorted((*headers.keys(),)))) for status, body, headers in answers} == {
            (404, "There is no such page.\n", tuple(sorted((*answers[0][2].keys(),))))
        }
    assert house.rows()[0].status == "sent"


def test_the_page_loads_nothing_and_lets_nothing_else_run(house):
    _, page, headers = house.ask("GET")
    assert re.findall(r"(?:src|href|url)\s*[=(]", page) == []
    policy = html.unescape(page)
    assert re.search(r"default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'", policy)
    assert "form-action 'self'" in headers["Content-Security-Policy"]


def test_a_delivery_that_is_in_memory_is_acknowledged_there(house):
    memory = memory_engine()
    other = "f" * 24
    with memory.begin() as connection:
        started = datetime(2026, 3, 1, tzinfo=UTC)
        connection.execute(runs.insert(), {"id": "r", "config": "", "started": started, "version": "1"})
        connection.execute(deliveries.insert(), row("r", key=other, alert=other[:12]))
    page = AlertPage(house.links, [Ledger(house.engine), Ledger(memory)])
    path = urlsplit(house.links.for_delivery(other)).path
    assert b"Acknowledged" in page.answers["POST"](path).body
    assert Ledger(memory).delivery(other).status == "acknowledged"
    assert house.rows()[0].status == "sent"
    memory.dispose()


def test_where_the_store_fails_the_client_is_asked_to_come_again(house, monkeypatch):
    with house.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE attempts")
        connection.exec_driver_sql("DROP TABLE deliveries")
    for method in ("GET", "POST"):
        status, body, _ = house.ask(method)
        assert (status, body) == (503, "This cannot be done just now. Please try again in a minute.\n")


def test_strange_requests_change_nothing(house):
    chance = random.Random(7)
    before = house.rows()
    letters = "0123456789abcdefABCDEF/%.-_~\\é"
    for _ in range(2000):
        path = list(house.path)
        for _ in range(chance.randint(1, 3)):
            place = chance.randrange(len(path))
            match chance.randrange(3):
                case 0:
                    path[place] = chance.choice(letters)
                case 1:
                    path.insert(place, chance.choice(letters))
                case 2:
                    del path[place]
        changed = "".join(path)
        posts = changed.partition("?")[0] != house.path and chance.random() < 0.7
        method = "POST" if posts else chance.choice(["GET", "HEAD", "PUT", "post", "DELETE", "OPTIONS"])
        raw(house.desk.port, f"{method} {changed} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert house.rows() == before
    assert house.ask("POST")[0] == 200
    assert house.rows() != before


def raw(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), 20) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    need(which("chromium") is not None, "the page is looked at in chromium; install the Debian package chromium")
    with Browser(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    chromium.new_page()
    return chromium


def visit(browser: Browser, house: House, width: int = 390) -> None:
    browser.ask("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=True)
    browser.ask("Page.navigate", url=f"http://127.0.0.1:{house.desk.port}{house.path}")


def as_a_person(browser: Browser) -> None:
    """A browser that is driven by a program says so; from here on it does not."""
    source = "Object.defineProperty(Navigator.prototype, 'webdriver', {get: () => false})"
    browser.ask("Page.addScriptToEvaluateOnNewDocument", source=source)


def test_a_browser_that_somebody_looks_at_acknowledges_at_once(house, browser):
    as_a_person(browser)
    visit(browser, house)
    browser.wait_for("document.querySelector('h1.known') !== null")
    assert house.rows()[0].status == "acknowledged"
    assert browser.problems == []
    url = f"http://127.0.0.1:{house.desk.port}{house.path}"
    assert {each for each in browser.requests if not each.endswith("/favicon.ico")} == {url}


def test_a_browser_that_a_program_drives_acknowledges_only_when_it_presses_the_button(house, browser):
    visit(browser, house)
    browser.wait_for("document.readyState === 'complete' && document.querySelector('button') !== null")
    assert browser.run("document.querySelector('.text').textContent") == TEXT
    assert house.rows()[0].status == "sent"
    browser.run("document.querySelector('button').click()")
    browser.wait_for("document.querySelector('h1.known') !== null")
    assert house.rows()[0].status == "acknowledged"


def test_without_scripts_the_button_works(house, browser):
    as_a_person(browser)
    browser.ask("Emulation.setScriptExecutionDisabled", value=True)
    visit(browser, house)
    browser.wait_for("document.querySelector('button') !== null")
    assert house.rows()[0].status == "sent"
    browser.run("document.querySelector('button').click()")
    until(lambda: house.rows()[0].status == "acknowledged")


@pytest.mark.parametrize("width", [320, 390, 1200])
def test_it_never_scrolls_sideways(house, browser, width):
    house.change(text="x" * 300, source="gate" * 40, rule="intruder" * 30)
    visit(browser, house, width)
    browser.wait_for("document.readyState === 'complete' && document.querySelector('button') !== null")
    assert browser.run("document.documentElement.scrollWidth") <= width
    assert browser.problems == []
