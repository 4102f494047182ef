"""Points 21 to 23 of what a faithful Messenger Platform does: what a message may say, files, answers."""

from __future__ import annotations

import json

import pytest
from messenger_client import ANNA, JPEG, VERSION, accepted, platform, refusal

from instantreact_sdk.testing.fakes.messenger import Settings

DAY = 24 * 3600.0
SIREN = "\U0001f6a8"  # one code point, two units of UTF-16, four bytes of UTF-8

# 21: what is said


@pytest.mark.parametrize("message", [{}, {"text": ""}, {"text": " \n"}, {"metadata": "x"}, {"attachment": {}}, None])
def test_a_message_says_something(message):
    with platform() as (fake, client):
        assert refusal(client.send(message)) == (400, "100/2018034")
        assert fake.messages == []


@pytest.mark.parametrize(
    ("unit", "longest"),
    [
        ("utf-16", ["x" * 2000, SIREN * 1000, "\u00e9" * 2000]),
        ("code points", ["x" * 2000, SIREN * 2000]),
        ("bytes", ["x" * 2000, SIREN * 500, "\u00e9" * 1000]),
    ],
)
def test_a_text_has_2000_of_the_unit_that_was_set(unit, longest):
    with platform(settings=Settings(text_unit=unit)) as (fake, client):
        for text in longest:
            accepted(client.say(text))
            error = client.say(text + "x").json()["error"]
            assert error["message"] == "(#100) Length of param message[text] must be less than or equal to 2000"
            assert (error["type"], error["code"]) == ("OAuthException", 100)
        assert [message.text for message in fake.messages] == longest


PICTURE = {"type": "image", "payload": {"url": "https://example.com/a.jpg"}}
BUTTON = {"type": "postback", "title": "OK", "payload": "ack"}


def reply(**fields: str) -> dict[str, str]:
    return {"content_type": "text", "title": "OK", "payload": "ack"} | fields


def buttons(*given: object, text: str = "Fire?") -> dict[str, object]:
    payload = {"template_type": "button", "text": text, "buttons": [*given]}
    return {"attachment": {"type": "template", "payload": payload}}


@pytest.mark.parametrize(
    "message",
    [
        {"text": "x", "attachment": PICTURE},
        {"attachment": PICTURE, "attachments": [PICTURE]},
        {"attachments": [PICTURE] * 31},
        {"attachments": [PICTURE | {"type": "video"}]},
        {"attachments": PICTURE},
        {"attachment": "x"},
        {"attachment": {"type": "hologram", "payload": {"url": "https://example.com"}}},
        {"attachment": {"type": "image", "payload": "x"}},
        {"text": 7},
        {"text": "x", "metadata": "x" * 1000},
        {"text": "x", "quick_replies": [reply()] * 14},
        {"text": "x", "quick_replies": [reply(title="x" * 21)]},
        {"text": "x", "quick_replies": [reply(payload="")]},
        {"text": "x", "quick_replies": "OK"},
        {"text": "x", "quick_replies": ["OK"]},
        {"text": "x", "reply_to": {"mid": "m_unknown"}},
        {"text": "x", "reply_to": "m_unknown"},
        buttons(),
        buttons(*[BUTTON] * 4),
        buttons(BUTTON, text=""),
        buttons(BUTTON, text="x" * 641),
        buttons(BUTTON | {"title": "x" * 21}),
        buttons(BUTTON | {"payload": ""}),
        buttons(BUTTON | {"type": "explode"}),
        {"attachment": {"type": "template", "payload": {"template_type": "poem"}}},
        {"attachment": {"type": "template", "payload": {"template_type": "generic", "elements": []}}},
        {"attachment": {"type": "template", "payload": {"template_type": "generic", "elements": [{"title": ""}]}}},
    ],
)
def test_what_the_platform_does_not_take_is_refused(message):
    with platform() as (fake, client):
        assert refusal(client.send(message)) == (400, "100")
        assert fake.messages == []


