"""Points 24 to 26 of what a faithful Messenger Platform does: how it fails, and how much it takes."""

from __future__ import annotations

import json
from collections import Counter

import pytest
import requests
from deadline import until
from messenger_client import ANNA, BEN, VERSION, accepted, platform, refusal

from instantreact_sdk import InstantReactError, OutcomeUnknown, PermanentError, TransientError
from instantreact_sdk.testing.fakes import Answer
from instantreact_sdk.testing.fakes.messenger import FAULTS, GRAPH_ERRORS, GraphError, Limit

SOON = 0.2  # seconds after which a client that waits for nothing gives up

# 24: faults


@pytest.mark.parametrize("name", sorted(GRAPH_ERRORS))
def test_each_error_of_the_api_can_be_scripted_with_any_status(name):
    with platform() as (fake, client):
        fake.script(name)
        fake.script(name, status=418)
        fake.script(name, status=200)
        assert refusal(client.say()) == (GRAPH_ERRORS[name].status, name)
        assert refusal(client.say()) == (418, name)
        assert refusal(client.say()) == (200, name)
        accepted(client.say())
        assert len(fake.messages) == 1
        assert [attempt.failure for attempt in fake.attempts] == [name, f"{name} as 418", f"{name} as 200", ""]


def test_whether_an_error_passes_is_said_where_the_platform_says_it():
    with platform() as (fake, client):
        fake.script("2", "2 for good", "2/2018344", "1")
        told = [client.say().json()["error"].get("is_transient") for _ in range(4)]
        assert told == [True, False, False, None]


@pytest.mark.parametrize(
    ("name", "raises"),
    [
        *[
            (name, TransientError)
            for name in ("1", "1/1357046", "99", "2", "1200", "4", "17", "32", "341", "4/2018354")
        ],
        *[(name, TransientError) for name in ("9/2018352", "613", "613/2018338", "613/1893016", "613/2534040")],
        *[(name, TransientError) for name in ("html 502", "empty 429", "empty 500", "empty 503", "refused")],
        *[(name, PermanentError) for name in ("2/2018344", "2 for good", "10/2018278", "10/2534022", "10/2018065")],
        *[(name, PermanentError) for name in ("10/2018108", "10/1893063", "100", "100/1893061", "100/2018001")],
        *[(name, PermanentError) for name in ("100/2018047", "100/2018074", "100/2018109", "100/2018034", "100/33")],
        *[(name, PermanentError) for name in ("100/2018164", "100/2018294", "190", "190/458", "190/459", "190/460")],
        *[(name, PermanentError) for name in ("190/463", "190/464", "190/467", "190/490", "190/492", "200")],
        *[(name, PermanentError) for name in ("200/2018028", "200/1545041", "200/2534041", "230", "10", "551")],
        *[(name, PermanentError) for name in ("551/1545041", "368", "10/2018300", "2022")],
        *[(name, OutcomeUnknown) for name in ("reset", "silent", "dropped", "unanswered")],
    ],
)
def test_each_fault_says_what_a_notifier_has_to_make_of_it(name, raises):
    with platform() as (fake, _):
        assert fake.failures[name].raises is raises
        assert fake.failures[name].retry_after is None


def test_only_faults_with_one_right_reading_are_asked_of_notifiers():
    with platform() as (fake, _):
        assert FAULTS.keys() - fake.failures.keys() == {"100/2018008", "506"}
        assert fake.failures["613 for 2 minutes"].retry_after == 120


def test_a_fault_lasts_for_as_many_requests_as_was_said():
    with platform() as (fake, client):
        fake.script("1", times=3, after=1)
        fake.script("", "4", times=2)
        statuses = [client.say().status_code for _ in range(9)]
        assert statuses == [200, 500, 500, 500, 200, 403, 200, 403, 200]
        assert len(fake.messages) == 4


def test_proxies_before_the_platform_fail_in_their_own_words():
    with platform() as (fake, client):
        fake.script("html 502", "empty 429", "empty 503")
        page, limited, down = (client.say() for _ in range(3))
        assert (page.status_code, page.headers["Content-Type"]) == (502, "text/html; charset=utf-8")
        assert "<h1>Bad Gateway</h1>" in page.text
        assert [(answer.status_code, answer.content) for answer in (limited, down)] == [(429, b""), (503, b"")]
        assert "Retry-After" not in limited.headers


def test_faults_of_ones_own_can_be_scripted():
    with platform() as (fake, client):
        fake.script(
            GraphError(999, "Something new", 7, status=418), Answer(200, b"<html>", {"Content-Type": "text/html"})
        )
        fake.script(GraphError(999, "Something else", 7))
        assert refusal(client.say()) == (418, "999/7")
        assert client.say().text == "<html>"
        assert client.say().json()["error"]["message"] == "Something else"
        assert fake.messages == []


def test_uploads_fail_as_sends_do_and_other_calls_go_well():
    with platform() as (fake, client):
        fake.script("1", times=2)
        assert client.get("me").ok
        assert refusal(client.upload()) == (500, "1")
        assert client.get("me/conversations").ok
        assert refusal(client.say()) == (500, "1")


def test_a_fault_can_be_aimed_at_one_kind_of_call():
    with platform() as (fake, client):
        fake.script("4", edge="conversations", after=1)
        fake.script("100/2018047", edge="message_attachments")
        accepted(client.say())
        assert client.get("me/conversations").ok
        assert refusal(client.get("me/conversations")) == (403, "4")
        assert client.get("me/conversations").ok
        assert refusal(client.upload()) == (400, "100/2018047")


