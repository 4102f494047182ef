"""URLs that are taken, refused, and filled in."""

from __future__ import annotations

import pytest
from apprise import NotificationManager
from instantreact_apprise.address import filled
from instantreact_apprise.options import AppriseOptions
from instantreact_apprise.schemes import SCHEMES, WHOLE
from instantreact_apprise.services import Services
from pydantic import ValidationError
from told import host, opened, refusal

from instantreact_sdk import PermanentError, PluginError
from instantreact_sdk.testing import HttpFake, media


def said(**options) -> str:
    with pytest.raises(ValidationError) as refused:
        AppriseOptions(**options)
    [error] = refused.value.errors(include_url=False)
    return error["msg"].removeprefix("Value error, ")


# When the file is read


@pytest.mark.parametrize(
    ("url", "near"),
    [
        ("tgramm://TOKEN/1", "; did you mean tgram://?"),
        ("TELEGRAM://TOKEN/1", "; did you mean tgram://?"),
        ("pushover://KEY@TOKEN", "; did you mean pover://?"),
        ("smtp://host", "; did you mean mailto://?"),
        ("smtps://host", "; did you mean mailtos://?"),
        ("qwertyuiop://host", ""),
    ],
)
def test_an_unknown_service_is_refused_with_the_one_that_is_meant(url, near):
    assert said(url=url) == f"there is no service {url.partition('://')[0].lower()}:// in Apprise{near}"


@pytest.mark.parametrize("url", ["", "anna@example.com", "tgram:TOKEN/1", "://host", "+237600000000"])
def test_what_is_no_url_is_refused(url):
    assert said(url=url) == (
        "this is no Apprise URL: it begins with what Apprise calls the service, and `://`, as in tgram://TOKEN/CHAT"
    )


@pytest.mark.parametrize(
    ("argument", "reason"),
    [
        ("retry=3", "`retry=` has to be taken out: attempts inside an attempt would hold up other alerts"),
        ("WAIT=1", "`wait=` has to be taken out: attempts inside an attempt would hold up other alerts"),
        ("%72etry=3", "`retry=` has to be taken out"),
        ("a=1;retry=3", "`retry=` has to be taken out"),
        ("optional=yes", "`optional=` has to be taken out: a message that was not sent would count as sent"),
        ("redirect=yes", "`redirect=` has to be taken out: a message that is sent on"),
        ("rto=9", "`rto=` has to be taken out: `timeout` of the options"),
        ("cto=9", "`cto=` has to be taken out: `timeout` of the options"),
        ("overflow=Split", "`overflow=split` has to be taken out: of several messages some may be lost"),
    ],
)
def test_arguments_that_would_work_against_the_sdk_are_refused_with_the_reason(argument, reason):
    assert said(url=f"json://host/hook?{argument}&format=text").startswith(reason)


def test_several_urls_are_refused():
    for url in ("json://one, xml://two", "json://one xml://two", "json://one;xml://two"):
        assert said(url=url).startswith("it holds several URLs: give each service a notifier of its own")


def test_headers_that_are_called_like_arguments_are_taken():
    AppriseOptions(url="json://host/hook?+retry=3&-wait=1")


@pytest.mark.parametrize("title", ["{text}", "{rule", "{rule!r}", "{rule:>9}", "{}", "{rule.__class__}"])
def test_a_title_with_other_places_is_refused(title):
    assert (
        said(url="json://host", title=title) == "a title may hold {rule} and {source}; a brace itself is written twice"
    )


@pytest.mark.parametrize(
    "wrong", [{"timeout": 0}, {"largest_attachment": 0}, {"on_unknown": "give_up"}, {"attachments": 3}]
)
def test_options_outside_their_range_are_refused(wrong):
    with pytest.raises(ValidationError):
        AppriseOptions(url="json://host", **wrong)


def test_the_known_schemes_are_in_apprise():
    known = set(NotificationManager().schemas())
    assert known >= SCHEMES  # a later Apprise has more, which are looked up in it
    assert known >= WHOLE
    assert all(NotificationManager()[scheme].attachment_support for scheme in WHOLE)


def test_reading_a_url_of_a_known_service_does_not_load_apprise():
    import subprocess
    import sys

    code = (
        "import sys; from instantreact_apprise.options import AppriseOptions; "
        "AppriseOptions(url='tgram://TOKEN/1'); print('apprise' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


# When it is opened


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("json://", "`url` is no URL of the service JSON."),
        ("tgram://no-token/1", "`url` is no URL of the service Telegram."),
        (
            "twilio://sid:token@",
            "`url` is no URL that the service Twilio can use: something in it is missing, or malformed.",
        ),
        (
            "pover://user",
            "`url` is no URL that the service Pushover can use: something in it is missing, or malformed.",
        ),
        ("https://example.com/hook", "Apprise knows no service at this https:// address."),
        (
            "mailto://cam:pw@example.com?to=anna",
            "The service E-Mail does not take all that is in its URL, perhaps the address of a person.",
        ),
        ("windows://", "The service Windows Notification cannot be used on this machine."),
    ],
)
def test_a_url_that_its_service_cannot_use_is_refused_in_a_sentence(url, what):
    with pytest.raises(PluginError) as refused, opened(url):
        pass
    assert refused.value.what == what
    assert refused.value.fix
    assert refused.value.__context__ is None


def test_a_service_whose_library_is_missing_says_which(monkeypatch):
    from apprise.plugins.mqtt import NotifyMQTT

    monkeypatch.setattr(NotifyMQTT, "enabled", False)
    with pytest.raises(PluginError) as refused, opened("mqtt://host/topic"):
        pass
    assert refused.value.fix == "Install what it needs: `pip install 'paho-mqtt>=2.1.0'`."


