"""Whether the parts of a pipeline file fit together: what one names, another has to be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from instantreact_sdk.config.conditions import (
    AllCondition,
    AnyCondition,
    Channel,
    Condition,
    LabelCondition,
    Leaf,
    NoneCondition,
    channel,
    leaves,
)
from instantreact_sdk.config.marks import Place
from instantreact_sdk.config.pipeline_file import SYSTEM, PipelineFile, Rule, Then
from instantreact_sdk.errors.wording import nearest

Names = Mapping[str, frozenset[str]]
"""The names in each section as written, those of items that are wrong in themselves too."""

COMPONENTS = ("sources", "detectors", "captioners", "recognizers", "notifiers")
_SEES: dict[Channel, str] = {"picture": "detectors", "caption": "captioners", "sound": "recognizers"}


def misfits(file: PipelineFile, names: Names) -> Iterator[tuple[Place, str]]:
    """Where something does not fit, and what."""
    yield from _names_used_twice(names)
    for section in _SEES.values():
        for name, use in getattr(file, section).items():
            yield from _unknown((section, name, "sources"), use.sources or (), names["sources"], "source")
    for name, zone in file.zones.items():
        yield from _unknown(("zones", name, "source"), zone.source, names["sources"], "source")
    for name, routes in file.people.items():
        yield from _routes(("people", name), routes, names)
    for name, rule in file.rules.items():
        yield from _Rule(file, names, rule, ("rules", name)).misfits()
    if "next_route" in file.outbox.model_fields_set and file.outbox.next_route >= file.outbox.expire:
        yield ("outbox", "next_route"), "has to be shorter than `expire`, after which the last route is given up"
    if file.links and file.metrics and file.links.port == file.metrics.port:
        yield ("metrics", "port"), "is taken by `links`; each needs a port of its own"


def _names_used_twice(names: Names) -> Iterator[tuple[Place, str]]:
    sections = defaultdict(list)
    for section in COMPONENTS:
        for name in names[section]:
            sections[name].append(section)
    for name, found in sorted(sections.items()):
        if len(found) > 1:
            yield (found[-1], name), f"the name is taken by {found[0]}.{name}; components need names of their own"
    if SYSTEM in names["sources"]:
        yield (
            ("sources", SYSTEM),
            f"`{SYSTEM}` is the source of what the SDK tells of itself; give this one another name",
        )
    for name in sorted(names["people"] & names["notifiers"]):
        yield ("people", name), f"the name is taken by notifiers.{name}; `notify` could mean either"


def _routes(place: Place, routes: list[dict[str, str]], names: Names) -> Iterator[tuple[Place, str]]:
    if not routes:
        yield place, 'a person needs a route at least, as in `[{sms: "+237600000000"}]`'
    for index, route in enumerate(routes):
        if len(route) != 1:
            yield (*place, index), "a route is one notifier with one address; begin each with a `-` of its own"
        for notifier in route:
            yield from _unknown((*place, index, notifier), notifier, names["notifiers"], "notifier")


def _unknown(
    place: Place, wanted: str | Iterable[str], known: Iterable[str], kind: str, else_: str = ""
) -> Iterator[tuple[Place, str]]:
    """Names that are not known; a list's items by their position."""
    known = set(known)
    one = isinstance(wanted, str)
    for index, name in enumerate([wanted] if isinstance(wanted, str) else wanted):
        if name not in known:
            right = nearest(name, known)
            rest = f"did you mean '{right}'?" if right else else_ or _those(known, kind)
            yield (place if one else (*place, index)), f"there is no {kind} '{name}'; {rest}"


def _those(known: set[str], kind: str) -> str:
    return f"there is {', '.join(sorted(known))}" if known else f"the file has no {kind} at all"


