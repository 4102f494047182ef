"""What leaves the machine, and to whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from instantreact_sdk.config.components import Configured
from instantreact_sdk.config.pipeline_file import PipelineFile
from instantreact_sdk.errors.wording import listed

_ATTACHED = {"none": {"text"}, "snapshot": {"text", "snapshot"}}


@dataclass(frozen=True, slots=True)
class Leaving:
    """What one component sends away, by its own declaration.

    Attributes:
        component: Its name in the file.
        sends: ``text``, ``snapshot``, ``clip``, ``frames``, ``sound``; empty where it connects but sends nothing of these.
        hosts: To whom; empty where only its options say so.
    """

    component: str
    sends: tuple[str, ...]
    hosts: tuple[str, ...]

    def __str__(self) -> str:
        whom = ", ".join(self.hosts) or "the host in its options, if there is one"
        if self.sends:
            return f"{self.component} sends {listed(self.sends, 'and')} to {whom}"
        return f"{self.component} sends nothing of what is seen or heard; it may connect to {whom}"


def leaving(file: PipelineFile, components: Iterable[Configured]) -> list[Leaving]:
    """What leaves the machine; what an alert carries is cut down to what ``attach`` allows."""
    found = []
    for component in components:
        needs = component.choice.spec.needs
        sends = [thing for thing in needs.sends if component.kind != "notifier" or thing in _ATTACHED[file.attach]]
        if sends or needs.network:
            found.append(Leaving(component.name, tuple(sends), needs.hosts))
    return found
