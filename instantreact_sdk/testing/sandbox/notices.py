"""What the kernel says about a call of interest, and how it is answered.

The watched thread stands still meanwhile; seccomp_unotify(2). The answer is always that the call may go on: this side sees,
the namespaces prevent. So a program that changes its memory between our look and the kernel's can lie to us, but does
nothing by it.

A signal that comes before the notice is read interrupts the call (EINTR), as if it had slept. Python repeats nearly all
calls then; fork alone it does not.
"""

from __future__ import annotations

import errno
import fcntl
import os
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

_RECEIVE = 0xC0502100
_SEND = 0xC0182101
_STILL_THERE = 0x40082102
_CONTINUE = 1

_NOTICE = struct.Struct("=QIIiIQ6Q")  # struct seccomp_notif with the struct seccomp_data in it
_ROOM = 256  # newer kernels may say more
_ANSWER = struct.Struct("=QqiI")

_PAGE = os.sysconf("SC_PAGE_SIZE")
_PATH_MAX = 4096

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Notice:
    """A thread that is about to make a call of interest.

    Attributes:
        key: The kernel's own number of this notice.
        thread: The thread's id as seen from here; 0 where it cannot be seen.
        number: The system call.
        arguments: All six; what they do not use is random.
    """

    key: int
    thread: int
    number: int
    arguments: tuple[int, ...]

    def bytes_at(self, address: int, size: int) -> bytes:
        """What its memory has there.

        Raises:
            OSError: It cannot be read: nothing is there, or the thread has ended, or the machine forbids it.
        """
        descriptor = os.open(f"/proc/{self.thread}/mem", os.O_RDONLY | os.O_CLOEXEC)
        try:
            return os.pread(descriptor, size, address)
        except OverflowError as error:  # no address of a program
            raise OSError(errno.EFAULT, os.strerror(errno.EFAULT)) from error
        finally:
            os.close(descriptor)

    def text_at(self, address: int) -> str:
        """The path that begins there.

        Raises:
            OSError: As `bytes_at`.
        """
        found = b""
        while b"\0" not in found and len(found) < _PATH_MAX:
            start = address + len(found)
            more = self.bytes_at(start, _PAGE - start % _PAGE)  # the next page may not exist
            if not more:
                raise OSError(errno.ESRCH, os.strerror(errno.ESRCH))  # it was killed while we looked
            found += more
        return os.fsdecode(found.partition(b"\0")[0])


def receive(listener: int) -> Notice | None:
    """The next notice; None where its thread died before it was asked for.

    Raises:
        OSError: The listener has ended.
    """
    room = bytearray(_ROOM)
    try:
        fcntl.ioctl(listener, _RECEIVE, room)
    except OSError as error:
        if error.errno in {errno.ENOENT, errno.EINTR}:
            return None
        raise
    key, thread, _, number, _, _, *arguments = _NOTICE.unpack_from(room)
    return Notice(key, thread, number, tuple(arguments))


def read(listener: int, notice: Notice, look: Callable[[Notice], _T]) -> _T | None:
    """What `look` finds in the notice's thread; None where the thread has died meanwhile.

    Its number may belong to another thread by then, and what was found there is not the notice's.
    """
    found = look(notice)
    try:
        fcntl.ioctl(listener, _STILL_THERE, struct.pack("=Q", notice.key))
    except OSError:
        return None
    return found


def go_on(listener: int, notice: Notice) -> None:
    """Let the thread make its call."""
    try:
        fcntl.ioctl(listener, _SEND, bytearray(_ANSWER.pack(notice.key, 0, 0, _CONTINUE)))
    except OSError as error:
        if error.errno != errno.ENOENT:  # it died while it waited
            raise
