"""What becomes of each failure of a web service, over Apprise's three webhooks."""

from __future__ import annotations

import json
import logging
import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests
from told import host, opened, refusal

from instantreact_sdk import OutcomeUnknown, PermanentError, Receipt, TransientError
from instantreact_sdk.testing import HTTP_FAILURES, Answer, HttpFake, media

TO_ANNA = media.delivery()


@pytest.mark.parametrize("scheme", ["json", "xml", "form"])
@pytest.mark.parametrize("name", [*HTTP_FAILURES])
def test_each_failure_of_a_service_has_its_meaning(scheme, name):
    with HttpFake() as fake, opened(f"{scheme}://{host(fake)}/hook", timeout=1) as notifier:
        with fake.failing(name):
            error = refusal(notifier, media.alert(), TO_ANNA)
        wanted = fake.failures[name]
        assert type(error) is wanted.raises
        assert getattr(error, "retry_after", None) == wanted.retry_after
        assert error.__context__ is None
        assert notifier.notify(media.alert(), TO_ANNA) == Receipt(parts={"text": ""})


@pytest.mark.parametrize(
    ("status", "kind", "what"),
    [
        (301, PermanentError, "sends elsewhere (status 301)"),
        (307, PermanentError, "sends elsewhere (status 307)"),
        (401, PermanentError, "does not take the credentials (status 401)"),
        (403, PermanentError, "answered with status 403"),
        (404, PermanentError, "answered with status 404"),
        (408, TransientError, "answered with status 408"),
        (413, PermanentError, "answered with status 413"),
        (425, TransientError, "answered with status 425"),
        (429, TransientError, "answered with status 429"),
        (500, TransientError, "answered with status 500"),
        (502, TransientError, "answered with status 502"),
        (599, TransientError, "answered with status 599"),
    ],
)
def test_each_status_has_its_meaning(status, kind, what):
    elsewhere = {"Location": "/elsewhere"}
    with HttpFake(lambda _: Answer(status, headers=elsewhere)) as fake, opened(f"json://{host(fake)}") as notifier:
        error = refusal(notifier, media.alert(), TO_ANNA)
        assert (type(error), error.what) == (kind, f"The service JSON {what}.")
        assert getattr(error, "closed_for", None) == (600 if status == 401 else None)
        assert (
            len(fake.requests) == 1
        )  # a redirect is not followed: as a GET it would lose the message, and count as sent


def test_a_time_to_come_back_may_be_a_date():
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=120), usegmt=True)
    for value, least, most in (
        (moment, 60, 120),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0, 0),
        ("Fri, 31 Dec 9999 23:59:59 -2359", 1e9, 1e12),
    ):
        answer = Answer(503, headers={"Retry-After": value})
        with HttpFake(lambda _, answer=answer: answer) as fake, opened(f"json://{host(fake)}") as notifier:
            assert least <= refusal(notifier, media.alert(), TO_ANNA).retry_after <= most


def test_a_time_that_is_none_is_left_to_the_sdk():
    for value in ("soon", "", "Mon, 99 Jan 2026 00:00:00 GMT"):
        answer = Answer(503, headers={"Retry-After": value})
        with HttpFake(lambda _, answer=answer: answer) as fake, opened(f"json://{host(fake)}") as notifier:
            assert refusal(notifier, media.alert(), TO_ANNA).retry_after is None


def test_what_may_have_arrived_is_taken_for_sent_where_that_is_asked_for():
    with HttpFake() as fake, opened(f"json://{host(fake)}", timeout=1, on_unknown="assume_sent") as notifier:
        with fake.failing("reset"):
            assert notifier.notify(media.alert(), TO_ANNA) == Receipt(parts={"text": ""})
        with fake.failing("busy"):
            assert type(refusal(notifier, media.alert(), TO_ANNA)) is TransientError


