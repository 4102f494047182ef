"""Errors cross from one process to another as they are."""

from __future__ import annotations

import copy
import pickle

import pytest

from instantreact_sdk import InstantReactError, OutcomeUnknown, PermanentError, PluginError, TransientError


class BusyError(TransientError):
    """What an author may derive: other arguments, and facts of its own."""

    def __init__(self, status: int) -> None:
        super().__init__(f"The service is busy ({status}).", retry_after=2.5, sent={"text": "m1"})
        self.status = status


ERRORS = [
    InstantReactError("IR3001", path="lobby.mp4"),
    InstantReactError("IR2017", command="uv pip install {x}", code=3),
    PluginError("The lamp is broken.", "Mend it."),
    PermanentError("The recipient is gone."),
    TransientError("The service is busy.", "Wait.", retry_after=30.0, sent={"text": "m1"}),
    TransientError("The network is down."),
    OutcomeUnknown("The connection broke.", sent={"text": "m1"}),
    BusyError(503),
]
WAYS = {
    **{
        f"pickle-{n}": lambda error, n=n: pickle.loads(pickle.dumps(error, n))
        for n in range(pickle.HIGHEST_PROTOCOL + 1)
    },
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_arrives_as_it_left(error, way):
    there = WAYS[way](error)
    assert type(there) is type(error)
    assert str(there) == str(error)
    assert there.args == error.args
    assert vars(there) == vars(error)


def test_what_the_service_said_arrives():
    there = pickle.loads(pickle.dumps(BusyError(503)))
    assert (there.retry_after, there.sent, there.status, there.code) == (2.5, {"text": "m1"}, 503, "IR4000")
    unknown = pickle.loads(pickle.dumps(OutcomeUnknown("The connection broke.", sent={"text": "m1"})))
    assert unknown.sent == {"text": "m1"}


def test_a_note_that_was_added_arrives():
    error = PluginError("The lamp is broken.")
    error.add_note("It was the left one.")
    assert pickle.loads(pickle.dumps(error)).__notes__ == ["It was the left one."]


def test_what_was_sent_is_a_copy_of_what_the_notifier_keeps():
    sent = {"text": "m1"}
    error = TransientError("The service is busy.", sent=sent)
    sent["snapshot"] = "m2"
    assert error.sent == {"text": "m1"}
