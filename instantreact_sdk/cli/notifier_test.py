"""Sending one test alert."""

from __future__ import annotations

import secrets
import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

from instantreact_sdk.config import Loaded, check_components
from instantreact_sdk.config.components import SECTIONS
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.hiding import covering_log
from instantreact_sdk.errors.wording import listed, nearest
from instantreact_sdk.interfaces import Context, Notifier
from instantreact_sdk.pipeline.caller import Caller
from instantreact_sdk.pipeline.guard import CALL_LIMIT, Who
from instantreact_sdk.registry import discover
from instantreact_sdk.registry.home import home_folder
from instantreact_sdk.types import Alert, Delivery, Event, Receipt


def address_of(loaded: Loaded, name: str, to: str) -> str:
    """The address to send to: that of a person, or `to` itself; empty where the notifier needs none.

    Raises:
        InstantReactError: IR1007, the file has no such notifier, or it does not say which person is meant.
    """
    file = loaded.file
    if name not in file.notifiers:
        right = nearest(name, file.notifiers)
        fix = f"Did you mean {right}?" if right else f"It has {listed(file.notifiers, 'and') or 'none'}."
        raise InstantReactError("IR1007", path=loaded.path, kind="notifier", name=name, fix=fix)
    routes = {
        person: route[name] for person, steps in file.people.items() for route in reversed(steps) if name in route
    }
    if to:
        if to in file.people and to not in routes:
            fix = f"{to} is not told that way; {listed(routes, 'and') or 'nobody'} is."
            raise InstantReactError("IR1007", path=loaded.path, kind=f"route of {to} through", name=name, fix=fix)
        return routes.get(to, to)
    if len(routes) > 1:
        fix = f"Say who is meant: `--to {next(iter(routes))}`, for instance."
        raise InstantReactError("IR1007", path=loaded.path, kind="single person who is told by", name=name, fix=fix)
    return next(iter(routes.values()), "")


def send_test(loaded: Loaded, name: str, recipient: str) -> Receipt:
    """Make, open and close the notifier, and send it one alert in between; nothing else of the file is used.

    Raises:
        InstantReactError: Whatever went wrong, as the notifier says it; IR4001, IR4002 or IR4004 where the notifier is broken.
    """
    use = loaded.file.notifiers[name]
    others: dict[str, object] = {section: {} for section in SECTIONS}
    alone = loaded.file.model_copy(update={**others, "notifiers": {name: use}})
    (found,) = check_components(replace(loaded, file=alone), discover())
    choice = found.choice
    notifier = cast("Notifier", choice.make(found.options))
    stop = threading.Event()
    context = Context(
        name=name,
        stop=stop,
        log=covering_log(name),
        base=loaded.base,
        cache_dir=home_folder() / "cache" / choice.id.replace("/", "-"),
    )
    now = datetime.now(UTC)
    event = Event(
        "test", "test", 0.0, 0.0, (), {"condition": "a test", "result": True, "because": "somebody asked for it"}
    )
    text = f"This is a test of {name} by instantreact-sdk. Nothing has happened."
    alert = Alert(f"test-{secrets.token_hex(4)}", "test", "test", text, (event,), 0.0, now)

    caller = Caller(Who(name, choice.plugin), use.time_limit)
    with caller.opened(notifier, context, stop):
        receipt = caller.call("notify", lambda: notifier.notify(alert, Delivery(alert.id, recipient)), CALL_LIMIT)
    if not isinstance(receipt, Receipt):
        raise InstantReactError(
            "IR4004", component=name, problem=f"a {type(receipt).__name__}", call="notify", plugin=choice.plugin
        )
    return receipt
