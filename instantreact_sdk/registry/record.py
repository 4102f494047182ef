"""What is known of an installed plugin without importing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from instantreact_sdk.registry.specs import Kind

Status = Literal["ok", "blocked", "broken", "incompatible", "conflict", "new"]
"""``new`` was not probed yet; it is seen only where probing was not wanted."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One spec of a plugin, as its probe saw it.

    Attributes:
        id: ``plugin/name``; for a command its name.
        kind: What it is.
        summary: One sentence.
        stateful: One instance for each source.
        needs: What it does besides computing: the fields of `Capabilities` that are not empty.
        schemes: Beginnings of the addresses that a source takes.
        options: JSON Schema of its options; empty where it could not be had.
        trainer: Whether it names a trainer of its weights.
        exporter: Whether it names what exports them.
        cause: Why it cannot be used; empty where it can.
        fix: What to do about that.
    """

    id: str
    kind: Kind
    summary: str
    stateful: bool = False
    needs: Mapping[str, Any] = field(default_factory=dict)
    schemes: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    trainer: bool = False
    exporter: bool = False
    cause: str = ""
    fix: str = ""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Offer:
        """The reverse of what ``dataclasses.asdict`` and JSON made of it."""
        return cls(**{**data, "schemes": tuple(data["schemes"])})


@dataclass(frozen=True, slots=True)
class Record:
    """How one installed plugin is doing. What failed stays visible.

    Attributes:
        plugin: Its name: that of the entry point.
        distribution: The distribution that brings it, in normalized form (``instantreact-ssd``).
        version: Of the distribution.
        status: Whether it can be used. Of one that is not ``ok``, offers without a `cause` may still be usable.
        cause: Why it is not ok, as part of a sentence.
        fix: What to do about it, as a sentence.
        warnings: What is not right but does no harm yet, as sentences.
        import_ms: Milliseconds that importing its ``hooks.py`` took, when it was probed.
        deep_ms: Milliseconds that importing everything its specs name took.
        offers: What it registers.
    """

    plugin: str
    distribution: str
    version: str
    status: Status
    cause: str = ""
    fix: str = ""
    warnings: tuple[str, ...] = ()
    import_ms: float = 0.0
    deep_ms: float = 0.0
    offers: tuple[Offer, ...] = ()

    @property
    def title(self) -> str:
        """Distribution and version, as errors name it: ``instantreact-ssd 0.1.0``."""
        return f"{self.distribution} {self.version}"

    def to_json(self) -> dict[str, Any]:
        """As JSON-able values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Record:
        """The reverse of `to_json`.

        Raises:
            KeyError: A field is missing.
            TypeError: A field is unknown.
        """
        offers = tuple(Offer.from_json(item) for item in data["offers"])
        return cls(**{**data, "warnings": tuple(data["warnings"]), "offers": offers})
