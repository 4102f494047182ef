"""Points 18 to 20 of what a faithful Messenger Platform does: who may be written to, when, and as what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from messenger_client import ANNA, BEN, accepted, platform, refusal

from instantreact_sdk.testing.fakes.messenger import Settings, Template

DAY = 24 * 3600.0

# 18: people


def test_only_those_whom_the_page_knows_can_be_written_to():
    with platform() as (fake, client):
        assert refusal(client.say(psid="7999999999999999")) == (400, "100/2018001")
        fake.write("7999999999999999", "Hello", name="Cora Fon")
        accepted(client.say(psid="7999999999999999"))
        assert client.get("7999999999999999").json() == {
            "first_name": "Cora",
            "last_name": "Fon",
            "id": "7999999999999999",
        }


@pytest.mark.parametrize("recipient", [{}, {"id": ""}, {"phone_number": "+1"}, {"user_ref": "x"}])
def test_a_recipient_has_an_id(recipient):
    with platform() as (_, client):
        assert refusal(client.say(recipient=recipient)) == (400, "100")


def test_an_app_in_development_reaches_those_with_a_role_only():
    with platform(settings=Settings(development_mode=True)) as (fake, client):
        assert refusal(client.say()) == (403, "200/2018028")
        fake.page.people[ANNA].has_role = True
        accepted(client.say())
        fake.settings.development_mode = False
        fake.write(BEN, "Hello")
        accepted(client.say(psid=BEN))


def test_who_has_blocked_the_page_is_not_available():
    with platform() as (fake, client):
        fake.page.people[ANNA].blocked = True
        assert refusal(client.say()) == (400, "551")
        assert fake.messages == []


def test_a_page_without_the_permission_to_write_is_refused():
    with platform() as (fake, client):
        fake.page.permissions.remove("pages_messaging")
        assert refusal(client.say()) == (403, "230")
        assert refusal(client.upload()) == (403, "230")


# 19: the window of 24 hours


def test_a_window_is_open_for_24_hours_and_each_person_has_their_own():
    with platform() as (fake, client):
        assert refusal(client.say(psid=BEN)) == (400, "10/2018278")
        fake.clock.advance(DAY / 2)
        fake.write(BEN, "Hello")
        fake.clock.advance(DAY / 2 - 1)
        accepted(client.say())
        fake.clock.advance(1)
        assert refusal(client.say()) == (400, "10/2018278")
        accepted(client.say(psid=BEN))
        fake.write(ANNA, "I am here")
        accepted(client.say())


@pytest.mark.parametrize("opening", ["write", "press", "react"])
def test_whatever_a_person_does_opens_the_window(opening):
    with platform() as (fake, client):
        mid = accepted(client.say())
        fake.clock.advance(DAY)
        match opening:
            case "write":
                fake.write(ANNA, "ok")
            case "press":
                fake.press(ANNA, "acknowledge")
            case "react":
                fake.react(ANNA, mid)
        accepted(client.say())


def test_what_the_platform_tells_of_a_message_opens_nothing():
    with platform() as (fake, client):
        mid = accepted(client.say())
        fake.clock.advance(DAY)
        fake.deliver(ANNA, mid)
        fake.see(ANNA)
        fake.echo(mid)
        assert refusal(client.say()) == (400, "10/2018278")


@pytest.mark.parametrize(("closed", "status"), [("10/2018278", 400), ("10/2534022", 403), ("10/2018065", 400)])
def test_a_closed_window_is_refused_as_was_set(closed, status):
    with platform(settings=Settings(closed_window=closed)) as (_, client):
        assert refusal(client.say(psid=BEN)) == (status, closed)
        assert refusal(client.say(psid=BEN, messaging_type="UPDATE")) == (status, closed)


def test_a_window_ends_by_the_wall_clock():
    with platform() as (fake, client):
        fake.clock.set(fake.clock.now() + timedelta(days=1))
        assert refusal(client.say()) == (400, "10/2018278")
        fake.clock.set(fake.clock.now() - timedelta(days=2))
        accepted(client.say())


def test_that_somebody_types_is_told_within_the_window_and_alone():
    with platform() as (fake, client):
        shown = client.send(None, messaging_type=None, sender_action="typing_on")
        assert shown.json() == {"recipient_id": ANNA}
        assert fake.messages == []
        assert refusal(client.send(None, sender_action="dancing")) == (400, "100")
        assert refusal(client.say(sender_action="typing_on")) == (400, "100")
        assert refusal(client.send(None, psid=BEN, sender_action="typing_on")) == (400, "10/2018278")


# 20: what goes outside of the window


@pytest.mark.parametrize("tag", ["CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE"])
def test_retired_tags_are_refused_in_the_window_and_outside(tag):
    with platform() as (_, client):
        for psid in (ANNA, BEN):
            assert refusal(client.say(psid=psid, messaging_type="MESSAGE_TAG", tag=tag)) == (400, "100/1893061")


@pytest.mark.parametrize("tag", ["", "SOMETHING", None])
def test_other_tags_are_refused(tag):
    with platform() as (_, client):
        assert refusal(client.say(messaging_type="MESSAGE_TAG", tag=tag)) == (400, "100")


def test_human_agents_need_a_permission_and_have_seven_days():
    with platform() as (fake, client):
        fake.clock.advance(DAY)
        human = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
        assert refusal(client.say(**human)) == (403, "10")
        fake.page.permissions.add("human_agent")
        fake.clock.advance(6 * DAY - 1)
        accepted(client.say(**human))
        assert fake.messages[0].tag == "HUMAN_AGENT"
        fake.clock.advance(1)
        assert refusal(client.say(**human)) == (400, "10/2018278")


def utility(name: str, *parameters: str, language: str = "en") -> dict[str, object]:
    body = {"type": "body", "parameters": [{"type": "text", "text": text} for text in parameters]}
    return {"template": {"name": name, "language": {"code": language}, "components": [body]}}


def test_an_approved_template_is_filled_and_goes_at_any_time():
    with platform() as (fake, client):
        fake.page.permissions.add("page_utility_messaging")
        fake.page.add_template(Template("seen", "{{1}} at {{2}}. Again: {{1}}."))
        accepted(client.send(utility("seen", "Motion", "the gate"), psid=BEN, messaging_type="UTILITY"))
        (message,) = fake.messages
        assert (message.kind, message.text) == ("utility", "Motion at the gate. Again: Motion.")
        assert fake.sent[0].part == "text"


@pytest.mark.parametrize(
    "message",
    [
        utility("seen"),
        utility("seen", "a", "b"),
        utility("seen", ""),
        utility("other", "a"),
        utility("seen", "a", language="fr"),
        utility("waiting", "a"),
        {"text": "x"},
        {"template": "seen"},
        {"template": {"name": "seen", "language": "en"}},
        {"template": {"name": ["seen"], "language": {"code": "en"}}},
        {"template": {"name": "seen", "language": {"code": "en"}, "components": {"type": "body"}}},
    ],
)
def test_a_template_has_to_be_approved_and_its_parameters_to_fit(message):
    with platform() as (fake, client):
        fake.page.permissions.add("page_utility_messaging")
        fake.page.add_template(Template("seen", "{{1}}."))
        fake.page.add_template(Template("waiting", "{{1}}.", status="PENDING"))
        assert refusal(client.send(message, messaging_type="UTILITY")) == (400, "100")
        assert fake.messages == []


def test_templates_need_a_permission():
    with platform() as (fake, client):
        fake.page.add_template(Template("seen", "{{1}}."))
        assert refusal(client.send(utility("seen", "a"), messaging_type="UTILITY")) == (403, "10")
        assert refusal(client.post("me/message_templates", json={})) == (403, "10")


def test_a_template_may_be_expected_beside_the_message():
    with platform(settings=Settings(template_in_message=False)) as (fake, client):
        fake.page.permissions.add("page_utility_messaging")
        fake.page.add_template(Template("seen", "{{1}}."))
        accepted(client.send(None, messaging_type="UTILITY", **utility("seen", "a")))
        assert refusal(client.send(utility("seen", "a"), messaging_type="UTILITY")) == (400, "100")


def test_a_template_is_made_approved_listed_and_sent():
    with platform() as (fake, client):
        fake.page.permissions.add("page_utility_messaging")
        components = [{"type": "BODY", "text": "{{1}} at the gate."}]
        made = {"name": "gate", "language": "en", "category": "UTILITY", "components": components}
        answer = client.post(f"{fake.page.id}/message_templates", json=made).json()
        assert (answer["status"], answer["category"]) == ("APPROVED", "UTILITY")
        listed = client.get("me/message_templates", name="gate").json()["data"]
        assert listed == [{**made, "status": "APPROVED"}]
        assert client.get("me/message_templates", name="other").json() == {"data": []}
        accepted(client.send(utility("gate", "Smoke"), psid=BEN, messaging_type="UTILITY"))
        assert fake.messages[0].text == "Smoke at the gate."


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Gate!"},
        {"name": None},
        {"category": "MARKETING"},
        {"language": ""},
        {"components": []},
        {"components": 1},
    ],
)
def test_a_template_that_is_none_is_refused(change):
    with platform() as (fake, client):
        fake.page.permissions.add("page_utility_messaging")
        made = {"name": "gate", "language": "en", "category": "UTILITY", "components": [{"type": "BODY", "text": "x"}]}
        assert refusal(client.post("me/message_templates", json=made | change)) == (400, "100")
        assert fake.page.templates == {}
