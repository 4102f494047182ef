"""What goes to Meta's servers: an alert's parts, as bodies of the Send API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from logging import Logger
from pathlib import Path
from typing import Any, Literal

from instantreact_messenger.graph import Upload
from instantreact_messenger.options import MessengerOptions, Template
from instantreact_messenger.text import fitted
from instantreact_sdk import Alert

ACKNOWLEDGES = "ok"
"""What the button sends back: the same as who writes it."""
LARGEST = 25_000_000
"""Bytes that Meta takes of one file."""

_ATTACHED: Mapping[str, tuple[Literal["image", "video"], str, str]] = {
    "snapshot": ("image", "snapshot.jpg", "image/jpeg"),
    "clip": ("video", "clip.mp4", "video/mp4"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One message of those that an alert becomes: Meta takes no text together with a picture.

    Attributes:
        name: ``text``, ``snapshot`` or ``clip``, as in `Delivery.done`.
        body: ``message`` of the Send API; of a file, what goes beside it.
        kind: ``messaging_type`` of the Send API.
        media: ``image`` or ``video``, for a file.
        file: To be uploaded first.
    """

    name: str
    body: Mapping[str, Any]
    kind: Literal["RESPONSE", "UTILITY"] = "RESPONSE"
    media: str = ""
    file: Upload | None = None


def parts(alert: Alert, options: MessengerOptions, log: Logger) -> list[Part]:
    """What is to be sent, in order: first the text, for a picture may take long.

    A file that is gone, empty or too big is left out: the text does not wait for it.
    """
    if options.template:
        return [Part("text", {"template": filled(options.template, alert)}, "UTILITY")]
    files = [*_files(alert, log)]
    # It vanishes from the screen when the next message comes: so the last one has it.
    last = {"quick_replies": [_button(options.button)]} if options.button else {}
    found = [Part("text", {"text": fitted(_words(alert)), **({} if files else last)})]
    for number, (name, upload) in enumerate(files, 1):
        more = last if number == len(files) else {}
        found.append(Part(name, more, media=_ATTACHED[name][0], file=upload))
    return found


def filled(template: Template, alert: Alert) -> dict[str, Any]:
    """A template with what the alert says in it; on one line, for templates take no line breaks."""
    when = f"{alert.wall:%Y-%m-%d %H:%M:%S} UTC" if alert.wall else f"{alert.time:.0f} s"
    known = {"text": _words(alert), "rule": alert.rule, "source": alert.source, "time": when}
    values = [" ".join(fitted(parameter.format(**known)).split()) for parameter in template.parameters]
    body: dict[str, Any] = {"name": template.name, "language": {"code": template.language}}
    if values:
        body["components"] = [{"type": "body", "parameters": [{"type": "text", "text": value} for value in values]}]
    return body


def _words(alert: Alert) -> str:
    """Its text; Meta takes no empty one."""
    return alert.text if alert.text.strip() else f"{alert.rule}: {alert.source}"


def _button(title: str) -> dict[str, str]:
    return {"content_type": "text", "title": title, "payload": ACKNOWLEDGES}


def _files(alert: Alert, log: Logger) -> Iterator[tuple[str, Upload]]:
    for part, path in (("snapshot", alert.snapshot), ("clip", alert.clip)):
        if path and (content := _content(path, part, log)):
            _, name, kind = _ATTACHED[part]
            yield part, Upload(name, kind, content)


def _content(path: Path, part: str, log: Logger) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            log.warning("The %s of an alert is larger than the 25 MB that Messenger takes, and is left out.", part)
            return b""
        content = path.read_bytes()
    except OSError as error:
        log.warning("The %s of an alert cannot be read, and is left out: %s.", part, error.strerror)
        return b""
    if not content:
        log.warning("The %s of an alert is empty, and is left out.", part)
    return content