def test_a_host_without_a_name_and_one_without_encryption_may_be_there_later(monkeypatch):
    def unknown(*_args, **_named):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with opened("json://nobody.invalid/hook") as notifier, monkeypatch.context() as offline:
        offline.setattr(socket, "getaddrinfo", unknown)  # no test asks a name server
        error = refusal(notifier, media.alert(), TO_ANNA)
    assert (type(error), error.what) == (
        TransientError,
        "The service JSON cannot be reached: its host name is not known.",
    )
    with HttpFake() as fake, opened(f"jsons://{host(fake)}") as notifier:
        error = refusal(notifier, media.alert(), TO_ANNA)
    assert (type(error), error.what) == (TransientError, "The service JSON cannot be reached with encryption (TLS).")


def test_of_several_recipients_in_a_url_one_who_may_still_be_told_decides():
    def answer(request):
        return Answer(410 if json.loads(request.body)["recipients"] == ["+15550100101"] else 503)

    url = "signal://{}/+15550100100/+15550100101/+15550100102"
    with HttpFake(answer) as fake, opened(url.format(host(fake))) as notifier:
        assert type(refusal(notifier, media.alert(), TO_ANNA)) is TransientError
        assert len(fake.requests) == 2


def test_an_exception_that_our_caller_is_handling_is_not_taken_for_a_reason():
    with HttpFake(lambda _: Answer(410)) as fake, opened(f"json://{host(fake)}") as notifier:
        try:
            raise requests.ConnectTimeout("of somebody else")  # noqa: TRY301  (it is handled while the notifier is called)
        except requests.ConnectTimeout:
            error = refusal(notifier, media.alert(), TO_ANNA)
    assert type(error) is PermanentError


@pytest.mark.parametrize("level", [logging.DEBUG, logging.CRITICAL])
def test_the_reason_is_found_whatever_the_program_logs(level, caplog):
    with caplog.at_level(level), HttpFake(lambda _: Answer(410)) as fake, opened(f"json://{host(fake)}") as notifier:
        assert type(refusal(notifier, media.alert(), TO_ANNA)) is PermanentError


def left_to_itself() -> None:
    """Waits for what goes on after the notifier has given up waiting."""
    for thread in threading.enumerate():
        if thread.name == "apprise-sending":
            thread.join(20)
            assert not thread.is_alive()


def test_a_service_that_takes_too_long_is_left_to_itself(tmp_path):
    alert = media.alert(snapshot=media.snapshot(tmp_path))
    with HttpFake() as fake, opened(f"json://{host(fake)}", timeout=60, total_timeout=0.5) as notifier:
        with fake.failing("silent"):
            error = refusal(notifier, alert, TO_ANNA)
        left_to_itself()
    assert (type(error), error.what) == (OutcomeUnknown, "The service JSON was not done in time.")


def test_what_there_is_no_time_left_for_is_not_begun(tmp_path):
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"film")
    options = {"timeout": 60, "total_timeout": 0.5, "on_unknown": "assume_sent"}
    with HttpFake() as fake, opened(f"json://{host(fake)}", **options) as notifier:
        with fake.failing("silent"):
            error = refusal(notifier, replace(media.alert(), clip=clip, snapshot=media.snapshot(tmp_path)), TO_ANNA)
        left_to_itself()
        assert len(fake.requests) == 1
    assert (type(error), error.what) == (TransientError, "There was no time left for the clip of an alert.")
    assert error.sent == {"text": "", "snapshot": ""}


def test_a_service_that_cannot_be_reached_in_time_has_got_nothing():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        address = listening.getsockname()
        options = {"timeout": 60, "total_timeout": 0.5, "on_unknown": "assume_sent"}
        # The first one fills the queue; Linux does not answer those after it.
        with socket.create_connection(address), opened(f"json://127.0.0.1:{address[1]}", **options) as notifier:
            error = refusal(notifier, media.alert(), TO_ANNA)
    left_to_itself()
    assert (type(error), error.what) == (TransientError, "The service JSON could not be reached in time.")


def test_a_failure_inside_apprise_may_have_told_somebody(monkeypatch):
    from apprise.plugins.custom_json import NotifyJSON

    def broken(*_args, **_named):
        raise KeyError("id")

    with HttpFake() as fake, opened(f"json://{host(fake)}") as notifier:
        monkeypatch.setattr(NotifyJSON, "send", broken)
        error = refusal(notifier, media.alert(), TO_ANNA)
    assert (type(error), error.what) == (OutcomeUnknown, "Apprise failed inside its service JSON (KeyError).")
