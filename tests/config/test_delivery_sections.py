"""The sections `outbox`, `heartbeat`, `links` and `metrics`."""

from __future__ import annotations

import pytest
from right_file import RIGHT, load_text, problems

from instantreact_sdk.config import PipelineFile


def file(section: str) -> PipelineFile:
    return load_text(RIGHT + section).file


def one(section: str) -> str:
    (only,) = problems(RIGHT + section)
    return only


def test_what_is_left_out_has_its_defaults():
    left_out = file("")
    assert left_out.outbox.model_dump() == {
        "next_route": 120.0,  # 2m
        "expire": 86_400.0,  # 24h
        "late": 300.0,  # 5m
        "evidence": 2_000_000_000,  # 2GB
    }
    assert (left_out.heartbeat, left_out.links, left_out.metrics) == (None, None, None)


def test_what_is_written_is_what_holds(monkeypatch):
    monkeypatch.setenv("HC_URL", "https://hc-ping.com/sesame")
    written = file(
        "outbox: {next_route: 30s, expire: 2h, late: 1m, evidence: 500MB}\n"
        "heartbeat: {url: env:HC_URL, every: 5m}\n"
        "links: {url: https://guard.example.org/told/, port: 8443, host: 0.0.0.0}\n"
        "metrics: {}\n"
    )
    assert written.outbox.model_dump() == {
        "next_route": 30.0,
        "expire": 7200.0,
        "late": 60.0,
        "evidence": 500_000_000,
    }
    assert written.heartbeat
    assert written.heartbeat.every == 300.0
    assert written.heartbeat.url.get_secret_value() == "https://hc-ping.com/sesame"
    assert "sesame" not in repr(written)
    assert written.links
    assert written.links.model_dump() == {"url": "https://guard.example.org/told", "port": 8443, "host": "0.0.0.0"}
    assert written.metrics
    assert written.metrics.model_dump() == {"port": 9108, "host": "127.0.0.1"}


@pytest.mark.parametrize("section", ["heartbeat", "links", "metrics"])
def test_a_section_whose_keys_are_all_commented_out_is_not_off_without_a_word(section):
    assert one(f"{section}:\n") == f"16: {section}: has no value"


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        ("outbox: {next_route: 500ms}", "outbox.next_route: has to be from 1s to 7d"),
        ("outbox: {expire: 59s}", "outbox.expire: has to be from 1m to 30d"),
        ("outbox: {late: 8d}", "outbox.late: has to be from 1s to 7d"),
        ("outbox: {evidence: 9.9MB}", "outbox.evidence: has to be 10MB at least"),
        ("outbox: {evidence: 2 gigs}", "outbox.evidence: a size is written like 500MB, 2GB or 1TB"),
        ("outbox: {expires: 2h}", "outbox.expires: unknown key; did you mean 'expire'?"),
        ("heartbeat: {every: 60s}", "heartbeat.url: has to be given"),
        ("heartbeat: {url: 'https://hc.org/1', every: 1s}", "heartbeat.every: has to be from 5s to 1d"),
        ("metrics: {port: 0}", "metrics.port: has to be greater than or equal to 1"),
        ("metrics: {port: 65536}", "metrics.port: has to be less than or equal to 65535"),
        ("metrics: {host: 'http://127.0.0.1'}", "metrics.host: has to be an address of this machine"),
        ("links: {url: 'https://a.org', host: 'localhost:80'}", "links.host: has to be an address of this machine"),
        ("links: {port: 1}", "links.url: has to be given"),
        ("attach: picture", "attach: has to be 'none', 'snapshot' or 'clip'"),
    ],
)
def test_what_cannot_be_is_told(section, problem):
    assert one(section).startswith(f"16: {problem}")


@pytest.mark.parametrize("url", ["sesame", "ftp://sesame", "https://", "https://sesame:port/", "https://se same/", "//sesame"])  # fmt: skip
def test_a_heartbeat_needs_a_web_address_and_its_error_does_not_quote_it(url):
    told = one(f"heartbeat: {{url: '{url}'}}")
    assert told.startswith("16: heartbeat.url: ")
    assert "sesame" not in told


@pytest.mark.parametrize(
    "url",
    [
        "https://guard.example.org",
        "http://127.0.0.1:8088",
        "http://[::1]:8088",
        "http://192.168.1.20:8088",
        "http://100.100.1.2:8088",  # of a private network of its own, as some VPNs have
        "http://[fd00::5]:8088",
        "http://localhost:8088",
        "http://guard:8088",
        "http://guard.local:8088",
        "http://guard.home.arpa",
    ],
)
def test_links_are_encrypted_or_stay_in_their_own_network(url):
    links = file(f"links: {{url: '{url}/'}}").links
    assert links
    assert links.url == url


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://guard.example.org", "has to begin with https://, unless it stays in your own network"),
        ("http://8.8.8.8", "has to begin with https://, unless it stays in your own network"),
        ("http://guard.local.example.org", "has to begin with https://, unless it stays in your own network"),
        ("http://0.0.0.0:8088", "0.0.0.0 is where to listen, which `host` says"),
        ("https://guard.example.org/?a=1", "it holds no user, no password, no `?` and no `#`"),
        ("https://guard.example.org/?", "it holds no user, no password, no `?` and no `#`"),
        ("https://guard.example.org/#top", "it holds no user, no password, no `?` and no `#`"),
        ("https://anna@guard.example.org", "it holds no user, no password, no `?` and no `#`"),
        ("guard.example.org", "a web address begins with https:// or http:// and a host"),
    ],
)
def test_an_address_that_no_link_can_have_is_refused(url, why):
    assert why in one(f"links: {{url: '{url}'}}")


def test_the_last_route_is_not_given_up_before_it_is_its_turn():
    told = one("outbox: {next_route: 48h, expire: 24h}")
    assert told == "16: outbox.next_route: has to be shorter than `expire`, after which the last route is given up"


def test_links_and_metrics_have_ports_of_their_own():
    told = one("links: {url: 'https://guard.example.org', port: 9108}\nmetrics: {port: 9108}")
    assert told == "17: metrics.port: is taken by `links`; each needs a port of its own"
