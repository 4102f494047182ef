"""One component of a pipeline file, for the commands that its plugin adds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel

from instantreact_sdk.config import Loaded, check_components, load
from instantreact_sdk.config.components import SECTIONS
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.hiding import covering_log
from instantreact_sdk.errors.wording import listed
from instantreact_sdk.interfaces import Context
from instantreact_sdk.registry import Registry, discover
from instantreact_sdk.registry.home import home_folder


@dataclass(frozen=True, slots=True)
class Borrowed:
    """What a pipeline file says of one component, and what the component remembers.

    Attributes:
        name: Its name in the file.
        options: Its valid options.
        context: With the name, the folders and the state that a run of that file opens it with; the state is shared with runs, also
            with one that is going on.
        people: Of a notifier, the address of each person who is told through it, by name; where a person has several there, the first.
    """

    name: str
    options: BaseModel
    context: Context
    people: Mapping[str, str]


@contextmanager
def borrowed(config: str | Path, use: str, name: str = "", *, create: bool = True) -> Iterator[Borrowed]:
    """A component of a pipeline file. It is not made, and no other component of the file is looked at.

    Args:
        config: The pipeline file.
        use: What it has to be, as ``messenger/messenger``.
        name: Which one; may be left out where the file has one.
        create: Whether to make the store where there is none; if not, the state is empty there, and forgotten in the end.

    Raises:
        InstantReactError: IR1001 to IR1004, something is wrong with the file; IR1007, it has no such component, or several; IR5001 to
            IR5006 and IR6001, its store cannot be used.

    Example:
        In a command of the plugin ``messenger``::

            with borrowed("instantreact.yaml", "messenger/messenger") as one:
                one.context.state["seen"] = one.people
    """
    loaded = load(config)
    registry = discover()
    section, found = _found(loaded, registry, use, name)
    others: dict[str, object] = {each: {} for each in SECTIONS}
    alone = loaded.file.model_copy(update={**others, section: {found: getattr(loaded.file, section)[found]}})
    (configured,) = check_components(replace(loaded, file=alone), registry)
    people = {
        person: route[found]
        for person, steps in loaded.file.people.items()
        for route in reversed(steps)
        if found in route
    }
    from instantreact_sdk.alerts.store import Store  # loads SQLAlchemy, of which mistakes above need nothing

    cache = home_folder() / "cache" / configured.choice.id.replace("/", "-")
    log = covering_log(found)
    context = Context(name=found, log=log, base=loaded.base, cache_dir=cache)
    with ExitStack() as closing:
        try:
            store = closing.enter_context(Store.open(loaded.store_url, create=create))
        except InstantReactError as error:
            if create or error.code != "IR5007":
                raise
        else:
            context = replace(context, state=store.state(found))
        yield Borrowed(found, configured.options, context, people)


def _found(loaded: Loaded, registry: Registry, use: str, name: str) -> tuple[str, str]:
    """Section and name of the component."""
    plugin, _, _ = use.partition("/")
    fitting = {
        each: section
        for section, kind in SECTIONS.items()
        for each, one in getattr(loaded.file, section).items()
        if one.use == use or (one.use == plugin and registry.resolve(kind, plugin, loaded.base).id == use)
    }
    if name in fitting:
        return fitting[name], name
    if len(fitting) == 1 and not name:
        return next((section, each) for each, section in fitting.items())
    there = f"It has {listed(fitting, 'and')}." if fitting else f"Add one with `use: {use}`."
    if name:
        raise InstantReactError("IR1007", path=loaded.path, kind=f"{use} that is called", name=name, fix=there)
    if fitting:
        raise InstantReactError("IR1007", path=loaded.path, kind="single", name=use, fix=f"{there} Say which.")
    raise InstantReactError("IR1007", path=loaded.path, kind="component", name=use, fix=there)
