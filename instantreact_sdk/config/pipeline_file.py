"""The pipeline file as a model: every key that it may hold."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, field_validator

from instantreact_sdk.config.conditions import Condition
from instantreact_sdk.config.delivery import Heartbeat, Links, Metrics, OutboxLimits
from instantreact_sdk.config.duration import Duration, between
from instantreact_sdk.config.strict import Strict
from instantreact_sdk.interfaces import Secret

Name = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^/\x00-\x1f]+$")]
"""A name that the file gives to something: any text without ``/``."""

SYSTEM = "system"
"""The source of what the SDK tells of itself: how notifiers and the store are doing. Rules may name it, no source may have it."""

Fraction = Annotated[float, Field(ge=0, le=1)]


def _has_an_inside(corners: list[tuple[float, float]]) -> list[tuple[float, float]]:
    if len(set(corners)) < 3:  # noqa: PLR2004  (a triangle)
        raise ValueError("a polygon needs three different corners at least")
    (left, top), *rest = corners
    if not any((x - left) * (v - top) - (u - left) * (y - top) for x, y in rest for u, v in rest):
        raise ValueError("the corners lie on one line, so there is nothing inside")
    return corners


Polygon = Annotated[
    list[tuple[Fraction, Fraction]], Field(min_length=3, max_length=500), AfterValidator(_has_an_inside)
]


class ComponentUse(Strict):
    """One configured instance of what a plugin offers."""

    use: str = Field(min_length=1)
    """``plugin/name``, or ``plugin`` where it offers one of the kind, or ``./file.py:Class``."""
    options: dict[str, Any] = Field(default_factory=dict)
    """What the plugin is given; ``plugins info`` lists what it may hold."""
    time_limit: Duration | None = None
    """How long a call may take; left out, 30 s (120 s for opening it)."""


class SourceUse(ComponentUse):
    """Where frames and sound come from."""

    sample_fps: float | None = Field(None, gt=0, allow_inf_nan=False)
    """How many frames a second to look at; left out, what ``defaults`` says."""


class ObserverUse(ComponentUse):
    """A detector, captioner or recognizer."""

    sources: list[Name] | None = None
    """The sources that it watches; left out, all."""
    max_failures: int = Field(3, ge=1)
    """After so many failed calls in a row it is not called again."""


class Defaults(Strict):
    """What holds where a source says nothing else."""

    sample_fps: float | None = Field(None, gt=0, allow_inf_nan=False)
    """How many frames a second to look at; left out, every frame."""


class Zone(Strict):
    """A part of a source's picture."""

    source: Name
    """The source in whose picture it lies."""
    polygon: Polygon
    """Corners ``[x, y]`` as fractions of width and height, from the top left."""


class Then(Strict):
    """Who is told later."""

    then: Name
    """A person or a notifier."""
    after: Annotated[Duration, between("0s", "7d")]
    """How long after the alert was raised."""
    unless: Literal["acknowledged"] | None = None
    """`acknowledged`: not at all where somebody has acknowledged the alert by then."""


def _told(value: object) -> str:
    return "later" if isinstance(value, dict | Then) else "at once"


class Rule(Strict):
    """When to tell whom."""

    when: Condition
    """What has to be seen or heard."""
    sources: list[Name] | None = None
    """The sources that it watches; left out, all."""
    across: bool = False
    """Look at all its sources together, by wall-clock time, instead of at each for itself."""
    cooldown: Duration = 60.0
    """After telling somebody, further events of the same source wait so long and are told together."""
    notify: list[Annotated[Annotated[Name, Tag("at once")] | Annotated[Then, Tag("later")], Discriminator(_told)]] = (
        Field(default_factory=list)
    )
    """People or notifiers to tell: at once by their names, later as in `{then: supervisor, after: 2m, unless: acknowledged}`."""

    def steps(self) -> list[Then]:
        """Everybody who is told, in the order of the file; who is named alone is told after 0 s, whatever is acknowledged."""
        return [step if isinstance(step, Then) else Then(then=step, after=0.0) for step in self.notify]


class Lateness(Strict):
    """How long rules on live sources wait for slow components."""

    picture: Duration = 2.0
    """For detections and captions."""
    sound: Duration = 30.0
    """For recognized sound."""


class PipelineFile(Strict):
    """A whole pipeline file."""

    defaults: Defaults = Field(default_factory=Defaults)
    """What holds for every source."""
    sources: dict[Name, SourceUse] = Field(min_length=1)
    """Where frames and sound come from."""
    detectors: dict[Name, ObserverUse] = Field(default_factory=dict)
    """What finds objects in frames."""
    captioners: dict[Name, ObserverUse] = Field(default_factory=dict)
    """What describes clips in words."""
    recognizers: dict[Name, ObserverUse] = Field(default_factory=dict)
    """What recognizes speech and sounds."""
    zones: dict[Name, Zone] = Field(default_factory=dict)
    """Parts of pictures."""
    rules: dict[Name, Rule] = Field(default_factory=dict)
    """When to tell whom."""
    notifiers: dict[Name, ComponentUse] = Field(default_factory=dict)
    """What tells people."""
    people: dict[Name, list[dict[Name, str]]] = Field(default_factory=dict)
    """Who is told: routes in order, each one notifier with the person's address there."""
    attach: Literal["none", "snapshot", "clip"] = "none"
    """What may leave with an alert besides its text: nothing, the snapshot, or the snapshot and the clip."""
    outbox: OutboxLimits = Field(default_factory=OutboxLimits)
    """When an alert takes another route and when it is given up; room for evidence."""
    heartbeat: Heartbeat | None = None
    """A service that is to notice when this machine falls silent; left out, none."""
    links: Links | None = None
    """A link in each alert's text that acknowledges it; left out, none."""
    metrics: Metrics | None = None
    """Figures of delivery for Prometheus; left out, none."""
    store: Secret | None = None
    """Where events and alerts are kept, as a URL for SQLAlchemy; left out, ``instantreact.db`` beside the file."""
    allowed_lateness: Lateness = Field(default_factory=Lateness)
    """How long rules on live sources wait."""
    workers: int | None = Field(None, ge=1)
    """How many component calls may run at once, and how many threads libraries may use; left out, one a processor core."""

    @field_validator("heartbeat", "links", "metrics", mode="before")
    @classmethod
    def _is_there(cls, section: object) -> object:
        """A section whose keys were all commented out would be off without a word."""
        if section is None:
            raise ValueError("has no value")
        return section
