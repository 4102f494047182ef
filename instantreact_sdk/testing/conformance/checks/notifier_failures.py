"""What a notifier makes of the failures of its service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from instantreact_sdk.errors import InstantReactError, OutcomeUnknown, PermanentError, PluginError, TransientError
from instantreact_sdk.testing import media
from instantreact_sdk.testing.conformance.arrivals import Arrivals, fake_of, tell
from instantreact_sdk.testing.conformance.check import CheckFailed, NotApplicable, check
from instantreact_sdk.testing.conformance.checks.notifier import DELIVERS
from instantreact_sdk.testing.conformance.fields import shown
from instantreact_sdk.testing.conformance.listening import listening
from instantreact_sdk.testing.conformance.trial import Refused, Trial

_MAPPED = ("transient-failures", "permanent-failures", "unknown-outcomes")
_TOLERANCE = 1.0
_SHORTEST = 6


@check("notifier", needs=DELIVERS)
def transient_failures(trial: Trial) -> None:
    """Where the service fails for now (it is busy, nobody listens), `notify` raises `TransientError`.

    Why: the alert is then tried again, later. After a `PermanentError` it never would be, and after a `Receipt` nobody would know that it was
    lost.

    To fix: map each failure that the message names; those are the names of the fake's `failures`. For a service over HTTP: a refused
    connection, 429, and 500 to 599.

        except ConnectionRefusedError as error:
            raise TransientError("The webhook cannot be reached.") from error
    """
    _all_raise(trial, TransientError)


@check("notifier", needs=DELIVERS)
def permanent_failures(trial: Trial) -> None:
    """Where the service will never take the message (the recipient is gone, the token is revoked), `notify` raises `PermanentError`.

    Why: the next route to the same person is then taken at once, instead of trying for hours what cannot succeed.

    To fix: map each failure that the message names. For a service over HTTP: 400 to 499, except 408, 425 and 429.
    """
    _all_raise(trial, PermanentError)


@check("notifier", needs=DELIVERS)
def unknown_outcomes(trial: Trial) -> None:
    """Where the message may have arrived (the connection broke after it was sent, no answer came), `notify` raises `OutcomeUnknown`, in time.

    Why: only whoever set up the pipeline knows whether a second message is worse than none; so it has to be asked, and must not be
    decided here.

    To fix: give every wait a limit (`timeout=`), make it an option, and set it to half a second in the case. A timeout or a
    reset after the request was sent is an `OutcomeUnknown`; before that (connecting, looking up the name) it is a `TransientError`.
    A `requests.ConnectionError` may be either; what `new-plugin --kind notifier` writes tells them apart.
    """
    _all_raise(trial, OutcomeUnknown)


@check("notifier", needs=("transient-failures",))
def honours_retry_after(trial: Trial) -> None:
    """Where the service says when to come back, `TransientError.retry_after` says it, in seconds.

    Why: a client that comes back earlier is locked out for longer.

    To fix: for HTTP, pass the header `Retry-After` on: `TransientError(problem, retry_after=float(seconds))`. It may also be a
    date (RFC 9110, section 10.2.3).
    """
    fake = fake_of(trial)
    timed = {name: one.retry_after for name, one in fake.failures.items() if one.retry_after is not None}
    if not timed:
        raise NotApplicable("its service never says when to come back, as far as the fake tells")
    for name, wanted in timed.items():
        got = getattr(_raised(trial, name), "retry_after", None)
        if got is None or abs(got - wanted) > _TOLERANCE:
            told = "no retry_after" if got is None else f"a retry_after of {got:g} s"
            raise CheckFailed(f"at the failure {name!r} the service said {wanted:g} s, and the error has {told}")


@check("notifier", needs=_MAPPED)
def recovers_after_a_failure(trial: Trial) -> None:
    """After a failure that passes, the same instance sends the next alert.

    Why: a notifier is opened once and used for months; services fail for minutes.

    To fix: throw a broken connection or session away, and make a new one at the next call; do not remember that the service was down.
    """
    fake = fake_of(trial)
    with trial.opened() as notifier:
        for name, failure in fake.failures.items():
            if issubclass(failure.raises, PermanentError):
                continue
            with suppress(Refused), fake.failing(name):
                tell(trial, notifier, media.alert(), key=f"during-{name}")
            arrivals = Arrivals(trial)
            try:
                tell(trial, notifier, media.alert(), key=f"after-{name}")
            except CheckFailed as error:
                raise CheckFailed(f"once the failure {name!r} was over, {error}") from error
            if not arrivals.of("text"):
                raise CheckFailed(f"once the failure {name!r} was over, nothing arrived any more")


@check("notifier", needs=_MAPPED)
def failures_keep_secrets(trial: Trial) -> None:
    """The errors that it raises quote no secret of its options, nor does what it logs then: no token, no address that holds one.

    Why: errors are logged, stored with the alert and shown in reports, and logs are sent to whoever shall help.

    To fix: say what happened in your own words instead of passing on what a library says: the exceptions of `requests` and `urllib3` quote the whole address,
    and so does `log.exception`.
    `instantreact_sdk.redacted(url)` is what may be shown of an address.
    """
    fake = fake_of(trial)
    hidden = [*_hidden(trial)]
    if not hidden:
        raise NotApplicable("its options hold no secret")
    for name in fake.failures:
        with listening(trial.context().log) as logged:
            error = _raised(trial, name)
        told = [detail for _, detail in trial.told]
        for what, texts in (
            ("the error that it raises", (str(error), repr(error.facts))),
            ("what it logs", logged),
            ("what it tells of its health", told),
        ):
            if any(secret in text for secret in hidden for text in texts):
                raise CheckFailed(f"{what} at the failure {name!r} quotes a secret of its options")


def _all_raise(trial: Trial, wanted: type[PluginError]) -> None:
    fake = fake_of(trial)
    if not fake.failures:
        raise NotApplicable("its fake never fails")
    for name, failure in fake.failures.items():
        if issubclass(failure.raises, wanted):
            error = _raised(trial, name)
            if not isinstance(error, failure.raises):
                what = f"{type(error).__name__} ({error.what.rstrip('.')})"
                raise CheckFailed(f"at the failure {name!r} notify raised {what} instead of {failure.raises.__name__}")


def _raised(trial: Trial, name: str) -> InstantReactError:
    """What a new instance raises while the service fails."""
    with trial.opened() as notifier, fake_of(trial).failing(name):
        try:
            tell(trial, notifier, media.alert(), key=f"at-{name}")
        except Refused as error:
            return error.error
        except CheckFailed as error:
            raise CheckFailed(f"at the failure {name!r} {error}") from error
    raise CheckFailed(f"at the failure {name!r} notify returned a Receipt, as if the message had been taken")


def _hidden(trial: Trial) -> Iterator[str]:
    """What must not be seen of the secrets: of an address all but its host, which may be told."""
    for secret in shown(trial.options()):
        url: Any = urlsplit(secret) if "://" in secret else None
        pieces = [url.netloc.rpartition("@")[0], url.path.strip("/"), url.query] if url else [secret]
        yield from (piece for piece in pieces if len(piece) >= _SHORTEST)
