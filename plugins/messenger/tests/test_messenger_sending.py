"""What arrives, of which alert, in how many messages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from instantreact_messenger.message import LARGEST, filled
from instantreact_messenger.options import Template as Options
from instantreact_messenger.text import LIMIT

from instantreact_sdk import Context, Delivery, PermanentError, Receipt, TransientError
from instantreact_sdk.testing import media
from instantreact_sdk.testing.fakes import FakeClock
from instantreact_sdk.testing.fakes.messenger.page import Template

ANNA, BEN = "7000000000000001", "7000000000000002"
DAY = 86_400
OK = [{"content_type": "text", "title": "OK", "payload": "ok"}]


@pytest.fixture
def pictured(tmp_path):
    return media.alert(snapshot=media.snapshot(tmp_path))


@pytest.fixture
def filmed(tmp_path, pictured):
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(100))
    return replace(pictured, clip=clip)


def uploads(fake):
    return [request for request in fake.requests if request.path.endswith("/message_attachments")]


def test_a_text_arrives_as_a_response_with_a_button(fake, opened):
    receipt = opened().notify(media.alert("Somebody is at the gate."), Delivery("k", ANNA))
    [message] = fake.messages
    assert receipt == Receipt(message.id, {"text": message.id})
    assert (message.recipient, message.text, message.messaging_type) == (ANNA, "Somebody is at the gate.", "RESPONSE")
    assert message.message["quick_replies"] == OK
    assert fake.requests[-1].path == "/v26.0/me/messages"


def test_version_page_and_button_are_settings(fake, opened):
    opened(version="v25.0", page=fake.page.id, button="").notify(media.alert(), Delivery("k", ANNA))
    assert fake.requests[-1].path == f"/v25.0/{fake.page.id}/messages"
    assert "quick_replies" not in fake.messages[0].message


def test_the_token_is_in_the_header_and_nowhere_else(fake, opened, filmed):
    opened(app_secret=fake.app.secret).notify(filmed, Delivery("k", ANNA))
    assert len(fake.requests) == 5
    for request in fake.requests:
        assert request.headers["Authorization"] == f"Bearer {fake.page.token}"
        assert request.query == {}
        assert fake.page.token.encode() not in request.body
        assert fake.app.secret.encode() not in request.body


def test_with_the_app_secret_every_call_is_proven(fake, opened, filmed):
    fake.settings.proof_required = True
    assert opened(app_secret=fake.app.secret).notify(filmed, Delivery("k", ANNA)).parts.keys() == {
        "text",
        "snapshot",
        "clip",
    }
    with pytest.raises(PermanentError, match="app secret"):
        opened().notify(filmed, Delivery("k", ANNA))
    with pytest.raises(PermanentError, match="Set `app_secret`"):
        opened(app_secret="another").notify(filmed, Delivery("k", ANNA))


def test_text_picture_and_clip_are_messages_of_their_own_and_the_last_has_the_button(fake, opened, filmed):
    receipt = opened().notify(filmed, Delivery("k", ANNA))
    text, picture, clip = fake.messages
    assert [message.kind for message in fake.messages] == ["text", "image", "video"]
    assert picture.attachment.content == filmed.snapshot.read_bytes()
    assert (picture.attachment.type, clip.attachment.type) == ("image/jpeg", "video/mp4")
    assert receipt == Receipt(text.id, {"text": text.id, "snapshot": picture.id, "clip": clip.id})
    assert [message.message.get("quick_replies") for message in fake.messages] == [None, None, OK]


def test_files_are_uploaded_with_their_media_type(fake, opened, filmed):
    opened().notify(filmed, Delivery("k", ANNA))
    [picture, clip] = [request.parts()["filedata"] for request in uploads(fake)]
    assert (picture.type, picture.filename) == ("image/jpeg", "snapshot.jpg")
    assert (clip.type, clip.filename) == ("video/mp4", "clip.mp4")
    assert clip.content == filmed.clip.read_bytes()


def test_a_picture_is_uploaded_once_for_all_recipients_and_attempts(fake, opened, pictured):
    context = Context()
    notifier = opened(context)
    notifier.notify(pictured, Delivery("k-anna", ANNA))
    notifier.notify(pictured, Delivery("k-ben", BEN))
    opened(context).notify(pictured, Delivery("k-anna", ANNA, 2))  # after a restart, by the store
    assert len(uploads(fake)) == 1
    assert len({message.attachment.id for message in fake.messages if message.attachment}) == 1


def test_an_upload_is_used_for_89_days_and_then_made_anew(fake, opened, pictured):
    notifier = opened(Context(clock=fake.clock))
    notifier.notify(pictured, Delivery("1", ANNA))
    fake.clock.advance(89 * DAY - 60)
    fake.write(ANNA, "Hello")
    notifier.notify(pictured, Delivery("2", ANNA))
    assert len(uploads(fake)) == 1
    fake.clock.advance(120)
    notifier.notify(pictured, Delivery("3", ANNA))
    assert len(uploads(fake)) == 2


def test_an_upload_that_meta_has_lost_is_made_anew(fake, opened, pictured):
    notifier = opened()
    notifier.notify(pictured, Delivery("1", ANNA))
    fake.page.attachments.clear()
    assert notifier.notify(pictured, Delivery("2", ANNA)).parts.keys() == {"text", "snapshot"}
    assert len(uploads(fake)) == 2
    assert notifier.notify(pictured, Delivery("3", ANNA)).parts.keys() == {"text", "snapshot"}
    assert len(uploads(fake)) == 2


def test_no_more_than_200_uploads_are_remembered(fake, opened, tmp_path):
    context = Context(clock=FakeClock())
    notifier = opened(context)
    for number in range(205):
        context.clock.advance(1)
        notifier._sending._uploads.keep(b"%d" % number, f"id-{number}")
    assert len(context.state["attachments"]) == 200
    assert notifier._sending._uploads.find(b"4") == ""
    assert notifier._sending._uploads.find(b"5") == "id-5"


def test_a_retry_sends_what_is_missing_and_nothing_else(fake, opened, filmed):
    notifier = opened()
    fake.script("2", after=2)  # the text and the upload go well
    with pytest.raises(TransientError) as caught:
        notifier.notify(filmed, Delivery("k", ANNA))
    assert caught.value.sent == {"text": fake.messages[0].id}
    receipt = notifier.notify(filmed, Delivery("k", ANNA, 2, caught.value.sent))
    assert [message.kind for message in fake.messages] == ["text", "image", "video"]
    assert receipt.id == fake.messages[0].id
    assert receipt.parts.keys() == {"text", "snapshot", "clip"}
    assert len(uploads(fake)) == 2


def test_an_upload_whose_answer_is_lost_was_seen_by_nobody_and_passes(fake, opened, pictured):
    fake.script("dropped", after=1)
    with pytest.raises(TransientError, match="could not be uploaded") as caught:
        opened(on_unknown="assume_sent").notify(pictured, Delivery("k", ANNA))
    assert caught.value.sent.keys() == {"text"}


@pytest.mark.parametrize("fault", ["100/2018047", "100/2018109", "368"])
def test_once_the_text_has_arrived_a_picture_that_is_refused_for_good_is_left_out(
    fake, opened, pictured, fault, caplog
):
    fake.script(fault, after=1)
    receipt = opened().notify(pictured, Delivery("k", ANNA))
    assert receipt.parts.keys() == {"text"}
    assert "The snapshot of an alert is left out" in caplog.text


def test_files_that_are_gone_empty_or_too_big_do_not_hold_up_the_text(fake, opened, filmed, caplog):
    filmed.snapshot.unlink()
    with filmed.clip.open("wb") as file:
        file.truncate(LARGEST + 1)
    assert opened().notify(filmed, Delivery("k", ANNA)).parts.keys() == {"text"}
    filmed.snapshot.touch()
    assert opened().notify(replace(filmed, clip=None), Delivery("k", ANNA)).parts.keys() == {"text"}
    assert [message.message.get("quick_replies") for message in fake.messages] == [OK, OK]
    for why in ("cannot be read", "larger than the 25 MB", "is empty"):
        assert why in caplog.text


def test_a_long_text_is_cut_and_taken(fake, opened):
    fake.settings.text_unit = "utf-16"
    opened().notify(media.alert("\U0001f525 at the gate. " * 400), Delivery("k", ANNA))
    assert fake.messages[0].text.endswith("…")
    assert LIMIT - 2 <= len(fake.messages[0].text.encode("utf-16-le")) // 2 <= LIMIT


def test_an_alert_without_words_names_rule_and_source(fake, opened):
    opened().notify(media.alert(" \n", rule="intruder", source="lobby"), Delivery("k", ANNA))
    assert fake.messages[0].text == "intruder: lobby"


def test_a_template_never_gets_an_empty_text():
    body = filled(Options(name="alarm"), media.alert(" ", rule="intruder", source="lobby"))
    assert body["components"][0]["parameters"] == [{"type": "text", "text": "intruder: lobby"}]


def test_a_template_reaches_people_whose_window_is_closed(fake, opened, pictured):
    fake.clock.advance(3 * DAY)
    fake.page.permissions.add("page_utility_messaging")
    fake.page.templates["alarm", "en"] = Template("alarm", "Alarm of {{2}}: {{1}}")
    template = {"name": "alarm", "parameters": ["{text}", "{rule}, {source}"]}
    receipt = opened(mode="utility", template=template).notify(
        replace(pictured, text="Somebody is\n at the gate."), Delivery("k", ANNA)
    )
    [message] = fake.messages
    assert message.text == "Alarm of intruder, lobby: Somebody is at the gate."
    assert message.messaging_type == "UTILITY"
    assert receipt.parts.keys() == {"text"}  # no picture may go there


def test_a_person_without_an_address_is_a_mistake_of_the_file(opened, fake):
    with pytest.raises(PermanentError, match=re.escape('anna: [{messenger: "1234567"}]')):
        opened().notify(media.alert(), Delivery("k"))
    assert len(fake.requests) == 0
