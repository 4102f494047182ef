"""What Meta's refusals mean: one table of them, which the notifier obeys, the README prints and the tests walk."""

from __future__ import annotations

from dataclasses import dataclass

MINUTE = 60.0
FEW = 8
"""Meetings with what may pass by itself, and may not."""
_RENEW = (
    "Make a new Page token in the Meta app (Messenger, Settings), put it where `page_token` reads it, and start again."
)
WINDOW = "They have to write to the Page; `ok` is enough, and opens the window for 24 hours. Give them a second way to be told under `people:`."
_WAIT = "Nothing need be done; it passes by itself."
_REPORT = "Try `instantreact-sdk messenger check`; if it finds nothing, report this with the trace to Meta."
_RETAKE = "The alert's text arrived without it; nothing need be done."


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One kind of refusal.

    Attributes:
        name: What it is called in tests and on pages.
        codes: ``code`` or ``code/error_subcode`` of the Graph API. One with a subcode goes before one without.
        attempts: At how many meetings with it a delivery is told to be hopeless: 1 is at once, None is never.
        wait: Seconds to wait before another attempt, where Meta names no time; None leaves it to whoever makes one.
        closed_for: Seconds for which nobody can be reached, whoever the recipient is; None where that cannot be said.
        heeds_final: Whether ``is_transient: false`` means that trying again is of no use. Of other codes that flag says nothing.
        sent_if_again: Whether it tells, at a second attempt, that the first one arrived.
        what: For the user, what happened; a sentence.
        fix: And what to do.
    """

    name: str
    codes: tuple[str, ...]
    what: str
    fix: str
    attempts: int | None = 1
    wait: float | None = None
    closed_for: float | None = None
    heeds_final: bool = False
    sent_if_again: bool = False


TABLE = (
    # Passing troubles of Meta's.
    Refusal(
        name="unknown",
        codes=("1", "99", "1/99", "1/1357046"),
        attempts=FEW,
        what="Meta had an unknown error.",
        fix="It passes by itself, mostly. If it stays, the app may lack a permission: try `instantreact-sdk messenger check`.",
    ),
    Refusal(
        name="temporary",
        codes=("2", "2/2018344"),
        attempts=None,
        heeds_final=True,
        what="Messenger is out of order for the moment.",
        fix="It passes by itself, mostly. If it stays, see whether the Page has to accept new terms.",
    ),
    Refusal(
        name="send-failed",
        codes=("1200",),
        attempts=None,
        what="Messenger could not send the message for the moment.",
        fix=_WAIT,
    ),
    # Too much.
    Refusal(
        name="throttled",
        codes=("4", "17", "32", "341", "4/2018354", "9", "9/2018352", "80001", "80006"),
        attempts=None,
        wait=5 * MINUTE,
        closed_for=5 * MINUTE,
        what="The app or the Page has made too many calls, and Meta lets none through for some minutes.",
        fix="Give rules a longer `cooldown`, and look which other programs use the app.",
    ),
    Refusal(
        name="messaging-rate",
        codes=("613", "613/2018338", "613/1893016", "613/2534040"),
        attempts=None,
        wait=2 * MINUTE,
        what="The Page has sent too many messages in a short time, altogether or to this person.",
        fix="Give rules a longer `cooldown`.",
    ),
    # The recipient.
    Refusal(
        name="outside-window",
        codes=("10/2018278", "10/2534022", "10/2018065"),
        what="The recipient has not written to the Page in the last 24 hours, and Meta lets no alert through.",
        fix=WINDOW,
    ),
    Refusal(
        name="cannot-receive",
        codes=("10/2018108",),
        what="The recipient cannot get messages at present.",
        fix="Ask them whether they have blocked the Page or left Messenger, and give them a second way to be told.",
    ),
    Refusal(
        name="unavailable",
        codes=("551", "551/1545041", "200/1545041"),
        what="The recipient cannot be reached: they have blocked the Page, closed the conversation or left Messenger.",
        fix="Ask them to write to the Page, and give them a second way to be told.",
    ),
    Refusal(
        name="no-such-person",
        codes=("100/2018001",),
        what="Meta knows no such recipient on this Page.",
        fix="An address is the number that the person has on this very Page; `instantreact-sdk messenger subscribe` prints it.",
    ),
    Refusal(
        name="not-a-tester",
        codes=("200/2018028",),
        what="The Meta app is in development, and the recipient has no role in it.",
        fix="Give them the role of a tester in the app's settings, or publish the app.",
    ),
    Refusal(
        name="other-app",
        codes=("2018300", "10/2018300", "2022"),
        what="Another app leads the conversation with the recipient.",
        fix="Make this app the default one for the Page, in the Page's settings under Advanced messaging.",
    ),
    # The Page and its app.
    Refusal(
        name="page-restricted",
        codes=("10/1893063",),
        closed_for=60 * MINUTE,
        what="Meta has restricted the Page for some time: it may send nothing.",
        fix="See the Page's support inbox for why and how long. Until then people are told another way, where they have one.",
    ),
    Refusal(
        name="blocked",
        codes=("368",),
        closed_for=240 * MINUTE,
        what="Meta has blocked the Page or the app for breaking its rules.",
        fix="See the Page's support inbox, and ask there for a review. It lasts hours at least; people are told another way, where they have one.",
    ),
    Refusal(
        name="token",
        codes=("190",),
        closed_for=10 * MINUTE,
        what="Meta does not take the Page token.",
        fix=_RENEW,
    ),
    Refusal(
        name="token-app-removed",
        codes=("190/458",),
        closed_for=10 * MINUTE,
        what="The Page token is void: the app was taken off the account that made it.",
        fix=_RENEW,
    ),
    Refusal(
        name="token-account-held",
        codes=("190/459", "190/464", "190/490"),
        closed_for=10 * MINUTE,
        what="The Page token is on hold: Facebook wants the account that made it to log in and confirm something.",
        fix=f"Log in at facebook.com with that account. {_RENEW}",
    ),
    Refusal(
        name="token-password-changed",
        codes=("190/460",),
        closed_for=10 * MINUTE,
        what="The Page token is void: the account that made it has a new password.",
        fix=_RENEW,
    ),
    Refusal(
        name="token-expired",
        codes=("190/463", "190/467"),
        closed_for=10 * MINUTE,
        what="The Page token has expired or was revoked.",
        fix=f"{_RENEW} One made from a long-lived user token does not expire.",
    ),
    Refusal(
        name="token-no-role",
        codes=("190/492",),
        closed_for=10 * MINUTE,
        what="The Page token is void: the account that made it has no role on the Page any more.",
        fix=f"Give the account its role back, or use another one. {_RENEW}",
    ),
    Refusal(
        name="permission",
        codes=("10", "200", "230", "200/2534041"),
        what="The app lacks a permission for this message.",
        fix="It needs `pages_messaging` (for templates `page_utility_messaging` too), by app review for anyone but testers. Try `instantreact-sdk messenger check`.",
    ),
    # What was sent.
    Refusal(
        name="retired-tag",
        codes=("100/1893061",),
        what="Meta refuses this kind of message since 27 April 2026.",
        fix="Update instantreact-messenger, or use the mode `response` or `utility`.",
    ),
    Refusal(
        name="fetch-failed",
        codes=("100/2018008",),
        attempts=2,
        what="Meta could not fetch the attachment.",
        fix=_RETAKE,
    ),
    Refusal(
        name="upload-failed",
        codes=("100/2018047",),
        what="Meta took the upload for no picture or video.",
        fix=_RETAKE,
    ),
    Refusal(
        name="attachment-gone",
        codes=("100/2018074",),
        what="Meta does not know the attachment any more.",
        fix="It is uploaded anew.",
    ),
    Refusal(
        name="too-big",
        codes=("100/2018109",),
        what="The attachment is larger than the 25 MB that Meta takes.",
        fix=f"{_RETAKE} A lower resolution of the source makes it smaller.",
    ),
    Refusal(
        name="empty",
        codes=("100/2018034",),
        what="Meta took the message for an empty one.",
        fix=_REPORT,
    ),
    Refusal(
        name="no-such-page",
        codes=("100/33",),
        what="Meta knows no such Page or recipient, or the token may not use it.",
        fix="Check `page`, and that the token belongs to it.",
    ),
    Refusal(
        name="parameter",
        codes=("100", "100/2018164", "100/2018294"),
        what="Meta refuses the message.",
        fix=_REPORT,
    ),
    Refusal(
        name="duplicate",
        codes=("506",),
        sent_if_again=True,
        what="Meta has the same message already.",
        fix="Nothing need be done where it was sent a moment ago.",
    ),
)
"""Every refusal that is known, by what it means. Sources: Meta's pages "Messenger Platform: Common Error Codes" (of 25 June 2026), "Graph API:
Handle Errors", and the older "Send API: Error Codes" for 1200."""

