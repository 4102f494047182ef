"""What the notifier posts, to a web service on this machine."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from instantreact_sdk import Context, OutcomeUnknown, PermanentError, PluginError, TransientError
from instantreact_sdk.testing import Answer, HttpFake, media

from instantreact_frozen_notifier.notifier import FrozenNotifierNotifier
from instantreact_frozen_notifier.options import FrozenNotifierNotifierOptions


@contextmanager
def opened(url: str) -> Iterator[FrozenNotifierNotifier]:
    options = FrozenNotifierNotifierOptions.model_validate({"url": url, "timeout": 1})
    notifier = FrozenNotifierNotifier(options)
    notifier.open(Context())
    try:
        yield notifier
    finally:
        notifier.close()


def test_the_text_is_posted_with_its_recipient_and_key() -> None:
    with HttpFake() as service, opened(service.url) as notifier:
        notifier.notify(media.alert("Fire!"), media.delivery("anna", key="k1"))
    (request,) = service.requests
    assert (request.json()["text"], request.json()["recipient"]) == ("Fire!", "anna")
    assert request.headers["Idempotency-Key"] == "k1:text"


def test_a_retry_posts_only_what_was_not_posted(tmp_path: Path) -> None:
    alert = media.alert(snapshot=media.snapshot(tmp_path))
    with HttpFake() as service, opened(service.url) as notifier:
        receipt = notifier.notify(alert, media.delivery(done={"text": ""}))
    (request,) = service.requests
    assert base64.b64decode(request.json()["jpeg"]) == (tmp_path / "snapshot.jpg").read_bytes()
    assert set(receipt.parts) == {"text", "snapshot"}


def test_a_picture_that_fails_leaves_the_text_sent(tmp_path: Path) -> None:
    answers = iter([Answer(204), Answer(503, headers={"Retry-After": "9"})])
    alert = media.alert(snapshot=media.snapshot(tmp_path))
    with (
        HttpFake(lambda request: next(answers)) as service,
        opened(service.url) as notifier,
        pytest.raises(TransientError) as failed,
    ):
        notifier.notify(alert, media.delivery())
    assert (failed.value.retry_after, set(failed.value.sent)) == (9.0, {"text"})


def test_a_picture_that_is_gone_does_not_hold_up_the_text(tmp_path: Path) -> None:
    with HttpFake() as service, opened(service.url) as notifier:
        notifier.notify(media.alert(snapshot=tmp_path / "gone.jpg"), media.delivery())
    assert [request.json()["part"] for request in service.requests] == ["text"]


@pytest.mark.parametrize(
    ("failure", "error"),
    [("refused", TransientError), ("busy", TransientError), ("gone", PermanentError), ("silent", OutcomeUnknown)],
)
def test_each_failure_is_told_as_what_it_is(failure: str, error: type[PluginError]) -> None:
    with HttpFake() as service, opened(service.url) as notifier, service.failing(failure), pytest.raises(error):
        notifier.notify(media.alert(), media.delivery())


def test_the_address_is_never_told() -> None:
    with pytest.raises(PluginError) as refused, opened("ftp://example.org/sesame"):
        pass
    assert "sesame" not in str(refused.value)
