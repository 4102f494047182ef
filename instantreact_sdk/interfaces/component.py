"""What all components have in common."""

from __future__ import annotations

from abc import ABC

from pydantic import BaseModel, ConfigDict

from instantreact_sdk.interfaces.context import Context


class Options(BaseModel):
    """Base of a component's options: unknown keys are refused, values are frozen, errors never quote a secret.

    Every field needs a description; it becomes the documentation of the pipeline file. Use `Secret` for
    what must not be shown.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True)

    def reservations(self) -> str:
        """Why a notifier with these options may be unable to tell somebody just when an alert comes; by default nothing.

        A notifier that depends on more than its service being up overrides it: one that reaches people only for some hours after
        they wrote, or only at some times of the day. `config check` refuses a person who has no other route.

        Returns:
            One sentence for the person who wrote the pipeline file, without secrets; empty where it can always try.
        """
        return ""


class NoOptions(Options):
    """For components that have nothing to set."""


class Component(ABC):  # noqa: B024  (its kinds have the abstract methods)
    """The life of every component: made with its options, opened, called, closed; opened again, perhaps.

    The constructor takes the options object, as its only argument, and does no work. Calls on one instance never
    overlap. A component raises errors of `instantreact_sdk.errors`, `PluginError` in its own words; anything else is taken
    for a bug in it.

    Args:
        options: What the pipeline file sets; a component that has options overrides the constructor and keeps them. A class in
            a local file (``use: ./blob.py:Blob``) says by the parameter's annotation which `Options` it takes.
    """

    def __init__(self, options: BaseModel) -> None:  # noqa: B027  (many components have nothing to set)
        pass

    def open(self, context: Context) -> None:  # noqa: B027  (an optional step, not a forgotten one)
        """Load and connect whatever the work needs. May be called again after `close`.

        Raises:
            InstantReactError: It cannot work; the run does not start (or goes on without it, where it is live).
        """

    def close(self) -> None:  # noqa: B027  (likewise)
        """Free everything that `open` took: threads, processes, files. May be called twice, and without `open`."""
