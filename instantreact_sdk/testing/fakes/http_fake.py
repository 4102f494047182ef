"""A web service for tests, that fails in every way services do."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Literal, Self

from instantreact_sdk.errors import InstantReactError, OutcomeUnknown, PermanentError, TransientError
from instantreact_sdk.errors.wording import listed
from instantreact_sdk.interfaces import Clock
from instantreact_sdk.testing.conformance.case import Failure, Sent
from instantreact_sdk.testing.fakes.conversation import Conversation, Silence
from instantreact_sdk.testing.fakes.faults import Faults
from instantreact_sdk.testing.fakes.listener import Listener
from instantreact_sdk.testing.fakes.request import Answer, Exchange, Request

Trouble = Answer | Literal["refused", "reset", "silent", "dropped", "unanswered"]
"""How a service fails: by an answer; by ``refused`` (nobody listens), ``reset`` (the connection breaks after the request was read),
``silent`` (no answer ever comes); or by ``dropped`` and ``unanswered``, where it does what it was asked for, and only the answer is lost as at
``reset`` and ``silent``."""

HTTP_FAILURES: Mapping[str, tuple[Failure, Trouble]] = {
    "refused": (Failure(TransientError), "refused"),
    "reset": (Failure(OutcomeUnknown), "reset"),
    "silent": (Failure(OutcomeUnknown), "silent"),
    "busy": (Failure(TransientError), Answer(503)),
    "limited": (Failure(TransientError, retry_after=7.0), Answer(429, headers={"Retry-After": "7"})),
    "unauthorized": (Failure(PermanentError), Answer(401)),
    "gone": (Failure(PermanentError), Answer(410)),
    "malformed": (Failure(PermanentError), Answer(400)),
}
"""What can happen to any HTTP service, and what a notifier has to make of it."""

_FIRST_ERROR = 400  # of the HTTP statuses


def _accepted(_request: Request) -> Answer:
    return Answer()


def _nothing(_request: Request) -> Iterable[Sent]:
    return ()


@dataclass(frozen=True, slots=True)
class _Failing:
    """In which way it fails, from how many entries in `sent` on, and what is set when that is over."""

    name: str
    sent: int
    over: threading.Event = field(default_factory=threading.Event)


class HttpFake:
    """Stands for a web service: a real HTTP/1.1 server on 127.0.0.1, in the ``with`` block.

    Args:
        answer: Makes the ordinary answer to a request; called in threads of its own, but never twice at a time. What it
            raises is raised again at the end of the ``with`` block; the client gets a 500. By default, 200 and no body.
        sent: What a request delivered that was answered ordinarily, with a status below 400. By default nothing.
        failures: The ways in which it can fail, by name, each with what a notifier has to make of it. Take out of
            `HTTP_FAILURES` what cannot happen, and add what your service has of its own.
        clock: Says when requests arrive.
        port: Where it listens; 0 for a free port.

    Attributes:
        failures: What a notifier has to make of each failure, by its name.
        requests: All that were read to their end, in order of arrival; also those met by a failure.
        exchanges: The same, each with how it ended.
        sent: What was delivered, in order of arrival.
        clock: Says when requests arrive.

    Raises:
        InstantReactError: IR2026, it is used outside of ``with``, its port is taken, or it shall fail in a way that it does not know, in
            two at once, or with probabilities that are none.

    Example:
        In ``checks.py``, for a notifier whose service refuses people who have blocked it::

            def notifier(folder: Path) -> Iterator[Case]:
                blocked = (Failure(PermanentError), Answer.json({"error": "blocked"}, status=403))
                with HttpFake(
                    lambda request: Answer.json({"id": "m-1"}),
                    sent=lambda request: [Sent(body=request.json()["text"], key=request.headers["Idempotency-Key"])],
                    failures={**HTTP_FAILURES, "blocked": blocked},
                ) as fake:
                    yield Case(options={"url": fake.url}, fake=fake)
    """

    def __init__(
        self,
        answer: Callable[[Request], Answer] = _accepted,
        *,
        sent: Callable[[Request], Iterable[Sent]] = _nothing,
        failures: Mapping[str, tuple[Failure, Trouble]] = HTTP_FAILURES,
        clock: Clock | None = None,
        port: int = 0,
    ) -> None:
        self.failures: Mapping[str, Failure] = {name: failure for name, (failure, _) in failures.items()}
        self.requests: list[Request] = []
        self.exchanges: list[Exchange] = []
        self.sent: list[Sent] = []
        self.clock = clock or Clock()
        self._port = port
        self._answer = answer
        self._delivered = sent
        self._troubles = {name: trouble for name, (_, trouble) in failures.items()}
        self._failing: _Failing | None = None
        self._faults = Faults(self._troubles.keys())
        self._one_at_a_time = threading.Lock()
        self._mishap: Exception | None = None
        self._listener: Listener | None = None

    @property
    def url(self) -> str:
        """Where it listens, as ``http://127.0.0.1:40123``, without a slash at its end."""
        return f"http://127.0.0.1:{self._listening().port}"

    @contextmanager
    def failing(self, name: str, after: int = 0) -> Iterator[None]:
        """Fails in one way while this lasts, and works again afterwards, on the same port.

        Connections that ``silent`` and ``unanswered`` keep waiting are broken at the end.

        Args:
            name: A key of `failures`.
            after: How many more entries there have to be in `sent` first. ``refused`` then resets, like ``reset``.
        """
        listener = self._listening()
        if name not in self._troubles:
            known = listed(self._troubles, "and") or "no failure at all"
            raise InstantReactError("IR2026", problem=f"it has no failure {name!r}", fix=f"It knows {known}.")
        if self._failing:
            fix = "Let one failure end before the next begins."
            raise InstantReactError("IR2026", problem=f"it fails as {self._failing.name!r} already", fix=fix)
        refuses = self._troubles[name] == "refused" and not after
        self._failing = failing = _Failing(name, len(self.sent) + after)
        if refuses:
            listener.close()
        try:
            yield
        finally:
            self._failing = None
            failing.over.set()
            if refuses and self._listener is listener:  # the fake was not closed meanwhile
                listener.open()

    def script(self, *names: str, times: int = 1, after: int = 0) -> None:
        """Fail at the next requests, one after the other; those scripted before come first, and those that follow go well.

        Args:
            names: Keys of `failures`; an empty one lets a request through, and ``refused`` resets.
            times: How often, all of them in their order.
            after: How many requests go by before.
        """
        self._faults.script(*[""] * after, *names * times)

    def at_random(self, shares: Mapping[str, float], *, seed: int = 0) -> None:
        """From now on fail by chance, at requests that no script provides for.

        Args:
            shares: Probabilities by keys of `failures`, from 0 to 1 and together at most 1. None at all ends it.
            seed: The same one gives the same failures, where the requests come in the same order.
        """
        self._faults.at_random(shares, seed=seed)

    def drop_bodies(self) -> None:
        """Keep of the requests so far all but their bodies, which may be large."""
        with self._one_at_a_time:
            for number, exchange in enumerate(self.exchanges):
                if exchange.request.body:
                    bare = self.requests[number] = replace(exchange.request, body=b"")
                    self.exchanges[number] = replace(exchange, request=bare)

    def __enter__(self) -> Self:
        try:
            self._listener = Listener(self._talk, self._port)
        except OSError as error:
            problem = f"port {self._port} of 127.0.0.1 cannot be had ({error.strerror})"
            raise InstantReactError("IR2026", problem=problem, fix="Take port 0, for one that is free.") from error
        self._listener.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        listener, self._listener = self._listening(), None
        if self._failing:
            self._failing.over.set()
        listener.close()
        listener.release()
        if self._mishap is None:
            return
        if error is None or isinstance(error, GeneratorExit):  # of the generator that yielded the case
            raise self._mishap
        error.add_note(f"The fake's own function failed, too: {self._mishap!r}")

    def _listening(self) -> Listener:
        if self._listener is None:
            raise InstantReactError(
                "IR2026", problem="it does not listen", fix="Use it inside `with HttpFake(...) as fake:`."
            )
        return self._listener

    def _talk(self, connection: socket.socket) -> None:
        try:
            Conversation(connection, self._respond)
        except OSError:
            pass  # the client has hung up: it may
        except Exception as error:  # noqa: BLE001  (what the author's functions gave; told at the end)
            self._mishap = self._mishap or error

    def _respond(self, request: Request) -> Answer | Silence | None:
        over = threading.Event()
        with self._one_at_a_time:
            self.requests.append(request)
            failing = self._failing
            if failing and len(self.sent) >= failing.sent:
                name, over = failing.name, failing.over
            else:
                name = self._drawn(request)
            trouble = self._troubles.get(name)
            answer = trouble if isinstance(trouble, Answer) else None
            if trouble in (None, "dropped", "unanswered"):
                made = self._ordinary(request)
                answer = None if trouble else made
            self.exchanges.append(Exchange(self.clock.now(), request, name, answer))
        return Silence(over) if trouble in ("silent", "unanswered") else answer

    def _drawn(self, request: Request) -> str:
        """The name of the failure that meets a request by script or chance; empty for none."""
        return self._faults.draw()

    def _ordinary(self, request: Request) -> Answer:
        try:
            answer = self._answer(request)
            if answer.status < _FIRST_ERROR:
                self.sent.extend(self._delivered(request))
        except Exception as error:  # noqa: BLE001  (the author's function may raise anything)
            self._mishap = self._mishap or error
            return Answer(500, f"The fake's own function failed: {error!r}".encode())
        return answer
