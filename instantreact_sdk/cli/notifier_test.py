"""Sending one test alert."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar, cast

from instantreact_sdk.config import Loaded, check_components
from instantreact_sdk.config.components import SECTIONS
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import listed, nearest
from instantreact_sdk.interfaces import Context, Notifier
from instantreact_sdk.pipeline.guard import CALL_LIMIT, OPEN_LIMIT
from instantreact_sdk.registry import discover
from instantreact_sdk.registry.fault import in_words
from instantreact_sdk.registry.home import home_folder
from instantreact_sdk.types import Alert, Delivery, Event, Receipt

Result = TypeVar("Result")


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
    context = Context(name=name, base=loaded.base, cache_dir=home_folder() / "cache" / choice.id.replace("/", "-"))
    now = datetime.now(UTC)
    event = Event(
        "test", "test", 0.0, 0.0, (), {"condition": "a test", "result": True, "because": "somebody asked for it"}
    )
    text = f"This is a test of {name} by instantreact-sdk. Nothing has happened."
    alert = Alert(f"test-{secrets.token_hex(4)}", "test", "test", text, (event,), 0.0, now)

    def call(method: str, function: Callable[[], Result], limit: float) -> Result:
        return _guarded(function, use.time_limit or limit, name, method, choice.plugin)

    try:
        call("open", lambda: notifier.open(context), OPEN_LIMIT)
        receipt = call("notify", lambda: notifier.notify(alert, Delivery(alert.id, recipient)), CALL_LIMIT)
    finally:
        context.stop.set()
        call("close", notifier.close, CALL_LIMIT)
    if not isinstance(receipt, Receipt):
        raise InstantReactError(
            "IR4004", component=name, problem=f"a {type(receipt).__name__}", call="notify", plugin=choice.plugin
        )
    return receipt


def _guarded(function: Callable[[], Result], limit: float, name: str, method: str, plugin: str) -> Result:
    """What the function returns; what it raises, in our words; not longer than the limit."""
    results: list[Result] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            results.append(function())
        except BaseException as error:  # noqa: BLE001  (it is told in the caller's thread)
            errors.append(error)

    thread = threading.Thread(target=work, name=f"{name}.{method}", daemon=True)
    thread.start()
    thread.join(limit)
    if errors and isinstance(errors[0], InstantReactError):
        raise errors[0]
    if errors:
        problem = in_words(errors[0])
        raise InstantReactError("IR4001", component=name, call=method, problem=problem, plugin=plugin) from errors[0]
    if not results:
        raise InstantReactError("IR4002", component=name, call=method, limit=limit)
    return results[0]
