"""What a plugin offers: frozen descriptions that load nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

ComponentKind = Literal["source", "detector", "captioner", "recognizer", "notifier"]
KINDS: tuple[ComponentKind, ...] = ("source", "detector", "captioner", "recognizer", "notifier")
"""All kinds of components, in the order in which a pipeline uses them."""
Kind = Literal[ComponentKind, "command"]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a component does besides computing. What is not declared here, it must not do.

    Attributes:
        network: It opens connections.
        hosts: The hosts that it talks to, as ``graph.facebook.com``; empty where the configuration names them.
        sends: What leaves the machine through it: ``text``, ``snapshot``, ``clip``, ``frames``, ``sound``.
        files: It writes files besides its cache folder. Reading those that its options name need not be declared.
        subprocess: It starts other programs.
        gpu: It uses a GPU where there is one.
        downloads: It fetches weights or data by itself.
    """

    network: bool = False
    hosts: tuple[str, ...] = ()
    sends: tuple[Literal["text", "snapshot", "clip", "frames", "sound"], ...] = ()
    files: bool = False
    subprocess: bool = False
    gpu: bool = False
    downloads: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentSpec:
    """One thing that a plugin offers for a pipeline.

    Attributes:
        name: Lower-case letters, digits and hyphens; ``ssd300`` of the plugin ``ssd`` becomes ``ssd/ssd300``.
        summary: One sentence for ``plugins list``.
        factory: ``package.module:Class``; called with an options object.
        options: ``package.module:Class`` of its options, a subclass of `instantreact_sdk.Options`.
        check: ``package.module:function`` that gives offline options, inputs and a fake, so that
            ``plugins check`` can run it without weights, keys or hardware; empty where there is none.
        stateful: It remembers earlier frames (a tracker, a background model): one instance for each source, which gets
            its frames in order.
        needs: What it does besides computing.
    """

    kind: ClassVar[Kind]

    name: str
    summary: str
    factory: str
    options: str = "instantreact_sdk.interfaces:NoOptions"
    check: str = ""
    stateful: bool = False
    needs: Capabilities = field(default_factory=Capabilities)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSpec(ComponentSpec):
    """A `FrameSource`. Each configured source is an instance of its own.

    Attributes:
        schemes: Beginnings of the addresses that ``analyze`` and ``sources probe`` may hand to it
            (``rtsp://``, or ``""`` for file paths), where its options have a field ``url``.
    """

    kind: ClassVar[Kind] = "source"
    schemes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorSpec(ComponentSpec):
    """A `Detector`; `trainer` and `exporter` are ``package.module:Class``, or empty."""

    kind: ClassVar[Kind] = "detector"
    trainer: str = ""
    exporter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionerSpec(ComponentSpec):
    """A `Captioner`; `trainer` and `exporter` are ``package.module:Class``, or empty."""

    kind: ClassVar[Kind] = "captioner"
    trainer: str = ""
    exporter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognizerSpec(ComponentSpec):
    """An `AudioRecognizer`."""

    kind: ClassVar[Kind] = "recognizer"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifierSpec(ComponentSpec):
    """A `Notifier`."""

    kind: ClassVar[Kind] = "notifier"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSpec:
    """Commands of the plugin's own: ``instantreact-sdk NAME ...``.

    Attributes:
        name: The word after ``instantreact-sdk``.
        summary: One sentence for ``--help``.
        app: ``package.module:app``, a ``typer.Typer``, loaded when the command is used.
    """

    kind: ClassVar[Kind] = "command"

    name: str
    summary: str
    app: str


Spec = ComponentSpec | CommandSpec
