"""What can be read: the Page, the people, and what was said.

A list is read leaf by leaf, as the Graph API would say page by page: a Page is somebody who sends here.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from instantreact_sdk.testing.fakes.messenger.call import Call
from instantreact_sdk.testing.fakes.messenger.fields import Field, written
from instantreact_sdk.testing.fakes.messenger.graph_error import bad_parameter
from instantreact_sdk.testing.fakes.messenger.page import DAY, Page, Person, Said

_USUAL_LIMIT = 25
_LARGEST_LIMIT = 100

Node = Mapping[str, Callable[[Field], Any]]
"""The fields of a node; each is made when it is asked for."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list is read, for the addresses of its other leaves.

    Attributes:
        url: Of the list, without parameters.
        parameters: Those that the next leaf has as well: the access token among them, as with the real one.
    """

    url: str
    parameters: Mapping[str, str]


def told(node: Node, fields: Mapping[str, Field], usual: Sequence[str], kind: str) -> dict[str, Any]:
    """A node as it is answered.

    Args:
        node: It.
        fields: Those that were asked for; none for the usual ones.
        usual: Their names.
        kind: What the node is, for the refusal.

    Raises:
        Refused: It has no such field.
    """
    wanted = {"id": Field(), **fields} if fields else {name: Field() for name in usual}
    if missing := [name for name in wanted if name not in node]:
        raise bad_parameter(f"Tried accessing nonexisting field ({missing[0]}) on node type ({kind})")
    return {name: node[name](field) for name, field in wanted.items()}


def page_node(page: Page) -> Node:
    """A Page: ``id`` and ``name``."""
    return {"id": lambda _: page.id, "name": lambda _: page.name}


def person_node(person: Person) -> Node:
    """Somebody's profile."""
    first, _, last = person.name.partition(" ")
    return {
        "id": lambda _: person.psid,
        "name": lambda _: person.name,
        "first_name": lambda _: first,
        "last_name": lambda _: last,
    }


def message_node(said: Said, page: Page, person: Person) -> Node:
    """One message of a conversation."""
    people = [_participant(person), _participant(page)]
    sender, receiver = people[::-1] if said.by_page else people
    return {
        "id": lambda _: said.id,
        "created_time": lambda _: _moment(said.time),
        "from": lambda _: sender,
        "to": lambda _: {"data": [receiver]},
        "message": lambda _: said.text,
    }


def conversation_node(call: Call, person: Person) -> Node:
    """What the Page that calls and a person have said."""
    page = call.page
    thread = page.threads[person.psid]
    return {
        "id": lambda _: conversation_id(person),
        "updated_time": lambda _: _moment(thread[-1].time),
        "message_count": lambda _: len(thread),
        "can_reply": lambda _: person.wrote_within(DAY, call.time),
        "participants": lambda _: {"data": [_participant(person), _participant(page)]},
        "messages": lambda field: messages(call, person, field),
    }


def messages(call: Call, person: Person, field: Field) -> dict[str, Any]:
    """What the Page that calls and a person have said, the latest first, a leaf at a time.

    Args:
        call: By the Page.
        person: With whom.
        field: Which fields of them were asked for, and as its arguments, which leaf.
    """
    by_id = {said.id: said for said in call.page.threads[person.psid]}
    shared = {"access_token": call.token, **({"fields": written(field.inside)} if field.inside else {})}
    place = Place(f"{call.url}/{conversation_id(person)}/messages", shared)
    chosen, paging = leaf([*reversed(by_id)], field.arguments, place)
    nodes = [message_node(by_id[mid], call.page, person) for mid in chosen]
    return {"data": [told(node, field.inside, ("id", "created_time"), "Message") for node in nodes], **paging}


def conversation_id(person: Person) -> str:
    """What the conversation with a person is called."""
    return f"t_{person.psid}"


def leaf(ids: Sequence[str], arguments: Mapping[str, str], place: Place) -> tuple[Sequence[str], dict[str, Any]]:
    """Some of a list's ids, and the field ``paging`` that leads to the others.

    Args:
        ids: All of them, in order.
        arguments: ``limit`` (1 to 100, else 25), and ``after`` or ``before``, a cursor.
        place: Where the list is read.

    Raises:
        Refused: A cursor leads nowhere.
    """
    limit = arguments.get("limit", "")
    count = min(int(limit), _LARGEST_LIMIT) if limit.isdecimal() and int(limit) else _USUAL_LIMIT
    first, end = 0, len(ids)
    if after := arguments.get("after"):
        first = _position(after, ids) + 1
        end = min(end, first + count)
    elif before := arguments.get("before"):
        end = _position(before, ids)
        first = max(0, end - count)
    else:
        end = min(end, count)
    if first >= end:
        return [], {}
    cursors = {"before": _cursor(ids[first]), "after": _cursor(ids[end - 1])}
    paging: dict[str, Any] = {"cursors": cursors}
    shared = {**place.parameters, "limit": str(count)}
    if end < len(ids):
        paging["next"] = f"{place.url}?{urlencode({**shared, 'after': cursors['after']})}"
    if first:
        paging["previous"] = f"{place.url}?{urlencode({**shared, 'before': cursors['before']})}"
    return ids[first:end], {"paging": paging}


def _position(cursor: str, ids: Sequence[str]) -> int:
    try:
        return ids.index(urlsafe_b64decode(cursor).decode())
    except ValueError:
        raise bad_parameter("Invalid cursor values in pagination.") from None


def _cursor(name: str) -> str:
    return urlsafe_b64encode(name.encode()).decode()


def _participant(one: Page | Person) -> dict[str, str]:
    number = one.id if isinstance(one, Page) else one.psid
    return {"name": one.name, "email": f"{number}@facebook.com", "id": number}


def _moment(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S%z")
