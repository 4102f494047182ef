"""What a call that reads is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from instantreact_sdk.testing.fakes.messenger.access import App, page_of
from instantreact_sdk.testing.fakes.messenger.call import Call
from instantreact_sdk.testing.fakes.messenger.faults import refusal
from instantreact_sdk.testing.fakes.messenger.fields import Field, asked
from instantreact_sdk.testing.fakes.messenger.graph_error import GraphError, bad_parameter
from instantreact_sdk.testing.fakes.messenger.nodes import (
    Place,
    conversation_id,
    conversation_node,
    leaf,
    message_node,
    messages,
    page_node,
    person_node,
    told,
)
from instantreact_sdk.testing.fakes.messenger.page import Page
from instantreact_sdk.testing.fakes.messenger.parameters import Parameters
from instantreact_sdk.testing.fakes.messenger.settings import Settings
from instantreact_sdk.testing.fakes.messenger.templates import listed

_FOR_CONVERSATIONS = ("pages_messaging", "pages_manage_metadata", "pages_read_engagement")
_OF_CONVERSATION = ("id", "updated_time")
_UNKNOWN_OBJECT = "Unsupported get request. The object does not exist, or may not be seen by this token."


def read(call: Call) -> dict[str, Any]:
    """Read a node, or a list.

    Raises:
        Refused: There is nothing of the kind, or the token may not see it.
    """
    page, fields = call.page, asked(call.parameters.text("fields"))
    match call.path:
        case [page.id]:
            return told(page_node(page), fields, ("name", "id"), "Page")
        case [page.id, "message_templates"]:
            return {"data": listed(call.parameters, page)}
        case [page.id, "conversations"]:
            return _conversations(call, fields)
        case [name] if name in page.people:
            return told(person_node(page.people[name]), fields, ("first_name", "last_name", "id"), "User")
        case [name, *rest] if name.startswith("t_") and rest in ([], ["messages"]):
            return _conversation(call, name, fields, alone=not rest)
        case [name] if name.startswith("m_"):
            return _message(call, name, fields)
    raise refusal("100/33", message=_UNKNOWN_OBJECT)


def token_debugged(
    token: str, parameters: Parameters, app: App, pages: Sequence[Page], settings: Settings
) -> dict[str, Any]:
    """What there is to know about a token.

    Args:
        token: Of the call: the app's own, or that of a Page.
        parameters: ``input_token``.
        app: Whose tokens can be asked about.
        pages: The Pages that there are.
        settings: How a bad token of the call is refused.

    Raises:
        Refused: The token of the call is bad, or there is no ``input_token``.
    """
    if token != app.token:
        page_of(token, pages, settings)
    looked_at = parameters.text("input_token")
    if not looked_at:
        raise bad_parameter("The parameter input_token is required")
    about = {"app_id": app.id, "type": "PAGE", "application": "Night Watch", "is_valid": True}
    page = next((page for page in pages if page.token == looked_at), None)
    if page is None:
        return {"data": {"is_valid": False, "error": _brief(refusal("190").error), "scopes": []}}
    told = {**about, "profile_id": page.id, "expires_at": 0, "scopes": sorted(page.permissions)}
    if page.token_error:
        told |= {"is_valid": False, "error": _brief(page.token_error)}
    return {"data": told}


def _brief(error: GraphError) -> dict[str, Any]:
    found: dict[str, Any] = {"code": error.code, "message": error.message}
    return {**found, "subcode": error.subcode} if error.subcode else found


def _check_may_listen(page: Page) -> None:
    if missing := page.lacks(*_FOR_CONVERSATIONS):
        message = f"(#10) This endpoint requires the permission {missing[0]}."
        raise refusal("10", message=message)


def _conversations(call: Call, fields: Mapping[str, Field]) -> dict[str, Any]:
    _check_may_listen(call.page)
    page, wanted = call.page, call.parameters.text("user_id")
    with_whom = [psid for psid in page.threads if not wanted or psid == wanted]
    if call.parameters.text("platform").lower() not in ("", "messenger"):
        with_whom = []
    with_whom.sort(key=lambda psid: page.threads[psid][-1].time, reverse=True)
    shared = ("access_token", "fields", "platform", "user_id")
    given = {name: call.parameters.text(name) for name in shared if call.parameters.text(name)}
    place = Place(f"{call.url}/{'/'.join(call.path)}", {"access_token": call.token, **given})
    chosen, paging = leaf(with_whom, _turned_to(call), place)
    nodes = [conversation_node(call, page.people[psid]) for psid in chosen]
    return {"data": [told(node, fields, _OF_CONVERSATION, "Conversation") for node in nodes], **paging}


def _conversation(call: Call, name: str, fields: Mapping[str, Field], *, alone: bool) -> dict[str, Any]:
    _check_may_listen(call.page)
    people = call.page.people
    for psid in call.page.threads:
        if conversation_id(people[psid]) == name:
            if alone:
                return told(conversation_node(call, people[psid]), fields, _OF_CONVERSATION, "Conversation")
            return messages(call, people[psid], Field(_turned_to(call), fields))
    raise refusal("100/33", message=_UNKNOWN_OBJECT)


def _message(call: Call, name: str, fields: Mapping[str, Field]) -> dict[str, Any]:
    _check_may_listen(call.page)
    for psid, thread in call.page.threads.items():
        for said in thread:
            if said.id == name:
                node = message_node(said, call.page, call.page.people[psid])
                return told(node, fields, ("id", "created_time"), "Message")
    raise refusal("100/33", message=_UNKNOWN_OBJECT)


def _turned_to(call: Call) -> dict[str, str]:
    return {name: call.parameters.text(name) for name in ("limit", "after", "before")}
