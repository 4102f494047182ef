"""Everything that can go wrong with the Messenger Platform, by name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from instantreact_sdk.errors import InstantReactError, OutcomeUnknown, PermanentError, TransientError
from instantreact_sdk.errors.wording import nearest
from instantreact_sdk.testing.conformance.case import Failure
from instantreact_sdk.testing.fakes.http_fake import Trouble
from instantreact_sdk.testing.fakes.messenger.graph_error import GraphError, Refused
from instantreact_sdk.testing.fakes.request import Answer

_LATER, _NEVER, _WHO_KNOWS = Failure(TransientError), Failure(PermanentError), Failure(OutcomeUnknown)
_PROXY_PAGE = b"<!DOCTYPE html><html><head><title>502</title></head><body><h1>Bad Gateway</h1></body></html>"
_MINUTES = 2
_TRACE = "AfaultOfTheScript0000"
_TOKEN_SUBCODES = {
    458: "The person has removed the app.",
    459: "The person has to log in first.",
    460: "The password was changed.",
    463: "The session has expired.",
    464: "The account is not confirmed.",
    467: "The session was ended.",
    490: "The person has to log in again.",
    492: "The person has no role on the Page any more.",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which the platform fails.

    Attributes:
        how: What the client meets: an error of the Graph API, another answer, or a loss of the connection as for `HttpFake`.
        failure: What a notifier has to make of it; None where several readings are right.
        minutes: Where more than 0: the answer says in ``X-Business-Use-Case-Usage`` after how many minutes to come back.
    """

    how: GraphError | Trouble
    failure: Failure | None
    minutes: int = 0

    def trouble(self, page: str) -> Trouble:
        """What happens to a request; `page` is the id of the Page that is used up, for `minutes`."""
        if isinstance(self.how, GraphError):
            return self.how.answer(_TRACE, usage_headers(page, 100, self.minutes) if self.minutes else {})
        return self.how


