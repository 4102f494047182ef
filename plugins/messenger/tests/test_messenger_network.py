"""What the notifier makes of a network that is not what it should be."""

from __future__ import annotations

import json
import socket
import threading
import time

import pytest
from instantreact_messenger.notifier import Messenger
from instantreact_messenger.options import MessengerOptions
from slow_server import asked, served

from instantreact_sdk import Context, Delivery, OutcomeUnknown, PluginError, TransientError
from instantreact_sdk.testing import Answer, media
from instantreact_sdk.testing.fakes import FakeClock
from instantreact_sdk.testing.fakes.messenger.faults import usage_headers
from instantreact_sdk.testing.fakes.messenger.limits import Limit

ANNA = "7000000000000001"
TOTAL = 0.6
TAKEN = b'HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n{"message_id": "m_1"}'


def test_what_left_and_was_not_answered_is_unknown_unless_it_is_assumed_sent(fake, opened):
    fake.script("unanswered")
    with pytest.raises(OutcomeUnknown, match="did not answer in time"):
        opened(read_timeout=0.2).notify(media.alert(), Delivery("k", ANNA))
    fake.script("dropped")
    receipt = opened(read_timeout=0.2, on_unknown="assume_sent").notify(media.alert(), Delivery("k", ANNA))
    assert receipt.parts == {"text": ""}
    assert len(fake.messages) == 2


def test_assumed_sent_text_goes_on_to_the_picture_and_is_told_where_that_fails(fake, opened, tmp_path):
    alert = media.alert(snapshot=media.snapshot(tmp_path))
    notifier = opened(read_timeout=0.2, on_unknown="assume_sent")
    fake.script("dropped")
    assert notifier.notify(alert, Delivery("k", ANNA)).parts.keys() == {"text", "snapshot"}
    fake.script("dropped")
    fake.script("1200")
    with pytest.raises(TransientError) as caught:
        notifier.notify(alert, Delivery("l", ANNA))
    assert caught.value.sent == {"text": ""}
    assert notifier.notify(alert, Delivery("l", ANNA, 2, caught.value.sent)).parts["snapshot"]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"<html>Welcome to the hotel</html>"),
        Answer(200, b""),
        Answer.json([]),
        Answer.json({}),
        Answer.json({"recipient_id": ANNA}),
        Answer.json({"message_id": 7}),
        Answer(200, b"[" * 100_000),
        Answer(200, b'{"message_id": "' + b"m" * 4_100_000 + b'"}'),
    ],
)
def test_a_success_that_does_not_name_the_message_is_none(fake, opened, answer):
    fake.script(answer)
    with pytest.raises(OutcomeUnknown):
        opened().notify(media.alert(), Delivery("k", ANNA))


def test_a_redirect_is_not_followed(fake, opened):
    told = []

    def elsewhere(connection, over):
        told.append(asked(connection))

    with served(elsewhere) as url:
        for status in (301, 302, 307, 308):
            fake.script(Answer(status, b"", {"Location": url}))
            with pytest.raises(TransientError, match="is not followed"):
                opened().notify(media.alert(), Delivery("k", ANNA))
    assert told == []


def test_a_connection_that_never_becomes_safe_has_sent_nothing(monkeypatch):
    with served(lambda connection, over: over.wait(20)) as url:  # it listens, and says no word of TLS
        options = {"page_token": "t", "base_url": url.replace("http:", "https:")}
        for limits in ({"connect_timeout": 0.2}, {"connect_timeout": 10, "total_timeout": 0.5}):
            notifier = Messenger(MessengerOptions(**options, **limits))
            notifier.open(Context())
            with pytest.raises(TransientError, match="cannot be reached"):
                notifier.notify(media.alert(), Delivery("k", ANNA))
            notifier.close()


