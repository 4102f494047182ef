"""A family of processes of which none outlives the first; pid_namespaces(7).

Three processes do it. The one that was started stays outside and ends as the module ends, so that its parent sees the exit
code or the signal that it would see without a sandbox. The first inside reaps what is orphaned there; when it
ends, for whatever reason, the kernel kills all the others, daemons too. The module itself is the second: the first of a
namespace is deaf to signals that it has no handler for, and a module should die of them as it does elsewhere.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import struct
from collections.abc import Callable
from typing import NoReturn

from instantreact_sdk.testing.sandbox.kernel import mount, prctl, unshare

_NEW_MOUNTS, _NEW_PROCESSES = 0x00020000, 0x20000000
_NO_SETUID, _NO_DEVICES, _NO_EXECUTION = 2, 4, 8
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG

_STATUS = struct.Struct("=i")
_HANDED_ON = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2)


def die_with_parent() -> None:
    """Be killed when the thread that started this process ends."""
    prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def settle() -> bool:
    """Return as the module's process of a new family; its elders stay behind in here.

    Returns:
        Whether there is one. Else nothing has changed: the machine hides parts of /proc, as containers do, and
        allows no new one. With the old one a process would look itself up under a number that is not its own.
    """
    if not _succeeds(_try):
        return False
    unshare(_NEW_PROCESSES)
    told, tell = os.pipe()
    first = os.fork()
    if first:
        _stay_outside(first, told)
    os.close(told)
    die_with_parent()
    if _is_broken(tell):  # the parent died before it could take us along
        os._exit(1)
    _mount_processes()
    module = os.fork()
    if module:
        _be_first(module, tell)
    os.close(tell)
    os.setsid()
    return True


def _try() -> None:
    unshare(_NEW_MOUNTS | _NEW_PROCESSES)
    if not _succeeds(_mount_processes):
        raise OSError


def _succeeds(work: Callable[[], None]) -> bool:
    """Whether a copy of this process can do it."""
    copy = os.fork()
    if copy:
        return os.waitpid(copy, 0)[1] == 0
    try:
        work()
    except OSError:
        os._exit(1)
    os._exit(0)


def _mount_processes() -> None:
    mount("proc", "/proc", "proc", _NO_SETUID | _NO_DEVICES | _NO_EXECUTION)


def _is_broken(pipe: int) -> bool:
    """Whether nobody reads it any more."""
    poll = select.poll()
    poll.register(pipe, 0)
    return bool(poll.poll(0))


def _stay_outside(first: int, told: int) -> NoReturn:
    """End as the module ends."""
    _let_go_but(told)
    _hand_on_to(first)
    message = os.read(told, _STATUS.size)
    os.waitpid(first, 0)
    status = _STATUS.unpack(message)[0] if message else signal.SIGKILL
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # the module has dumped its own
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.waitstatus_to_exitcode(status))


def _be_first(module: int, tell: int) -> NoReturn:
    """Reap whoever ends, and end with the module."""
    _let_go_but(tell)
    _hand_on_to(module)
    while True:
        ended, status = os.wait()
        if ended == module:
            os.write(tell, _STATUS.pack(status))
            os._exit(0)


def _let_go_but(kept: int) -> None:
    """Close all else: whoever waits for the end of a pipe of the module's must not wait for us."""
    os.closerange(0, kept)
    os.closerange(kept + 1, os.sysconf("SC_OPEN_MAX"))


def _hand_on_to(process: int) -> None:
    for number in _HANDED_ON:
        signal.signal(number, lambda number, _: os.kill(process, number))
