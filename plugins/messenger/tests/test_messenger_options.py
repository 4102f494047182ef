"""What may be set, and what is refused with its reason."""

from __future__ import annotations

import pytest
from instantreact_messenger.options import TAGS, MessengerOptions
from pydantic import ValidationError


def refusal(**given):
    with pytest.raises(ValidationError) as caught:
        MessengerOptions(**{"page_token": "EAAsecret", **given})
    assert "EAAsecret" not in str(caught.value)
    return str(caught.value)


def test_a_token_is_all_that_is_needed():
    options = MessengerOptions(page_token="EAAsecret")
    assert (options.version, options.mode, options.page, options.on_unknown) == ("v26.0", "response", "me", "retry")
    assert options.base_url == "https://graph.facebook.com"


@pytest.mark.parametrize("tag", ["CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE"])
@pytest.mark.parametrize("key", ["tag", "message_tag", "messaging_type", "mode"])
def test_retired_tags_are_refused_with_the_reason(tag, key):
    assert "Meta refuses them since 27 April 2026" in refusal(**{key: tag})
    assert "Meta refuses them since 27 April 2026" in refusal(**{key: tag.lower()})


def test_the_tag_for_people_is_refused_for_an_alarm():
    assert "what a person writes" in refusal(tag="HUMAN_AGENT")
    assert "`mode` decides" in refusal(messaging_type="RESPONSE")
    assert set(TAGS) == {"CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE", "HUMAN_AGENT"}


def test_the_mode_utility_and_a_template_need_each_other():
    assert "needs a `template`" in refusal(mode="utility")
    assert "is for the mode `utility`" in refusal(template={"name": "alarm"})
    assert MessengerOptions(page_token="t", mode="utility", template={"name": "alarm"}).template.parameters == (
        "{text}",
    )


def test_only_the_mode_response_has_a_reservation():
    assert "within 24 hours" in MessengerOptions(page_token="t").reservations()
    assert MessengerOptions(page_token="t", mode="utility", template={"name": "alarm"}).reservations() == ""


@pytest.mark.parametrize("parameter", ["{txt}", "{text", "}", "{}", "{0}", "{text.__class__}", "{text!r}", "{text:>9}"])
def test_a_template_parameter_holds_what_an_alert_has(parameter):
    template = {"name": "alarm", "parameters": [parameter]}
    assert "a parameter may hold" in refusal(mode="utility", template=template)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://graph.facebook.com", "unencrypted"),
        ("http://127.0.0.1.example.org", "unencrypted"),
        ("http://10.0.0.7:8080", "unencrypted"),
        ("https://", "begins with https://"),
        ("https://anna:pass@graph.facebook.com", "no user"),
        ("https://graph.facebook.com/?a=1", "no `?`"),
        ("ftp://graph.facebook.com", "begins with https://"),
        ("https://[::1", "no web address"),
        ("https://host:99999", "no web address"),
    ],
)
def test_the_token_leaves_this_machine_encrypted_only(address, why):
    assert why in refusal(base_url=address)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1234", "http://localhost", "http://[::1]:80", "https://proxy.example/fb/"]
)
def test_fakes_and_proxies_are_reached_by_the_address(address):
    assert MessengerOptions(page_token="t", base_url=address).base_url == address.rstrip("/")


def test_the_page_may_be_written_as_a_number():
    assert MessengerOptions(page_token="t", page=104000000000001).page == "104000000000001"


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": "26"},
        {"version": "v26.0/../.."},
        {"page": "my.page"},
        {"page": "1/messages"},
        {"mode": "both"},
        {"on_unknown": "hope"},
        {"button": "a title of more than 20"},
        {"poll": -1},
        {"connect_timeout": 0},
        {"read_timeout": 0},
        {"total_timeout": 0},
        {"page_token": None},
        {"mode": "utility", "template": {"name": ""}},
        {"mode": "utility", "template": {"name": "alarm", "language": "English"}},
    ],
)
def test_what_cannot_be_is_refused(wrong):
    assert refusal(**wrong)
