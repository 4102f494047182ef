"""A notifier at work."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.interfaces import Notifier
from instantreact_sdk.pipeline import AbandonedError, Floor, Member
from instantreact_sdk.registry.fault import in_words
from instantreact_sdk.types import Alert, Delivery, Receipt


@dataclass(frozen=True, slots=True)
class Job:
    """One alert to be sent to one address.

    Attributes:
        alert: What to tell.
        delivery: To whom.
        follows: Whether it tells of more events after an alert that was delivered.
        done: ``done(error)`` is called from the notifier's thread; None where the service took it.
    """

    alert: Alert
    delivery: Delivery
    follows: bool
    done: Callable[[InstantReactError | None], None]


class NotifierThread(threading.Thread):
    """Opens a notifier and sends one alert after the other. Every job is answered, whatever happens to the notifier.

    Args:
        member: The notifier.
        floor: What the run shares.
        failed: Called once, when it will not be called any more.
    """

    def __init__(self, member: Member[Notifier], floor: Floor, failed: Callable[[InstantReactError], None]) -> None:
        super().__init__(name=member.who.name, daemon=True)
        self._member = member
        self._failed = failed
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._open_jobs: list[Job] = []
        self._failure: InstantReactError | None = None
        self._guard = floor.guard(member.who, member.limit, self._give_up)

    def send(self, job: Job) -> None:
        """Send an alert, after those that wait."""
        with self._lock:
            failure = self._failure
            if failure is None:
                self._open_jobs.append(job)
        if failure is None:
            self._jobs.put(job)
        else:
            job.done(failure)

    def run(self) -> None:
        """Until `end`."""
        try:
            notifier = self._guard.call("__init__", self._member.make)
            self._guard.call("open", lambda: notifier.open(self._member.context))
            while (job := self._jobs.get()) is not None:
                self._answer(job, self._notify(notifier, job))
            self._guard.call("close", notifier.close)
        except InstantReactError as error:
            self._give_up(error)
        except AbandonedError:
            return
        except Exception as error:  # noqa: BLE001  (a bug of ours must not leave a run waiting for an answer)
            self._give_up(InstantReactError("IR6002", problem=in_words(error)))
        finally:
            self._guard.done()

    def end(self, seconds: float) -> None:
        """Send what waits, for so long at the most."""
        if self.is_alive() and self._failure is None:
            self._jobs.put(None)
            self.join(seconds)

    def _notify(self, notifier: Notifier, job: Job) -> InstantReactError | None:
        try:
            call = "update" if job.follows else "notify"
            receipt = self._guard.call(call, lambda: getattr(notifier, call)(job.alert, job.delivery))
            if not isinstance(receipt, Receipt):
                who, what = self._member.who, f"a {type(receipt).__name__} instead of a Receipt"
                return InstantReactError("IR4004", component=who.name, problem=what, call=call, plugin=who.plugin)
        except InstantReactError as error:
            return error
        return None

    def _answer(self, job: Job, error: InstantReactError | None) -> None:
        with self._lock:
            if job not in self._open_jobs:
                return  # it was answered when the notifier was given up
            self._open_jobs.remove(job)
        job.done(error)

    def _give_up(self, error: InstantReactError) -> None:
        with self._lock:
            if self._failure is not None:
                return
            self._failure = error
        self._failed(error)
        for job in tuple(self._open_jobs):
            self._answer(job, error)
