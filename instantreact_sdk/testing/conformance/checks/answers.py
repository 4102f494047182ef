"""What holds for the answers of components of all kinds."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import Any

from instantreact_sdk.registry import Kind
from instantreact_sdk.testing.conformance.check import CheckFailed, NotApplicable, check
from instantreact_sdk.testing.conformance.checks.life import WORKS
from instantreact_sdk.testing.conformance.comparing import must_agree
from instantreact_sdk.testing.conformance.passes import answers_to, first_pass, fresh_answers, mirrored
from instantreact_sdk.testing.conformance.trial import Trial
from instantreact_sdk.types import AudioChunk, Clip, Frame

# Those whose answer is all that they do; what a notifier sends stays sent, and cannot be compared.
_ANSWERING: tuple[Kind, ...] = ("source", "detector", "captioner", "recognizer")
_LONG_ENOUGH = 2.0  # seconds, where a component is slow
_AT_ONCE = 0.3  # seconds of work in two threads, in which a race has to happen
_OFTEN = 1e-5  # seconds between two changes of thread, instead of five milliseconds


@check("detector", "captioner", "recognizer", "notifier", needs=WORKS)
def input_is_unchanged(trial: Trial) -> None:
    """What it is given is the same afterwards: pixels, samples, times, messages, and the list that they come in.

    Why: all components of a pipeline look at the same frames and sounds. They are read-only, but an extension in C does not
    ask: a tensor made by `torch.from_numpy(frame.image)` shares its memory, and `tensor.sub_(mean)` paints over the picture that the next
    detector sees, and that is sent as evidence.

    To fix: work on a copy (`torch.from_numpy(frame.image.copy())`, `tensor = tensor - mean`), do not set attributes of
    frames, and make a new list instead of changing `frames`. A notifier tells what it sent by its `Receipt`, not in `delivery.done`.
    """
    work = trial.work
    with trial.opened() as component:
        inputs = [work.copy(one) for one in work.inputs(trial, component)]
        size = work.batch(component)
        sizes = _sizes(component)
        until = time.monotonic() + _LONG_ENOUGH
        for start in range(0, len(inputs), size):
            if start and time.monotonic() > until:
                return
            given = inputs[start : start + size]
            before = [_content(one, sizes) for one in given]
            handed = [*given]
            with trial.calling(work.method):
                work.call(component, handed)
            if [*map(id, handed)] != [*map(id, given)]:
                raise CheckFailed(f"{work.method} changed the list that it was given")
            for one, was in zip(given, before, strict=True):
                changed = [name for name, value in _content(one, sizes).items() if value != was[name]]
                if changed:
                    raise CheckFailed(f"{work.method} changed the {changed[0]} of what it was given")


@check(*_ANSWERING, needs=WORKS)
def deterministic(trial: Trial) -> None:
    """Two new instances give the same answers to the same input, bit for bit.

    Why: an analysis that is repeated has to give the same events; otherwise nobody can find out why there was an alert, or compare
    two versions of a model.

    To fix: seed what is random by a number of your own (`np.random.default_rng(3)` made in `open`), do not iterate over sets, use
    neither the time of day nor `id()`, and no counter that outlives the instance. On a GPU choose deterministic kernels
    (`torch.backends.cudnn.benchmark = False`). A fake has to answer the same request alike.
    """
    _skip_live(trial)
    inputs, wanted = first_pass(trial)
    must_agree(wanted, fresh_answers(trial, inputs), "a second new instance", tolerance=0.0)


@check(*_ANSWERING, needs=("deterministic",))
def starts_afresh(trial: Trial) -> None:
    """Closed and opened again, it answers as a new instance does.

    Why: a pipeline that is run twice opens the same instances again, and the second film is not the continuation of the first.

    To fix: set up in `open`, not in the constructor, whatever the answers depend on: `self._background = None`, `self._tracks = {}`.
    """
    inputs, wanted = first_pass(trial)
    component = trial.make()
    try:
        trial.open(component)
        answers_to(trial, component, inputs)
        trial.shut(component)
        trial.open(component)
        must_agree(wanted, answers_to(trial, component, inputs), "an instance that was closed and opened again")
    finally:
        trial.shut(component)


@check(*_ANSWERING, needs=("deterministic",))
def instances_are_independent(trial: Trial) -> None:
    """Two instances that are used in turns answer as each does alone.

    Why: a pipeline may have two of the same component, with other options or for another source. What they share in a class
    or a module mixes what two cameras saw.

    To fix: keep everything in `self`, nothing in class attributes, module variables or functions under `functools.cache`. For a
    library that has one state for the whole process use its handles, or a process of your own (and declare `subprocess`).
    """
    inputs, wanted = first_pass(trial)
    others = [mirrored(one) for one in inputs]
    wanted_of_others = fresh_answers(trial, others)
    first: list[Any] = []
    second: list[Any] = []
    with trial.opened() as one, trial.opened() as another:
        step = trial.work.batch(one)
        for start in range(0, len(inputs), step):
            first += answers_to(trial, one, inputs[start : start + step])
            second += answers_to(trial, another, others[start : start + step])
    how = "one of two instances that were used in turns"
    must_agree(wanted, first, how)
    must_agree(wanted_of_others, second, how)


@check(needs=WORKS)
def works_in_another_thread(trial: Trial) -> None:
    """Opened in one thread it can be used in another one, and closed in the first.

    Why: a pipeline opens its components in order, and then gives each a thread of its own.

    To fix: keep nothing in `threading.local`; open connections that belong to a thread where they are used, or tell them otherwise
    (`sqlite3.connect(path, check_same_thread=False)`; calls on one instance never overlap).
    """
    with trial.opened() as component, ThreadPoolExecutor(1) as thread:
        try:
            thread.submit(trial.work.first_answers, trial, component).result()
        except CheckFailed as failed:
            raise CheckFailed(f"opened in one thread and used in another, {failed}") from failed


@check(*_ANSWERING, needs=("instances-are-independent", "works-in-another-thread"))
def works_in_threads(trial: Trial) -> None:
    """Two instances that work at the same time, each in a thread, answer as each does alone.

    Why: that is how they run. A buffer that they share is overwritten by the one while the other reads it, once in a thousand frames.

    To fix: give each instance its buffers, sessions and models; make none of them at module level. Where a library is not safe in threads,
    put one `threading.Lock` around the calls of all instances.
    """
    inputs, wanted = first_pass(trial)
    others = [mirrored(one) for one in inputs]
    wanted_of_others = fresh_answers(trial, others)
    deadline = time.monotonic() + _AT_ONCE
    patience = sys.getswitchinterval()
    sys.setswitchinterval(_OFTEN)
    try:
        while True:
            first, second = _at_once(trial, inputs, others)
            must_agree(wanted, first, "one of two instances in two threads")
            must_agree(wanted_of_others, second, "one of two instances in two threads")
            if time.monotonic() > deadline:
                return
    finally:
        sys.setswitchinterval(patience)


@check("detector", "captioner", "recognizer", needs=WORKS)
def finds_something(trial: Trial) -> None:
    """In the inputs of its case it finds something: an object, words, a sound.

    Why: a component that never finds anything keeps every other promise. Channels in the wrong order, pictures in 0..1
    where the model wants 0..255, a threshold nobody reaches: each of them looks just so.

    To fix: show it in `Case.inputs` what it is for, and if it finds nothing there, look at its preprocessing first: frames are RGB,
    uint8, `(height, width, 3)`; sound is float32 in -1..1 at `sample_rate`.
    """
    if not trial.case.inputs:
        raise NotApplicable("its case has no `inputs` in which it has to find something")
    with trial.opened() as component:
        if not any(_found(answer) for answer in trial.work.answers(trial, component)):
            raise CheckFailed(f"it found nothing in the {len(trial.case.inputs)} inputs of its case")


def _skip_live(trial: Trial) -> None:
    if trial.choice.kind != "source":
        return
    with trial.opened() as source, trial.calling("info"):
        live = source.info.live
    if live:
        raise NotApplicable("it is a live source, which never shows the same twice")


def _at_once(trial: Trial, inputs: Sequence[Any], others: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    both = threading.Barrier(2)

    def work(component: Any, given: Sequence[Any]) -> list[Any]:
        both.wait()
        return answers_to(trial, component, given)

    with trial.opened() as one, trial.opened() as another, ThreadPoolExecutor(2) as threads:
        first, second = threads.submit(work, one, inputs), threads.submit(work, another, others)
        try:
            return first.result(), second.result()
        except CheckFailed as failed:
            raise CheckFailed(f"with two instances in two threads, {failed}") from failed


def _sizes(component: Any) -> tuple[tuple[int, int], ...]:
    """Sizes of frames that it shares with others."""
    match getattr(component, "input_size", None):
        case (int(width), int(height)) if min(width, height) > 0 and find_spec("cv2"):  # which `resized` needs
            return ((width, height),)
    return ()


def _content(one: Any, sizes: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """Everything about an input that has to stay as it is, by a name for messages."""
    match one:
        case Frame():
            pictures = [one.image, *(one.resized(*size) for size in sizes)]
            return {"pixels": [*map(hash, map(bytes, pictures))], "fields": (one.time, one.index, one.wall, one.source)}
        case Clip():
            frames = [_content(frame, sizes) for frame in one.frames]
            return {name: [frame[name] for frame in frames] for name in frames[0]}
        case AudioChunk():
            return {"samples": hash(one.samples.tobytes()), "fields": (one.rate, one.time, one.source)}
        case (alert, delivery):
            return {"alert": repr(alert), "delivery": repr(delivery)}
    raise TypeError(type(one))


def _found(answer: Any) -> bool:
    """Whether an answer, or one of its parts, is more than nothing."""
    if isinstance(answer, tuple):
        return any(map(_found, answer))
    text = getattr(answer, "text", getattr(answer, "label", None))
    return bool(len(answer) if text is None else text.strip())
