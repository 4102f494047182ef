"""The program by which the kernel tells calls of interest from harmless ones, without asking anybody.

Classic BPF over ``struct seccomp_data``; seccomp(2), and the kernel's ``Documentation/userspace-api/seccomp_filter.rst``.
What it can decide from numbers (flags of open and clone, the family of a socket) it decides, so that reading files,
starting threads and computing run at full speed: the kernel even keeps a bitmap of calls that always pass.
"""

from __future__ import annotations

import errno
import struct

from instantreact_sdk.testing.sandbox.kernel import prctl, seccomp
from instantreact_sdk.testing.sandbox.syscalls import ABSENT, WATCHED, AnyBit, Machine, NoBit, NoneOf, NotNull, When

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06

_ALLOW = (_RETURN, 0, 0, 0x7FFF0000)
_ASK = (_RETURN, 0, 0, 0x7FC00000)  # SECCOMP_RET_USER_NOTIF
_NO_SUCH_CALL = (_RETURN, 0, 0, 0x00050000 | errno.ENOSYS)

_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets
_ARCHITECTURES: dict[Machine, int] = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000  # other numbers for the same calls, on x86_64 only

_PR_SET_NO_NEW_PRIVS = 38
_SET_MODE_FILTER = 1
_TSYNC, _NEW_LISTENER, _TSYNC_ESRCH, _WAIT_KILLABLE = 1, 8, 16, 32

_Instruction = tuple[int, int, int, int]
"""Code, how many to skip when true, how many when false, operand."""


def install(machine: Machine) -> int:
    """Have this process and all that come from it watched from now on. It cannot be undone.

    Returns:
        The listener: a descriptor from which another process reads the calls of interest, and answers them.

    Raises:
        OSError: The kernel is too old (before 5.7), or a sandbox around this one watches already.
    """
    prctl(_PR_SET_NO_NEW_PRIVS, 1)
    flags = _NEW_LISTENER | _TSYNC | _TSYNC_ESRCH
    try:
        # Else a signal handler interrupts a call that waits for its answer, and the call is asked about once more:
        # under a profiler's timer, for ever.
        return seccomp(_SET_MODE_FILTER, flags | _WAIT_KILLABLE, program(machine))
    except OSError as error:
        if error.errno != errno.EINVAL:  # before Linux 5.19
            raise
        return seccomp(_SET_MODE_FILTER, flags, program(machine))


def program(machine: Machine) -> bytes:
    """The filter for that kind of machine."""
    lines: list[_Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, _ARCHITECTURES[machine]),
        _NO_SUCH_CALL,  # a 32-bit program: its numbers mean other calls
        (_LOAD, 0, 0, _NUMBER),
    ]
    if machine == "x86_64":
        lines += [(_AT_LEAST, 0, 1, _X32), _NO_SUCH_CALL]
    for absent in ABSENT:
        lines += [(_EQUAL, 0, 1, absent), _NO_SUCH_CALL]
    for call in WATCHED:
        number = call.number(machine)
        if number is not None:
            block = _block(call.when)
            lines += [(_EQUAL, 0, len(block), number), *block]
    lines.append(_ALLOW)
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def _block(when: When) -> list[_Instruction]:
    """What decides about one call whose number is known."""
    match when:
        case AnyBit(argument, bits):
            return [(_LOAD, 0, 0, _low(argument)), (_ANY_BIT, 0, 1, bits), _ASK, _ALLOW]
        case NoBit(argument, bits):
            return [(_LOAD, 0, 0, _low(argument)), (_ANY_BIT, 1, 0, bits), _ASK, _ALLOW]
        case NoneOf(argument, values):
            tests = [(_EQUAL, len(values) - place, 0, value) for place, value in enumerate(values)]
            return [(_LOAD, 0, 0, _low(argument)), *tests, _ASK, _ALLOW]
        case NotNull(argument):
            low, high = _low(argument), _low(argument) + 4
            return [(_LOAD, 0, 0, low), (_EQUAL, 0, 2, 0), (_LOAD, 0, 0, high), (_EQUAL, 1, 0, 0), _ASK, _ALLOW]
        case _:
            return [_ASK]


def _low(argument: int) -> int:
    """Where the lower half of an argument lies; both kinds of machine are little-endian."""
    return _ARGUMENTS + 8 * argument
