"""What leaves the machine, and to whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from instantreact_sdk.config.components import Configured
from instantreact_sdk.config.pipeline_file import PipelineFile
from instantreact_sdk.errors.wording import listed

_ATTACHED = {"none": ("text",), "snapshot": ("text", "snapshot"), "clip": ("text", "snapshot", "clip")}
_UNKNOWN_HOST = "the host in its options, if there is one"


@dataclass(frozen=True, slots=True)
class Leaving:
    """What one component sends away, by its own declaration; of a notifier, to one of those who are told through it.

    Attributes:
        component: Its name in the file.
        sends: ``text``, ``snapshot``, ``clip``, ``frames``, ``sound``; empty where it sends nothing of these.
        hosts: To whom; empty where only its options say so.
        network: Whether it connects to anything at all.
        recipient: The person or notifier that is told; empty of what tells nobody.
        route: Which of the recipient's routes it is, from 1; 0 of what tells nobody.
    """

    component: str
    sends: tuple[str, ...]
    hosts: tuple[str, ...]
    network: bool = True
    recipient: str = ""
    route: int = 0


def leaving(file: PipelineFile, components: Iterable[Configured]) -> list[Leaving]:
    """What leaves: through observers and sources, to everybody whom a rule tells, and what else may connect.

    Of what a notifier sends, only what ``attach`` allows.
    """
    components = [*components]
    notifiers = {one.name: one for one in components if one.kind == "notifier"}
    found = [_of(one, one.choice.spec.needs.sends) for one in components if one.kind != "notifier"]
    told = [*_told(file, notifiers)]
    heard = {one.component for one in told}
    found += [*told, *(_of(one, ()) for name, one in notifiers.items() if name not in heard)]
    return [one for one in found if one.sends or one.network or one.recipient]


def in_words(leaves: Iterable[Leaving]) -> Iterator[str]:
    """A sentence for each component and each recipient."""
    for recipient, routes in groupby(leaves, lambda one: one.recipient):
        if recipient:
            yield f"{recipient}: {'; where that fails, '.join(map(_route, routes))}"
        else:
            yield from map(_component, routes)


def services(file: PipelineFile) -> Iterator[str]:
    """What ``heartbeat``, ``links`` and ``metrics`` do; a secret address is not shown."""
    if beat := file.heartbeat:
        yield f"heartbeat: asks for its `url` every {beat.every:g} s; nothing of what is seen or heard goes with it"
    if links := file.links:
        yield (
            f"links: each alert's text has a link below {links.url}, and whoever has that can acknowledge the alert; "
            f"{_at(links.host, links.port)} is listened to"
        )
    if metrics := file.metrics:
        yield f"metrics: figures of delivery for whoever reaches {_at(metrics.host, metrics.port)}"


def _told(file: PipelineFile, notifiers: Mapping[str, Configured]) -> Iterator[Leaving]:
    allowed = _ATTACHED[file.attach]
    for recipient in dict.fromkeys(step.then for rule in file.rules.values() for step in rule.steps()):
        routes = file.people.get(recipient, [{recipient: ""}])
        for number, name in enumerate((name for route in routes for name in route), 1):
            one = notifiers[name]
            sends = [thing for thing in allowed if thing in one.choice.spec.needs.sends]
            yield _of(one, sends, recipient, number)


def _of(one: Configured, sends: Iterable[str], recipient: str = "", route: int = 0) -> Leaving:
    needs = one.choice.spec.needs
    return Leaving(one.name, tuple(sends), needs.hosts, needs.network, recipient, route)


def _component(one: Leaving) -> str:
    whom = ", ".join(one.hosts) or _UNKNOWN_HOST
    if one.sends:
        return f"{one.component} sends {listed(one.sends, 'and')} to {whom}"
    return f"{one.component} sends nothing of what is seen or heard; it may connect to {whom}"


def _route(one: Leaving) -> str:
    through = "" if one.component == one.recipient else f" through {one.component}"
    if not one.sends and not one.network:
        return f"told on this machine{through}"
    return f"{listed(one.sends, 'and') or 'nothing'}{through}, to {', '.join(one.hosts) or _UNKNOWN_HOST}"


def _at(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
