"""The process in which the author's code works.

``python -m instantreact_sdk.testing.dev.worker TOLD LIFE DUMP FOLDER TASK SANDBOXED`` loads the component, shows it all there is, and writes facts as JSON
lines to the descriptor TOLD; among them what it is calling, so that whoever started it can tell what it was doing when it hung or died.
"""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.pipeline.sampler import Sampler
from instantreact_sdk.registry.fault import Fault, in_words, where
from instantreact_sdk.testing.conformance.cases import Cases
from instantreact_sdk.testing.conformance.check import CheckFailed, NotApplicable
from instantreact_sdk.testing.conformance.trial import Hooks, Trial
from instantreact_sdk.testing.conformance.work import WORK
from instantreact_sdk.testing.dev.chosen_options import chosen_options
from instantreact_sdk.testing.dev.footage import Footage, footage, sampled
from instantreact_sdk.testing.dev.pictures import Pictures
from instantreact_sdk.testing.dev.sights import Look, look
from instantreact_sdk.testing.dev.task import Task
from instantreact_sdk.testing.dev.telling import telling

_OURS = str(Path(__file__).parents[2])


def main() -> None:
    """Do as the arguments say."""
    told, life, dump, folder, task, sandboxed = sys.argv[1:]
    with telling(told, life, dump) as tell:
        _work(Task.from_json(task), Path(folder), tell, sandboxed=sandboxed == "sandboxed")


def _work(task: Task, folder: Path, tell: Callable[..., None], *, sandboxed: bool) -> None:
    state = _State(tell)
    try:
        _try(task, folder, state, sandboxed=sandboxed)
    except (CheckFailed, NotApplicable) as error:
        state.fail(f"{error}{state.place}.", error)
    except InstantReactError as error:
        state.fail(str(error), error)
    except Exception as error:  # noqa: BLE001  (of what reads the video, or of the options' validators)
        state.fail(f"it raised {in_words(error)}{where(error)}{state.place}.", error)


class _State:
    """How far it is."""

    def __init__(self, tell: Callable[..., None]) -> None:
        self.tell = tell
        self.look: Look | None = None

    def announce(self, what: str) -> None:
        self.tell(calling=what, by=threading.get_ident())

    @property
    def place(self) -> str:
        return f", {self.look.at}" if self.look and self.look.at else ""

    def fail(self, message: str, error: BaseException) -> None:
        self.tell(**{"is": "failed", "message": message, "trace": _trace(error)})


def _try(task: Task, folder: Path, state: _State, *, sandboxed: bool) -> None:
    state.announce("importing it")
    choice = task.target.choice()
    state.announce("")
    if (choice.kind == "notifier") != sandboxed:
        state.tell(again=choice.kind == "notifier")
        return
    place = folder / "case"
    place.mkdir()
    work = WORK[choice.kind]
    cases = Cases(choice, work.copy, folder / "shared", is_plugins=bool(task.target.plugin))
    trial = Trial(choice, place, work, Hooks(task.target.plugin), state.announce, cases)
    try:
        options, origin = chosen_options(task, trial)
        shown = footage(task, trial) if choice.kind not in ("source", "notifier") else None
        sampler = Sampler(task.fps)
        context = trial.context(
            base=Path(task.target.base or "."),
            cache_dir=folder / "cache",
            wants=sampler.wants,
            health=lambda kind, detail: state.tell(**{"is": "health", "kind": kind, "detail": detail}),
        )
        with trial.opened(options, context) as component:
            shown = shown or Footage("", lambda: sampled(component, sampler), lambda _: iter(()))
            state.tell(
                **{"is": "component", "id": choice.id, "kind": choice.kind, "plugin": choice.plugin},
                summary=choice.spec.summary.partition("\n")[0],
                options=origin,
                footage=shown.name,
            )
            state.look = Look(trial, component, shown, Pictures(folder / "pictures"), state.tell, origin == "its case")
            look(state.look)
            state.look = None
        state.tell(**{"is": "looked"})
    finally:
        trial.close()


def _trace(error: BaseException) -> str:
    """The author's lines of the exception that began it, as Python prints them; empty where it was no exception of theirs."""
    while error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, (Fault, InstantReactError, CheckFailed, NotApplicable)):
        return ""
    told = traceback.TracebackException.from_exception(error)
    ours = ("<frozen", _OURS)
    told.stack = traceback.StackSummary.from_list(
        [frame for frame in told.stack if not frame.filename.startswith(ours) and "importlib" not in frame.filename]
    )
    return "".join(told.format(chain=False)).rstrip()


if __name__ == "__main__":
    main()
