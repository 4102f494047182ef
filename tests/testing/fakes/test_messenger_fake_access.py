"""Points 14 to 17 of what a faithful Messenger Platform does: versions, tokens, proofs, bodies."""

from __future__ import annotations

import hashlib
import hmac
import json
import time

import pytest
import requests
from messenger_client import ANNA, JPEG, VERSION, accepted, platform, refusal

from instantreact_sdk.testing.fakes import FakeClock, MessengerFake
from instantreact_sdk.testing.fakes.messenger import GRAPH_ERRORS, App, Page, Person, Settings

SAID = {"recipient": {"id": ANNA}, "messaging_type": "RESPONSE", "message": {"text": "x"}}


# 14: versions and paths


@pytest.mark.parametrize("version", ["v21.0", "v25.0", "v26.0"])
@pytest.mark.parametrize("page", ["me", "104000000000001"])
def test_each_living_version_takes_messages_at_the_page_and_at_me(version, page):
    with platform() as (fake, client):
        accepted(client.post(f"{page}/messages", version, json=SAID))
        assert "attachment_id" in client.upload().json()
        assert [attempt.edge for attempt in fake.attempts] == ["messages", "message_attachments"]


@pytest.mark.parametrize(
    ("version", "error"), [("v20.0", "2635"), ("v2.6", "2635"), ("v27.0", "2500"), ("v26", "2500")]
)
def test_expired_and_unknown_versions_are_refused(version, error):
    with platform() as (fake, client):
        assert refusal(client.post("me/messages", version, json=SAID)) == (400, error)
        assert fake.messages == []


def test_a_call_without_a_version_is_refused():
    with platform() as (fake, client):
        answer = client.session.post(f"{fake.url}/me/messages", json=SAID)
        assert refusal(answer) == (400, "2500")


def test_versions_can_be_set():
    with platform(settings=Settings(versions=("v9.0",))) as (_, client):
        accepted(client.post("me/messages", "v9.0", json=SAID))
        expired = client.post("me/messages", "v8.0", json=SAID)
        assert "v9.0" in expired.json()["error"]["message"]


@pytest.mark.parametrize(
    ("method", "path", "error"),
    [
        ("POST", "me/elsewhere", "2500"),
        ("POST", "105000000000005/messages", "100/33"),
        ("GET", "105000000000005", "100/33"),
        ("GET", "me/messages", "100/33"),
        ("DELETE", "me/messages", "100/33"),
        ("PUT", "me/messages", "100/33"),
    ],
)
def test_other_paths_and_methods_are_refused(method, path, error):
    with platform() as (fake, client):
        answer = client.session.request(method, f"{fake.url}/{VERSION}/{path}", json=SAID)
        assert refusal(answer) == (400, error)


# 15: tokens


def test_the_token_is_found_wherever_it_stands():
    with platform() as (fake, client):
        del client.session.headers["Authorization"]
        token, url = fake.page.token, f"{fake.url}/{VERSION}/me/messages"
        form = {"messaging_type": "RESPONSE"} | {name: json.dumps(SAID[name]) for name in ("recipient", "message")}
        post = client.session.post
        accepted(post(url, json=SAID, headers={"Authorization": f"Bearer {token}"}))
        accepted(post(url, json=SAID, params={"access_token": token}))
        accepted(post(url, json=SAID | {"access_token": token}))
        accepted(post(url, data=form | {"access_token": token}))
        accepted(post(url, data=form | {"access_token": token}, files={"unused": ("a", b"a", "image/png")}))
        places = [attempt.token_in for attempt in fake.attempts]
        assert places == [("header",), ("query",), ("body",), ("body",), ("body",)]


def test_without_a_token_nothing_is_taken():
    with platform() as (fake, client):
        del client.session.headers["Authorization"]
        assert refusal(client.say()) == (400, "104")
        assert (fake.messages, fake.attempts[-1].token_in) == ([], ())


@pytest.mark.parametrize(("fields", "error"), [({}, "190"), ({"appsecret_proof": "\ud800"}, "100")])
def test_a_token_and_a_proof_of_half_characters_are_refused(fields, error):
    with platform() as (_, client):
        assert refusal(client.say(access_token="\ud800", **fields)) == (400, error)


@pytest.mark.parametrize("status", [400, 401])
def test_a_bad_token_is_refused_with_the_status_that_was_set(status):
    with platform(settings=Settings(token_status=status)) as (fake, client):
        client.session.headers["Authorization"] = "Bearer EAAwrong"
        assert refusal(client.say()) == (status, "190")
        assert fake.messages == []


def test_a_token_can_be_revoked_and_given_back():
    with platform() as (fake, client):
        for name in ("190/463", "190/460"):
            fake.page.token_error = GRAPH_ERRORS[name]
            assert refusal(client.say()) == (400, name)
        fake.page.token_error = None
        accepted(client.say())


def test_each_page_has_a_token_and_people_of_its_own():
    with platform() as (fake, client):
        fake.add_page(Page("105000000000005", "EAAother", people={"8": Person("8", "Cora")}))
        fake.write("8", "Hello")
        accepted(client.say())
        assert refusal(client.say(psid="8")) == (400, "100/2018001")
        client.session.headers["Authorization"] = "Bearer EAAother"
        assert refusal(client.say()) == (400, "100/2018001")
        accepted(client.say(psid="8"))
        assert refusal(client.post(f"{fake.page.id}/messages", json=SAID)) == (400, "100/33")
        assert [(message.page, message.recipient) for message in fake.messages] == [
            ("104000000000001", ANNA),
            ("105000000000005", "8"),
        ]