@pytest.mark.parametrize(
    ("message", "kind", "text"),
    [
        ({"text": "x", "metadata": "k" * 999}, "text", "x"),
        ({"text": "Fire?", "quick_replies": [reply()] * 13}, "text", "Fire?"),
        ({"text": "x", "quick_replies": [{"content_type": "user_phone_number"}]}, "text", "x"),
        (buttons(BUTTON, {"type": "web_url", "title": "See", "url": "https://example.com"}), "template", "Fire?"),
        (
            {
                "attachment": {
                    "type": "template",
                    "payload": {"template_type": "generic", "elements": [{"title": "Gate", "buttons": [BUTTON]}]},
                }
            },
            "template",
            "Gate",
        ),
    ],
)
def test_replies_buttons_and_metadata_are_kept_as_they_were_sent(message, kind, text):
    with platform() as (fake, client):
        accepted(client.send(message))
        (kept,) = fake.messages
        assert (kept.kind, kept.text, kept.message) == (kind, text, message)
        assert kept.metadata == message.get("metadata", "")
        assert [(one.part, one.body) for one in fake.sent] == [("text", text)]


def test_several_pictures_are_several_messages():
    with platform() as (fake, client):
        pictures = [{"type": "image", "payload": {"url": f"https://example.com/{number}.jpg"}} for number in range(30)]
        last = accepted(client.send({"attachments": pictures}))
        assert len({message.id for message in fake.messages}) == 30
        assert fake.messages[-1].id == last


def test_a_message_may_answer_one_of_the_conversation():
    with platform() as (fake, client):
        heard = fake.write(ANNA, "Where?")
        accepted(client.say("At the gate", reply_to={"mid": heard}))
        assert refusal(client.say("At the gate", reply_to={"mid": "m_other"})) == (400, "100")


@pytest.mark.parametrize("kind", ["RESPOND", "response", ""])
def test_an_unknown_messaging_type_is_refused(kind):
    with platform() as (_, client):
        assert refusal(client.say(messaging_type=kind)) == (400, "100")


def test_the_messaging_type_may_be_left_out_where_that_was_set():
    with platform() as (fake, client):
        assert refusal(client.say(messaging_type=None)) == (400, "100")
        fake.settings.messaging_type_required = False
        accepted(client.say(messaging_type=None))
        assert refusal(client.say(messaging_type="RESPOND")) == (400, "100")


@pytest.mark.parametrize("notification", ["REGULAR", "SILENT_PUSH", "NO_PUSH"])
def test_a_message_may_be_silent(notification):
    with platform() as (_, client):
        accepted(client.say(notification_type=notification))
        assert refusal(client.say(notification_type=notification.lower())) == (400, "100")


# 22: files


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("image", ("a.jpg", JPEG)),
        ("image", ("a.jpg", JPEG, "application/octet-stream")),
        ("image", ("a.mp4", JPEG, "video/mp4")),
        ("video", ("a.jpg", JPEG, "image/jpeg")),
        ("audio", ("a.jpg", JPEG, "image/jpeg")),
        ("file", ("a.pdf", b"x")),
        ("image", ("a.jpg", b"", "image/jpeg")),
    ],
)
def test_a_file_needs_a_type_that_fits(kind, file):
    with platform() as (fake, client):
        assert refusal(client.send_file(kind, file)) == (400, "100/2018047")
        assert refusal(client.upload(kind, file)) == (400, "100/2018047")
        assert fake.messages == []


@pytest.mark.parametrize(
    ("kind", "type", "part"),
    [
        ("image", "image/png", "snapshot"),
        ("video", "video/mp4", "clip"),
        ("audio", "audio/mpeg", "audio"),
        ("file", "image/png", "file"),
    ],
)
def test_a_file_of_each_kind_arrives(kind, type, part):  # noqa: A002  (of the file)
    with platform() as (fake, client):
        accepted(client.send_file(kind, ("a", b"bytes", type)))
        assert [(one.recipient, one.part, one.body) for one in fake.sent] == [(ANNA, part, b"bytes")]


def test_a_file_has_at_most_25_megabytes():
    with platform() as (fake, client):
        most = b"x" * 25_000_000
        accepted(client.send_file("file", ("a", most, "application/zip")))
        assert refusal(client.send_file("file", ("a", most + b"x", "application/zip"))) == (400, "100/2018109")
        assert refusal(client.upload("file", ("a", most + b"x", "application/zip"))) == (400, "100/2018109")
        assert fake.sent[0].body == most


def test_an_uploaded_file_is_sent_again_and_again_for_90_days():
    with platform() as (fake, client):
        number = client.upload().json()["attachment_id"]
        assert fake.sent == []
        message = {"attachment": {"type": "image", "payload": {"attachment_id": number}}}
        for _ in range(2):
            accepted(client.send(message))
        fake.clock.advance(90 * DAY - 1)
        fake.write(ANNA, "Still here")
        accepted(client.send(message))
        assert [one.body for one in fake.sent] == [JPEG] * 3
        fake.clock.advance(1)
        assert refusal(client.send(message)) == (400, "100/2018074")