def drip(connection, over):
    """Part of an answer's head, for ever."""
    asked(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not over.wait(0.05):
        connection.sendall(b"X-Wait: a\r\n")


def drip_body(connection, over):
    asked(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not over.wait(0.05):
        connection.sendall(b" ")


@pytest.mark.parametrize("talk", [drip, drip_body])
def test_an_answer_that_comes_byte_by_byte_is_given_up_after_the_whole_time(talk):
    with served(talk) as url:
        notifier = Messenger(MessengerOptions(page_token="t", base_url=url, read_timeout=10, total_timeout=TOTAL))
        notifier.open(Context())
        began = time.monotonic()
        with pytest.raises(OutcomeUnknown):
            notifier.notify(media.alert(), Delivery("k", ANNA))
        assert TOTAL * 0.9 <= time.monotonic() - began < 8  # and not for as long as it drips
        notifier.close()


def test_a_name_that_nobody_looks_up_does_not_hold_it_up(monkeypatch):
    over, looking = threading.Event(), []

    def hang(*_args, **_more):
        looking.append(threading.current_thread())
        over.wait(20)
        raise socket.gaierror(socket.EAI_AGAIN, "no name server")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    notifier = Messenger(MessengerOptions(page_token="t", base_url="https://graph.invalid", total_timeout=TOTAL))
    notifier.open(Context())
    began = time.monotonic()
    with pytest.raises(TransientError, match="cannot be reached"):
        notifier.notify(media.alert(), Delivery("k", ANNA))
    assert time.monotonic() - began < 8
    over.set()
    with pytest.raises(TransientError, match="cannot be reached"):
        notifier.notify(media.alert(), Delivery("k", ANNA))
    notifier.close()
    for thread in looking:
        thread.join(20)
        assert not thread.is_alive()


def test_the_whole_time_is_for_text_and_picture_together(tmp_path):
    seen = []

    def slowly(connection, over):
        while True:
            seen.append(asked(connection))
            if over.wait(TOTAL * 0.7):
                return
            connection.sendall(TAKEN)

    with served(slowly) as url:
        notifier = Messenger(MessengerOptions(page_token="t", base_url=url, read_timeout=10, total_timeout=TOTAL))
        notifier.open(Context())
        with pytest.raises(TransientError, match="could not be uploaded") as caught:
            notifier.notify(media.alert(snapshot=media.snapshot(tmp_path)), Delivery("k", ANNA))
        assert caught.value.sent == {"text": "m_1"}
        notifier.close()


def test_a_large_upload_may_take_longer_than_connecting(tmp_path):
    clip = tmp_path / "clip.jpg"
    clip.write_bytes(bytes(3_000_000))

    def unhurried(connection, over):
        asked(connection)
        connection.sendall(TAKEN)
        received = 0
        while received < 3_000_000:  # in about 0.6 s, with connect_timeout at 0.25
            received += len(connection.recv(100_000))
            over.wait(0.02)
        connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n{"attachment_id": "7"}')
        asked(connection)
        connection.sendall(TAKEN)

    with served(unhurried) as url:
        options = MessengerOptions(page_token="t", base_url=url, connect_timeout=0.25, read_timeout=10)
        notifier = Messenger(options)
        notifier.open(Context())
        receipt = notifier.notify(media.alert(snapshot=clip), Delivery("k", ANNA))
        assert receipt.parts == {"text": "m_1", "snapshot": "m_1"}
        notifier.close()


def test_a_connection_that_was_idle_for_long_is_not_used_again(fake, opened, monkeypatch):
    notifier = opened()
    notifier.notify(media.alert(), Delivery("1", ANNA))
    connections = notifier._graph._session.get_adapter("http://").poolmanager.pools
    assert len(connections) == 1
    monkeypatch.setattr("instantreact_messenger.graph._IDLE", 0)
    notifier.notify(media.alert(), Delivery("2", ANNA))
    [key] = connections.keys()
    assert connections[key].num_connections == 1  # of a pool that was made anew


def test_what_is_on_this_machine_is_not_reached_through_a_proxy(fake, opened, monkeypatch):
    told = []
    with served(lambda connection, over: told.append(asked(connection))) as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.setenv("no_proxy", "")
        opened().notify(media.alert(), Delivery("k", ANNA))
    assert told == []


def test_a_netrc_file_does_not_replace_the_token(fake, opened, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login anna password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    opened().notify(media.alert(), Delivery("k", ANNA))
    assert fake.requests[-1].headers["Authorization"] == f"Bearer {fake.page.token}"


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "t\u00f6ken", "tab\t"])
def test_a_token_that_cannot_be_one_is_refused_before_a_library_quotes_it(token):
    notifier = Messenger(MessengerOptions(page_token=token))
    with pytest.raises(PluginError, match="no token has") as caught:
        notifier.open(Context())
    assert token not in str(caught.value)


def test_an_empty_token_is_refused():
    with pytest.raises(PluginError, match="is empty"):
        Messenger(MessengerOptions(page_token="")).open(Context())


def test_when_meta_says_that_all_is_used_up_nothing_is_sent_for_so_long(fake, opened, caplog):
    clock = FakeClock()
    notifier = opened(Context(clock=clock))
    full = Answer(200, json.dumps({"message_id": "m_1"}).encode(), usage_headers(fake.page.id, 100, 3))
    fake.script(full)
    assert notifier.notify(media.alert(), Delivery("1", ANNA)).id == "m_1"
    before = len(fake.requests)
    clock.advance(60)
    with pytest.raises(TransientError, match="used up") as caught:
        notifier.notify(media.alert(), Delivery("2", ANNA))
    assert caught.value.retry_after == caught.value.closed_for == 120
    assert len(fake.requests) == before
    clock.advance(121)
    assert notifier.notify(media.alert(), Delivery("2", ANNA)).id
    assert "nothing is sent for 180 s" in caplog.text


def test_a_limit_without_a_time_holds_for_a_minute_and_below_it_nothing_does(fake, opened):
    clock = FakeClock()
    notifier = opened(Context(clock=clock))
    for percent, pauses in ((99, False), (100, True)):
        fake.script(Answer(200, b'{"message_id": "m_1"}', usage_headers(fake.page.id, percent, 0)))
        notifier.notify(media.alert(), Delivery("1", ANNA))
        assert (notifier._closed_until > clock.monotonic()) == pauses
    assert notifier._closed_until - clock.monotonic() == 60


def test_the_pages_own_limit_is_told_with_its_time(fake, opened):
    fake.limit = Limit(1, 600)
    fake.settings.usage_headers = True
    notifier = opened(Context(clock=FakeClock(speed=0)))
    notifier.notify(media.alert(), Delivery("1", ANNA))
    notifier = opened()  # one that did not hear of it
    with pytest.raises(TransientError) as caught:
        notifier.notify(media.alert(), Delivery("2", ANNA))
    assert caught.value.retry_after == 600


def test_it_may_be_closed_twice_and_opened_again(fake, options):
    notifier = Messenger(options())
    notifier.close()
    for number in range(2):
        notifier.open(Context())
        notifier.notify(media.alert(), Delivery(str(number), ANNA))
        notifier.close()
        notifier.close()
    assert len(fake.messages) == 2
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
