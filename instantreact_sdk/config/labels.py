"""Whether the labels that rules name are ones that somebody can find."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from instantreact_sdk.config.conditions import ANYTHING, LabelCondition, leaves
from instantreact_sdk.config.load import Loaded
from instantreact_sdk.config.marks import Place
from instantreact_sdk.config.problem import Problem, refuse
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import nearest
from instantreact_sdk.interfaces import Component, Detector

_SHOWN = 20


def known_labels(loaded: Loaded, made: Mapping[str, Component]) -> dict[str, tuple[str, ...]]:
    """What each detector can find, as far as it can be told without opening it.

    Args:
        loaded: The file.
        made: Its components, by name.

    Raises:
        InstantReactError: IR1003, a detector cannot tell because something is wrong with its options.
    """
    known: dict[str, tuple[str, ...]] = {}
    problems: list[Problem] = []
    for name in loaded.file.detectors:
        detector = made[name]
        assert isinstance(detector, Detector)
        try:
            found = detector.known_labels(loaded.base)
        except InstantReactError as error:
            problems.append(loaded.problem(("detectors", name, "options"), str(error)))
        except Exception as error:  # noqa: BLE001  (a plugin may raise anything)
            what = f"it could not tell its labels: it raised {type(error).__name__}"
            problems.append(loaded.problem(("detectors", name), what))
        else:
            if found is not None:
                known[name] = found
    if problems:
        raise refuse(problems)
    return known


def check_labels(loaded: Loaded, labels: Mapping[str, Collection[str]]) -> None:
    """See that some detector finds each label that a rule names, where the rule looks.

    Args:
        loaded: The file.
        labels: What each detector can find. Nothing is said about what is watched by one that is not in here.

    Raises:
        InstantReactError: IR1003, with each label that nobody finds, and the nearest that somebody does.
    """
    problems = [*_unknown(loaded, labels)]
    if problems:
        raise refuse(problems)


def _unknown(loaded: Loaded, labels: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    for name, rule in loaded.file.rules.items():
        place: Place = ("rules", name, "when")
        for leaf in leaves(rule.when):
            if not isinstance(leaf, LabelCondition):
                continue
            watched = {leaf.source} if leaf.source else set(rule.sources or loaded.file.sources)
            watching = [
                key for key, use in loaded.file.detectors.items() if use.sources is None or watched & {*use.sources}
            ]
            if not all(key in labels for key in watching):
                continue
            known = {label for key in watching for label in labels[key]}
            for label in leaf.label:
                if label not in known and label != ANYTHING:
                    right = nearest(label, known)
                    rest = f"did you mean '{right}'?" if right else f"they find {_some(known)}"
                    yield loaded.problem(place, f"no detector here finds '{label}'; {rest}")


def _some(labels: Collection[str]) -> str:
    shown = ", ".join(sorted(labels)[:_SHOWN])
    return f"{shown} and {len(labels) - _SHOWN} more" if len(labels) > _SHOWN else shown or "nothing"
