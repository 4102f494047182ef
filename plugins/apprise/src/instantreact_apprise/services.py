"""Apprise's services: found by the URL, made for one recipient. The only place that loads Apprise, which takes seconds."""

from __future__ import annotations

import shlex
from functools import cache

from apprise import Apprise, AppriseAsset, NotificationManager, NotifyBase
from apprise.common import OverflowMode, PersistentStoreMode

from instantreact_apprise.address import KEY, OVERFLOW, RECIPIENT, arguments, filled, scheme_of
from instantreact_apprise.hearing import hearing
from instantreact_apprise.schemes import STILLS, WHOLE
from instantreact_sdk import PermanentError, PluginError

_EXAMPLES = ("15550100100", "anna@example.com", "anna")
"""Addresses of the kinds that services have, to see whether a URL is one before there is a recipient."""


@cache
def names() -> dict[str, str]:
    """What services are called in lower case, by themselves and in URLs, with the scheme of each."""
    manager = NotificationManager()
    found: dict[str, str] = {}
    for scheme in sorted(manager.schemas(), reverse=True):  # the shortest of several stands: json, not jsons
        found[str(manager[scheme].service_name).lower().replace(" ", "")] = scheme
    return found | {scheme: scheme for scheme in manager.schemas()}


class Services:
    """The service that a URL names, made anew for each recipient.

    Args:
        url: As the pipeline file has it, with its places.
        timeout: Seconds to wait for a connection, and for an answer.

    Attributes:
        kind: Its class.
        name: What it is called.
        whole: Whether it takes the text and a file as one.
        takes: Which files of an alert it takes.

    Raises:
        PluginError: The URL names none that can be used here.
    """

    def __init__(self, url: str, timeout: float) -> None:
        self._url = url
        self._timeout = timeout
        self._made: dict[str, NotifyBase] = {}
        self._asset = AppriseAsset(
            app_id="InstantReact",
            app_desc="InstantReact alerts",
            async_mode=False,  # with the limit below, so that it sends in this thread, where it is heard
            service_timeout=0,
            pem_autogen=False,
            pgp_autogen=False,
            storage_mode=PersistentStoreMode.MEMORY,
        )
        with hearing():
            self.kind = _kind_of(url)
        self.name = str(self.kind.service_name)
        self.whole = scheme_of(url) in WHOLE
        self.takes = self._files()
        if not self.kind.enabled:
            raise PluginError(f"The service {self.name} cannot be used on this machine.", _missing(self.kind))
        with hearing():
            parsed = any(_parsed(self.kind, filled(url, recipient, "key")) for recipient in _EXAMPLES)
        if not parsed:
            raise PluginError(f"`url` is no URL of the service {self.name}.", self._check())
        if RECIPIENT not in url:
            self.made("", "key")

    def made(self, recipient: str, key: str) -> NotifyBase:
        """The service with the recipient in its URL.

        It is kept, as some log in first, and would do so for each alert.

        Raises:
            PermanentError: The URL does not take this recipient, or takes none, or there is none.
        """
        _fits(self._url, recipient)
        url = filled(self._url, recipient, key)
        service = self._made.get(url)
        if service is None:
            service = self._new(url)
            if KEY not in self._url:
                self._made[url] = service
        return service

    def forget(self) -> None:
        """Throw away what was made, with its connections."""
        with hearing():  # some say goodbye to their service
            self._made.clear()

    def _files(self) -> tuple[str, ...]:
        if not self.kind.attachment_support:
            return ()
        return ("snapshot",) if scheme_of(self._url) in STILLS else ("snapshot", "clip")

    def _check(self) -> str:
        return f"Compare it with {self.kind.setup_url or 'https://appriseit.com/services/'}."

    def _new(self, url: str) -> NotifyBase:
        with hearing() as heard:
            service = Apprise.instantiate(url, asset=self._asset)
        if service is None:
            problem = f"`url` is no URL that the service {self.name} can use: something in it is missing, or malformed."
            raise PermanentError(problem, self._check())
        # It leaves out what it takes for no recipient, and some then write to their owner, which would count as told.
        if heard.warned:
            problem = f"The service {self.name} does not take all that is in its URL, perhaps the address of a person."
            raise PermanentError(problem, "Write addresses as the service has them, as +237600000000 for a telephone.")
        service.socket_connect_timeout = service.socket_read_timeout = self._timeout
        service.redirects = False  # a POST that is redirected becomes a GET without the message, and counts as sent
        service.optional, service.retry = False, 0
        if OVERFLOW not in arguments(url):
            service.overflow_mode = OverflowMode.TRUNCATE
        service.request_rate_per_sec = 0  # it would sleep, and hold up other alerts
        return service


def _kind_of(url: str) -> type[NotifyBase]:
    manager = NotificationManager()
    scheme = scheme_of(url)
    if scheme in manager:
        kind: type[NotifyBase] = manager[scheme]
        return kind
    for kind in manager.plugins():
        if kind.parse_native_url(url):
            return kind
    problem = f"Apprise knows no service at this {scheme}:// address."
    raise PluginError(problem, "For a webhook of your own write json://, or jsons:// with TLS, before host and path.")


def _parsed(kind: type[NotifyBase], url: str) -> bool:
    return bool(kind.parse_url(url) or kind.parse_native_url(url))


def _missing(kind: type[NotifyBase]) -> str:
    given = kind.requirements.get("packages_required") or []
    packages = [given] if isinstance(given, str) else given
    command = shlex.join(["pip", "install", *(package.replace(" ", "") for package in packages)])
    return f"Install what it needs: `{command}`." if packages else "Choose another service."


def _fits(url: str, recipient: str) -> None:
    if recipient and RECIPIENT not in url:
        problem = f"The person has an address for this notifier, and its `url` has no place for one: no `{RECIPIENT}`."
        raise PermanentError(
            problem, "Write it where the service has its targets, as in `mailtos://USER:PASSWORD@HOST?to={recipient}`."
        )
    if RECIPIENT in url and not recipient:
        problem = f"`url` has `{RECIPIENT}` in it, and the alert goes to nobody in particular."
        raise PermanentError(
            problem, "Name a person under `notify:` whose routes have this notifier, or write the address into `url`."
        )
