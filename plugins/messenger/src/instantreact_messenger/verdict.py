"""From a refusal to an error of the SDK: whether to try again, when, and what the user is told."""

from __future__ import annotations

from collections.abc import Mapping

from instantreact_messenger.graph import Refused
from instantreact_messenger.refusals import (
    FEW,
    OTHER,
    OUT_OF_ORDER,
    OVERLOADED,
    PROOF,
    REDIRECTED,
    STRANGE,
    Refusal,
    known,
)
from instantreact_messenger.usage import regained_in
from instantreact_sdk import PermanentError, TransientError

_TOO_MANY, _BROKEN, _REDIRECT, _BAD = 429, 500, 300, 400
_PASSING = (408, 425)  # a timeout of a proxy, "too early"


def meaning(refused: Refused) -> Refusal:
    """Which row of the table it is."""
    if refused.code is None:
        return _of_status(refused.status)
    if "appsecret_proof" in refused.message:
        return PROOF
    return known(refused.code, refused.subcode)


def attempts(refused: Refused) -> int | None:
    """At how many meetings with it a delivery is told to be hopeless; None is never."""
    refusal = meaning(refused)
    if refusal.heeds_final and refused.transient is False:
        return 1
    passing = refused.transient is True
    if refusal is OTHER:
        passing = passing or refused.status == _TOO_MANY or refused.status >= _BROKEN
    return max(refusal.attempts, FEW) if passing and refusal.attempts else refusal.attempts


def error_for(refused: Refused, met: int, sent: Mapping[str, str]) -> TransientError | PermanentError:
    """What the notifier raises: a `TransientError` while another attempt is worth it, a `PermanentError` from then on.

    Args:
        refused: What Meta said.
        met: How often this delivery has met such a refusal, this time included.
        sent: Parts that were sent before.
    """
    refusal, limit = meaning(refused), attempts(refused)
    if limit is None or met < limit:
        wait = regained_in(refused.headers)
        wait = refusal.wait if wait is None else wait
        closed_for = wait if refusal.closed_for else None
        return TransientError(sentence(refused), refusal.fix, retry_after=wait, sent=sent, closed_for=closed_for)
    return PermanentError(sentence(refused), refusal.fix, closed_for=refusal.closed_for)


def sentence(refused: Refused) -> str:
    """What happened, with what Meta's support will ask for."""
    details = [f"error {code_of(refused)}" if refused.code is not None else f"status {refused.status}"]
    if refused.message:
        details.append(f'"{refused.message}"')
    if refused.trace:
        details.append(f"trace {refused.trace}")
    return f"{meaning(refused).what.removesuffix('.')} ({', '.join(details)})."


def code_of(refused: Refused) -> str:
    """``10/2018278``."""
    return f"{refused.code}/{refused.subcode}" if refused.subcode else str(refused.code)


def _of_status(status: int) -> Refusal:
    if status == _TOO_MANY:
        return OVERLOADED
    if status >= _BROKEN or status in _PASSING:
        return OUT_OF_ORDER
    return REDIRECTED if _REDIRECT <= status < _BAD else STRANGE
