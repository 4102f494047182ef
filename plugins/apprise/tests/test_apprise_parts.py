"""What of an alert arrives, in which form, and in how many messages."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from told import host, opened, refusal

from instantreact_sdk import PermanentError, Receipt, TransientError
from instantreact_sdk.testing import Answer, HttpFake, media

TO_ANNA = media.delivery()
WHOLE = {"text": "", "snapshot": ""}


@pytest.fixture
def pictured(tmp_path):
    return media.alert(snapshot=media.snapshot(tmp_path))


def attached(message) -> dict[str, bytes]:
    return {file["filename"]: base64.b64decode(file["base64"]) for file in message["attachments"]}


@pytest.fixture
def telegram(monkeypatch):
    """Telegram at this machine: it takes texts and pictures in requests of their own."""
    from apprise.plugins.telegram import NotifyTelegram

    def answer(request):
        return fake.answers.get(request.path.rpartition("/")[2], Answer.json({"ok": True, "result": {}}))

    with HttpFake(answer) as fake:
        fake.answers = {}
        fake.calls = lambda: [request.path.rpartition("/")[2] for request in fake.requests]
        monkeypatch.setattr(NotifyTelegram, "notify_url", f"{fake.url}/bot")
        yield fake


TELEGRAM = "tgram://123456789:abcdefghijklmnopqrstuvwxyz-12345678/{recipient}"
ANNA = media.delivery("1001")


# Services that take text and picture as one


def test_text_and_picture_go_as_one_request(pictured):
    with HttpFake() as fake, opened(f"json://{host(fake)}") as notifier:
        assert notifier.notify(pictured, TO_ANNA) == Receipt(parts=WHOLE)
        [message] = [request.json() for request in fake.requests]
    assert (message["title"], message["message"]) == ("intruder (lobby)", pictured.text)
    assert message["type"] == "warning"
    assert attached(message) == {"snapshot.jpg": pictured.snapshot.read_bytes()}


def test_a_clip_follows_by_itself(pictured, tmp_path):
    clip = tmp_path / "long name of a clip.mp4"
    clip.write_bytes(b"film")
    with HttpFake() as fake, opened(f"json://{host(fake)}") as notifier:
        assert notifier.notify(replace(pictured, clip=clip), TO_ANNA) == Receipt(parts={**WHOLE, "clip": ""})
        first, second = [request.json() for request in fake.requests]
    assert (first["message"], [*attached(first)]) == (pictured.text, ["snapshot.jpg"])
    assert (second["message"], second["title"], attached(second)) == ("", "intruder (lobby)", {"clip.mp4": b"film"})


@pytest.mark.parametrize(("done", "message", "files"), [("text", "", 1), ("snapshot", "Somebody is at the gate.", 0)])
def test_what_was_sent_before_is_not_sent_again(pictured, done, message, files):
    with HttpFake() as fake, opened(f"json://{host(fake)}") as notifier:
        assert notifier.notify(pictured, media.delivery(attempt=2, done={done: "earlier"})).parts == {
            **WHOLE,
            done: "earlier",
        }
        [sent] = [request.json() for request in fake.requests]
    assert (sent["message"], len(sent["attachments"])) == (message, files)


def test_a_picture_that_is_refused_for_good_does_not_hold_up_the_text(pictured, caplog):
    def answer(request):
        return Answer(413 if request.json()["attachments"] else 200)

    with HttpFake(answer) as fake, opened(f"json://{host(fake)}") as notifier:
        assert notifier.notify(pictured, TO_ANNA) == Receipt(parts={"text": ""})
        assert [request.json()["message"] for request in fake.requests] == [pictured.text] * 2
    assert caplog.messages == ["The snapshot of an alert is left out: The service JSON answered with status 413."]


def test_the_key_tells_one_message_from_another_and_is_the_same_at_each_attempt(pictured):
    with HttpFake() as fake, opened(f"json://{host(fake)}/?+X-Key={{key}}") as notifier:
        for delivery in (
            media.delivery(key="a"),
            media.delivery(key="a", attempt=2),
            media.delivery(key="a", done={"text": ""}),
        ):
            notifier.notify(pictured, delivery)
        keys = [request.headers["X-Key"] for request in fake.requests]
    assert keys == ["a:text+snapshot", "a:text+snapshot", "a:snapshot"]


# Services that make several requests of them


def test_the_text_goes_first_and_the_picture_after_it(telegram, pictured):
    with opened(TELEGRAM) as notifier:
        assert notifier.notify(pictured, ANNA) == Receipt(parts=WHOLE)
    assert telegram.calls() == ["sendMessage", "sendPhoto"]
    text, photo = telegram.requests
    assert text.json()["chat_id"] == 1001
    assert pictured.text in text.json()["text"]
    assert photo.parts()["photo"].content == pictured.snapshot.read_bytes()


def test_where_the_picture_fails_for_now_it_alone_is_tried_again(telegram, pictured):
    telegram.answers = {"sendPhoto": Answer(429, headers={"Retry-After": "31"})}
    with opened(TELEGRAM) as notifier:
        error = refusal(notifier, pictured, ANNA)
        assert type(error) is TransientError
        assert (error.sent, error.retry_after) == ({"text": ""}, 31)
        telegram.answers = {}
        again = media.delivery("1001", attempt=2, done=error.sent)
        assert notifier.notify(pictured, again).parts == WHOLE
    assert telegram.calls() == ["sendMessage", "sendPhoto", "sendPhoto"]


def test_where_the_picture_fails_for_good_the_text_has_been_told(telegram, pictured, caplog):
    telegram.answers = {"sendPhoto": Answer(400)}
    with opened(TELEGRAM) as notifier:
        assert notifier.notify(pictured, ANNA) == Receipt(parts={"text": ""})
    assert caplog.messages == ["The snapshot of an alert is left out: The service Telegram answered with status 400."]


def test_where_the_text_fails_no_picture_is_sent(telegram, pictured):
    telegram.answers = {"sendMessage": Answer(403)}
    with opened(TELEGRAM) as notifier:
        assert type(refusal(notifier, pictured, ANNA)) is PermanentError
    assert telegram.calls() == ["sendMessage"]


def test_a_text_is_escaped_for_a_service_that_takes_html(telegram):
    with opened(TELEGRAM) as notifier:
        notifier.notify(media.alert("2 < 3 & <b>bold</b>, if a<b and c>d"), ANNA)
    [request] = telegram.requests
    assert request.json()["parse_mode"] == "HTML"
    assert request.json()["text"] == "2 &lt; 3 &amp; &lt;b&gt;bold&lt;/b&gt;, if a&lt;b and c&gt;d"


# Pictures that stay here


def test_a_picture_that_is_too_large_stays_here(pictured, caplog):
    with pictured.snapshot.open("ab") as file:
        file.truncate(2_345_678)
    with HttpFake() as fake, opened(f"json://{host(fake)}", largest_attachment=2) as notifier:
        assert notifier.notify(pictured, TO_ANNA) == Receipt(parts={"text": ""})
        assert fake.requests[0].json()["attachments"] == []
    assert caplog.messages == ["The snapshot of an alert is left out: it has 2.3 MB, and `largest_attachment` is 2."]


def test_a_picture_that_is_gone_does_not_hold_up_the_text(pictured, caplog):
    pictured.snapshot.unlink()
    with HttpFake() as fake, opened(f"json://{host(fake)}") as notifier:
        assert notifier.notify(pictured, TO_ANNA) == Receipt(parts={"text": ""})
    assert caplog.messages == ["The snapshot of an alert is left out: it cannot be read (No such file or directory)."]


def test_pictures_can_be_left_out_altogether(pictured, caplog):
    with HttpFake() as fake, opened(f"json://{host(fake)}", attachments=False) as notifier:
        assert notifier.notify(pictured, TO_ANNA) == Receipt(parts={"text": ""})
        assert fake.requests[0].json()["attachments"] == []
    assert caplog.messages == []


def test_a_service_without_pictures_gets_the_text(pictured, monkeypatch):
    with HttpFake(lambda _: Answer.json({"id": 1})) as fake:
        url = f"gotify://{host(fake)}/AbCdEfGhIjKlMnO"
        with opened(url) as notifier:
            assert notifier.notify(pictured, TO_ANNA) == Receipt(parts={"text": ""})
        assert len(fake.requests) == 1


def test_a_service_of_pictures_gets_no_clip(pictured, monkeypatch, tmp_path):
    from apprise.plugins.pushover import NotifyPushover

    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"film")
    with HttpFake() as fake, opened(f"pover://{'u' * 30}@{'a' * 30}") as notifier:
        monkeypatch.setattr(NotifyPushover, "notify_url", fake.url)
        assert notifier.notify(replace(pictured, clip=clip), TO_ANNA) == Receipt(parts=WHOLE)
        [request] = fake.requests
    assert request.parts()["message"].content == pictured.text.encode()
    assert request.parts()["attachment"].content == pictured.snapshot.read_bytes()


def test_a_picture_that_a_service_leaves_out_is_not_said_to_have_been_sent(pictured, monkeypatch, caplog):
    from apprise.plugins.slack import NotifySlack

    with (
        HttpFake(lambda _: Answer(200, b"ok")) as fake,
        opened("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ") as notifier,
    ):
        monkeypatch.setattr(NotifySlack, "webhook_url", fake.url)
        assert notifier.notify(pictured, TO_ANNA) == Receipt(parts={"text": ""})
    assert caplog.messages == ["The service Slack left out the snapshot of an alert."]


# Titles and lengths


@pytest.mark.parametrize(
    ("form", "title"),
    [("", ""), ("{source}: {rule}", "lobby: in truder"), ("{{{rule}}}", "{in truder}"), ("Alarm!", "Alarm!")],
)
def test_the_title_can_be_chosen_and_is_one_line(form, title):
    with HttpFake() as fake, opened(f"json://{host(fake)}", title=form) as notifier:
        notifier.notify(media.alert(rule="in\r\ntruder"), TO_ANNA)
        assert fake.requests[0].json()["title"] == title


def test_a_service_without_titles_gets_none_in_its_text(telegram):
    with opened(TELEGRAM) as notifier:
        notifier.notify(media.alert(), ANNA)
    assert telegram.requests[0].json()["text"] == "Somebody is at the gate."


@pytest.mark.parametrize(("more", "length"), [("", 4096), ("?overflow=truncate", 4096), ("?overflow=upstream", 5000)])
def test_a_text_that_is_too_long_is_one_message_and_cut_unless_the_service_shall_do_that(telegram, more, length):
    with opened(TELEGRAM + more) as notifier:
        notifier.notify(media.alert("x" * 5000), ANNA)
    [request] = telegram.requests
    text = request.json()["text"]
    assert len(text) == length
    assert text.endswith("..." if length == 4096 else "xxx")