@pytest.mark.parametrize(
    "url",
    [
        "https://discord.com/api/webhooks/000000000000000000/abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefgh",
        "mailtos://cam:pw@example.com?to={recipient}",
        "mailtos://cam:pw@example.com/{recipient}",
        "signal://localhost:8080/+15550100100/{recipient}",
        "ntfy://{recipient}",
        "ntfys://ntfy.example.com/{recipient}",
        "tgram://123456789:abcdefghijklmnopqrstuvwxyz-12345678/{recipient}",
        "twilio://AC0123456789abcdef0123456789abcdef:0123456789abcdef0123456789abcdef@+15550100100/{recipient}",
    ],
)
def test_urls_as_people_write_them_are_taken(url):
    with opened(url):
        pass


def test_what_works_against_the_sdk_has_no_effect_either():
    url = "json://host?retry=3&wait=9&optional=yes&redirect=yes&cto=99&rto=99"  # past the options, which refuse it
    service = Services(url, 5).made("", "key")
    assert (service.retry, service.optional, service.redirects) == (0, False, False)
    assert service.request_timeout == (5, 5)


def test_a_service_does_not_pause_between_messages():
    service = Services("tgram://123456789:abcdefghijklmnopqrstuvwxyz-12345678/1", 5).made("", "key")
    assert service.request_rate_per_sec == 0


def test_a_service_is_kept_for_each_recipient_unless_its_url_changes_with_each_message():
    kept = Services("json://host/{recipient}", 5)
    assert kept.made("anna", "1") is kept.made("anna", "2") is not kept.made("ben", "1")
    changing = Services("json://host/{recipient}?+Key={key}", 5)
    assert changing.made("anna", "1") is not changing.made("anna", "1")


def test_after_a_failure_a_service_is_made_anew():
    with HttpFake() as fake, opened(f"json://{host(fake)}") as notifier:
        before = notifier._services.made("", "")
        with fake.failing("busy"):
            refusal(notifier, media.alert(), media.delivery())
        assert notifier._services.made("", "") is not before


# For one message


def test_an_address_is_one_target_whatever_characters_it_has():
    url = "json://host/{recipient}?+Key={key}&:to={recipient}&{other}"
    assert filled(url, "+237 6/0?0&{key}", "k:1") == (
        "json://host/%2B237%206%2F0%3F0%26%7Bkey%7D?+Key=k%3A1&:to=%2B237%206%2F0%3F0%26%7Bkey%7D&{other}"
    )


@pytest.mark.parametrize(
    ("url", "address", "target"),
    [
        ("twilio://AC0123456789abcdef0123456789abcdef:0123456789abcdef0123456789abcdef@+15550100100/{recipient}", "+237600000000", "+237600000000"),
        ("clicksend://user:pass@{recipient}", "+237600000000", "237600000000"),
        ("vonage://12345678:abcdefghijklmnop@15550100100/{recipient}", "+237600000000", "237600000000"),
        ("atalk://user@apikey0123456789/{recipient}", "+237600000000", "+237600000000"),
        ("signal://localhost:8080/+15550100100/{recipient}", "+237600000000", "+237600000000"),
        ("mailtos://cam:pw@example.com?to={recipient}", "anna+cams@example.com", (False, "anna+cams@example.com")),
        ("sendgrid://abcdefghijklmnop:cam@example.com/{recipient}", "anna@example.com", "anna@example.com"),
        ("tgram://123456789:abcdefghijklmnopqrstuvwxyz-12345678/{recipient}", "-1001234567890", (-1001234567890, None)),
    ],
)  # fmt: skip
def test_an_address_becomes_the_one_target_of_services_of_all_kinds(url, address, target):
    found = Services(url, 5).made(address, "key").targets
    assert found in ([target], [("T", target)])  # Twilio notes that it is a text


def test_an_address_without_a_place_for_it_is_refused():
    with HttpFake() as fake, opened(f"json://{host(fake)}") as notifier:
        error = refusal(notifier, media.alert(), media.delivery("+237600000000"))
        assert fake.requests == []
    assert type(error) is PermanentError
    assert (
        error.what
        == "The person has an address for this notifier, and its `url` has no place for one: no `{recipient}`."
    )


def test_a_place_without_an_address_for_it_is_refused():
    with HttpFake() as fake, opened(f"json://{host(fake)}/{{recipient}}") as notifier:
        error = refusal(notifier, media.alert(), media.delivery())
        assert fake.requests == []
    assert type(error) is PermanentError
    assert error.what == "`url` has `{recipient}` in it, and the alert goes to nobody in particular."


def test_a_mistyped_number_is_refused_and_its_owner_is_not_told_instead(monkeypatch):
    """Apprise leaves out what is no number, and Twilio's service then writes to the number that it sends from."""
    from apprise.plugins.twilio import NotifyTwilio

    url = "twilio://AC0123456789abcdef0123456789abcdef:0123456789abcdef0123456789abcdef@+15550100100/{recipient}"
    with HttpFake() as fake, opened(url) as notifier:
        monkeypatch.setattr(NotifyTwilio, "notify_sms_url", f"{fake.url}/{{sid}}")
        error = refusal(notifier, media.alert(), media.delivery("60000x"))
        assert fake.requests == []
        assert notifier.notify(media.alert(), media.delivery("+237600000000"))
        assert fake.requests[0].form()["To"] == "+237600000000"
    assert type(error) is PermanentError
    assert error.what == "The service Twilio does not take all that is in its URL, perhaps the address of a person."