class _Rule:
    """The checks of one rule."""

    def __init__(self, file: PipelineFile, names: Names, rule: Rule, place: Place) -> None:
        self.file = file
        self.names = names
        self.rule = rule
        self.place = place
        self.watched = frozenset(rule.sources) if rule.sources is not None else names["sources"]

    def misfits(self) -> Iterator[tuple[Place, str]]:
        known = self.names["sources"] | {SYSTEM}
        yield from _unknown((*self.place, "sources"), self.rule.sources or (), known, "source")
        if self.rule.sources == []:
            yield (*self.place, "sources"), "an empty list watches nothing; leave `sources` out to watch all"
        told = self.names["people"] | self.names["notifiers"]
        for index, step in enumerate(self.rule.notify):
            place: Place = (*self.place, "notify", index)
            if isinstance(step, Then):
                yield from _unknown((*place, "then"), step.then, told, "person or notifier")
                yield from self._somebody_answers(step, place)
            else:
                yield from _unknown(place, step, told, "person or notifier")
        yield from self._nobody_told_twice()
        yield from self._condition(self.rule.when, (*self.place, "when"))

    def _nobody_told_twice(self) -> Iterator[tuple[Place, str]]:
        names = [step.then for step in self.rule.steps()]
        for index, name in enumerate(names):
            if name in names[:index]:
                yield (*self.place, "notify", index), f"{name} is named twice, and is told once"

    def _somebody_answers(self, step: Then, place: Place) -> Iterator[tuple[Place, str]]:
        if step.unless and not any(other.after < step.after for other in self.rule.steps()):
            yield (
                (*place, "unless"),
                f"nobody is told before {step.then}, so nobody could have acknowledged; leave `unless` out, or name somebody before",
            )

    def _condition(self, condition: Condition, place: Place) -> Iterator[tuple[Place, str]]:
        match condition:
            case AllCondition(all=parts):
                word = "all"
                if condition.within is None and not all(isinstance(leaf, LabelCondition) for leaf in leaves(condition)):
                    yield (
                        place,
                        "`within` has to say how close together they are, as in `within: 10s`; only labels can do without",
                    )
            case AnyCondition(any=parts):
                word = "any"
            case NoneCondition(none=parts):
                word = "none"
            case Leaf():
                yield from self._leaf(condition, place)
                return
        for index, part in enumerate(parts):
            yield from self._condition(part, (*place, word, index))

    def _leaf(self, leaf: Leaf, place: Place) -> Iterator[tuple[Place, str]]:
        watched = self.watched
        if leaf.source is not None:
            if not self.rule.across:
                yield (
                    (*place, "source"),
                    "`source` needs `across: true`; without it a rule looks at each source for itself",
                )
            else:
                known = watched if self.rule.sources is not None else watched | {SYSTEM}
                yield from _unknown((*place, "source"), leaf.source, known, "watched source")
            watched = frozenset({leaf.source})
        if watched == {SYSTEM} and channel(leaf) != "health":
            yield place, f"`{SYSTEM}` tells of health alone; nothing is seen or heard there"
            return
        if isinstance(leaf, LabelCondition) and leaf.zone is not None:
            yield from self._zone(leaf.zone, watched, (*place, "zone"))
        yield from self._somebody_sees(leaf, watched & self.names["sources"], place)

    def _zone(self, name: str, watched: frozenset[str], place: Place) -> Iterator[tuple[Place, str]]:
        yield from _unknown(place, name, self.names["zones"], "zone")
        zone = self.file.zones.get(name)
        if zone is None or not watched or not watched | {zone.source} <= self.names["sources"]:
            return  # something is wrong with these, and has been told
        if zone.source not in watched:
            yield (
                place,
                f"zone '{name}' lies in the picture of '{zone.source}', which is not watched here; it could never be true",
            )

    def _somebody_sees(self, leaf: Leaf, watched: frozenset[str], place: Place) -> Iterator[tuple[Place, str]]:
        what = channel(leaf)
        if what == "health" or not watched:
            return
        section = _SEES[what]
        uses = getattr(self.file, section)
        named = {source for use in uses.values() for source in use.sources or ()}
        if set(uses) != self.names[section] or not named <= self.names["sources"]:
            return  # one of them is wrong in itself: it may be the one
        if not any(use.sources is None or watched & set(use.sources) for use in uses.values()):
            word = next(
                iter(type(leaf).model_fields.keys() - Leaf.model_fields.keys() - {"min_score", "zone", "count", "for_"})
            )
            on = f" on {', '.join(sorted(watched))}" if uses else ""
            yield place, f"nothing would ever see it: `{word}` needs one of the `{section}`{on}"
