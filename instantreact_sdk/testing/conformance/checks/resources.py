"""What a component may use of the machine: no more with every call, and nothing once it is closed."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from itertools import pairwise

from instantreact_sdk.testing.conformance.check import CheckFailed, NotApplicable, check
from instantreact_sdk.testing.conformance.checks.life import WORKS
from instantreact_sdk.testing.conformance.living import lived
from instantreact_sdk.testing.conformance.memory import can_tell, resident
from instantreact_sdk.testing.conformance.overhearing import overhearing
from instantreact_sdk.testing.conformance.passes import first_pass
from instantreact_sdk.testing.conformance.trace import Trace
from instantreact_sdk.testing.conformance.trial import Trial
from instantreact_sdk.testing.fakes import HttpFake

_CYCLES = 3
_CALLS = 200
_FEWEST = 10
_PARTS = 5  # the first is for what is made once
_PATIENCE = 8.0
_SLOW = 0.4  # seconds for a batch; from there on, one input at a time
_MAY_GROW = 4_000_000
_LONGEST = 80


@check(needs=WORKS)
def is_quiet(trial: Trial) -> None:
    """It prints nothing: not to standard output, not to standard error, also not in C.

    Why: standard output belongs to results that other programs read, and standard error to the SDK, which says there what the
    user has to know. A notifier for the terminal may print messages to standard error: lines that hold the text of the alert.

    To fix: take out `print`; write `context.log.info(...)` for what helps to find mistakes, and `context.health(...)` for what
    somebody has to mend. Libraries can often be told to be quiet (`verbose=False`, `logging.getLogger("name").setLevel("ERROR")`), and
    `warnings.warn` is no way to tell a user anything.
    """
    trial.options()  # what the case prints is not its doing
    again = warnings.catch_warnings()  # a warning that an earlier check met would not be shown twice otherwise
    with again, overhearing(trial.folder) as heard:
        inputs, _ = first_pass(trial)
    told = [one[0].text for one in inputs] if trial.choice.kind == "notifier" else []
    noise = [line for line in heard.err.splitlines() if line.strip() and not any(text in line for text in told)]
    for stream, lines in (("output", heard.out.splitlines()), ("error", noise)):
        if lines:
            raise CheckFailed(f"it wrote to standard {stream}: {lines[0].strip()[:_LONGEST]!r}")


@check(needs=WORKS)
def leaves_nothing_open(trial: Trial) -> None:
    """What it opened or started is gone when it is closed: files, sockets, threads, processes.

    Why: a pipeline runs for months and restarts what fails; what stays with every restart uses the machine up. What is made once
    and kept for the process (a pool of threads, a model in a cache) is fine.

    To fix: let `close` undo what `open` and the calls did, in reverse order: close files, sessions and sockets, tell threads to
    end and `join` them, end processes and `wait` for them. `contextlib.ExitStack` remembers what there is to undo.
    """
    lived(trial)  # for what is made once
    left = ""
    for _ in range(_CYCLES):
        trace = Trace()
        component = lived(trial)
        left = trace.left()
        del component  # until here, it must not be the garbage collector who closes
        if not left:
            return
    raise CheckFailed(f"each time that it was opened, used and closed it left {left}")


@check(needs=WORKS)
def memory_stays_flat(trial: Trial) -> None:
    """Its memory does not grow with every call: in 200 calls on fresh inputs, or as many as fit into 8 seconds.

    Why: at five frames a second, 20 kilobytes a call are more than eight gigabytes a day.

    The first fifth of the calls is for what is made once. Then it fails if it grew by more than 4 MB, and in each of the four
    parts that remain.

    To fix: look for what is kept: lists that are only appended to, dictionaries by time or by key, frames that an old result still
    refers to. `collections.deque(maxlen=...)` and `functools.lru_cache(maxsize=...)` forget by themselves. `tracemalloc` finds what
    Python keeps; what a library in C keeps, bisecting your code does.
    """
    if not can_tell():
        raise NotApplicable("this system does not tell how much memory a process has")
    if trial.choice.kind == "source":
        size, calls = _grown(lambda: lived(trial))
        what = "openings"
    else:
        with trial.opened() as component:
            work = trial.work
            batch = work.batch(component)
            fresh = work.renewed(work.inputs(trial, component), (1 + _CALLS) * batch)
            fake = trial.case.fake

            def call(count: int) -> None:
                inputs = [next(fresh) for _ in range(count)]
                with trial.calling(work.method):
                    work.call(component, inputs)
                if isinstance(fake, HttpFake):
                    fake.drop_bodies()  # it is in this process, and keeps them

            start = time.monotonic()
            call(batch)
            if time.monotonic() - start > _SLOW:
                batch = 1
            size, calls = _grown(lambda: call(batch))
        what = f"calls of {trial.work.method}"
    if size:
        raise CheckFailed(f"its memory grew by {size / 1e6:.0f} MB in {calls} {what}, and did not stop growing")


def _grown(call: Callable[[], object]) -> tuple[int, int]:
    """By how many bytes the memory grew after the first part of the calls, and in how many calls; 0 bytes where it is flat."""
    start = time.monotonic()
    each = _FEWEST // _PARTS
    for _ in range(each):
        call()
    seconds = (time.monotonic() - start) / each
    each = max(each, min(_CALLS // _PARTS, int(_PATIENCE / _PARTS / max(seconds, 1e-6))))
    for _ in range(each - _FEWEST // _PARTS):
        call()
    sizes = [resident()]
    for _ in range(_PARTS - 1):
        for _ in range(each):
            call()
        sizes.append(resident())
    grown = sizes[-1] - sizes[0]
    share = grown / (_PARTS - 1)
    steady = all(after - before > share / 2 for before, after in pairwise(sizes))
    return (grown if grown > _MAY_GROW and steady else 0), each * (_PARTS - 1)
