"""What can be read of the fake Messenger Platform: the token, the Page, people, and what was said."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from messenger_client import ANNA, BEN, VERSION, Client, accepted, platform, refusal

from instantreact_sdk.testing.fakes import MessengerFake
from instantreact_sdk.testing.fakes.messenger import GRAPH_ERRORS, Person

# The token and the Page


def test_a_token_tells_of_which_page_it_is():
    with platform() as (fake, client):
        assert client.get("me").json() == {"name": "Night Watch", "id": "104000000000001"}
        assert client.get(fake.page.id, fields="name").json() == {"name": "Night Watch", "id": "104000000000001"}
        assert client.get("me", fields="id").json() == {"id": "104000000000001"}
        error = client.get("me", fields="id,likes").json()["error"]
        assert error["message"] == "(#100) Tried accessing nonexisting field (likes) on node type (Page)"


@pytest.mark.parametrize("asking", ["page", "app"])
def test_what_a_token_may_do_can_be_asked(asking):
    with platform() as (fake, client):
        given = {"input_token": fake.page.token}
        if asking == "app":
            del client.session.headers["Authorization"]
            given["access_token"] = f"{fake.app.id}|{fake.app.secret}"
        told = client.get("debug_token", **given).json()["data"]
        assert told == {
            "app_id": fake.app.id,
            "type": "PAGE",
            "application": "Night Watch",
            "is_valid": True,
            "profile_id": fake.page.id,
            "expires_at": 0,
            "scopes": ["pages_manage_metadata", "pages_messaging", "pages_read_engagement", "pages_show_list"],
        }
        fake.page.token_error = GRAPH_ERRORS["190/463"]
        if asking == "page":
            assert refusal(client.get("debug_token", **given)) == (400, "190/463")
            return
        told = client.get("debug_token", **given).json()["data"]
        assert (told["is_valid"], told["error"]["code"], told["error"]["subcode"]) == (False, 190, 463)


def test_a_token_that_is_none_is_told_to_be_so():
    with platform() as (_, client):
        told = client.get("debug_token", input_token="EAAwrong").json()["data"]
        assert (told["is_valid"], told["error"]["code"]) == (False, 190)
        assert refusal(client.get("debug_token")) == (400, "100")
        client.session.headers["Authorization"] = "Bearer EAAwrong"
        assert refusal(client.get("debug_token", input_token="x")) == (400, "190")


def test_an_apps_own_token_sends_nothing():
    with platform() as (fake, client):
        client.session.headers["Authorization"] = f"Bearer {fake.app.id}|{fake.app.secret}"
        assert refusal(client.say()) == (400, "190")


# Conversations


def test_conversations_tell_who_said_what():
    with platform() as (fake, client):
        fake.clock.advance(60)
        sent = accepted(client.say("Fire?"))
        fake.clock.advance(60)
        heard = fake.write(ANNA, "Gr\u00fc\u00dfe")
        fields = "participants,updated_time,message_count,can_reply,messages{message,from,to,created_time}"
        (conversation,) = client.get("me/conversations", fields=fields).json()["data"]
        anna = {"name": "Anna Ngo", "email": f"{ANNA}@facebook.com", "id": ANNA}
        page = {"name": "Night Watch", "email": f"{fake.page.id}@facebook.com", "id": fake.page.id}
        assert conversation["participants"] == {"data": [anna, page]}
        now = fake.clock.now().strftime("%Y-%m-%dT%H:%M:%S+0000")
        assert conversation["updated_time"] == now
        assert (conversation["message_count"], conversation["can_reply"]) == (3, True)
        latest, earlier, first = conversation["messages"]["data"]
        assert latest == {
            "id": heard,
            "message": "Gr\u00fc\u00dfe",
            "from": anna,
            "to": {"data": [page]},
            "created_time": now,
        }
        assert (earlier["id"], earlier["from"], earlier["to"]) == (sent, page, {"data": [anna]})
        assert first["message"] == "Hello"


def test_without_fields_little_is_told():
    with platform() as (_, client):
        (conversation,) = client.get("me/conversations").json()["data"]
        assert conversation.keys() == {"id", "updated_time"}
        (message,) = client.get("me/conversations", fields="messages").json()["data"][0]["messages"]["data"]
        assert message.keys() == {"id", "created_time"}
        assert client.get(message["id"], fields="message").json() == {"id": message["id"], "message": "Hello"}


def test_buttons_and_replies_appear_by_what_is_written_on_them():
    with platform() as (fake, client):
        fake.write(ANNA, "OK", payload="ack")
        fake.press(ANNA, "ack", title="I go")
        told = client.get("me/conversations", fields="messages{message}").json()["data"][0]["messages"]["data"]
        assert [message["message"] for message in told] == ["I go", "OK", "Hello"]


def test_conversations_come_a_leaf_at_a_time_the_latest_first():
    with MessengerFake() as fake:
        client = Client(fake)
        people = [f"8{number:015d}" for number in range(7)]
        for psid in people:
            fake.write(psid, "Hello")
            fake.clock.advance(1)
        fake.write(people[0], "once more")
        wanted = [f"t_{psid}" for psid in (people[0], *people[:0:-1])]
        leaves, after = [], None
        while True:
            answer = client.get("me/conversations", limit=3, after=after).json()
            leaves.append([one["id"] for one in answer["data"]])
            if "next" not in answer["paging"]:
                break
            after = answer["paging"]["cursors"]["after"]
        assert leaves == [wanted[:3], wanted[3:6], wanted[6:]]
        before = client.get("me/conversations", limit=3, before=answer["paging"]["cursors"]["before"]).json()
        assert [one["id"] for one in before["data"]] == wanted[3:6]
        assert {"next", "previous"} <= before["paging"].keys()
        client.session.close()


def test_the_address_of_the_next_leaf_works_by_itself_and_holds_the_token():
    with platform() as (fake, client):
        for number in range(4):
            fake.write(ANNA, str(number))
        fields = "participants,messages.limit(2){message}"
        (conversation,) = client.get("me/conversations", fields=fields, user_id=ANNA).json()["data"]
        seen, leaf = [], conversation["messages"]
        while True:
            seen += [message["message"] for message in leaf["data"]]
            if "next" not in leaf["paging"]:
                break
            url = leaf["paging"]["next"]
            assert parse_qs(urlsplit(url).query)["access_token"] == [
                fake.page.token
            ]  # as with the real one: never log it
            leaf = requests.get(url, timeout=20).json()
        assert seen == ["3", "2", "1", "0", "Hello"]


@pytest.mark.parametrize("limit", ["0", "x", "", "1000"])
def test_a_leaf_has_25_and_never_more_than_100(limit):
    with platform() as (fake, client):
        for number in range(120):
            fake.write(ANNA, str(number))
        told = client.get(f"t_{ANNA}/messages", limit=limit).json()["data"]
        assert len(told) == (100 if limit == "1000" else 25)


def test_conversations_can_be_narrowed_down():
    with platform() as (fake, client):
        fake.write(BEN, "Hello")
        assert len(client.get("me/conversations", platform="messenger").json()["data"]) == 2
        assert client.get("me/conversations", platform="instagram").json() == {"data": []}
        (one,) = client.get("me/conversations", user_id=BEN).json()["data"]
        assert client.get(one["id"], fields="participants").json()["participants"]["data"][0]["id"] == BEN
        assert client.get("me/conversations", user_id="8").json() == {"data": []}


@pytest.mark.parametrize("path", ["t_8", "t_8/messages", "m_8", f"{ANNA}/messages", "8", "t_8/other"])
def test_what_is_not_there_is_refused(path):
    with platform() as (_, client):
        assert refusal(client.get(path)) == (400, "100/33")


def test_a_person_who_has_not_written_has_no_conversation():
    with platform() as (_, client):
        assert refusal(client.get(f"t_{BEN}")) == (400, "100/33")


@pytest.mark.parametrize(
    "fields",
    ["{", "messages{", "messages{message", "messages}", "a b", "messages.limit", "messages.limit(2", ",", "id,,name"],
)
def test_fields_that_are_written_wrongly_are_refused(fields):
    with platform() as (_, client):
        assert refusal(client.get("me/conversations", fields=fields)) == (400, "2500")


def test_a_cursor_of_somewhere_else_is_refused():
    with platform() as (_, client):
        for given in ({"after": "x"}, {"before": "eA=="}):
            assert refusal(client.get("me/conversations", **given)) == (400, "100")


@pytest.mark.parametrize("missing", ["pages_messaging", "pages_manage_metadata", "pages_read_engagement"])
def test_reading_needs_permissions(missing):
    with platform() as (fake, client):
        mid = fake.page.threads[ANNA][0].id
        fake.page.permissions.remove(missing)
        for path in ("me/conversations", f"t_{ANNA}", f"t_{ANNA}/messages", mid):
            answer = client.get(path)
            assert refusal(answer) == (403, "10")
            assert missing in answer.json()["error"]["message"]
        assert client.get("me").ok


def test_people_of_one_name_and_none_are_told():
    with platform() as (fake, client):
        fake.page.people["9"] = Person("9", "Cher")
        assert client.get("9").json() == {"first_name": "Cher", "last_name": "", "id": "9"}
        assert client.get("9", fields="name").json() == {"id": "9", "name": "Cher"}


def test_a_page_sees_its_own_conversations_only():
    with platform() as (fake, client):
        assert client.session.get(f"{fake.url}/{VERSION}/{fake.page.id}/conversations", timeout=20).ok
        assert refusal(client.get("105000000000005/conversations")) == (400, "100/33")
