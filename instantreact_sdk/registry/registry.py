"""The plugins of this environment: which are there, how they are doing, and the way to the ones that someone named."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.registry.blocks import BlockList
from instantreact_sdk.registry.choice import Choice
from instantreact_sdk.registry.fault import Fault
from instantreact_sdk.registry.home import home_folder
from instantreact_sdk.registry.importing import did_you_mean, load_attribute
from instantreact_sdk.registry.local import is_local, local_choice
from instantreact_sdk.registry.memory import Memory
from instantreact_sdk.registry.outcome import replacing
from instantreact_sdk.registry.record import Offer, Record
from instantreact_sdk.registry.scan import Entry, scan
from instantreact_sdk.registry.specs import CommandSpec, ComponentSpec, Kind
from instantreact_sdk.registry.standing import key, standing

if TYPE_CHECKING:
    from instantreact_sdk.registry.loading import Loaded, Observer

_ERRORS = {"blocked": "IR2003", "broken": "IR2004", "incompatible": "IR2005", "conflict": "IR2006"}


def discover(*, home: Path | None = None, probe: bool = True, fresh: bool = False) -> Registry:
    """What is installed, by metadata and by what earlier probes found.

    It imports no plugin. What is new is probed in processes of its own when it is first asked for.

    Args:
        home: Folder of the probes' outcomes and of the block list; by default `home_folder`.
        probe: Whether to probe what is new; otherwise it is left ``new``.
        fresh: Whether to forget what earlier probes found.
    """
    folder = home or home_folder()
    return Registry(scan(), BlockList(folder).names(), Memory(folder), probe=probe, fresh=fresh)


class Registry:
    """The plugins of this environment; made by `discover`.

    Args:
        entries: All plugins, as announced.
        blocked: Names of blocked plugins and distributions.
        memory: Outcomes of earlier probes.
        probe: Whether to probe what is new.
        fresh: Whether to probe everything once more.
    """

    def __init__(
        self, entries: Sequence[Entry], blocked: Iterable[str], memory: Memory, *, probe: bool, fresh: bool
    ) -> None:
        self._entries = tuple(entries)
        self._memory = memory
        self._probe = probe
        self._fresh = fresh
        self._known: dict[tuple[str, str], Record] = standing(self._entries, frozenset(blocked))
        self._loaded: dict[str, Loaded] = {}

    @property
    def records(self) -> tuple[Record, ...]:
        """How each installed plugin is doing, in order of their names."""
        return self._settled(self._entries)

    def resolve(self, kind: Kind, use: str, base: Path) -> Choice:
        """Find what a configuration names. The plugin's ``hooks.py`` is imported here, and no other plugin's.

        Args:
            kind: What it has to be; not ``command``.
            use: ``plugin/name``; ``plugin`` alone where that registers exactly one of the kind; ``./file.py:Class``.
            base: The folder that local files are relative to: that of the configuration.

        Raises:
            InstantReactError: IR2001 to IR2013, saying why it cannot be used and what to do.
        """
        if is_local(use):
            return local_choice(kind, use, base)
        plugin, slash, name = use.partition("/")
        if not plugin or (slash and not name) or "/" in name:
            raise InstantReactError("IR2009", use=use)
        record = self.usable(plugin)
        loaded = self._load(record)
        spec = _pick(record, kind, name, loaded)
        found = f"{plugin}/{spec.name}"
        if (kind, spec.name) in loaded.clashes:
            raise _unusable(record, kind, found, "the plugin registers it more than once", "")
        for offer in record.offers:
            if (offer.kind, offer.id) == (kind, found) and offer.cause:
                raise _unusable(record, kind, found, offer.cause, offer.fix)
        return Choice(found, kind, spec, record.title, replacing(record.distribution))

    def observers(self, plugins: Iterable[str]) -> tuple[Observer, ...]:
        """The observing hooks of the named plugins, for `tell`; imports their ``hooks.py``.

        Raises:
            InstantReactError: IR2002 to IR2006, a plugin cannot be used.
        """
        return tuple(observer for plugin in plugins for observer in self._load(self.usable(plugin)).observers)

    def source_for(self, url: str) -> str | None:
        """The id of the source whose `SourceSpec.schemes` fit an address best, or None where none does.

        The longest beginning wins; ``""`` stands for everything that is no ``scheme://`` address.

        Args:
            url: An address or a path.

        Raises:
            InstantReactError: IR2014, several fit equally well; IR2025, none fits, but a plugin that might cannot be used.
        """
        fits: dict[int, list[str]] = {}
        for offer in self._offers("source"):
            beginnings = [
                scheme for scheme in offer.schemes if url.lower().startswith(scheme) and (scheme or "://" not in url)
            ]
            if beginnings:
                fits.setdefault(max(map(len, beginnings)), []).append(offer.id)
        if not fits:
            self._blame("source")
            return None
        best = fits[max(fits)]
        if len(best) > 1:
            beginning = url[: max(fits)]  # and no more of it: an address may hold a password
            kind = f"addresses that begin with {beginning}" if beginning else "paths of files"
            raise InstantReactError("IR2014", ids=" and ".join(best), addresses=kind)
        return best[0]

    @property
    def commands(self) -> Mapping[str, str]:
        """Commands that plugins add, with their summaries. A name that two plugins add is left out."""
        offers = self._offers("command")
        names = [offer.id for offer in offers]
        return {offer.id: offer.summary for offer in offers if names.count(offer.id) == 1}

    def command(self, name: str) -> Any:
        """The typer app of a plugin's command, imported.

        Raises:
            KeyError: `commands` has none of that name.
            InstantReactError: IR2004 or IR2008, it cannot be imported.
        """
        if name not in self.commands:
            raise KeyError(name)
        record = next(one for one in self.records if ("command", name) in [(o.kind, o.id) for o in one.offers])
        app = next(spec.app for spec in self._load(record).specs if isinstance(spec, CommandSpec) and spec.name == name)
        try:
            return load_attribute(app)
        except Fault as fault:
            raise _unusable(record, "command", name, fault.cause, fault.fix) from fault

    def _blame(self, kind: Kind) -> None:
        unusable = [one for one in self.records if one.status in _ERRORS and not one.offers]
        if unusable:
            names = ", ".join(f"{one.plugin} ({one.status}: {one.cause})" for one in unusable)
            raise InstantReactError("IR2025", kind=kind, plugins=names)

    def _offers(self, kind: Kind) -> list[Offer]:
        return [offer for record in self.records for offer in record.offers if offer.kind == kind and not offer.cause]

    def _settled(self, entries: Iterable[Entry]) -> tuple[Record, ...]:
        """Their records, after probing those that nothing is known of."""
        wanted = list(entries)
        unknown = [entry for entry in wanted if key(entry) not in self._known]
        remembered = {} if self._fresh else {key(entry): self._memory.recall(entry) for entry in unknown}
        self._known |= {name: record for name, record in remembered.items() if record}
        unknown = [entry for entry in unknown if key(entry) not in self._known]
        if unknown and self._probe:
            from instantreact_sdk.registry.probe import probe

            for entry, record in probe(unknown):
                self._known[key(entry)] = record
                self._memory.keep(entry, record)
        return tuple(
            self._known.get(key(entry)) or Record(entry.plugin, entry.distribution, entry.version, "new")
            for entry in wanted
        )

    def usable(self, plugin: str) -> Record:
        """The record of a plugin of which at least something can be used."""
        records = self._settled(entry for entry in self._entries if entry.plugin == plugin)
        if not records:
            names = {entry.plugin for entry in self._entries}
            install = f"with `instantreact-sdk plugins install instantreact-{plugin}`."
            meant = did_you_mean(plugin, names)
            fix = f"{meant} Or install it {install}" if meant else f"Install it {install}"
            raise InstantReactError("IR2002", plugin=plugin, fix=fix)
        for record in records:
            if record.status in ("ok", "new") or record.offers:
                return record
        record = min(records, key=lambda one: one.status == "blocked")
        named = f"{plugin} ({record.title})"
        raise InstantReactError(_ERRORS[record.status], plugin=named, cause=record.cause, fix=record.fix)

    def _load(self, record: Record) -> Loaded:
        if record.plugin not in self._loaded:
            from instantreact_sdk.registry.loading import load

            target = next(entry.target for entry in self._entries if key(entry) == (record.plugin, record.distribution))
            try:
                with redirect_stdout(sys.stderr):  # stdout belongs to results
                    self._loaded[record.plugin] = load(target, record.title)
            except Fault as fault:
                fix = fault.fix or replacing(record.distribution)
                named = f"{record.plugin} ({record.title})"
                raise InstantReactError("IR2004", plugin=named, cause=fault.cause, fix=fix) from fault
        return self._loaded[record.plugin]


def _pick(record: Record, kind: Kind, name: str, loaded: Loaded) -> ComponentSpec:
    """The spec of that name; the only one of that kind where `name` is empty."""
    specs = {spec.name: spec for spec in loaded.specs if isinstance(spec, ComponentSpec) and spec.kind == kind}
    if name in specs:
        return specs[name]
    if not name and len(specs) == 1:
        return next(iter(specs.values()))
    names = ", ".join(specs) or f"no {kind}"
    if not name and specs:
        raise InstantReactError("IR2007", plugin=record.plugin, kind=kind, names=names)
    raise InstantReactError(
        "IR2001",
        plugin=f"{record.plugin} ({record.title})",
        kind=kind,
        name=name,
        fix=did_you_mean(name, specs, f"It registers {names}."),
    )


def _unusable(record: Record, kind: Kind, found: str, cause: str, fix: str) -> InstantReactError:
    return InstantReactError(
        "IR2008", kind=kind, id=found, plugin=record.title, cause=cause, fix=fix or replacing(record.distribution)
    )