# 16: proofs of the app's secret


def proof(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize("required", [False, True])
def test_both_kinds_of_proof_are_taken(required):
    app, clock = App("1", "the secret"), FakeClock()
    with platform(app=app, clock=clock, settings=Settings(proof_required=required)) as (fake, client):
        token, now = fake.page.token, int(clock.now().timestamp())
        classic = {"appsecret_proof": proof("the secret", token)}
        timed = {"appsecret_proof": proof("the secret", f"{token}|{now}"), "appsecret_time": str(now)}
        for given in (classic, timed):
            accepted(client.say(**given))
            assert client.get("me", **given).ok
        clock.advance(299)
        accepted(client.say(**timed))
        clock.advance(3)
        assert refusal(client.say(**timed)) == (400, "100")


def test_a_proof_that_is_wrong_is_refused_though_none_was_required():
    with platform() as (fake, client):
        token, now = fake.page.token, int(time.time())
        for given in (
            {"appsecret_proof": "00"},
            {"appsecret_proof": proof("another", token)},
            {"appsecret_proof": proof(fake.app.secret, f"{token}|{now}")},  # and no time with it
            {"appsecret_proof": proof(fake.app.secret, token), "appsecret_time": str(now)},
            {"appsecret_proof": proof(fake.app.secret, f"{token}|soon"), "appsecret_time": "soon"},
        ):
            error = client.say(**given).json()["error"]
            assert (error["type"], error["code"]) == ("GraphMethodException", 100)
            assert error["message"] == "Invalid appsecret_proof provided in the API argument"


def test_a_proof_can_be_required():
    with platform(settings=Settings(proof_required=True)) as (fake, client):
        error = client.say().json()["error"]
        assert error["message"] == "API calls from the server require an appsecret_proof argument"
        assert (error["type"], fake.messages) == ("GraphMethodException", [])


# 17: bodies


def test_json_forms_and_forms_with_files_say_the_same():
    with platform() as (fake, client):
        as_json = {"recipient": json.dumps({"id": ANNA}), "message": json.dumps({"text": "Gr\u00fc\u00dfe \U0001f6a8"})}
        fields = {"messaging_type": "RESPONSE", **as_json}
        accepted(client.say("Gr\u00fc\u00dfe \U0001f6a8"))
        accepted(client.post("me/messages", data=fields))
        accepted(client.post("me/messages", files={name: (None, value) for name, value in fields.items()}))
        accepted(client.post("me/messages", params=fields))
        assert [message.text for message in fake.messages] == ["Gr\u00fc\u00dfe \U0001f6a8"] * 4
        assert [attempt.text for attempt in fake.attempts] == ["Gr\u00fc\u00dfe \U0001f6a8"] * 4


@pytest.mark.parametrize("body", ["data", "files"])
@pytest.mark.parametrize("wrong", [{"message": "Hello"}, {"recipient": ANNA}, {"recipient": '"7"'}, {"message": "[1]"}])
def test_in_forms_objects_have_to_be_json(body, wrong):
    with platform() as (fake, client):
        fields = {"recipient": json.dumps({"id": ANNA}), "message": '{"text": "x"}', "messaging_type": "UPDATE"} | wrong
        given = fields if body == "data" else {name: (None, value) for name, value in fields.items()}
        assert refusal(client.post("me/messages", **{body: given})) == (400, "100")
        assert fake.messages == []


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff",
        b"[]",
        b"1",
        json.dumps(SAID | {"message": '{"text": "x"}'}).encode(),
        json.dumps(SAID | {"recipient": ANNA}).encode(),
        json.dumps(SAID | {"recipient": {"id": 7}}).encode(),
        json.dumps({"message": {"text": "x"}, "messaging_type": "UPDATE"}).encode(),
    ],
)
def test_json_that_is_no_message_is_refused(body):
    with platform() as (fake, client):
        answer = client.post("me/messages", data=body, headers={"Content-Type": "application/json"})
        assert refusal(answer) == (400, "100")
        assert fake.messages == []
        assert len(fake.attempts) == 1


def test_a_body_of_an_unknown_type_says_nothing():
    with platform() as (_, client):
        answer = client.post("me/messages", data=json.dumps(SAID), headers={"Content-Type": "text/plain"})
        assert answer.json()["error"]["message"] == "(#100) The parameter recipient is required"


def test_a_file_arrives_with_its_very_bytes():
    with platform() as (fake, client):
        picture = JPEG + b"\r\n--boundary--\r\n"
        accepted(client.send_file(file=("s\u00e9.jpg", picture, "image/jpeg")))
        got = fake.messages[0].attachment
        assert (got.content, got.filename, got.type, got.kind) == (picture, "s\u00e9.jpg", "image/jpeg", "image")


def test_the_fake_can_stand_for_an_app_of_ones_own():
    page = Page("42", "EAAmine", name="Gate", people={"1": Person("1", "Dora Eka")})
    with MessengerFake(page, App("43", "mine")) as fake:
        fake.write("1", "Hello")
        answer = requests.post(
            f"{fake.url}/v25.0/42/messages",
            json=SAID | {"recipient": {"id": "1"}},
            headers={"Authorization": "Bearer EAAmine"},
            timeout=20,
        )
        assert answer.json()["recipient_id"] == "1"
        assert answer.headers["facebook-api-version"] == "v25.0"
