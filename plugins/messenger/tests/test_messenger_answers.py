"""What people answer: heard once, in order, and handed on."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from deadline import started
from instantreact_messenger.desk import Desk
from instantreact_messenger.gate import Gate
from instantreact_messenger.heard import THUMB, Heard, Malformed, heard
from instantreact_messenger.inbox import Inbox
from instantreact_messenger.people import WINDOW, People
from instantreact_messenger.reception import Reception
from instantreact_messenger.uploads import Uploads
from instantreact_messenger.webhook import Webhook

from instantreact_sdk import Context, Delivery, PermanentError, Reply, TransientError
from instantreact_sdk.testing import Answer, media

ANNA, BEN = "7000000000000001", "7000000000000002"
PAGE = "104000000000001"
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
STAMP = int(NOW.timestamp() * 1000)


@pytest.fixture(params=["dictionary", "store"])
def state(request, tmp_path):
    """What the notifier remembers by, in memory and as it is in a run."""
    if request.param == "dictionary":
        yield {}
        return
    from instantreact_sdk.alerts.store import Store  # loads a database's libraries, which the other half does without

    with Store.open(f"sqlite:///{tmp_path / 'store.db'}") as store:
        yield store.state("messenger")


@pytest.fixture
def context(fake, state):
    return Context(clock=fake.clock, state=state)


@pytest.fixture
def subscribed(fake, context):
    """The fake tells a real webhook, which keeps what it hears where the notifier finds it."""
    with Desk(Reception(context.state, context.clock).receive, patience=20) as desk:
        gate = Gate(fake.app.secret, "me", desk.take)
        webhook = Webhook(gate)
        thread = started(webhook.serve_forever)
        try:
            fake.webhook.limit = 20
            assert fake.webhook.subscribe(f"http://127.0.0.1:{webhook.port}/webhook", gate.verify_token)
            yield webhook
        finally:
            webhook.shutdown()
            thread.join(20)
            webhook.server_close()


def notice(*items, page=PAGE):
    return json.dumps({"object": "page", "entry": [{"id": page, "time": STAMP, "messaging": [*items]}]}).encode()


def item(**more):
    return {"sender": {"id": ANNA}, "recipient": {"id": PAGE}, "timestamp": STAMP, **more}


@pytest.mark.parametrize(
    ("done", "text", "to"),
    [
        ({"message": {"mid": "m_1", "text": "ok"}}, "ok", ""),
        ({"message": {"mid": "m_1", "text": "OK", "quick_reply": {"payload": "ok"}}}, "ok", ""),
        ({"message": {"mid": "m_1", "text": "ok", "reply_to": {"mid": "m_0"}}}, "ok", "m_0"),
        ({"message": {"mid": "m_1", "attachments": [{"type": "image", "payload": {"url": "https://a"}}]}}, "", ""),
        ({"message": {"mid": "m_1", "attachments": [{"payload": {"sticker_id": 369239263222822}}]}}, THUMB, ""),
        ({"postback": {"mid": "m_1", "title": "OK", "payload": "ok"}}, "ok", ""),
        ({"postback": {"title": "Get started"}}, "Get started", ""),
        ({"reaction": {"action": "react", "emoji": THUMB, "mid": "m_0"}}, THUMB, "m_0"),
        ({"referral": {"ref": "lobby", "source": "SHORTLINK"}}, "", ""),
        ({"message": {"mid": "m_1", "text": "a\0b\ud800"}}, "ab\N{REPLACEMENT CHARACTER}", ""),
        ({"message": {"mid": "m_1", "text": "a" * 5000}}, "a" * 2000, ""),
    ],
)
def test_what_opens_the_window_is_heard(done, text, to):
    [one] = heard(notice(item(**done)))
    assert (one.sender, one.text, one.time, one.to) == (ANNA, text, NOW, to)
    assert one.mid
    assert heard(notice(item(**done))) == [one]  # also the id of what has none


@pytest.mark.parametrize(
    "silent",
    [
        {"message": {"mid": "m_1", "text": "ok", "is_echo": True}},
        {"message": {"mid": "m_1", "is_deleted": True}},
        {"message": {"mid": "m_1", "text": "ok"}, "sender": {"id": PAGE}},
        {"message": {"mid": "m_1", "text": "ok"}, "sender": {"id": 7}},
        {"message": {"mid": "m_1", "text": "ok"}, "sender": {"id": "../x"}},
        {"message": {"mid": "m_1", "text": "ok"}, "timestamp": "now"},
        {"message": {"mid": "m_1", "text": "ok"}, "timestamp": 10**30},
        {"reaction": {"action": "unreact", "mid": "m_0"}},
        {"delivery": {"mids": ["m_0"], "watermark": STAMP}},
        {"read": {"watermark": STAMP}},
        {},
    ],
)
def test_what_does_not_is_not(silent):
    assert heard(notice(item(**silent))) == []


def test_what_another_page_hears_is_left_out_where_a_page_is_set():
    body = notice(item(message={"mid": "m_1", "text": "ok"}), page="99")
    assert heard(body, PAGE) == []
    assert len(heard(body, "99")) == len(heard(body)) == 1


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"{}", b'{"object": "page"}', b'{"object": "user", "entry": []}', b"\xff"]
)
def test_what_is_no_notice_is_malformed(body):
    with pytest.raises(Malformed):
        heard(body)


def test_a_guard_who_presses_the_button_answers_ok(fake, opened, context, subscribed):
    notifier = opened(context)
    assert [*notifier.replies()] == []
    receipt = notifier.notify(media.alert(), Delivery("k", ANNA))
    fake.clock.advance(60)
    mid = fake.tap(ANNA, "OK")
    when = datetime.fromtimestamp(int(fake.clock.now().timestamp() * 1000) / 1000, UTC)  # Meta tells milliseconds
    assert [*notifier.replies()] == [
        Reply(ANNA, "ok", when, "", {"mid": mid}),
    ]
    assert [*notifier.replies()] == []
    fake.react(ANNA, receipt.id)
    fake.clock.advance(1)
    fake.press(BEN, "ok")
    assert [(reply.recipient, reply.text, reply.to) for reply in notifier.replies()] == [
        (ANNA, THUMB, receipt.id),
        (BEN, "ok", ""),
    ]


def test_batches_echoes_receipts_and_repetitions_are_heard_rightly(fake, opened, context, subscribed):
    notifier = opened(context)
    receipt = notifier.notify(media.alert(), Delivery("k", ANNA))
    with fake.batched():
        mid = fake.write(ANNA, "ok")
        fake.echo(receipt.id)
        fake.deliver(ANNA, receipt.id)
        fake.see(ANNA)
        fake.write(BEN, "coming")
    fake.redeliver(mid)
    fake.forge(BEN, "ok")
    assert sorted((reply.recipient, reply.text) for reply in notifier.replies()) == [(ANNA, "ok"), (BEN, "coming")]
    fake.redeliver(mid)
    assert [*notifier.replies()] == []
    assert [post.status for post in fake.webhook.posts] == [200, 200, 403, 200]


def test_a_message_begins_the_24_hours_anew(fake, opened, context, subscribed):
    notifier = opened(context)
    fake.clock.advance(23 * 3600)
    fake.write(ANNA, "ok")
    assert People(context.state).find(ANNA).open_until - fake.clock.now() > timedelta(hours=23, minutes=59)
    fake.clock.advance(2 * 3600)
    notifier.notify(media.alert(), Delivery("1", ANNA))
    with pytest.raises(PermanentError, match="has not written"):
        notifier.notify(media.alert(), Delivery("1", BEN))


def test_an_answer_is_kept_until_the_next_one_is_asked_for(context):
    inbox = Inbox(context.state, context.clock)
    now = context.clock.now()
    for number in range(3):
        inbox.answered(ANNA, f"{number}", now + timedelta(seconds=number), f"m_{number}")
    taken = inbox.taken()
    assert next(taken).text == "0"
    taken.close()  # whoever took it did not come to keep it
    assert [reply.text for reply in inbox.taken()] == ["0", "1", "2"]
    assert [*inbox.taken()] == []


def test_answers_that_nobody_takes_are_forgotten_after_a_day(fake, context):
    inbox = Inbox(context.state, context.clock)
    inbox.answered(ANNA, "old", context.clock.now(), "m_old")
    fake.clock.advance(24 * 3600 + 1)
    assert [*inbox.taken()] == []
    assert not context.state


def test_they_are_forgotten_also_where_nobody_ever_asks_for_them(fake, context):
    inbox = Inbox(context.state, context.clock)
    inbox.answered(ANNA, "old", context.clock.now(), "m_old")
    fake.clock.advance(24 * 3600 + 1)
    inbox.answered(ANNA, "new", context.clock.now(), "m_new")
    assert [answer["text"] for answer in context.state.values()] == ["new"]


def test_no_more_than_a_thousand_answers_wait(fake):
    inbox = Inbox({}, fake.clock)
    for number in range(1_003):
        inbox.answered(ANNA, f"{number}", fake.clock.now() + timedelta(milliseconds=number), f"m_{number}")
    assert next(inbox.taken()).text == "3"


def test_what_somebody_else_wrote_into_the_state_harms_nothing(context):
    context.state["reply/1"] = None
    context.state["reply/2"] = {"text": 7}
    context.state["person/9"] = "x"
    context.state["attachments"] = [1]
    assert [*Inbox(context.state, context.clock).taken()] == []
    assert People(context.state).all() == []
    uploads = Uploads(context.state, context.clock)
    assert uploads.find(b"picture") == ""
    uploads.keep(b"picture", "7")
    assert uploads.find(b"picture") == "7"


def test_what_was_heard_is_forgotten_after_a_day_however_short_the_processes_live(fake, context):
    for number in range(3):
        assert Reception(context.state, context.clock).receive(Heard(ANNA, "", context.clock.now(), f"m_{number}"))
        fake.clock.advance(25 * 3600)
    assert len([key for key in context.state if key.startswith("heard/")]) == 1


def test_a_clock_that_is_ahead_or_behind_opens_no_window_for_longer(context):
    reception, people, now = Reception(context.state, context.clock), People(context.state), context.clock.now()
    assert reception.receive(Heard(ANNA, "", now + timedelta(minutes=9), "m_1"))
    assert people.find(ANNA).last <= now
    assert not reception.receive(Heard(BEN, "", now + timedelta(minutes=11), "m_2"))
    assert not reception.receive(Heard(BEN, "", now - WINDOW - timedelta(seconds=1), "m_3"))
    assert people.find(BEN) is None


def test_strangers_cannot_fill_the_store(fake):
    state = {}
    people = People(state)
    for number in range(2_500):
        people.note(str(number), NOW + timedelta(seconds=number))
    assert len(state) <= 2_000
    assert people.find("2499")
    assert people.find("0") is None


# Asking instead of hearing.


def test_polling_opens_windows_and_hears_answers(fake, opened, context):
    notifier = opened(context, poll=5, button="Seen")
    assert [*notifier.replies()] == []  # what was written before the first look answers nothing
    assert People(context.state).find(ANNA).name == "Anna Ngo"
    notifier.notify(media.alert(), Delivery("k", ANNA))
    fake.clock.advance(1)
    fake.write(ANNA, "Seen", payload="ok")
    fake.write(BEN, "on my way")
    assert [*notifier.replies()] == []  # not yet time
    fake.clock.advance(4)
    assert sorted((reply.recipient, reply.text) for reply in notifier.replies()) == [(ANNA, "ok"), (BEN, "on my way")]
    fake.clock.advance(5)
    assert [*notifier.replies()] == []


def test_where_meta_does_not_say_which_page_it_is_nothing_is_taken_for_an_answer(fake, opened, context):
    notifier = opened(context, poll=5)
    fake.script(Answer.json({}), edge="me")
    with pytest.raises(TransientError, match="which Page it is"):
        [*notifier.replies()]
    assert not context.state


def test_without_polling_nothing_is_asked(fake, opened, context):
    before = len(fake.requests)
    assert [*opened(context).replies()] == []
    assert len(fake.requests) == before


def test_what_is_polled_and_told_by_the_webhook_is_heard_once(fake, opened, context, subscribed):
    notifier = opened(context, poll=1)
    [*notifier.replies()]
    fake.clock.advance(10)
    fake.write(ANNA, "ok")
    assert len([*notifier.replies()]) == 1


def test_many_conversations_come_in_leaves_and_the_address_of_the_next_is_not_used(fake, opened, context):
    for number in range(60):
        fake.clock.advance(1)
        fake.write(f"8{number:015}", "Hello", name=f"Guard {number}")
    notifier = opened(context, poll=1)
    [*notifier.replies()]
    assert len(People(context.state).all()) == 62
    asked = [request for request in fake.requests if request.path.endswith("/conversations")]
    assert len(asked) == 3
    assert not [request for request in asked if "access_token" in request.query]


def test_polling_looks_back_no_further_than_the_window(fake, opened, context):
    notifier = opened(context, poll=1)
    [*notifier.replies()]
    fake.clock.advance(30 * 3600)
    fake.write(ANNA, "ok")
    assert [reply.text for reply in notifier.replies()] == ["ok"]
    asked = [request for request in fake.requests if request.path.endswith("/conversations")]
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("fault", "raises"),
    [("2", TransientError), ("html 502", TransientError), ("190", PermanentError), ("unanswered", TransientError)],
)
def test_where_meta_does_not_answer_that_is_told_and_tried_again(fake, opened, context, fault, raises):
    notifier = opened(context, poll=5, read_timeout=0.2)
    fake.script(fault, edge="conversations")
    with pytest.raises(raises):
        [*notifier.replies()]
    fake.clock.advance(5)
    assert [*notifier.replies()] == []
    assert People(context.state).find(ANNA)
