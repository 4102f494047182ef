"""The SDK's own commands: where each one lives, so that help and typos import none of them."""

from __future__ import annotations

from dataclasses import dataclass

WATCH = "Watch"
ARRANGE = "Arrange"
LOOK_BACK = "Look back"
TEACH = "Teach"
WRITE = "Write plugins"


@dataclass(frozen=True, slots=True)
class Command:
    """One command, or one group of them.

    Attributes:
        target: ``module:attribute`` of a function with typer's annotations, or of a ``typer.Typer``.
        help: One line.
        panel: The heading below which ``--help`` lists it.
        tailored: Whether the target makes the function, from the words that follow: which flags there are depends on them.
    """

    target: str
    help: str
    panel: str
    tailored: bool = False


COMMANDS = {
    "demo": Command(
        "instantreact_sdk.cli.demo:command", "See it work, on a clip made on the spot or on your own.", WATCH
    ),
    "analyze": Command("instantreact_sdk.cli.analyze:command", "Find what happens in a video.", WATCH),
    "run": Command("instantreact_sdk.cli.run:command", "Watch what a pipeline file names, and alert people.", WATCH),
    "detect": Command(
        "instantreact_sdk.cli.detect:command_for", "Find objects in pictures or a video.", WATCH, tailored=True
    ),
    "config": Command("instantreact_sdk.cli.config:app", "Write and check the pipeline file.", ARRANGE),
    "sources": Command("instantreact_sdk.cli.sources:app", "Try out cameras and videos.", ARRANGE),
    "notifiers": Command("instantreact_sdk.cli.notifiers:app", "Try out what tells people.", ARRANGE),
    "plugins": Command(
        "instantreact_sdk.cli.plugins:app", "See what is installed, and check and watch what you write.", ARRANGE
    ),
    "events": Command("instantreact_sdk.cli.events:app", "See what happened, and why.", LOOK_BACK),
    "outbox": Command("instantreact_sdk.cli.outbox:app", "See who was told and who was not, and see to it.", LOOK_BACK),
    "data": Command("instantreact_sdk.cli.data:app", "Check, split and look at labelled pictures.", TEACH),
    "train": Command(
        "instantreact_sdk.cli.train:command_for", "Train a detector on labelled pictures.", TEACH, tailored=True
    ),
    "evaluate": Command(
        "instantreact_sdk.cli.evaluate:command_for",
        "Say how good a detector is on labelled pictures.",
        TEACH,
        tailored=True,
    ),
    "export": Command(
        "instantreact_sdk.cli.export:command_for", "Write weights for another runtime.", TEACH, tailored=True
    ),
    "new-plugin": Command(
        "instantreact_sdk.cli.new_plugin:command", "Make a plugin of your own that works, to change.", WRITE
    ),
    "fake": Command("instantreact_sdk.cli.fake:app", "Stand for a service, to try things out on.", WRITE),
}
