"""``POST /{page}/messages``: to whom a message may go, when, and as what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from instantreact_sdk.testing.fakes.messenger.call import Call
from instantreact_sdk.testing.fakes.messenger.content import Piece, pieces
from instantreact_sdk.testing.fakes.messenger.faults import refusal
from instantreact_sdk.testing.fakes.messenger.graph_error import bad_parameter
from instantreact_sdk.testing.fakes.messenger.page import DAY, Person
from instantreact_sdk.testing.fakes.messenger.settings import Settings
from instantreact_sdk.testing.fakes.messenger.shapes import an_object
from instantreact_sdk.testing.fakes.messenger.templates import filled

RETIRED_TAGS = ("CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE")
"""Refused since 27 April 2026."""
TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY")
ACTIONS = ("typing_on", "typing_off", "mark_seen")
NOTIFICATIONS = ("REGULAR", "SILENT_PUSH", "NO_PUSH")
_FOR_PEOPLE = timedelta(days=7)


def receiver(call: Call, settings: Settings) -> Person:
    """Who shall read a message.

    Raises:
        Refused: Nobody the Page knows, or somebody who cannot be reached.
    """
    recipient = call.parameters.object("recipient")
    if not recipient:
        raise bad_parameter("The parameter recipient is required")
    psid = recipient.get("id")
    if not isinstance(psid, str) or not psid:
        raise bad_parameter('Param recipient[id] must be a valid ID string (e.g., "123")')
    person = call.page.people.get(psid)
    if person is None:
        raise refusal("100/2018001")
    if settings.development_mode and not person.has_role:
        raise refusal("200/2018028")
    if person.blocked:
        raise refusal("551")
    return person


def said(call: Call, person: Person, settings: Settings) -> list[Piece]:
    """What arrives of a message.

    Args:
        call: That sends it.
        person: Who shall read it.
        settings: How the platform behaves.

    Raises:
        Refused: The platform does not take it, or not at this time.
    """
    parameters, page = call.parameters, call.page
    if parameters.text("notification_type") not in ("", *NOTIFICATIONS):
        raise bad_parameter(f"Param notification_type must be one of {{{', '.join(NOTIFICATIONS)}}}")
    kind = parameters.text("messaging_type") or ("" if settings.messaging_type_required else "UPDATE")
    if kind not in TYPES:
        raise bad_parameter(f"Param messaging_type must be one of {{{', '.join(TYPES)}}}")
    message = parameters.object("message") or {}
    if kind == "UTILITY":
        template = message.get("template") if settings.template_in_message else parameters.object("template")
        if not template:
            raise bad_parameter("A message of type UTILITY needs a template.")
        return [Piece("utility", filled(an_object(template, "template"), page))]
    found = [*pieces(message, parameters.files, page, settings.text_unit, call.time)]
    _check_reply(message.get("reply_to") or parameters.object("reply_to"), call, person)
    _check_window(kind, call, person, settings)
    return found


def check_action(call: Call, person: Person, settings: Settings) -> None:
    """See that a ``sender_action`` (somebody types, has read) is one, comes alone and in time.

    Raises:
        Refused: It is none, or does not.
    """
    if call.parameters.text("sender_action") not in ACTIONS:
        raise bad_parameter(f"Param sender_action must be one of {{{', '.join(ACTIONS)}}}")
    if call.parameters.values.get("message"):
        raise bad_parameter("Param sender_action goes without a message.")
    if not person.wrote_within(DAY, call.time):
        raise refusal(settings.closed_window)


def _check_window(kind: str, call: Call, person: Person, settings: Settings) -> None:
    tag = call.parameters.text("tag")
    if kind != "MESSAGE_TAG":
        if not person.wrote_within(DAY, call.time):
            raise refusal(settings.closed_window)
    elif tag in RETIRED_TAGS:
        raise refusal("100/1893061")
    elif tag != "HUMAN_AGENT":
        raise bad_parameter("Param tag must be one of {HUMAN_AGENT}")
    elif call.page.lacks("human_agent"):
        raise refusal("10")
    elif not person.wrote_within(_FOR_PEOPLE, call.time):
        raise refusal(settings.closed_window)


def _check_reply(reply: Any, call: Call, person: Person) -> None:
    mid = an_object(reply, "reply_to").get("mid")
    if mid and all(said.id != mid for said in call.page.threads.get(person.psid, [])):
        raise bad_parameter("Param reply_to[mid] must be a message of this conversation.")
