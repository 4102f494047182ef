"""What the fake webhook takes, and how it fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests
from deadline import until

from instantreact_sdk import OutcomeUnknown
from instantreact_sdk.testing import fixtures
from instantreact_sdk.testing.conformance.case import Failure, Sent
from instantreact_sdk.testing.fakes.fake_clock import FakeClock
from instantreact_sdk.testing.fakes.http_fake import HTTP_FAILURES
from instantreact_sdk.testing.fakes.webhook import WEBHOOK_FAILURES, Post, WebhookFake

instantreact_webhook = fixtures.instantreact_webhook

SOON = 0.2  # seconds after which a client that waits for nothing gives up
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def client() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False  # no proxy on the way
        yield session


def post(
    client: requests.Session, fake: WebhookFake, key: str, text: str = "x", timeout: float = 20
) -> requests.Response:
    return client.post(f"{fake.url}/alerts", json={"text": text}, headers={"Idempotency-Key": key}, timeout=timeout)


def test_a_document_is_kept_with_its_key(client):
    clock = FakeClock(NOON)
    with WebhookFake(clock=clock) as fake:
        first = post(client, fake, "k-1", "Gr\u00fc\u00dfe")
        clock.advance(1.5)
        second = client.post(f"{fake.url}/other", json=[1, 2])
    assert [answer.json() for answer in (first, second)] == [
        {"id": "1", "repeated": False},
        {"id": "2", "repeated": False},
    ]
    assert fake.posts == [
        Post(NOON, "/alerts", "k-1", {"text": "Gr\u00fc\u00dfe"}),
        Post(NOON.replace(second=1, microsecond=500_000), "/other", "", [1, 2]),
    ]
    assert fake.sent == [Sent(body="Gr\u00fc\u00dfe", key="k-1")]


def test_who_was_told_is_read_from_the_document(client):
    with WebhookFake(header="X-Key") as fake:
        headers = {"X-Key": "k-1"}
        client.post(fake.url, json={"recipient": "anna", "part": "snapshot", "message": "picture"}, headers=headers)
    assert fake.sent == [Sent("anna", "snapshot", "picture", "k-1")]


def test_a_document_of_another_form_is_read_as_the_author_says(client):
    with WebhookFake(sent=lambda post: [Sent(to, body=post.data["say"]) for to in post.data["to"]]) as fake:
        client.post(fake.url, json={"say": "fire", "to": ["anna", "ben"]})
    assert fake.sent == [Sent("anna", body="fire"), Sent("ben", body="fire")]


def test_by_default_what_comes_again_is_taken_again_and_counted(client):
    with WebhookFake() as fake:
        for key in ("k-1", "k-2", "k-1"):
            post(client, fake, key)
    assert [one.key for one in fake.posts] == ["k-1", "k-2", "k-1"]
    assert fake.repeated == ["k-1"]
    assert len(fake.sent) == 3


def test_one_that_knows_keys_takes_each_once(client):
    with WebhookFake(deduplicates=True) as fake:
        answers = [post(client, fake, key).json() for key in ("k-1", "k-2", "k-1", "k-1")]
    repeated = {"id": "1", "repeated": True}
    assert answers == [{"id": "1", "repeated": False}, {"id": "2", "repeated": False}, repeated, repeated]
    assert [one.key for one in fake.posts] == ["k-1", "k-2"]
    assert [one.key for one in fake.sent] == ["k-1", "k-2"]
    assert fake.repeated == ["k-1", "k-1"]


def test_documents_without_a_key_are_never_the_same(client):
    with WebhookFake(deduplicates=True) as fake:
        for _ in range(2):
            assert client.post(fake.url, json={"text": "x"}).json()["repeated"] is False
    assert len(fake.posts) == 2
    assert fake.repeated == []


def test_what_is_no_json_or_no_post_is_refused(client):
    with WebhookFake() as fake:
        assert client.post(fake.url, data=b"text=x").status_code == 400
        wrong = client.get(fake.url)
        assert (wrong.status_code, wrong.headers["Allow"]) == (405, "POST")
        assert fake.posts == fake.sent == []
        assert post(client, fake, "k-1").ok


def test_it_fails_as_any_service_and_by_losing_its_answer():
    unknown = Failure(OutcomeUnknown)
    usual = {name: failure for name, (failure, _) in HTTP_FAILURES.items()}
    assert WebhookFake().failures == {**usual, "dropped": unknown, "unanswered": unknown}
    assert set(WEBHOOK_FAILURES) == set(WebhookFake().failures)


@pytest.mark.parametrize(
    ("name", "taken"), [("reset", False), ("silent", False), ("dropped", True), ("unanswered", True)]
)
def test_a_message_whose_answer_is_lost_was_taken_or_not(client, name, taken):
    with WebhookFake(deduplicates=True) as fake:
        fake.script(name)
        with pytest.raises(requests.RequestException):
            post(client, fake, "k-1", timeout=SOON)
        until(lambda: fake.exchanges)
        assert bool(fake.posts) is bool(fake.sent) is taken
        assert post(client, fake, "k-1").json() == {"id": "1", "repeated": taken}
        assert len(fake.posts) == len(fake.sent) == 1


def test_refusals_take_nothing(client):
    with WebhookFake() as fake:
        fake.script("busy", "limited", "gone")
        answers = [post(client, fake, "k-1") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [503, 429, 410, 200]
    assert answers[1].headers["Retry-After"] == "7"
    assert len(fake.posts) == 1


def test_at_random_every_message_arrives_for_a_client_that_tries_again_and_twice_only_where_its_answer_was_lost(client):
    keys = [f"k-{number}" for number in range(150)]
    with WebhookFake() as fake:
        fake.at_random({"busy": 0.2, "reset": 0.1, "dropped": 0.1}, seed=7)
        for key in keys:
            while True:
                try:
                    if post(client, fake, key).ok:
                        break
                except requests.ConnectionError:
                    continue
        met = Counter(exchange.failure for exchange in fake.exchanges)
    assert [*dict.fromkeys(one.key for one in fake.posts)] == keys
    assert len(fake.posts) - len(keys) == met["dropped"] == len(fake.repeated) > 0
    assert met["busy"] > 0 < met["reset"]
    assert met[""] == len(keys)


def test_the_fixture_makes_one_that_listens(instantreact_webhook, client):
    fake = instantreact_webhook(deduplicates=True)
    assert post(client, fake, "k-1").ok
    assert fake.posts[0].key == "k-1"
