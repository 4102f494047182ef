"""From what was heard to an error of the SDK: whether to try again, when, and what the user is told."""

from __future__ import annotations

import errno
import smtplib
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import IntEnum
from traceback import walk_tb

import requests
from apprise.exception import AppriseException
from urllib3.exceptions import MaxRetryError, NameResolutionError, SSLError

from instantreact_apprise.hearing import Heard
from instantreact_sdk import OutcomeUnknown, PermanentError, PluginError, TransientError

_UNAUTHORIZED = 401
_PASSING = (408, 425, 429)
_BROKEN, _REFUSED = 500, 400
CONNECTING = "create_connection"
"""The function in which urllib3 and smtplib look a name up and connect."""
_CLOSED = 600.0  # seconds; nobody renews a token sooner
_UNREACHABLE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.ECONNREFUSED)
_CREDENTIALS = "Renew the token or the password in `url`."
_RECIPIENT = "Check `url`, and the address of the person."
_PERHAPS = "It may have arrived: `on_unknown` says whether that counts as sent."


class _Outcome(IntEnum):
    """Of several, the first one stands: a recipient who may still be told must not be given up for another's sake."""

    LATER = 1
    UNKNOWN = 2
    NEVER = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one failure means.

    Attributes:
        outcome: Whether it arrived, or will.
        what: What the service did, as the end of a sentence that begins with its name.
        fix: What to do about it.
        retry_after: Seconds that the service asks to wait.
        closed_for: Seconds for which it takes nobody's messages.
    """

    outcome: _Outcome
    what: str
    fix: str = ""
    retry_after: float | None = None
    closed_for: float | None = None


_UNTOLD = Verdict(_Outcome.LATER, "did not take the message, and Apprise does not tell why", _RECIPIENT)
_UNANSWERED = Verdict(_Outcome.UNKNOWN, "did not say whether it took the message")
_BROKEN_OFF = Verdict(_Outcome.LATER, "broke off before it had the message")


def error_for(heard: Heard, service: str, sent: Mapping[str, str]) -> PluginError:
    """What the notifier raises where Apprise says that a message was not sent.

    Args:
        heard: During the call.
        service: What the service is called.
        sent: Parts that were sent before.
    """
    if isinstance(heard.crash, AppriseException):
        return PermanentError(f"The service {service} does not take such a message.", "Check `url`.")
    if heard.crash:
        return OutcomeUnknown(
            f"Apprise failed inside its service {service} ({type(heard.crash).__name__}).", _PERHAPS, sent=sent
        )
    found = [*map(_of_answer, heard.answers), *map(_of_error, heard.errors)]
    verdict = min(found, key=lambda one: one.outcome, default=_UNTOLD)
    problem = f"The service {service} {verdict.what}."
    match verdict.outcome:
        case _Outcome.LATER:
            waits = [one.retry_after for one in found if one.retry_after is not None]
            return TransientError(problem, verdict.fix, retry_after=max(waits, default=None), sent=sent)
        case _Outcome.UNKNOWN:
            return OutcomeUnknown(problem, _PERHAPS, sent=sent)
        case _Outcome.NEVER:
            return PermanentError(problem, verdict.fix, closed_for=verdict.closed_for)


def _of_answer(answer: requests.Response) -> Verdict:
    status = answer.status_code
    what = f"answered with status {status}"
    if status >= _BROKEN or status in _PASSING:
        return Verdict(_Outcome.LATER, what, retry_after=_seconds(answer.headers.get("Retry-After", "")))
    if status < _REFUSED:
        return Verdict(_Outcome.NEVER, f"sends elsewhere (status {status})", "Write its present address into `url`.")
    if status == _UNAUTHORIZED:
        return Verdict(
            _Outcome.NEVER, f"does not take the credentials (status {status})", _CREDENTIALS, closed_for=_CLOSED
        )
    return Verdict(_Outcome.NEVER, what, _RECIPIENT)


def _seconds(value: str) -> float | None:
    """What a Retry-After header says: seconds, or a date (RFC 9110, section 10.2.3); None for anything else."""
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


def _of_error(error: OSError) -> Verdict:
    if isinstance(error, requests.RequestException):
        return _of_request(error)
    if isinstance(error, smtplib.SMTPException):
        return _of_mail(error)
    if isinstance(error, (ssl.SSLError, socket.gaierror)) or error.errno in _UNREACHABLE:
        return _unreached(error)
    # What breaks after the connection was made, smtplib raises as errors of its own.
    connecting = any(module == "smtplib" or function == CONNECTING for module, function in _places(error))
    return _unreached(error) if connecting else _UNANSWERED


def _of_request(error: requests.RequestException) -> Verdict:
    if isinstance(error, ValueError):  # InvalidURL, InvalidSchema, InvalidHeader, ...
        return Verdict(_Outcome.NEVER, "has no address that can be asked", _RECIPIENT)
    cause = error.args[0] if error.args else None
    if isinstance(cause, MaxRetryError):  # urllib3 never got a connection
        return _unreached(cause.reason)
    return _unreached(error) if isinstance(error, requests.ConnectTimeout) else _UNANSWERED


def _of_mail(error: smtplib.SMTPException) -> Verdict:
    match error:
        case smtplib.SMTPRecipientsRefused():
            codes = [code for code, _ in error.recipients.values()]
            return _of_reply(min(codes, default=0), "does not take the recipient", _RECIPIENT)
        case smtplib.SMTPAuthenticationError():
            return _of_reply(error.smtp_code, "does not take the credentials", _CREDENTIALS, closed_for=_CLOSED)
        case smtplib.SMTPResponseException():
            return _of_reply(error.smtp_code, "refused the message", _RECIPIENT)
        case smtplib.SMTPNotSupportedError():
            return Verdict(_Outcome.NEVER, "cannot do what `url` asks for", "Check scheme, port and `mode=` in `url`.")
    return _UNANSWERED if ("smtplib", "data") in _places(error) else _BROKEN_OFF


def _of_reply(code: int, what: str, fix: str, closed_for: float | None = None) -> Verdict:
    """By the first digit of a reply (RFC 5321, section 4.2.1): 4 for now, 5 for good."""
    if code >= _BROKEN:
        return Verdict(_Outcome.NEVER, f"{what} (reply {code})", fix, closed_for=closed_for)
    return Verdict(_Outcome.LATER, f"{what} at present (reply {code})")


def _unreached(reason: object) -> Verdict:
    if isinstance(reason, (socket.gaierror, NameResolutionError)):
        return Verdict(
            _Outcome.LATER, "cannot be reached: its host name is not known", "Check the network, and the host in `url`."
        )
    if isinstance(reason, (ssl.SSLError, SSLError)):
        fix = "Check its certificate, the clock of this machine, and the scheme of `url`."
        return Verdict(_Outcome.LATER, "cannot be reached with encryption (TLS)", fix)
    return Verdict(_Outcome.LATER, "cannot be reached", "Check the network, and host and port in `url`.")


def _places(error: BaseException) -> list[tuple[str, str]]:
    """Through which modules and functions it came."""
    return [(str(frame.f_globals.get("__name__")), frame.f_code.co_name) for frame, _ in walk_tb(error.__traceback__)]
