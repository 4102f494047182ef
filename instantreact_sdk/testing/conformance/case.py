"""How a component is checked where it cannot be used as it is: without weights, keys, hardware or network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from instantreact_sdk.errors import PluginError
from instantreact_sdk.types import AudioChunk, Clip, Frame


@dataclass(frozen=True, slots=True)
class Sent:
    """One part of a message that a fake accepted.

    Attributes:
        recipient: Who it was for, in the notifier's own terms; empty where the service knows one recipient only.
        part: ``text`` or ``snapshot``, as in `Delivery.done`.
        body: What was said, or the bytes of the picture.
        key: The idempotency key that came with it; empty where the service takes none.
    """

    recipient: str = ""
    part: str = "text"
    body: str | bytes = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """What a notifier has to make of one failure of its service.

    Attributes:
        raises: `TransientError`, `PermanentError` or `OutcomeUnknown`.
        retry_after: What `TransientError.retry_after` has to be, in seconds; None where the service names no time.
    """

    raises: type[PluginError]
    retry_after: float | None = None


class Fake(Protocol):
    """What stands for a remote service while a component is checked; `HttpFake` is one.

    Attributes:
        failures: The ways in which it can fail, by name.
        sent: What it accepted, in order of arrival.
    """

    @property
    def failures(self) -> Mapping[str, Failure]: ...  # noqa: D102  (an attribute, described above)

    @property
    def sent(self) -> Sequence[Sent]: ...  # noqa: D102  (likewise)

    def failing(self, name: str, after: int = 0) -> AbstractContextManager[None]:
        """While this lasts, the service fails in that way.

        Args:
            name: A key of `failures`.
            after: How many parts of messages it accepts before.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a component is checked with; the spec's ``check`` yields one.

    Attributes:
        options: What the pipeline file would set; they have to do without weights, keys, hardware and network.
        inputs: In which it has to find something: for a detector frames of one source in time order, for a captioner clips, for a
            recognizer chunks at its rate. Left out, synthetic ones are used, and nothing has to be found.
        broken: Options that the model accepts, but with which the component has to fail with an error of the SDK when it is
            opened or used: a file that is not there, an address where nobody answers.
        recipients: Whom a notifier writes to, in its own terms, where its service does not take everyone. Name two, and it is seen
            whether it mixes them up; the default is for services that know one recipient only.
        fake: Stands for the service that it talks to. It listens on loopback, so the spec has to declare ``network``.

    Example:
        In ``checks.py`` of a plugin, named by ``check="instantreact_spot.checks:detector"`` of the spec::

            def detector(folder: Path) -> Iterator[Case]:
                weights = folder / "weights.npy"
                np.save(weights, np.zeros((3, 3)))
                yield Case(options={"weights": str(weights)}, broken=[{"weights": "missing.npy"}])

        `folder` is empty and writable, and gone after the check. What follows ``yield`` cleans up.
    """

    options: Mapping[str, Any] = field(default_factory=dict)
    inputs: Sequence[Frame | Clip | AudioChunk] = ()
    broken: Sequence[Mapping[str, Any]] = ()
    recipients: Sequence[str] = ("",)
    fake: Fake | None = None
