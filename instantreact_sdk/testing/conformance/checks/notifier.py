"""What a notifier sends, and to whom."""

from __future__ import annotations

import html
import unicodedata
from contextlib import suppress
from itertools import islice

from instantreact_sdk.errors.wording import printable
from instantreact_sdk.testing import media
from instantreact_sdk.testing.conformance.arrivals import Arrivals, pictured, tell
from instantreact_sdk.testing.conformance.check import CheckFailed, NotApplicable, check
from instantreact_sdk.testing.conformance.checks.life import WORKS
from instantreact_sdk.testing.conformance.trial import Refused, Trial
from instantreact_sdk.types import Receipt, Reply

DELIVERS = ("delivers-to-the-recipient",)
"""What checks need that look at what arrives."""

_BEGINNING = 50
_MOST = 1_000
_SHOWN = 60


@check("notifier", needs=WORKS)
def delivers_to_the_recipient(trial: Trial) -> None:
    """Every alert arrives at the recipient of its delivery, and once.

    Why: who is not told does not come, and who is told twice stops to look.

    To fix: send to `delivery.recipient`, and return a `Receipt` only where the service took the message. The fake of the case tells what
    arrived: an `HttpFake` by its argument `sent`. Name two `recipients` in the case where the service knows more than one.

        HttpFake(sent=lambda request: [Sent(recipient=request.json()["to"], body=request.json()["text"])])
    """
    with trial.opened() as notifier:
        for one in trial.work.inputs(trial, notifier):
            arrivals = Arrivals(trial)
            trial.work.answers(trial, notifier, [one])
            texts = arrivals.of("text")
            if not texts:
                raise CheckFailed(
                    "notify returned a Receipt, and no text arrived (or the fake does not tell: see `sent`)"
                )
            if len(texts) > 1:
                raise CheckFailed(f"of one alert, {len(texts)} texts arrived")
            wanted = one[1].recipient
            if wanted and texts[0].recipient != wanted:
                raise CheckFailed(f"a message for {wanted!r} went to {texts[0].recipient!r}")


@check("notifier", needs=WORKS)
def survives_awkward_texts(trial: Trial) -> None:
    """Texts with emoji, several lines, from right to left, or of 10,000 characters are sent, or refused by an error of the SDK.

    Why: the text comes from rules, captions and what people said, in any language. An alert must not be lost because the name of a
    zone has an accent.

    To fix: encode as UTF-8, put the text into the body and never into a header or an address, quote it by a library (`json.dumps`,
    `urllib.parse.quote`), and cut what is too long for the service: `text[:1999] + "…"`.
    """
    with trial.opened() as notifier:
        for number, (name, text) in enumerate(media.awkward_texts().items()):
            try:
                tell(trial, notifier, media.alert(text), key=f"awkward-{number}")
            except Refused:
                continue
            except CheckFailed as error:
                raise CheckFailed(f"{error}, at {name}") from error


@check("notifier", needs=(*DELIVERS, "survives-awkward-texts"))
def texts_arrive_whole(trial: Trial) -> None:
    """A text arrives as it is, or cut at its end where it is too long for the service.

    Why: the end of a text may be missing; a wrong word or an empty message may send people to the wrong place.

    What the service puts around it does not matter, nor do spaces and control characters; at least the first 50
    characters have to be there.

    To fix: as for `survives-awkward-texts`; do not encode with `errors="ignore"` or `"replace"`, and escape for HTML or Markdown only where the
    service takes the one or the other. The fake's `Sent.body` is what the recipient reads.
    """
    with trial.opened() as notifier:
        for number, (name, text) in enumerate(media.awkward_texts().items()):
            arrivals = Arrivals(trial)
            with suppress(Refused):
                tell(trial, notifier, media.alert(text), key=f"whole-{number}")
                got = "".join(str(one.body) for one in arrivals.of("text"))
                start = _plain(text)[:_BEGINNING]
                if start not in _plain(got) and start not in _plain(html.unescape(got)):
                    raise CheckFailed(f"{name} arrived as {got[:_SHOWN]!r}")


@check("notifier", needs=WORKS)
def copes_with_pictures(trial: Trial) -> None:
    """An alert with a picture is sent. Where its file is gone meanwhile, the text is sent, or an error of the SDK tells.

    Why: pictures are removed when the disk is full, and a retry may come hours later.

    To fix: read `alert.snapshot` as bytes, and catch `OSError` where you do; then send the text alone. A notifier that
    sends no pictures does not look at it.
    """
    with trial.opened() as notifier:
        tell(trial, notifier, pictured(trial.folder), key="picture")
        with suppress(Refused):
            gone = media.alert(snapshot=trial.folder / "gone.jpg")
            tell(trial, notifier, gone, key="gone")


@check("notifier", needs=WORKS)
def updates_and_hears_replies(trial: Trial) -> None:
    """`update` returns a `Receipt` or raises an error of the SDK, and `replies` gives `Reply`s, also where nobody has answered.

    Why: `update` is called to tell what has happened since an alert was delivered, and `replies` every few seconds: an `ok` acknowledges.

    To fix: leave out both where the service has nothing of the kind: the defaults send a message of its own, and no replies. A `replies` without answers
    returns `()`, not None.
    """
    with trial.opened() as notifier:
        alert, delivery = trial.work.inputs(trial, notifier)[0]
        tell(trial, notifier, alert, key="updated")
        with suppress(Refused), trial.calling("update"):
            receipt = notifier.update(alert, delivery)
            if not isinstance(receipt, Receipt):
                raise CheckFailed(f"update returned a {type(receipt).__name__}, no Receipt")
        with suppress(Refused), trial.calling("replies"):
            for reply in islice(notifier.replies(), _MOST):
                if not isinstance(reply, Reply):
                    raise CheckFailed(f"replies gave a {type(reply).__name__}, no Reply")


@check("notifier", needs=DELIVERS)
def passes_the_key(trial: Trial) -> None:
    """A service that takes idempotency keys gets the same one at every attempt of a delivery, and another for each delivery.

    Why: by the key the service knows a message that it has already taken, so that a retry after a broken connection tells nobody
    twice. With one key for several deliveries it would drop the second.

    To fix: pass `delivery.key`, or a hash of it: no random number, and not the alert's id, which all its recipients share.
    """
    with trial.opened() as notifier:
        arrivals = Arrivals(trial)
        for key, attempt in (("anna-1", 1), ("anna-1", 2), ("ben-1", 1)):
            tell(trial, notifier, media.alert(), key=key, attempt=attempt)
        keys = [one.key for one in arrivals.of("text")]
    if not any(keys):
        raise NotApplicable("its service takes no keys, as far as the fake tells")
    if keys[-1] in keys[:-1]:
        raise CheckFailed("two deliveries came with the same key")
    if len(set(keys[:-1])) > 1:
        raise CheckFailed("the second attempt of a delivery came with another key than the first")


def _plain(text: str) -> str:
    """Without what services may change: control characters, kinds and numbers of spaces, ways to write an accent."""
    return " ".join(unicodedata.normalize("NFC", printable(text)).split())
