"""Point 28 of what a faithful Messenger Platform does: everything is kept in order, whatever clients do to it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from http.client import HTTPMessage

import pytest
import requests
from deadline import joined, started, until
from hypothesis import given, settings
from hypothesis import strategies as st
from messenger_client import ANNA, BEN, JPEG, VERSION, accepted, platform

from instantreact_sdk.testing import fixtures
from instantreact_sdk.testing.conformance.case import Case, Sent
from instantreact_sdk.testing.fakes import MessengerFake, Request

instantreact_messenger = fixtures.instantreact_messenger


def test_sends_are_kept_in_order_with_who_when_and_files():
    with platform() as (fake, client):
        fake.write(BEN, "Hello")
        begun = fake.clock.now()
        first = accepted(client.say("one"))
        fake.clock.advance(1.5)
        second = accepted(client.send_file())
        third = accepted(client.say("two", psid=BEN, messaging_type="UPDATE"))
        client.say("lost", psid="1")
        kept = [
            (one.id, one.recipient, one.kind, one.text, (one.time - begun).total_seconds()) for one in fake.messages
        ]
        assert kept == [
            (first, ANNA, "text", "one", 0.0),
            (second, ANNA, "image", "", 1.5),
            (third, BEN, "text", "two", 1.5),
        ]
        assert [one.messaging_type for one in fake.messages] == ["RESPONSE", "RESPONSE", "UPDATE"]
        assert {one.page for one in fake.messages} == {fake.page.id}
        assert fake.messages[1].attachment.content == JPEG
        assert fake.sent == [Sent(ANNA, "text", "one"), Sent(ANNA, "snapshot", JPEG), Sent(BEN, "text", "two")]
        assert [fake.requests[message.request] for message in fake.messages] == fake.requests[:3]


def test_attempts_are_kept_whatever_came_of_them():
    with platform() as (fake, client):
        fake.script("", "613", "", "html 502")
        client.say("one")
        client.say("two")
        client.say("three", psid="1")
        client.say("four")
        client.upload()
        client.get("me")
        told = [(one.edge, one.recipient, one.text, one.failure, one.status, one.error) for one in fake.attempts]
        assert told == [
            ("messages", ANNA, "one", "", 200, ""),
            ("messages", ANNA, "two", "613", 400, "613"),
            ("messages", "1", "three", "", 400, "100/2018001"),
            ("messages", ANNA, "four", "html 502", 502, ""),
            ("message_attachments", "", "", "", 200, ""),
        ]
        assert [one.request for one in fake.attempts] == [0, 1, 2, 3, 4]
        assert fake.attempts == fake.attempts


def test_what_is_kept_shows_no_secret():
    with platform() as (fake, client):
        del client.session.headers["Authorization"]
        fake.script("", "1", "dropped")
        body = {"recipient": {"id": ANNA}, "messaging_type": "RESPONSE", "message": {"text": "x"}}
        for _ in range(2):
            client.post("me/messages", json=body, params={"access_token": fake.page.token})
        with pytest.raises(requests.ConnectionError):
            client.post("me/messages", json=body, headers={"Authorization": f"Bearer {fake.page.token}"})
        shown = repr((fake, fake.page, fake.app, fake.messages, fake.attempts, fake.sent, fake.webhook.posts))
        assert fake.page.token not in shown
        assert fake.app.secret not in shown


def test_it_is_a_fake_of_a_case():
    with platform() as (fake, client):
        case = Case(fake=fake, recipients=(ANNA, BEN))
        with case.fake.failing("200/2018028", after=1):
            assert [client.say().status_code for _ in range(2)] == [200, 403]
        assert len(case.fake.sent) == 1
        assert len(case.fake.failures) > 60


def test_the_fixture_gives_platforms(instantreact_messenger):
    one, two = instantreact_messenger(), instantreact_messenger()
    assert one.url != two.url
    one.write(ANNA, "Hello")
    assert requests.get(f"{one.url}/{VERSION}/me?access_token={one.page.token}", timeout=20).ok


# Clients that die, hurry, or send anything


def test_a_request_that_breaks_off_was_never_made(capfd):
    with platform() as (fake, client):
        whole = b'{"recipient":{"id":"%s"},"messaging_type":"RESPONSE","message":{"text":"x"}}' % ANNA.encode()
        head = (
            f"POST /{VERSION}/me/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {fake.page.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(whole)}\r\n\r\n"
        ).encode()
        address = "127.0.0.1", int(fake.url.rsplit(":", 1)[1])
        for end in (1, len(head) - 2, len(head), len(head) + len(whole) - 1):
            with socket.create_connection(address) as connection:
                connection.sendall((head + whole)[:end])
        accepted(client.say())
        assert len(fake.requests) == len(fake.messages) == 1
        with socket.create_connection(address) as connection:
            connection.sendall(head + whole)  # and away, without waiting for the answer
        until(lambda: len(fake.messages) == 2)
        assert fake.unconfirmed == []
    assert capfd.readouterr() == ("", "")


SENDER = """
import sys, requests
url, token, psid, run = sys.argv[1:]
session = requests.Session()
session.trust_env = False
number = 0
while True:
    body = {"recipient": {"id": psid}, "messaging_type": "RESPONSE", "message": {"text": f"{run} {number}"}}
    session.post(url, json=body, headers={"Authorization": "Bearer " + token}, timeout=20)
    print(number, flush=True)
    number += 1
