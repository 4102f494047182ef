"""Token and secret are shown nowhere, whatever goes wrong."""

from __future__ import annotations

import logging
import traceback

import pytest
from instantreact_messenger.graph import Graph
from instantreact_messenger.notifier import Messenger
from instantreact_messenger.options import MessengerOptions

from instantreact_sdk import Context, Delivery, PluginError
from instantreact_sdk.testing import Answer, media
from instantreact_sdk.testing.fakes.messenger.faults import FAULTS
from instantreact_sdk.testing.fakes.messenger.graph_error import GraphError

ANNA = "7000000000000001"
SECRET = "5ecre7ofthisapp"


@pytest.fixture
def marked(fake):
    """The marked values that must be nowhere: token, app secret, and the proof that is made of both."""
    options = MessengerOptions(page_token=fake.page.token, app_secret=SECRET)
    return (*Graph(options)._secrets,)


def everything(error):
    """What could be printed of an exception and of all that led to it."""
    told = "".join(traceback.format_exception(error))
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        told += f"{error} {error!r} {error.args!r} {vars(error)!r}"
        error = error.__cause__ or error.__context__
    return told


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_no_failure_quotes_a_secret(fake, options, marked, fault, caplog):
    caplog.set_level(logging.DEBUG)
    context = Context()
    notifier = Messenger(options(app_secret=SECRET, read_timeout=0.2))
    notifier.open(context)
    told = repr(notifier) + str(notifier)
    if fault == "refused":
        with fake.failing(fault), pytest.raises(PluginError) as caught:
            notifier.notify(media.alert(), Delivery("k", ANNA))
    else:
        fake.script(fault)
        with pytest.raises(PluginError) as caught:
            notifier.notify(media.alert(), Delivery("k", ANNA))
    notifier.close()
    told += everything(caught.value) + caplog.text + repr(context.state)
    for secret in marked:
        assert secret not in told


@pytest.mark.parametrize(
    "words", ["{token} has expired", "proof {proof} of {secret} is wrong", "access_token={token}&a=1"]
)
def test_a_secret_that_meta_quotes_is_covered(fake, opened, marked, words):
    token, secret, proof = marked
    fake.script(GraphError(190, words.format(token=token, secret=secret, proof=proof)))
    with pytest.raises(PluginError) as caught:
        opened(app_secret=SECRET).notify(media.alert(), Delivery("k", ANNA))
    told = everything(caught.value)
    assert "***" in told
    assert not [value for value in marked if value in told]


def test_a_wrong_address_is_told_without_what_was_sent_there(fake, opened, marked):
    with pytest.raises(PluginError) as caught:
        opened(base_url="http://127.0.0.1:1", app_secret=SECRET).notify(media.alert(), Delivery("k", ANNA))
    told = everything(caught.value)
    assert not [value for value in marked if value in told]


def test_options_and_what_is_made_of_them_show_nothing(fake, options, marked):
    made = options(app_secret=SECRET)
    graph = Graph(made)
    told = f"{made!r} {made} {made.model_dump()} {made.model_dump_json()} {graph!r} {vars(Messenger(made))!r}"
    assert not [value for value in marked if value in told]


def test_a_log_of_everything_shows_nothing(fake, opened, marked, caplog, tmp_path):
    caplog.set_level(logging.DEBUG)
    notifier = opened(app_secret=fake.app.secret, poll=1)
    notifier.notify(media.alert(snapshot=media.snapshot(tmp_path)), Delivery("k", ANNA))
    [*notifier.replies()]
    fake.script(Answer(502))
    with pytest.raises(PluginError):
        notifier.notify(media.alert(), Delivery("l", ANNA))
    assert "/messages" in caplog.text  # so it is read, by the libraries below
    assert fake.page.token not in caplog.text
    assert fake.app.secret not in caplog.text
