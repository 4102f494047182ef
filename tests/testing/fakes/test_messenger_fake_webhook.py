"""Point 27 of what a faithful Messenger Platform does: it tells a webhook what happened."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from deadline import joined, started
from messenger_client import ANNA, BEN, Client, accepted, platform
from webhook_server import VERIFY_TOKEN, Hook

from instantreact_sdk import InstantReactError
from instantreact_sdk.testing.fakes import Answer, HttpFake, MessengerFake, Request
from instantreact_sdk.testing.fakes.messenger import Page, Person


@contextmanager
def subscribed(
    answer: Callable[[Request], Answer] = lambda _: Answer(),
) -> Iterator[tuple[MessengerFake, Client, Hook]]:
    """A platform whose app has a webhook."""
    with platform() as (fake, client), Hook(fake.app.secret, answer) as hook:
        assert fake.webhook.subscribe(f"{hook.url}/webhook", VERIFY_TOKEN)
        hook.requests.clear()
        yield fake, client, hook


def milliseconds(fake: MessengerFake) -> int:
    return int(fake.clock.now().timestamp() * 1000)


# Verification


def test_a_webhook_that_echoes_the_challenge_is_told_from_then_on():
    with platform() as (fake, _), Hook(fake.app.secret) as hook:
        assert fake.webhook.subscribe(f"{hook.url}/webhook?of=mine", VERIFY_TOKEN)
        (request,) = hook.requests
        assert (request.method, request.path) == ("GET", "/webhook")
        assert request.query["hub.mode"] == "subscribe"
        assert request.query["hub.verify_token"] == VERIFY_TOKEN
        assert request.query["hub.challenge"].isdecimal()
        assert request.query["of"] == "mine"
        fake.write(ANNA, "ok")
        assert hook.requests[1].query == {"of": "mine"}
        assert len(hook.told) == 1


@pytest.mark.parametrize(
    "answer",
    [
        lambda request: Answer(403),
        lambda request: Answer(200, b"ok"),
        lambda request: Answer(200, b'"%s"' % request.query["hub.challenge"].encode()),
        lambda request: Answer(201, request.query["hub.challenge"].encode()),
        lambda request: Answer(302, b"", {"Location": "/"}),
    ],
)
def test_a_webhook_that_answers_otherwise_is_told_nothing(answer):
    with platform() as (fake, _), HttpFake(answer) as hook:
        assert not fake.webhook.subscribe(hook.url, VERIFY_TOKEN)
        fake.write(ANNA, "ok")
        assert len(hook.requests) == 1
        assert fake.webhook.posts == []


def test_a_webhook_that_knows_another_token_or_is_not_there_is_told_nothing():
    with platform() as (fake, _), Hook(fake.app.secret) as hook:
        assert not fake.webhook.subscribe(hook.url, "another")
        with hook.failing("refused"):
            assert not fake.webhook.subscribe(hook.url, VERIFY_TOKEN)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:80",
        "https://127.0.0.1/",
        "http:///webhook",
        "http://127.0.0.1:99999/",
        "http://[::1/",
        "http://127.0.0.1:8080/h\u00fc",
    ],
)
def test_an_address_of_another_kind_is_refused(url):
    with platform() as (fake, _), pytest.raises(InstantReactError, match="the webhook's address is not http"):
        fake.webhook.subscribe(url, VERIFY_TOKEN)


# What is told


def test_what_somebody_writes_is_told_signed_over_the_escaped_bytes():
    with subscribed() as (fake, _, hook):
        mid = fake.write(ANNA, "Gr\u00fc\u00dfe/\U0001f6a8")
        (request,) = hook.requests
        assert rb'"text":"Gr\u00fc\u00dfe\/\ud83d\udea8"' in request.body
        assert request.body.isascii()
        key = fake.app.secret.encode()
        assert (
            request.headers["X-Hub-Signature-256"]
            == "sha256=" + hmac.new(key, request.body, hashlib.sha256).hexdigest()
        )
        assert request.headers["X-Hub-Signature"] == "sha1=" + hmac.new(key, request.body, hashlib.sha1).hexdigest()
        assert request.headers["Content-Type"] == "application/json"
        now = milliseconds(fake)
        event = {
            "sender": {"id": ANNA},
            "recipient": {"id": fake.page.id},
            "timestamp": now,
            "message": {"mid": mid, "text": "Gr\u00fc\u00dfe/\U0001f6a8"},
        }
        entry = {"id": fake.page.id, "time": now, "messaging": [event]}
        assert request.json() == {"object": "page", "entry": [entry]}
        assert fake.webhook.posts[0].taken


def test_every_kind_of_event_is_told():
    with subscribed() as (fake, client, hook):
        sent = accepted(client.send({"text": "Fire?", "metadata": "k-1"}))
        picture = accepted(client.send_file())
        mids = [
            fake.write(ANNA, "OK", payload="ack"),
            fake.write(ANNA, "coming", reply_to=sent),
            fake.press(ANNA, "ack", title="I go"),
        ]
        fake.react(ANNA, sent, "\u2764")
        fake.deliver(ANNA, sent, picture)
        fake.see(ANNA)
        fake.echo(sent)
        fake.echo(picture)
        assert {(event["page"], event["timestamp"]) for event in hook.told} == {(fake.page.id, milliseconds(fake))}
        assert [(event["sender"]["id"], event["recipient"]["id"]) for event in hook.told] == [
            *[(ANNA, fake.page.id)] * 6,
            *[(fake.page.id, ANNA)] * 2,
        ]
        common = ("page", "sender", "recipient", "timestamp")
        assert [{name: value for name, value in event.items() if name not in common} for event in hook.told] == [
            {"message": {"mid": mids[0], "text": "OK", "quick_reply": {"payload": "ack"}}},
            {"message": {"mid": mids[1], "text": "coming", "reply_to": {"mid": sent}}},
            {"postback": {"mid": mids[2], "title": "I go", "payload": "ack"}},
            {"reaction": {"reaction": "other", "emoji": "\u2764", "action": "react", "mid": sent}},
            {"delivery": {"mids": [sent, picture], "watermark": milliseconds(fake)}},
            {"read": {"watermark": milliseconds(fake)}},
            {
                "message": {
                    "mid": sent,
                    "is_echo": True,
                    "app_id": int(fake.app.id),
                    "text": "Fire?",
                    "metadata": "k-1",
                }
            },
            {
                "message": {
                    "mid": picture,
                    "is_echo": True,
                    "app_id": int(fake.app.id),
                    "attachments": [{"type": "image", "payload": {}}],
                }
            },
        ]


def test_what_a_message_offers_can_be_tapped():
    with subscribed() as (fake, client, hook):
        with pytest.raises(InstantReactError, match=f"the last message to {ANNA} offers nothing called 'OK'"):
            fake.tap(ANNA, "OK")
        email = {"content_type": "user_email", "payload": "of no use"}
        replies = [{"content_type": "text", "title": "OK", "payload": "ack-1"}, email]
        accepted(client.send({"text": "Fire?", "quick_replies": replies}))
        mids = [fake.tap(ANNA, "OK")]
        button = {"type": "postback", "title": "I go", "payload": "ack-2"}
        for payload in (
            {"template_type": "button", "text": "Fire?", "buttons": [button]},
            {
                "template_type": "generic",
                "elements": [{"title": "Gate", "buttons": [button]}, {"title": "-", "buttons": None}],
            },
        ):
            accepted(client.send({"attachment": {"type": "template", "payload": payload}}))
            mids.append(fake.tap(ANNA, "I go"))
            with pytest.raises(InstantReactError, match="It offers I go"):
                fake.tap(ANNA, "OK")
        assert hook.told[0]["message"] == {"mid": mids[0], "text": "OK", "quick_reply": {"payload": "ack-1"}}
        assert [event["postback"] for event in hook.told[1:]] == [
            {"mid": mid, "title": "I go", "payload": "ack-2"} for mid in mids[1:]
        ]


def test_several_events_come_in_one_request():
    with subscribed() as (fake, _, hook):
        with fake.batched():
            one = fake.write(ANNA, "one")
            two = fake.write(BEN, "two")
            assert hook.requests == []
        with fake.batched():
            pass
        (request,) = hook.requests
        assert [len(entry["messaging"]) for entry in request.json()["entry"]] == [1, 1]
        assert [event["message"]["mid"] for event in hook.told] == [one, two]
        fake.write(ANNA, "three")
        assert len(hook.requests) == 2


def test_what_happens_at_another_page_is_told_as_its_own():
    with subscribed() as (fake, _, hook):
        fake.add_page(Page("105000000000005", "EAAother", people={"8": Person("8", "Cora")}))
        with fake.batched():
            fake.write("8", "there")
            fake.write(ANNA, "here")
        assert [(event["page"], event["recipient"]["id"]) for event in hook.told] == [
            ("105000000000005", "105000000000005"),
            (fake.page.id, fake.page.id),
        ]


def test_messages_that_never_were_cannot_be_told_again():
    with subscribed() as (fake, client, _):
        sent = accepted(client.say())
        for again in (lambda: fake.redeliver(sent), lambda: fake.echo("m_1")):
            with pytest.raises(InstantReactError, match="it knows no message 'm_"):
                again()


def test_a_message_is_told_again_under_its_own_name():
    with subscribed() as (fake, _, hook):
        mid = fake.write(ANNA, "ok")
        fake.clock.advance(60)
        fake.redeliver(mid)
        assert hook.told[0] == hook.told[1]
        assert len(fake.page.threads[ANNA]) == 2  # the first Hello, and this one


def test_what_happened_while_nobody_was_told_can_be_told_later():
    with platform() as (fake, _), Hook(fake.app.secret) as hook:
        mid = fake.write(ANNA, "ok")
        fake.webhook.subscribe(hook.url, VERIFY_TOKEN)
        fake.redeliver(mid)
        assert [event["message"]["text"] for event in hook.told] == ["ok"]


# Forgeries


@pytest.mark.parametrize(
    "headers",
    [
        None,
        {},
        {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": "sha256=" + 64 * "0"},
        {"X-Hub-Signature": "sha1=00"},
    ],
)
def test_a_forgery_is_signed_wrongly_and_nobody_has_written(headers):
    with subscribed() as (fake, client, hook):
        fake.clock.advance(24 * 3600)
        post = fake.forge(ANNA, "ok", headers)
        assert (post.status, post.taken, hook.told) == (403, False, [])
        assert b'"text":"ok"' in hook.requests[0].body
        assert client.say().status_code == 400  # the window stayed closed
        assert len(fake.page.threads[ANNA]) == 1


def test_anything_can_be_posted():
    with subscribed() as (fake, _, hook):
        assert fake.webhook.post(b"{", {}).status == 403
        assert hook.requests[0].body == b"{"


# Time and failures


def test_a_webhook_has_to_answer_in_time():
    with subscribed(lambda _: Answer(delay=1000)) as (fake, _, _hook):
        assert fake.webhook.limit == 5.0
        fake.webhook.limit = 0.2
        fake.write(ANNA, "ok")
        (post,) = fake.webhook.posts
        assert (post.status, post.problem, post.taken) == (None, "no answer within 0.2 s", False)
        assert post.seconds >= 0.2


@pytest.mark.parametrize(
    ("begin", "drop"),
    [(b"", b"X-Slow: 1\r\n"), (b"Content-Length: 99999\r\n\r\n", b"."), (b"Connection: close\r\n\r\n", b".")],
    ids=["head", "body", "body until the end"],
)
def test_a_webhook_that_answers_drop_by_drop_is_too_late_as_well(begin, drop):
    over = threading.Event()

    def drip() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\n" + begin)
            try:
                while not over.wait(0.02):
                    connection.sendall(drop)
            except OSError:
                pass  # the platform has hung up

    with socket.create_server(("127.0.0.1", 0)) as listening, platform() as (fake, _):
        dripping = started(drip)
        fake.webhook.limit = 0.3
        fake.webhook.url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        begun = time.monotonic()
        fake.write(ANNA, "ok")
        assert time.monotonic() - begun < 10
        assert fake.webhook.posts[0].problem == "no answer within 0.3 s"
        over.set()
        joined(dripping)


def test_what_was_not_taken_is_told_again_in_order():
    with subscribed() as (fake, _, hook):
        hook.script("busy", "", "reset")
        for text in ("one", "two", "three"):
            fake.write(ANNA, text)
        assert [(post.status, post.problem) for post in fake.webhook.posts] == [
            (503, ""),
            (200, ""),
            (None, "ConnectionResetError"),
        ]
        assert [event["message"]["text"] for event in hook.told] == ["two"]
        fake.webhook.retry()
        assert [event["message"]["text"] for event in hook.told] == ["two", "one", "three"]
        assert fake.webhook.undelivered == []


def test_after_an_hour_of_failures_nothing_is_told_until_the_next_subscription():
    with subscribed() as (fake, _, hook):
        with hook.failing("busy"):
            fake.write(ANNA, "1")
            fake.clock.advance(3599)
            fake.write(ANNA, "2")
            assert fake.webhook.url
            fake.clock.advance(1)
            fake.write(ANNA, "3")
        assert fake.webhook.url == ""
        fake.write(ANNA, "4")
        assert hook.told == []
        assert fake.webhook.subscribe(hook.url, VERIFY_TOKEN)
        fake.webhook.retry()
        assert [event["message"]["text"] for event in hook.told] == ["1", "2", "3"]


def test_a_success_begins_the_hour_anew():
    with subscribed() as (fake, _, hook):
        hook.script("busy", "", "busy")
        for _ in range(3):
            fake.write(ANNA, "x")
            fake.clock.advance(3600)
        assert fake.webhook.url


def test_a_webhook_may_send_while_it_is_told():
    answers = []

    def reply(_: Request) -> Answer:
        answers.append(accepted(client.say("I have heard")))
        return Answer()

    with platform() as (fake, client), Hook(fake.app.secret, reply) as hook:
        fake.webhook.subscribe(hook.url, VERIFY_TOKEN)
        fake.write(ANNA, "Hello?")
        assert [message.id for message in fake.messages] == answers


def test_bodies_are_json_as_the_platform_writes_it():
    with subscribed() as (fake, _, hook):
        fake.write(ANNA, '"\\\n<b>&')
        body = hook.requests[0].body
        assert b": " not in body
        assert json.loads(body)["entry"][0]["messaging"][0]["message"]["text"] == '"\\\n<b>&'
