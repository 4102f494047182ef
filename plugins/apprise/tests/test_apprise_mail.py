"""Mail, over a real connection to a mail server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from mail_server import MailServer, mail_server
from told import opened, refusal

from instantreact_sdk import OutcomeUnknown, PermanentError, Receipt, TransientError
from instantreact_sdk.testing import media

ANNA = media.delivery("anna@example.com")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def url(server: MailServer, more: str = "") -> str:
    return f"mailto://cam:pa55word@127.0.0.1:{server.port}?from=cam@example.com&mode=insecure&to={{recipient}}{more}"


def test_text_and_picture_go_as_one_mail(server, tmp_path):
    picture = media.snapshot(tmp_path)
    alert = media.alert("Somebody is at the gate & climbs <over>.\nGr\u00fc\u00dfe", snapshot=picture)
    with opened(url(server)) as notifier:
        receipt = notifier.notify(alert, ANNA)
    assert receipt == Receipt(parts={"text": "", "snapshot": ""})
    [(recipients, mail)] = server.mails
    assert recipients == ["anna@example.com"]
    assert mail["To"] == "anna@example.com"
    assert mail["Subject"] == "intruder (lobby)"
    plain = mail.get_body(("plain",)).get_content()
    assert "Somebody is at the gate & climbs <over>." in plain
    assert "Gr\u00fc\u00dfe" in plain
    [file] = mail.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("snapshot.jpg", "image/jpeg")
    assert file.get_content() == picture.read_bytes()
    assert server.logins == ["\0cam\0pa55word"]


def test_each_recipient_gets_a_mail_alone(server):
    with opened(url(server)) as notifier:
        for person in ("anna@example.com", "ben+cams@example.com"):
            notifier.notify(media.alert(), media.delivery(person))
    assert [recipients for recipients, _ in server.mails] == [["anna@example.com"], ["ben+cams@example.com"]]


def test_a_recipient_that_is_no_address_is_refused_and_nobody_else_is_told(server):
    with opened(url(server)) as notifier:
        error = refusal(notifier, media.alert(), media.delivery("anna"))
    assert type(error) is PermanentError
    assert error.what == "The service E-Mail does not take all that is in its URL, perhaps the address of a person."
    assert server.mails == []


@pytest.mark.parametrize(
    ("replies", "kind", "what"),
    [
        ({"CONNECT": "421 too many of you"}, TransientError, "refused the message at present (reply 421)"),
        ({"CONNECT": "554 no mail here"}, PermanentError, "refused the message (reply 554)"),
        ({"CONNECT": "hang up"}, TransientError, "broke off before it had the message"),
        ({"AUTH": "454 not now"}, TransientError, "does not take the credentials at present (reply 454)"),
        ({"AUTH": "535 wrong password"}, PermanentError, "does not take the credentials (reply 535)"),
        ({"MAIL": "452 disk full"}, TransientError, "refused the message at present (reply 452)"),
        ({"MAIL": "553 not from you"}, PermanentError, "refused the message (reply 553)"),
        ({"RCPT": "450 try later"}, TransientError, "does not take the recipient at present (reply 450)"),
        ({"RCPT": "550 nobody of that name"}, PermanentError, "does not take the recipient (reply 550)"),
        ({"RCPT": "hang up"}, TransientError, "broke off before it had the message"),
        ({"DATA": "451 out of order"}, TransientError, "refused the message at present (reply 451)"),
        ({"END": "451 out of order"}, TransientError, "refused the message at present (reply 451)"),
        ({"END": "554 looks like spam"}, PermanentError, "refused the message (reply 554)"),
        ({"END": "hang up"}, OutcomeUnknown, "did not say whether it took the message"),
        ({"END": "silence"}, OutcomeUnknown, "did not say whether it took the message"),
        ({"CONNECT": "silence"}, TransientError, "broke off before it had the message"),
    ],
)
def test_each_refusal_of_a_mail_server_has_its_meaning(server, replies, kind, what):
    with opened(url(server), timeout=1) as notifier:
        server.replies = replies
        error = refusal(notifier, media.alert(), ANNA)
        assert (type(error), error.what) == (kind, f"The service E-Mail {what}.")
        assert error.__context__ is None
        assert getattr(error, "closed_for", None) == (600 if "535 wrong password" in replies.values() else None)
        server.replies = {}
        taken = len(server.mails)
        notifier.notify(media.alert(), ANNA)
        assert len(server.mails) == taken + 1


def test_a_server_that_hangs_up_in_the_middle_of_a_picture_may_have_it(server, tmp_path):
    picture = media.snapshot(tmp_path)
    with picture.open("ab") as file:
        file.truncate(9_000_000)  # more than waits in between
    server.replies = {"TEXT": "hang up"}
    with opened(url(server)) as notifier:
        error = refusal(notifier, media.alert(snapshot=picture), ANNA)
    assert (type(error), error.sent) == (OutcomeUnknown, {})


def test_a_picture_that_the_server_will_never_take_does_not_hold_up_the_text(server, tmp_path, caplog):
    with opened(url(server)) as notifier:
        server.replies = {"END": "552 too large"}
        alert = media.alert(snapshot=media.snapshot(tmp_path))
        error = refusal(notifier, alert, ANNA)
        assert type(error) is PermanentError  # this server takes nothing at all
    assert (
        "The snapshot of an alert is left out: The service E-Mail refused the message (reply 552)." in caplog.messages
    )


def test_a_server_that_is_not_there_is_tried_again():
    with mail_server() as gone:
        address = url(gone)
    with opened(address) as notifier:
        error = refusal(notifier, media.alert(), ANNA)
    assert (type(error), error.what) == (TransientError, "The service E-Mail cannot be reached.")


def test_encryption_that_the_server_does_not_have_is_said(server):
    address = url(server).replace("mailto://", "mailtos://").replace("mode=insecure", "mode=starttls")
    with opened(address) as notifier:
        error = refusal(notifier, media.alert(), ANNA)
    assert (type(error), error.what) == (PermanentError, "The service E-Mail cannot do what `url` asks for.")


def test_an_encrypted_connection_to_a_server_without_encryption_is_tried_again(server):
    address = url(server).replace("mailto://", "mailtos://").replace("mode=insecure", "mode=ssl")
    with opened(address, timeout=2) as notifier:
        error = refusal(notifier, media.alert(), ANNA)
    assert (type(error), error.what) == (TransientError, "The service E-Mail cannot be reached with encryption (TLS).")
