"""Calls of Meta's Graph API, each in a given time, with the token in a header only."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from requests.auth import AuthBase
from urllib3.exceptions import MaxRetryError

from instantreact_messenger.connection import Adapter, CutOff
from instantreact_messenger.options import MessengerOptions
from instantreact_sdk import PluginError

_LARGEST = 4_000_000  # bytes of an answer
_PIECE = 65_536
_IDLE = 10.0
_FIRST_REDIRECT, _FIRST_ERROR = 300, 400
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that goes with a call; Meta refuses one whose media type is missing (error 100/2018047)."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a call that Meta did."""

    body: Mapping[str, Any]
    headers: Mapping[str, str]


class NotSent(Exception):  # noqa: N818  (inside this plugin it is no error yet, here and below)
    """Nothing arrived. The text says why, as a sentence, and what to do about it."""

    def __init__(self, problem: str, fix: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.fix = fix


class NoAnswer(Exception):  # noqa: N818
    """The call left, and what became of it is not known. The text says why, as a sentence."""


class Refused(Exception):  # noqa: N818
    """Meta, or something before it, said no.

    Attributes:
        status: Of HTTP.
        headers: Of HTTP.
        code: Meta's ``error.code``; None where the body is no error object of the Graph API.
        subcode: Meta's ``error.error_subcode``.
        transient: Meta's ``error.is_transient``; None where it does not say.
        message: Meta's ``error.message``, without our secrets.
        trace: Meta's ``error.fbtrace_id``, by which its support finds the call.
    """

    def __init__(self, status: int, headers: Mapping[str, str], error: Mapping[str, Any] | None, message: str) -> None:
        super().__init__(f"status {status}")
        error = error or {}
        self.status = status
        self.headers = headers
        self.code = _number(error.get("code"))
        self.subcode = _number(error.get("error_subcode"))
        transient = error.get("is_transient")
        self.transient = transient if isinstance(transient, bool) else None
        self.message = message
        trace = error.get("fbtrace_id")
        self.trace = trace if isinstance(trace, str) and trace.isprintable() and len(trace) < _LONGEST else ""


class Graph:
    """The Graph API for one Page; not for several threads.

    Args:
        options: The notifier's.

    Raises:
        PluginError: The token cannot be one.
    """

    def __init__(self, options: MessengerOptions) -> None:
        token = options.page_token.get_secret_value()
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            # The libraries below would quote it.
            raise PluginError("`page_token` is empty, or holds characters that no token has.", "Copy it anew.")
        self._address = f"{options.base_url}/{options.version}/"
        self._limits = options.connect_timeout, options.read_timeout
        self._secrets = [token]
        self._proof: dict[str, str] = {}
        if options.app_secret:
            secret = options.app_secret.get_secret_value()
            proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
            self._secrets += [secret, proof]
            self._proof = {"appsecret_proof": proof}
        self._cut_off = CutOff()
        self._session = requests.Session()
        self._session.auth = _Bearer(token)  # a header alone would give way to a .netrc file
        self._session.headers["User-Agent"] = "instantreact-messenger"
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, Adapter(self._cut_off))
        self._used = time.monotonic()

    def close(self) -> None:
        """Close the connection. May be called twice."""
        self._session.close()

    def get(self, path: str, fields: Mapping[str, str], seconds: float) -> Answered:
        """Read something.

        Args:
            path: Below the version, as ``me/conversations``.
            fields: Of the query.
            seconds: That it may take.

        Raises:
            NotSent: Meta cannot be reached.
            NoAnswer: No answer came, or one that nobody understands.
            Refused: Meta said no.
        """
        return self._call(requests.Request("GET", self._address + path, params={**fields, **self._proof}), seconds)

    def post(self, path: str, fields: Mapping[str, Any], seconds: float, upload: Upload | None = None) -> Answered:
        """Do something.

        Args:
            path: Below the version, as ``me/messages``.
            fields: Of the body, as JSON; with an upload they are parts of a form, and what is no text becomes JSON there.
            seconds: That it may take.
            upload: A file, as the form's ``filedata``.

        Raises:
            NotSent, NoAnswer, Refused: As for `get`.
        """
        fields = {**fields, **self._proof}
        request = requests.Request("POST", self._address + path)
        if upload:
            request.data = {name: one if isinstance(one, str) else json.dumps(one) for name, one in fields.items()}
            request.files = {"filedata": (upload.name, upload.content, upload.type)}
        else:
            request.json = fields
        return self._call(request, seconds)

    def _call(self, request: requests.Request, seconds: float) -> Answered:
        if seconds <= 0:
            raise NotSent("There was no time left to reach Meta.", "Raise `total_timeout`, and `time_limit` with it.")
        if time.monotonic() - self._used > _IDLE:
            self._session.close()  # Meta may have, and a message sent into that is neither lost nor delivered
        failure: Exception
        try:
            with self._cut_off.after(seconds):
                status, headers, content = self._exchange(self._session.prepare_request(request), seconds)
        except requests.RequestException as error:
            failure = _failure(error, connected=not self._cut_off.connecting)
        else:
            return self._understood(status, headers, content)
        finally:
            self._used = time.monotonic()
        raise failure  # here, for whoever prints what came before it would print the library's text, with the address

    def _exchange(self, prepared: requests.PreparedRequest, seconds: float) -> tuple[int, Mapping[str, str], bytes]:
        if isinstance(prepared.body, bytes):
            # In pieces: the time limit for one write holds for all bytes that it is given.
            prepared.body = io.BytesIO(prepared.body)  # type: ignore[assignment]  # whatever can be read will do
        around = self._session.merge_environment_settings(prepared.url, {}, True, None, None)
        if self._address.startswith("http://"):
            around["proxies"] = {}  # it is on this machine, and unencrypted: the token must not go out to a proxy
        connect, read = (min(limit, seconds) for limit in self._limits)
        with self._session.send(prepared, timeout=(connect, read), allow_redirects=False, **around) as answer:
            content = bytearray()
            for piece in answer.iter_content(_PIECE):
                content += piece
                if len(content) > _LARGEST:
                    raise requests.RequestException
            return answer.status_code, answer.headers, bytes(content)

    def _understood(self, status: int, headers: Mapping[str, str], content: bytes) -> Answered:
        body = _object(content)
        error = body.get("error") if body is not None else None
        if isinstance(error, dict):
            raise Refused(status, headers, error, self._clean(error.get("message")))
        if status >= _FIRST_REDIRECT:
            raise Refused(status, headers, None, "")
        if body is None:
            raise NoAnswer("Meta took the request, and its answer cannot be understood.")
        return Answered(body, headers)

    def _clean(self, message: object) -> str:
        text = message if isinstance(message, str) else ""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        text = " ".join(text.split())
        return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


class _Bearer(AuthBase):
    """The token, in a header; shown nowhere."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _failure(error: requests.RequestException, *, connected: bool) -> Exception:
    cause = error.args[0] if error.args else None
    if isinstance(error, requests.exceptions.SSLError) and isinstance(cause, MaxRetryError):
        return NotSent(
            "No safe connection to Meta could be made: its certificate is not trusted.",
            "See that the clock is right, and whether the network wants a login in the browser.",
        )
    if isinstance(error, ValueError):  # as those are that find something wrong before they connect
        return NotSent(
            "Meta cannot be reached: the address or a proxy's is malformed.", "Check `base_url` and proxies."
        )
    if not connected or isinstance(cause, MaxRetryError):  # it never got a connection
        return NotSent("Meta cannot be reached.", "See that the network is up.")
    if isinstance(error, requests.Timeout):
        return NoAnswer("Meta did not answer in time.")
    return NoAnswer("The connection broke before Meta answered.")


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _number(value: object) -> int | None:
    """Meta's codes are numbers, sometimes as text."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 12:  # noqa: PLR2004  (more digits than any code)
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