def test_unknown_faults_are_refused_with_the_nearest():
    with platform() as (fake, _):
        with pytest.raises(InstantReactError) as caught:
            fake.script("html502")
        assert caught.value.code == "IR2026"
        assert "it has no failure 'html502'. Did you mean 'html 502'?" in str(caught.value)
        with pytest.raises(InstantReactError, match="'reset' has no status"):
            fake.script("reset", status=500)


def test_faults_by_chance_come_as_often_as_was_asked_and_can_be_repeated():
    def met(seed: int) -> list[str]:
        with platform() as (fake, client):
            fake.at_random({"1": 0.3, "empty 429": 0.2}, seed=seed)
            for _ in range(200):
                client.say()
            assert len(fake.messages) == Counter(attempt.failure for attempt in fake.attempts)[""]
            return [attempt.failure for attempt in fake.attempts]

    once = met(1)
    counted = Counter(once)
    # Four standard deviations of a binomial count: 4 * sqrt(200 * .3 * .7) = 26 and 4 * sqrt(200 * .2 * .8) = 23.
    assert abs(counted["1"] - 60) < 26
    assert abs(counted["empty 429"] - 40) < 23
    assert met(1) == once


def test_while_a_failure_lasts_all_calls_meet_it():
    with platform() as (fake, client):
        with fake.failing("613", after=1):
            accepted(client.say())
            assert refusal(client.say()) == (400, "613")
            assert refusal(client.get("me")) == (400, "613")
        with fake.failing("refused"), pytest.raises(requests.ConnectionError, match="refused"):
            client.say()
        accepted(client.say())


# 25: taken, and the answer lost


@pytest.mark.parametrize(("fault", "taken"), [("dropped", 1), ("reset", 0)])
def test_the_connection_dies_after_or_before_the_message_was_taken(fault, taken):
    with platform() as (fake, client):
        fake.script(fault)
        with pytest.raises(requests.ConnectionError):
            client.say("once")
        assert [message.text for message in fake.messages] == ["once"] * taken
        assert [message.text for message in fake.unconfirmed] == ["once"] * taken
        accepted(client.say("once"))  # a duplicate, where it had been taken
        assert len(fake.sent) == 1 + taken
        assert len(fake.unconfirmed) == taken
        assert fake.attempts[0].status is None


@pytest.mark.parametrize(("fault", "taken"), [("unanswered", 1), ("silent", 0)])
def test_an_answer_never_comes_after_or_before_the_message_was_taken(fault, taken):
    with platform() as (fake, client):
        fake.script(fault)
        body = {"recipient": {"id": ANNA}, "messaging_type": "RESPONSE", "message": {"text": "x"}}
        with pytest.raises(requests.ReadTimeout):
            client.session.post(f"{fake.url}/{VERSION}/me/messages", json=body, timeout=SOON)
        until(lambda: fake.exchanges)
        assert len(fake.messages) == len(fake.unconfirmed) == taken


def test_a_refusal_may_get_lost_as_well():
    with platform() as (fake, client):
        fake.script("dropped")
        with pytest.raises(requests.ConnectionError):
            client.say(psid=BEN)  # who has never written
        assert fake.messages == fake.unconfirmed == []


# 26: how much is taken


def business(answer: requests.Response, page: str) -> dict[str, object]:
    (used,) = json.loads(answer.headers["X-Business-Use-Case-Usage"])[page]
    return used


def test_so_many_sends_are_taken_in_so_many_seconds():
    with platform() as (fake, client):
        fake.limit = Limit(4, 600)
        percent = []
        for _ in range(4):
            answer = client.say()
            accepted(answer)
            percent.append(business(answer, fake.page.id)["call_count"])
            fake.clock.advance(60)
        assert percent == [25, 50, 75, 100]
        answer = client.say()
        assert refusal(answer) == (400, "613")
        used = business(answer, fake.page.id)
        # The first was 240 s ago: it leaves the span of 600 s in 360 s.
        assert (used["call_count"], used["estimated_time_to_regain_access"]) == (100, 6)
        assert refusal(client.upload()) == (400, "613")
        fake.clock.advance(359)
        assert business(client.say(), fake.page.id)["estimated_time_to_regain_access"] == 1
        fake.clock.advance(1)
        accepted(client.say())
        assert refusal(client.say()) == (400, "613")
        fake.limit = None
        accepted(client.say())


def test_a_limit_that_does_not_tell_is_refused_without_headers():
    with platform() as (fake, client):
        fake.limit = Limit(1, 60, error="4", tells=False)
        assert "X-App-Usage" in client.say().headers
        answer = client.say()
        assert refusal(answer) == (403, "4")
        assert not {"X-App-Usage", "X-Business-Use-Case-Usage"} & answer.headers.keys()


def test_reading_is_not_counted():
    with platform() as (fake, client):
        fake.limit = Limit(1, 60)
        for _ in range(3):
            assert client.get("me").ok
        accepted(client.say())


def test_a_fault_may_say_when_to_come_back():
    with platform() as (fake, client):
        fake.script("613 for 2 minutes")
        answer = client.say()
        assert refusal(answer) == (400, "613")
        assert business(answer, fake.page.id)["estimated_time_to_regain_access"] == 2
