"""A component that a configuration named: found, but not made yet."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.registry.fault import Fault, guarded
from instantreact_sdk.registry.importing import load_factory, load_options, load_subclass
from instantreact_sdk.registry.specs import ComponentSpec, Kind

if TYPE_CHECKING:
    from pydantic import BaseModel

    from instantreact_sdk.interfaces import Component, Exporter, Trainer


@dataclass(frozen=True, slots=True)
class Choice:
    """What `Registry.resolve` found.

    Attributes:
        id: ``ssd/ssd300``; for a local class what the configuration says, ``./blob.py:Blob``.
        kind: What it is.
        spec: Its description.
        plugin: Who brings it, for messages: ``instantreact-ssd 0.1.0``, or ``./blob.py``.
        remedy: What to do where it fails and nothing better is known, as a sentence.
    """

    id: str
    kind: Kind
    spec: ComponentSpec
    plugin: str
    remedy: str

    def options_type(self) -> type[BaseModel]:
        """The model that checks the options.

        Raises:
            InstantReactError: IR2008, it cannot be imported or is no `Options`.
        """
        with self._blaming():
            return load_options(self.spec.options)

    def make(self, options: BaseModel) -> Component:
        """A new instance; nothing is opened.

        Args:
            options: An instance of `options_type`.

        Raises:
            InstantReactError: IR2008, it cannot be imported or made.
        """
        with self._blaming():
            factory = load_factory(self.kind, self.spec.factory)
            with guarded(f"making {self.spec.factory}"):
                component: Component = factory(options)
                return component

    def trainer(self) -> Trainer:
        """What trains its weights, new.

        Raises:
            InstantReactError: IR2008, it has none, or it cannot be imported or made.
        """
        from instantreact_sdk.interfaces import Trainer

        trainer: Trainer = self._aide("trainer", Trainer)
        return trainer

    def exporter(self) -> Exporter:
        """What exports its weights, new.

        Raises:
            InstantReactError: IR2008, it has none, or it cannot be imported or made.
        """
        from instantreact_sdk.interfaces import Exporter

        exporter: Exporter = self._aide("exporter", Exporter)
        return exporter

    def _aide(self, name: str, interface: type[Any]) -> Any:
        with self._blaming():
            target = getattr(self.spec, name, "")
            if not target:
                raise Fault(f"it has no {name}")
            found = load_subclass(target, interface)
            with guarded(f"making {target}"):
                return found()

    @contextmanager
    def _blaming(self) -> Iterator[None]:
        try:
            with redirect_stdout(sys.stderr):  # stdout belongs to results, not to what a plugin prints
                yield
        except Fault as fault:
            fix = fault.fix or self.remedy
            raise InstantReactError(
                "IR2008", kind=self.kind, id=self.id, plugin=self.plugin, cause=fault.cause, fix=fix
            ) from fault
