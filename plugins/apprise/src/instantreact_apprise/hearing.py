"""What Apprise logs while it works for us: the only place where it says why a message was not sent.

Its services return True or False. Why not, they log, beside the exception that they handle or the answer that they got; and what they log
quotes URLs with tokens, people's addresses and payloads. So it is heard here, and goes nowhere else.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import FrameType

import requests
from apprise.exception import AppriseException

_REFUSALS = 300
_WARNINGS = (logging.WARNING, logging.ERROR, logging.CRITICAL)  # Apprise has a level of its own for what is deprecated
_OTHERS = (AppriseException, requests.exceptions.InvalidJSONError)  # errors of files, and of reading an answer
_OURS = "instantreact"
THREADS = "apprise-"
"""What the names of threads begin with that may log nothing at all: Apprise's own, and ours for it."""


@dataclass(slots=True)
class Heard:
    """What went wrong during a call.

    Attributes:
        errors: Exceptions of connections, in order.
        answers: What a service answered when it refused, in order.
        crash: What a service raised that is no failure of a connection: it does not take the message, or is broken.
        warned: Whether there was any warning.
    """

    errors: list[OSError] = field(default_factory=list)
    answers: list[requests.Response] = field(default_factory=list)
    crash: BaseException | None = None
    warned: bool = False

    def note(self, record: logging.LogRecord) -> None:
        """Look around where something is logged, while it is logged."""
        warns = record.levelno in _WARNINGS
        self.warned |= warns
        error = sys.exception()
        if isinstance(error, OSError) and not isinstance(error, _OTHERS):
            if error not in self.errors:
                self.errors.append(error)
        elif record.module == "dispatch":  # above the services; what it handles, none of them did
            self.crash = self.crash or error
        elif warns:
            answer = _refusal(sys._getframe(1))  # noqa: SLF001  (public in all but name: `logging` finds callers by it)
            if answer is not None and answer not in self.answers:
                self.answers.append(answer)


@contextmanager
def hearing() -> Iterator[Heard]:
    """While this lasts, what this thread logs is heard, and goes to no log; but for what the SDK's own loggers get."""
    _EAR.listen()
    heard = Heard()
    token = _HEARD.set(heard)
    try:
        yield heard
    finally:
        _HEARD.reset(token)


_HEARD: ContextVar[Heard | None] = ContextVar("what is heard in this thread", default=None)


class _Ear(logging.Filter):
    """On every logger; outside of `hearing` all passes as if it were not there.

    It stays, as another thread may be logging: taken away in the meantime, it would let through what it is there to stop.
    """

    def __init__(self) -> None:
        super().__init__()
        self._level = logging.NOTSET

    def listen(self) -> None:
        """Listen to all loggers that there are by now, and where those end that come later.

        All, for the libraries under Apprise log addresses, too: urllib3 each path, oauthlib what it signs.
        """
        apprise = logging.getLogger("apprise")
        if apprise.level != logging.DEBUG:  # why a mail was refused is told at this level alone
            self._level = apprise.level
            apprise.setLevel(logging.DEBUG)
        loggers = [logging.root, *list(logging.root.manager.loggerDict.values())]
        for place in (*loggers, *logging.root.handlers, logging.lastResort):
            if isinstance(place, logging.Filterer):
                place.addFilter(self)

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.split(".")[0] == _OURS:
            return True
        heard = _HEARD.get()
        if heard is not None:
            heard.note(record)
            return False
        if (record.threadName or "").startswith(THREADS):  # XMPP has one, in which its library logs passwords
            return False
        return record.name != "apprise" or record.levelno >= (self._level or logging.root.getEffectiveLevel())


_EAR = _Ear()


def _refusal(frame: FrameType | None) -> requests.Response | None:
    """The answer that the service has before it while it logs that it was refused.

    Apprise hands it on to nobody, and `requests` has no place from which to see all answers but by changing it for everyone.
    """
    while frame is not None:
        if str(frame.f_globals.get("__name__")).startswith("apprise."):
            for value in frame.f_locals.values():
                if isinstance(value, requests.Response) and value.status_code >= _REFUSALS:
                    return value
        frame = frame.f_back
    return None
