"""What a message says: whether the platform takes it, and what arrives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from instantreact_sdk.testing.fakes.messenger.attachments import attached
from instantreact_sdk.testing.fakes.messenger.faults import refusal
from instantreact_sdk.testing.fakes.messenger.graph_error import bad_parameter
from instantreact_sdk.testing.fakes.messenger.page import Attachment, Page
from instantreact_sdk.testing.fakes.messenger.settings import TextUnit
from instantreact_sdk.testing.fakes.messenger.shapes import a_text, an_object, objects
from instantreact_sdk.testing.fakes.request import Part

LONGEST_TEXT = 2000
_LONGEST_BUTTON_TEXT = 640
_LONGEST_METADATA = 999
_LONGEST_PAYLOAD = 1000
_LONGEST_TITLE = 20
_MOST_REPLIES = 13
_MOST_BUTTONS = 3
_MOST_PICTURES = 30
_MOST_ELEMENTS = 10
_LONGEST_ELEMENT = 80


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that arrives: a text, or a file.

    Attributes:
        kind: ``text``, ``template``, or the kind of the attachment.
        text: What can be read of it.
        attachment: The file; None for text.
    """

    kind: str
    text: str = ""
    attachment: Attachment | None = None


def pieces(
    message: Mapping[str, Any], files: Mapping[str, Part], page: Page, unit: TextUnit, now: datetime
) -> Iterator[Piece]:
    """What arrives of a message that is no utility template.

    Args:
        message: The field ``message``.
        files: What came with it.
        page: Who sends.
        unit: In what the length of a text is counted.
        now: The time.

    Raises:
        Refused: It is empty, too long, or says several things that exclude each other.
    """
    text = a_text(message.get("text"), "message[text]")
    one = an_object(message.get("attachment"), "message[attachment]")
    several = objects(message.get("attachments"), "message[attachments]")
    said = [name for name, value in (("text", text.strip()), ("attachment", one), ("attachments", several)) if value]
    if not said:
        raise refusal("100/2018034")
    if len(said) > 1:
        raise bad_parameter(f"Param message must have one of {' and '.join(said)}, not both.")
    _limit(message.get("metadata"), "message[metadata]", _LONGEST_METADATA, unit)
    _check_replies(objects(message.get("quick_replies"), "message[quick_replies]"), unit)
    if said == ["text"]:
        yield Piece("text", _limit(text, "message[text]", LONGEST_TEXT, unit))
    if len(several) > _MOST_PICTURES or any(picture.get("type") != "image" for picture in several):
        raise bad_parameter("Param message[attachments] takes at most 30 attachments, and images only.")
    for attachment in several or ([one] if one else []):
        if attachment.get("type") == "template":
            payload = an_object(attachment.get("payload"), "message[attachment][payload]")
            yield Piece("template", _template(payload, unit))
        else:
            found = attached(attachment, files, page, now)
            yield Piece(found.kind, attachment=found)


def _check_replies(replies: list[dict[str, Any]], unit: TextUnit) -> None:
    if len(replies) > _MOST_REPLIES:
        raise bad_parameter("Param message[quick_replies] has too many elements.")
    for reply in replies:
        if reply.get("content_type") != "text":
            continue  # the person's own number or address, which has no title
        title = _limit(reply.get("title"), "quick_replies[title]", _LONGEST_TITLE, unit)
        payload = _limit(reply.get("payload"), "quick_replies[payload]", _LONGEST_PAYLOAD, unit)
        if not title or not payload:
            raise bad_parameter("Param message[quick_replies] needs a title and a payload each.")


def _template(payload: Mapping[str, Any], unit: TextUnit) -> str:
    match payload.get("template_type"):
        case "button":
            text = _limit(payload.get("text"), "payload[text]", _LONGEST_BUTTON_TEXT, unit)
            if not text:
                raise bad_parameter("Param payload[text] is required for a template of type button.")
            _check_buttons(payload, unit, least=1)
            return text
        case "generic":
            elements = objects(payload.get("elements"), "payload[elements]")
            titles = [_limit(element.get("title"), "elements[title]", _LONGEST_ELEMENT, unit) for element in elements]
            if not 1 <= len(titles) <= _MOST_ELEMENTS or not all(titles):
                raise bad_parameter("Param payload[elements] takes 1 to 10 elements, with a title each.")
            for element in elements:
                _check_buttons(element, unit, least=0)
            return "\n".join(titles)
        case kind:
            raise bad_parameter(f"Param payload[template_type] must be one of {{button, generic}}, and is {kind}.")


def _check_buttons(of: Mapping[str, Any], unit: TextUnit, *, least: int) -> None:
    buttons = objects(of.get("buttons"), "buttons")
    if not least <= len(buttons) <= _MOST_BUTTONS:
        raise bad_parameter(f"Param buttons takes {least} to {_MOST_BUTTONS} buttons.")
    for button in buttons:
        needed = {"postback": "payload", "web_url": "url"}.get(str(button.get("type")))
        title = _limit(button.get("title"), "buttons[title]", _LONGEST_TITLE, unit)
        if needed is None or not title or not button.get(needed):
            raise bad_parameter("A button is a postback with a payload or a web_url with a url, and has a title.")


def _limit(value: Any, name: str, most: int, unit: TextUnit) -> str:
    text = a_text(value, name)
    if _length(text, unit) > most:
        raise bad_parameter(f"Length of param {name} must be less than or equal to {most}")
    return text


def _length(text: str, unit: TextUnit) -> int:
    if unit == "code points":
        return len(text)
    encoded = text.encode("utf-16-le" if unit == "utf-16" else "utf-8", "surrogatepass")
    return len(encoded) // (2 if unit == "utf-16" else 1)