def test_an_uploaded_file_belongs_to_its_page_and_keeps_its_kind():
    with platform() as (fake, client):
        number = client.upload().json()["attachment_id"]
        for kind, other in (("video", number), ("image", "1"), ("image", {"id": number})):
            message = {"attachment": {"type": kind, "payload": {"attachment_id": other}}}
            assert refusal(client.send(message)) == (400, "100/2018074")
        fake.page.attachments.clear()  # those of another page look so
        assert (
            refusal(client.send({"attachment": {"type": "image", "payload": {"attachment_id": number}}}))[1]
            == "100/2018074"
        )


def test_a_file_can_be_sent_and_kept_in_one_step():
    with platform() as (fake, client):
        answer = client.send_file(is_reusable=True).json()
        number = answer["attachment_id"]
        accepted(client.send({"attachment": {"type": "image", "payload": {"attachment_id": number}}}))
        assert [one.body for one in fake.sent] == [JPEG, JPEG]
        assert "attachment_id" not in client.send_file().json()


def test_an_upload_needs_a_file_and_no_recipient():
    with platform() as (_, client):
        message = json.dumps({"attachment": {"type": "image", "payload": {}}})
        assert refusal(client.post("me/message_attachments", data={"message": message})) == (400, "100/2018034")
        assert refusal(client.post("me/message_attachments", data={"message": "{}"})) == (400, "100")


@pytest.mark.parametrize(
    "url",
    [
        "http://192.168.1.5/snapshot.jpg",
        "http://10.0.0.1/a.jpg",
        "http://127.0.0.1:8080/a.jpg",
        "http://169.254.1.1/a.jpg",
        "http://[::1]/a.jpg",
        "http://localhost/a.jpg",
        "http://camera/a.jpg",
        "http://camera.local/a.jpg",
        "ftp://example.com/a.jpg",
        "file:///etc/passwd",
        "a.jpg",
        "http://[/a.jpg",
    ],
)
def test_an_address_that_the_platform_cannot_reach_is_refused(url):
    with platform() as (_, client):
        message = {"attachment": {"type": "image", "payload": {"url": url}}}
        assert refusal(client.send(message)) == (400, "100/2018008")


def test_an_address_is_never_asked():
    with platform() as (fake, client):
        url = "https://nobody.invalid.example.com/a.jpg"
        accepted(client.send({"attachment": {"type": "image", "payload": {"url": url}}}))
        assert (fake.messages[0].attachment.url, fake.sent[0].body) == (url, url)


# 23: answers


def test_an_accepted_message_is_answered_with_whom_and_what():
    with platform() as (fake, client):
        answer = client.say()
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"
        assert answer.headers["facebook-api-version"] == VERSION
        assert answer.json() == {"recipient_id": ANNA, "message_id": fake.messages[0].id}
        assert fake.messages[0].id.startswith("m_")
        mids = [accepted(client.say()) for _ in range(20)]
        assert len({*mids, fake.messages[0].id}) == 21


def test_a_refusal_is_whole():
    with platform() as (_, client):
        answer = client.say(psid="1")
        assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"
        error = answer.json()["error"]
        assert error == {
            "message": "(#100) No matching user found",
            "type": "OAuthException",
            "code": 100,
            "error_subcode": 2018001,
            "fbtrace_id": error["fbtrace_id"],
        }
        assert error["fbtrace_id"] != client.say(psid="1").json()["error"]["fbtrace_id"]


def test_answers_tell_of_usage_or_not():
    with platform() as (fake, client):
        used = {"call_count": 0, "total_cputime": 0, "total_time": 0}
        for answer in (client.say(), client.say(psid="1"), client.get("me")):
            assert json.loads(answer.headers["X-App-Usage"]) == used
            business = json.loads(answer.headers["X-Business-Use-Case-Usage"])
            assert business == {fake.page.id: [{"type": "messenger", **used, "estimated_time_to_regain_access": 0}]}
        fake.settings.usage_headers = False
        for answer in (client.say(), client.say(psid="1")):
            assert not {"X-App-Usage", "X-Business-Use-Case-Usage"} & answer.headers.keys()
