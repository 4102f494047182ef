"""How alerts reach people, and how the machine shows that it is alive: ``outbox``, ``heartbeat``, ``links``, ``metrics``."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, Field, SecretStr

from instantreact_sdk.config.duration import Duration, between
from instantreact_sdk.config.size import Size
from instantreact_sdk.config.strict import Strict
from instantreact_sdk.interfaces import Secret

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?")
_LEAST_EVIDENCE = 10_000_000
_AT_HOME = (".localhost", ".local", ".lan", ".internal", ".home.arpa")


def _web(url: str) -> SplitResult:
    """Its parts; what is wrong with it is said without quoting it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("this is no web address") from None
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\s\x00-\x1f]", url):
        raise ValueError("a web address begins with https:// or http:// and a host, and has no spaces")
    return parts


def _called(url: SecretStr) -> SecretStr:
    _web(url.get_secret_value())
    return url


def _reached(url: str) -> str:
    parts = _web(url)
    if parts.query or parts.fragment or "@" in parts.netloc or url.endswith(("?", "#")):
        raise ValueError("a link is made by adding to it, so it holds no user, no password, no `?` and no `#`")
    host = parts.hostname or ""
    if _is_everywhere(host):
        raise ValueError(f"{host} is where to listen, which `host` says; this is the address that people open")
    if parts.scheme == "http" and not _is_at_home(host):
        raise ValueError(
            "whoever reads an unencrypted link on its way can acknowledge the alert, and then nobody else is told: "
            "it has to begin with https://, unless it stays in your own network"
        )
    return url.rstrip("/")


def _is_everywhere(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _is_at_home(host: str) -> bool:
    """Whether only this machine and its own network can mean it: a private address, or a name that no public server knows."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.rstrip(".").endswith(_AT_HOME)


def _has_room(evidence: int) -> int:
    if evidence < _LEAST_EVIDENCE:
        raise ValueError("has to be 10MB at least")
    return evidence


def _listenable(host: str) -> str:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if not _HOST.fullmatch(host):
            raise ValueError("has to be an address of this machine, as 127.0.0.1, without port") from None
    return host


Host = Annotated[str, AfterValidator(_listenable)]
"""A host's name or address, without port."""

Port = Annotated[int, Field(ge=1, le=65535)]


class OutboxLimits(Strict):
    """How long alerts are tried, and what they may take."""

    next_route: Annotated[Duration, between("1s", "7d")] = 120.0
    """A route that has not delivered so long after its first try gives way to the person's next one."""
    expire: Annotated[Duration, between("1m", "30d")] = 86_400.0
    """After so long a person's last route is given up, and the alert stays as a dead letter."""
    late: Annotated[Duration, between("1s", "7d")] = 300.0
    """A notifier whose oldest alert has waited longer is reported as `falling_behind`."""
    evidence: Annotated[Size, AfterValidator(_has_room)] = 2_000_000_000
    """Room on the disk for snapshots and clips; the oldest go first, never those of an alert that is still to be told."""


class Heartbeat(Strict):
    """A dead-man's switch: a service that tells somebody when it hears nothing of this machine any more."""

    url: Annotated[Secret, AfterValidator(_called)]
    """What is asked for as a sign of life, at a service such as Healthchecks."""
    every: Annotated[Duration, between("5s", "1d")] = 60.0
    """How often."""


class Links(Strict):
    """A link in each alert's text, by which whoever was told acknowledges it."""

    url: Annotated[str, AfterValidator(_reached)]
    """The address under which people reach the port: `https://`, or `http://` inside your own network."""
    port: Port = 8088
    """The port that is listened to."""
    host: Host = "127.0.0.1"
    """The address of this machine that is listened at; `0.0.0.0` for all."""


class Metrics(Strict):
    """Figures of delivery, for Prometheus."""

    port: Port = 9108
    """The port that is listened to."""
    host: Host = "127.0.0.1"
    """The address of this machine that is listened at; `0.0.0.0` for all."""