"""


def test_a_client_that_is_killed_leaves_a_true_record():
    with platform() as (fake, client):
        command = [sys.executable, "-c", SENDER, f"{fake.url}/{VERSION}/me/messages", fake.page.token, ANNA]
        told = []
        for run in range(3):
            before = len(fake.messages)
            with subprocess.Popen([*command, str(run)], stdout=subprocess.PIPE, text=True) as sender:
                until(lambda before=before: len(fake.messages) >= before + 5)
                os.kill(sender.pid, signal.SIGKILL)
                told.append([int(line) for line in sender.stdout])
            accepted(client.say("between"))
    texts = [message.text.split() for message in fake.messages]  # all there will be: a last request may be read late
    for run, answered in enumerate(told):
        stored = [int(number) for of, *number in texts if of == str(run) for number in number]
        assert stored == [*range(len(stored))]
        assert len(stored) - len(answered) in (0, 1)  # at most the one whose answer nobody lived to read


def test_many_clients_at_once_lose_nothing():
    def send(number: int) -> None:
        with requests.Session() as session:
            session.trust_env = False
            for step in range(25):
                body = {
                    "recipient": {"id": ANNA},
                    "messaging_type": "RESPONSE",
                    "message": {"text": f"{number} {step}"},
                }
                url, headers = f"{fake.url}/{VERSION}/me/messages", {"Authorization": f"Bearer {fake.page.token}"}
                told.append(session.post(url, json=body, headers=headers, timeout=20).json()["message_id"])

    told: list[str] = []
    with platform() as (fake, _):
        joined(*[started(lambda number=number: send(number)) for number in range(8)])
        assert {message.id for message in fake.messages} == set(told)
        texts = [message.text for message in fake.messages]
        assert len(set(texts)) == len(fake.sent) == 200
        for number in range(8):  # each client's own are in order
            assert [text for text in texts if text.split()[0] == str(number)] == [
                f"{number} {step}" for step in range(25)
            ]


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(exclude_categories=()))  # half characters, too
    | st.sampled_from([ANNA, "image", "text", "template"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "text", "type", "payload", "attachment", "attachments", "quick_replies", "template", "url"]
            )
            | st.sampled_from(
                ["name", "language", "code", "components", "buttons", "elements", "template_type", "metadata"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(
    st.fixed_dictionaries(
        {"recipient": st.just({"id": ANNA}) | JSON, "message": JSON},
        optional={
            "messaging_type": st.sampled_from(["RESPONSE", "UTILITY", "MESSAGE_TAG"]) | JSON,
            "tag": JSON,
            "sender_action": JSON,
            "template": JSON,
            "reply_to": JSON,
            "notification_type": JSON,
            "access_token": JSON,
            "appsecret_proof": JSON,
        },
    ),
    st.sampled_from(["messages", "message_attachments", "message_templates"]),
)
def test_whatever_json_comes_is_taken_or_refused(body, edge):
    fake = MessengerFake()
    fake.page.permissions |= {"page_utility_messaging", "human_agent"}
    fake.write(ANNA, "Hello")
    headers = HTTPMessage()
    headers["Content-Type"] = "application/json"
    headers["Authorization"] = f"Bearer {fake.page.token}"
    request = Request("POST", f"/{VERSION}/me/{edge}", {}, headers, json.dumps(body).encode())
    answer = fake._graph.answer(request, 0)
    told = json.loads(answer.body)
    assert (answer.status == 200) == ("error" not in told)
    assert len(fake.messages) == (edge == "messages" and "message_id" in told) or len(fake.messages) > 1
    for message in fake.messages:
        message.offers()