PROOF = Refusal(
    name="proof",
    codes=(),
    closed_for=10 * MINUTE,
    what="The proof of the app secret (`appsecret_proof`) is wrong, or the app demands one.",
    fix="Set `app_secret` to the secret of the app that made the Page token.",
)
"""Code 100 or another, told by the name of the parameter in Meta's message."""

OTHER = Refusal(
    name="other",
    codes=(),
    what="Meta refuses the message with a code that is not known here.",
    fix=_REPORT,
)
"""Any other code; ``is_transient: true``, 429 and 5xx make it one that passes."""

OVERLOADED = Refusal(
    name="http-429",
    codes=(),
    attempts=None,
    wait=MINUTE,
    what="Meta is given too many requests.",
    fix="Give rules a longer `cooldown`.",
)
"""Status 429 without an error object."""

OUT_OF_ORDER = Refusal(
    name="http-5xx",
    codes=(),
    attempts=None,
    what="Meta, or what stands before it, is out of order.",
    fix=_WAIT,
)
"""Status 500 to 599, 408 or 425 without an error object, as a page in HTML."""

REDIRECTED = Refusal(
    name="redirect",
    codes=(),
    attempts=None,
    what="Something between here and Meta wants to lead the message elsewhere, which is not followed.",
    fix="Check `base_url`, and whether the network wants a login in the browser.",
)
"""Status 300 to 399: a network with a login page, mostly, and that passes."""

STRANGE = Refusal(
    name="http-4xx",
    codes=(),
    what="The message was refused by something that is not the Graph API.",
    fix="Check `base_url`, `version` and proxies.",
)
"""Any other status below 500 without an error object."""

ALL = (*TABLE, PROOF, OTHER, OVERLOADED, OUT_OF_ORDER, REDIRECTED, STRANGE)
"""The table, and what has no code."""

_BY_CODE = {code: refusal for refusal in TABLE for code in refusal.codes}


def known(code: int, subcode: int | None) -> Refusal:
    """What a code means: with its subcode where that is known, else the code's own row, else `OTHER`."""
    return _BY_CODE.get(f"{code}/{subcode}") or _BY_CODE.get(str(code)) or OTHER
