"""Telling the observing hooks of plugins what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from instantreact_sdk.registry.fault import Fault, guarded
from instantreact_sdk.registry.loading import Observer

if TYPE_CHECKING:
    from instantreact_sdk.types import Event, Health


def tell(observers: Iterable[Observer], news: Event | Health, failed: Callable[[Observer, str], None]) -> None:
    """Call the hooks that are about `news`, each by itself: what one raises reaches neither the others nor the caller.

    Args:
        observers: From `Registry.observers`.
        news: What happened.
        failed: ``failed(observer, cause)`` is called for each hook that raised; the cause is part of a sentence.
    """
    from instantreact_sdk.types import Health

    topic = "health" if isinstance(news, Health) else "event"
    for observer in observers:
        if observer.hook != f"instantreact_{topic}":
            continue
        try:
            with guarded(f"{observer.hook} of {observer.plugin}"):
                observer.function(**dict.fromkeys(observer.takes, news))
        except Fault as fault:
            failed(observer, fault.cause)