def usage_headers(page: str, percent: int, minutes: int) -> dict[str, str]:
    """How much of what it may an app has used of late.

    Args:
        page: The id of the Page.
        percent: From 0; 100 or more where nothing is left.
        minutes: Until the app may go on; 0 where it may.
    """
    used = {"call_count": percent, "total_cputime": percent // 4, "total_time": percent // 4}
    business = {page: [{"type": "messenger", **used, "estimated_time_to_regain_access": minutes}]}
    return {"X-App-Usage": json.dumps(used), "X-Business-Use-Case-Usage": json.dumps(business)}


def _for_now() -> Iterator[GraphError]:
    unknown = "An unknown error has occurred."
    yield GraphError(1, unknown, status=500)
    yield GraphError(1, unknown, 1357046, status=500)
    yield GraphError(99, unknown, status=500)
    yield GraphError(
        2, "The service is not available at this time. Please try again later.", status=500, transient=True
    )
    yield GraphError(1200, "The message could not be sent. Please try again later.", status=500)
    for subcode in (None, 2018354):
        yield GraphError(4, "(#4) Application request limit reached", subcode, status=403)
    yield GraphError(9, "(#9) Too many requests of this kind", 2018352)
    yield GraphError(17, "(#17) User request limit reached")
    yield GraphError(32, "(#32) Page request limit reached")
    yield GraphError(341, "(#341) Application limit reached")
    for subcode in (None, 2018338, 1893016, 2534040):
        yield GraphError(613, "(#613) Calls to this api have exceeded the rate limit.", subcode)


def _for_good() -> Iterator[GraphError]:
    yield GraphError(2, "The message could not be sent.", 2018344, transient=False)
    closed = "(#10) This message is sent outside of allowed window."
    yield GraphError(10, closed, 2018278)
    yield GraphError(10, closed, 2534022, status=403)
    yield GraphError(10, closed, 2018065)
    yield GraphError(10, "(#10) This person cannot receive messages at the moment.", 2018108)
    yield GraphError(10, "(#10) The Page is temporarily restricted from sending messages.", 1893063)
    yield GraphError(10, "(#10) Another app controls this thread.", 2018300)
    yield GraphError(10, "(#10) Application does not have permission for this action", status=403)
    yield GraphError(100, "(#100) Invalid parameter")
    yield GraphError(100, "(#100) Invalid parameter", 1893061)
    yield GraphError(100, "(#100) No matching user found", 2018001)
    yield GraphError(100, "(#100) Upload attachment failure.", 2018047)
    yield GraphError(100, "(#100) Invalid attachment ID", 2018074)
    yield GraphError(100, "(#100) Attachment size exceeds allowable limit", 2018109)
    yield GraphError(100, "(#100) Message cannot be empty, must provide valid attachment or text", 2018034)
    yield GraphError(100, "(#100) The object does not exist or may not be used.", 33, type="GraphMethodException")
    yield GraphError(100, "(#100) This user cannot be messaged.", 2018164)
    yield GraphError(100, "(#100) This message cannot be sent.", 2018294)
    yield GraphError(190, "Invalid OAuth access token - Cannot parse access token")
    for number, reason in _TOKEN_SUBCODES.items():
        yield GraphError(190, f"Error validating access token: {reason}", number)
    yield GraphError(200, "(#200) Permissions error", status=403)
    yield GraphError(
        200, "(#200) The app is in development mode, and this person has no role on it.", 2018028, status=403
    )
    yield GraphError(200, "(#200) This person is not available.", 1545041, status=403)
    yield GraphError(200, "(#200) Permissions error", 2534041, status=403)
    yield GraphError(230, "(#230) Requires pages_messaging permission to manage the object", status=403)
    for subcode in (None, 1545041):
        yield GraphError(551, "(#551) This person isn't available right now.", subcode)
    yield GraphError(368, "(#368) The action attempted has been deemed abusive or is otherwise disallowed")
    yield GraphError(2022, "(#2022) Another app controls this thread.")


def _either_way() -> Iterator[GraphError]:
    yield GraphError(
        100, "(#100) Failed to fetch the file from the url", 2018008
    )  # a second try may help, a third does not
    yield GraphError(506, "(#506) Duplicate status message")  # it was told already


GRAPH_ERRORS: Mapping[str, GraphError] = {
    error.name: error for errors in (_for_now(), _for_good(), _either_way()) for error in errors
}
"""The errors of the Graph API that a sender meets, by ``CODE`` or ``CODE/SUBCODE``."""


def refusal(name: str, *, status: int | None = None, message: str = "") -> Refused:
    """What ends the making of an answer by one of `GRAPH_ERRORS`.

    Args:
        name: Its name.
        status: Of HTTP; left out, its own.
        message: Left out, its own.
    """
    error = GRAPH_ERRORS[name]
    return Refused(replace(error, status=status or error.status, message=message or error.message))


def _all(errors: Iterable[GraphError], failure: Failure | None) -> dict[str, Fault]:
    return {error.name: Fault(error, failure) for error in errors}


FAULTS: Mapping[str, Fault] = {
    **_all(_for_now(), _LATER),
    **_all(_for_good(), _NEVER),
    **_all(_either_way(), None),
    "2 for good": Fault(GraphError(2, "The message could not be sent.", transient=False), _NEVER),
    "613 for 2 minutes": Fault(
        GraphError(613, "(#613) Calls to this api have exceeded the rate limit."),
        Failure(TransientError, retry_after=60.0 * _MINUTES),
        _MINUTES,
    ),
    "html 502": Fault(Answer(502, _PROXY_PAGE, {"Content-Type": "text/html; charset=utf-8"}), _LATER),
    "empty 429": Fault(Answer(429), _LATER),
    "empty 500": Fault(Answer(500), _LATER),
    "empty 503": Fault(Answer(503), _LATER),
    "refused": Fault("refused", _LATER),
    "reset": Fault("reset", _WHO_KNOWS),
    "silent": Fault("silent", _WHO_KNOWS),
    "dropped": Fault("dropped", _WHO_KNOWS),
    "unanswered": Fault("unanswered", _WHO_KNOWS),
}
"""How the platform can fail, by name; errors of the Graph API are called as in `GRAPH_ERRORS`.

``dropped`` and ``unanswered`` take the message first; at ``reset`` and ``silent`` it is lost.
"""


def as_trouble(fault: str | GraphError | Answer, status: int | None, page: str) -> tuple[str, Trouble]:
    """What happens to a request, with its name.

    Args:
        fault: A name of `FAULTS`, an error of the Graph API, or any answer.
        status: Of HTTP, where not its own.
        page: As for `Fault.trouble`.

    Raises:
        InstantReactError: IR2026, there is no such fault, or it has no status.
    """
    match fault:
        case str():
            name, found = fault, FAULTS.get(fault)
        case GraphError():
            name, found = fault.name, Fault(fault, None)
        case _:
            name, found = f"answer {fault.status}", Fault(fault, None)
    if found is None:
        known = nearest(name, FAULTS)
        fix = f"Did you mean {known!r}?" if known else "`FAULTS` names them all."
        raise InstantReactError("IR2026", problem=f"it has no failure {name!r}", fix=fix)
    if status is None:
        return name, found.trouble(page)
    if isinstance(found.how, str):
        raise InstantReactError("IR2026", problem=f"the failure {name!r} has no status", fix="Leave the status out.")
    return f"{name} as {status}", replace(found, how=replace(found.how, status=status)).trouble(page)
