"""``instantreact-sdk fake messenger``."""

from __future__ import annotations

import json
import os
import select
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from instantreact_sdk.cli.terminal import terminal
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.testing.fakes import FakeClock, MessengerFake
from instantreact_sdk.testing.fakes.messenger import FAULTS, Attempt, Message

_GLANCE = 0.1
"""Seconds between two looks for what came in."""


def stand_in(
    *, port: int, webhook: str, verify_token: str, faults: float, seed: int, closed: bool, as_json: bool
) -> None:
    """Stand for the Messenger Platform, until somebody interrupts it.

    Args:
        port: Where it listens; 0 for a free port.
        webhook: Where to tell what people write; empty for nowhere.
        verify_token: What the webhook knows the platform by.
        faults: Share of the sends that fail, 0 to 1.
        seed: Of their chance.
        closed: Whether nobody has written yet; else everybody just has.
        as_json: Whether to print JSON.

    Raises:
        InstantReactError: IR2026, the port is taken, or the webhook's address is none.
        KeyboardInterrupt: Somebody interrupted it.
    """
    with MessengerFake(clock=FakeClock(speed=1), port=port) as fake:
        possible = [name for name in FAULTS if name != "refused"]
        fake.at_random(dict.fromkeys(possible, faults / len(possible)), seed=seed)
        if not closed:
            for psid in fake.page.people:
                fake.write(psid, "Hello")
        desk = _Desk(fake, webhook, verify_token, as_json=as_json)
        desk.introduce()
        desk.subscribe()
        for line in _typed():
            desk.show()
            if line:
                desk.hear(line)


class _Desk:
    """Shows what the platform takes, and has people write."""

    def __init__(self, fake: MessengerFake, webhook: str, verify_token: str, *, as_json: bool) -> None:
        self._fake, self._webhook, self._verify_token = fake, webhook, verify_token
        self._as_json = as_json
        self._out = terminal()
        self._shown = 0
        self._known = 0

    def introduce(self) -> None:
        fake = self._fake
        people = {person.psid: person.name for person in fake.page.people.values()}
        if self._as_json:
            self._line(
                url=fake.url,
                page=fake.page.id,
                page_token=fake.page.token,
                app=fake.app.id,
                app_secret=fake.app.secret,
                people=people,
            )
            return
        self._out.print(f"The Messenger Platform is at {fake.url}, in place of https://graph.facebook.com.")
        for name, value in (
            ("page", f"{fake.page.id} ({fake.page.name})"),
            ("page token", fake.page.token),
            ("app secret", fake.app.secret),
            *(("person", f"{psid} ({name})") for psid, name in people.items()),
        ):
            self._out.print(f"  {name:<12}{value}")
        self._out.print("`anna I am on my way` has Anna write so; Ctrl-C ends it.", style="dim")

    def subscribe(self) -> None:
        """Ask the webhook, where there is one that has not agreed yet: it may be started later."""
        if not self._webhook or self._fake.webhook.url:
            return
        agreed = self._fake.webhook.subscribe(self._webhook, self._verify_token)
        if self._as_json:
            self._line(webhook=self._webhook, agreed=agreed)
        elif agreed:
            self._out.print(f"The webhook at {self._webhook} is told what people write.")
        else:
            self._out.print(
                f"The webhook at {self._webhook} has not agreed yet; it is asked again when somebody writes."
            )

    def show(self) -> None:
        """Print what was sent since the last time."""
        attempts = self._fake.attempts
        taken: dict[int, list[Message]] = {}
        for message in self._fake.messages[self._known :]:
            taken.setdefault(message.request, []).append(message)
        for attempt in attempts[self._shown :]:
            messages = taken.get(attempt.request, [])
            self._known += len(messages)
            if self._as_json:
                self._line(**_facts(attempt, messages))
            else:
                self._out.print(f"{_time(attempt.time)}  {self._sentence(attempt, messages)}")
        self._shown = len(attempts)

    def hear(self, line: str) -> None:
        """Have somebody write, or tap what the last message to them offers."""
        word, _, text = line.partition(" ")
        people = self._fake.page.people.values()
        named = (one.psid for one in people if word.lower() in (one.psid, one.name.split()[0].lower()))
        psid = next(named, word if word.isdecimal() else "")
        if not psid:
            print(f"Nobody here is called {word}.", file=sys.stderr)  # noqa: T201  (not among what programs read)
            return
        self.subscribe()
        before = len(self._fake.webhook.posts)
        try:
            self._fake.tap(psid, text)
            how = "tapped"
        except InstantReactError:  # the last message offers nothing of the kind
            self._fake.write(psid, text)
            how = "wrote"
        answers = [post.status or post.problem for post in self._fake.webhook.posts[before:]]
        if self._as_json:
            self._line(person=psid, **{how: text}, webhook=answers)
            return
        told = "".join(f"; the webhook answered {answer}" for answer in answers)
        name = self._fake.page.people[psid].name
        self._out.print(f"{_time(self._fake.clock.now())}  {name} {how} {text!r}{told}")

    def _sentence(self, attempt: Attempt, taken: list[Message]) -> str:
        if attempt.edge == "message_attachments":
            what = "an upload"
        else:
            person = self._fake.page.people.get(attempt.recipient)
            whom = person.name if person else attempt.recipient or "nobody"
            what = f"to {whom}: {', '.join(map(_shown, taken)) or repr(attempt.text)}"
        if attempt.status is None:
            return f"{what}, and no answer ({attempt.failure})"
        if attempt.failure:
            return f"{what}, failed as {attempt.failure!r} ({attempt.status})"
        return f"{what}, refused as {attempt.error} ({attempt.status})" if attempt.error else what

    def _line(self, **facts: Any) -> None:
        self._out.print(json.dumps(facts), soft_wrap=True)


def _facts(attempt: Attempt, taken: list[Message]) -> dict[str, Any]:
    return {
        "time": attempt.time.isoformat(),
        "edge": attempt.edge,
        "recipient": attempt.recipient,
        "text": attempt.text,
        "status": attempt.status,
        "error": attempt.error,
        "failure": attempt.failure,
        "taken": [{"id": message.id, "kind": message.kind} for message in taken],
    }


def _shown(message: Message) -> str:
    file = message.attachment
    if file is None:
        return f"{message.kind} {message.text!r}"
    return f"{message.kind} {file.url or file.filename}" + (f" of {len(file.content):,} bytes" if file.content else "")


def _time(moment: datetime) -> str:
    return moment.astimezone().strftime("%H:%M:%S")


def _typed() -> Iterator[str]:
    """The lines that are typed, and an empty one after each `_GLANCE` without; for ever, also where nobody can type."""
    waiting = b""
    inputs = [sys.stdin.fileno()] if sys.stdin else []
    while True:
        ready, _, _ = select.select(inputs, [], [], _GLANCE)
        # Not by `readline`: what it has read ahead, nobody would be told of.
        got = os.read(inputs[0], 65536) if ready else b""
        if ready and not got:
            inputs.clear()
        *lines, waiting = (waiting + got).split(b"\n")
        yield from (line.decode("utf-8", "replace").strip() for line in lines)
        yield ""
