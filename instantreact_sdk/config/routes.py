"""Whether everybody can be reached at any time, as far as it can be told beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from instantreact_sdk.config.components import Configured
from instantreact_sdk.config.load import Loaded
from instantreact_sdk.config.problem import Problem, refuse
from instantreact_sdk.errors.wording import listed
from instantreact_sdk.interfaces import Options


def check_routes(loaded: Loaded, components: Iterable[Configured]) -> None:
    """See that every person has a route that can be tried whenever an alert comes.

    Args:
        loaded: The file.
        components: What it configures.

    Raises:
        InstantReactError: IR1003, with each person all of whose routes have `reservations`, and each notifier that cannot
            say whether it has some.
    """
    problems: list[Problem] = []
    reserved: dict[str, str] = {}
    for one in components:
        if one.kind != "notifier" or not isinstance(one.options, Options):
            continue
        try:
            reserved[one.name] = one.options.reservations()
        except Exception as error:  # noqa: BLE001  (a plugin may raise anything)
            what = f"{one.choice.plugin} could not say when it can tell somebody: it raised {type(error).__name__}"
            problems.append(loaded.problem(("notifiers", one.name, "options"), what))
    for person, routes in loaded.file.people.items():
        through = [*dict.fromkeys(name for route in routes for name in route)]
        if all(reserved.get(name) for name in through):
            problems.append(loaded.problem(("people", person), _unreached(person, through, reserved)))
    if problems:
        raise refuse(problems)


def _unreached(person: str, through: list[str], reserved: Mapping[str, str]) -> str:
    why = "; ".join(f"{name}: {reserved[name].rstrip('.')}" for name in through)
    return (
        f"nobody can rely on {person} being told through {listed(through, 'or')} ({why}); add a route that can be tried "
        f'at any time, such as SMS, e-mail or a push service: `{person}: [{{{through[0]}: "..."}}, {{sms: "..."}}]`'
    )
