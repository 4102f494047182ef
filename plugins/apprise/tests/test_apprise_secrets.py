"""Nothing of a URL is shown, whatever happens, and however much is logged."""

from __future__ import annotations

import gc
import logging
import threading
import traceback
import warnings
from uuid import uuid4

import pytest
from apprise import Apprise
from instantreact_apprise.hearing import hearing
from instantreact_apprise.notifier import AppriseNotifier
from instantreact_apprise.options import AppriseOptions
from mail_server import mail_server
from pydantic import ValidationError
from told import host, opened, refusal

from instantreact_sdk import Context
from instantreact_sdk.testing import HTTP_FAILURES, HttpFake, media

MARK = "s3same"


@pytest.fixture
def everything(caplog, capfd):
    """All that is logged, by anyone, at any level, and all that is printed."""
    caplog.set_level(logging.NOTSET)
    return lambda: "\n".join(
        [*(f"{record.getMessage()} {record.exc_text}" for record in caplog.records), *capfd.readouterr()]
    )


@pytest.mark.parametrize("name", [*HTTP_FAILURES, ""])
def test_a_web_service_that_fails_lets_nothing_out(name, everything, tmp_path):
    alert = media.alert("text-of-the-alert", snapshot=media.snapshot(tmp_path))
    with HttpFake() as fake:
        url = f"json://user-{MARK}:pass-{MARK}@{host(fake)}/path-{MARK}/{{recipient}}?-query={MARK}&+Header={MARK}"
        with opened(url, timeout=1) as notifier:
            delivery = media.delivery("+237600000000")
            if name:
                with fake.failing(name):
                    outcome = refusal(notifier, alert, delivery)
                shown = [str(outcome), repr(outcome), str(outcome.facts), *traceback.format_exception(outcome)]
                assert outcome.__context__ is outcome.__cause__ is None
            else:
                shown = [str(notifier.notify(alert, delivery))]
            shown += [repr(notifier), str(notifier)]
    gc.collect()
    told = "\n".join(shown) + everything()
    for secret in (MARK, "+237600000000", "text-of-the-alert"):
        assert secret not in told


@pytest.mark.parametrize("replies", [{"AUTH": f"535 no {MARK}"}, {"RCPT": f"550 no {MARK}"}, {"END": "hang up"}, {}])
def test_a_mail_server_that_fails_lets_nothing_out(replies, everything):
    with mail_server() as server:
        server.replies = replies
        url = f"mailto://cam:{MARK}@127.0.0.1:{server.port}?from=cam@example.com&mode=insecure&to={{recipient}}"
        with opened(url, timeout=2) as notifier:
            outcome = refusal(notifier, media.alert(), media.delivery("anna@example.com"))
    told = str(outcome) + everything()
    for secret in (MARK, "anna@example.com"):
        assert secret not in told


@pytest.mark.parametrize(
    "url",
    [
        f"nosuchservice://{MARK}",
        f"{MARK}",
        f"json://{MARK}?retry={MARK}",
        f"json://{MARK}, json://{MARK}",
    ],
)
def test_a_url_that_is_refused_is_not_quoted(url, everything):
    with pytest.raises(ValidationError) as refused:
        AppriseOptions(url=url)
    assert MARK not in f"{refused.value}" + everything()


@pytest.mark.parametrize(
    "url",
    [
        f"tgram://{MARK}/1",
        f"twilio://{MARK}:{MARK}@5/{MARK}",
        f"https://example.com/{MARK}",
        f"pover://{MARK}",
    ],
)
def test_a_url_that_cannot_be_opened_is_not_quoted(url, everything):
    notifier = AppriseNotifier(AppriseOptions(url=url))
    with pytest.raises(Exception, match="IR4000") as refused:
        notifier.open(Context())
    assert refused.value.__context__ is None
    assert MARK not in "".join(traceback.format_exception(refused.value)) + repr(notifier) + everything()


def test_options_show_no_url():
    options = AppriseOptions(url=f"json://{MARK}")
    assert MARK not in f"{options!r} {options} {options.model_dump()} {options.model_dump_json()}"


def test_what_others_log_over_apprise_is_left_alone(caplog):
    with HttpFake() as fake:
        with opened(f"json://{host(fake)}"):
            pass
        with caplog.at_level(logging.INFO), warnings.catch_warnings():
            caplog.handler.setLevel(logging.NOTSET)  # takes whatever comes
            warnings.simplefilter("ignore")  # of an executor in which Apprise sends by itself
            service = Apprise.instantiate(f"json://{host(fake)}/of-others")
            assert service.notify(body="x")
    assert "Sent JSON POST notification." in caplog.messages
    assert not [record for record in caplog.records if record.levelno < logging.INFO]


def test_during_a_call_the_sdk_alone_may_log(caplog):
    with hearing():
        logging.getLogger("instantreact.lobby").warning("about the notifier")
        logging.getLogger("somebody").warning("about an address")
        logging.getLogger(f"somebody.{uuid4()}").warning("about an address, by a logger that is new")
    assert caplog.messages == ["about the notifier"]


def test_threads_of_services_may_log_nothing(caplog):
    caplog.set_level(logging.DEBUG)
    with hearing():
        pass
    for name in ("apprise-xmpp", "of-others"):
        thread = threading.Thread(target=logging.getLogger("slixmpp").debug, args=(name,), name=name)
        thread.start()
        thread.join()
    assert caplog.messages == ["of-others"]
