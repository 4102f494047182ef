"""The one exception of the SDK, and the ones that plugin authors raise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from instantreact_sdk.errors.catalogue import CATALOGUE
from instantreact_sdk.errors.hiding import covered
from instantreact_sdk.errors.wording import printable


class InstantReactError(Exception):
    """An error that a user can meet: one sentence that says what, where and what to do, with a stable code.

    Args:
        code: A code of the catalogue, as ``IR2001``.
        **facts: What the entry's sentences leave open. Never a secret; those that the process has read are covered.

    Example:
        >>> str(InstantReactError("IR3001", path="lobby.mp4"))
        'IR3001: There is no file lobby.mp4. Check the path.'
    """

    def __init__(self, code: str, /, **facts: Any) -> None:
        entry = CATALOGUE[code]
        self.code = code
        self.exit_code = entry.exit
        facts = {
            name: covered(str(fact)) if isinstance(fact, str | BaseException) else fact for name, fact in facts.items()
        }
        self.facts = facts
        self.what = covered(printable(entry.what.format(**facts)))  # facts come from files and plugins, too
        self.fix = covered(printable(entry.fix.format(**facts)))
        super().__init__(f"{code}: {self.what} {self.fix}".rstrip())

    @property
    def mistake(self) -> bool:
        """Whether it is the caller's, who has to mend it: waiting does not help."""
        return self.exit_code == 2  # noqa: PLR2004  (see `Entry.exit`)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.code, self.facts), self.__dict__


def _rebuild(kind: type[InstantReactError], code: str, facts: dict[str, Any]) -> InstantReactError:
    error = kind.__new__(kind)
    InstantReactError.__init__(error, code, **facts)
    return error


class PluginError(InstantReactError):
    """What a plugin raises when it cannot do its work, in its own words (code IR4000).

    Args:
        problem: What went wrong and where, as a sentence. Never a secret.
        fix: What to do about it, as a sentence.
    """

    def __init__(self, problem: str, fix: str = "") -> None:
        super().__init__("IR4000", problem=problem, fix=fix)


class TransientError(PluginError):
    """A notifier could not deliver now, but may later: the network is down, the service is busy.

    It is tried again, after pauses that double from 2 s to 5 min, until the person's next route is taken or the alert expires (see
    ``outbox`` in the pipeline file). After five such failures in a row, one alert at a time tries whether the notifier works again.

    Args:
        problem: What went wrong, as a sentence.
        fix: What to do about it, as a sentence.
        retry_after: Seconds that the service asks to wait before this alert is tried again, or None; it is never tried earlier.
        sent: Parts that did arrive (``text``, ``snapshot``), with what the service calls them; the next attempt finds them in
            `Delivery.done`.
        closed_for: Seconds for which the notifier reaches nobody, whoever the recipient is; it is not called meanwhile, and who would
            wait for it longer than ``next_route`` is told by the next one. None where that is not known.
    """

    def __init__(
        self,
        problem: str,
        fix: str = "",
        *,
        retry_after: float | None = None,
        sent: Mapping[str, str] | None = None,
        closed_for: float | None = None,
    ) -> None:
        super().__init__(problem, fix)
        self.retry_after = retry_after
        self.sent = dict(sent or {})
        self.closed_for = closed_for


class PermanentError(PluginError):
    """A notifier will never deliver this: the recipient is gone, the token is revoked. The next route is taken at once.

    Args:
        problem: What went wrong, as a sentence.
        fix: What to do about it, as a sentence.
        closed_for: Seconds for which the notifier reaches nobody, as its token is revoked or its sender blocked; it is not called
            meanwhile. None where this alert or this recipient alone is meant.
    """

    def __init__(self, problem: str, fix: str = "", *, closed_for: float | None = None) -> None:
        super().__init__(problem, fix)
        self.closed_for = closed_for


class OutcomeUnknown(PluginError):  # noqa: N818  (the word of the interface: it is no failure)
    """The message may have arrived, or not: the connection broke after it was sent.

    It is tried again as after a `TransientError`, word for word: who gets it twice was at least told.

    Args:
        problem: What went wrong, as a sentence.
        fix: What to do about it, as a sentence.
        sent: Parts that surely arrived, as for `TransientError`.
    """

    def __init__(self, problem: str, fix: str = "", *, sent: Mapping[str, str] | None = None) -> None:
        super().__init__(problem, fix)
        self.sent = dict(sent or {})
