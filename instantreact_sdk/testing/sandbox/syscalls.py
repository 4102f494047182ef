"""The system calls by which a process reaches out: their numbers, their arguments, and when they are of interest.

Numbers are from the kernel's ``arch/x86/entry/syscalls/syscall_64.tbl`` and ``include/uapi/asm-generic/unistd.h``.
"""

from __future__ import annotations

import os
import platform
import socket
from dataclasses import dataclass
from typing import Literal

Machine = Literal["x86_64", "aarch64"]

Effect = Literal["opens", "makes", "removes", "moves", "changes", "socket", "connects", "binds", "starts", "forks"]

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
CLONE_THREAD = 0x10000

_AF_ALG = 38
_LOCAL = (socket.AF_UNIX, getattr(socket, "AF_NETLINK", 16), _AF_ALG)
"""Families that reach this machine's programs and kernel only: no network."""


@dataclass(frozen=True, slots=True)
class Always:
    """Each call is of interest."""


@dataclass(frozen=True, slots=True)
class AnyBit:
    """Calls whose argument has one of these bits."""

    argument: int
    bits: int


@dataclass(frozen=True, slots=True)
class NoBit:
    """Calls whose argument has none of these bits."""

    argument: int
    bits: int


@dataclass(frozen=True, slots=True)
class NoneOf:
    """Calls whose argument is another than these."""

    argument: int
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NotNull:
    """Calls whose argument, a pointer, points at something."""

    argument: int


When = Always | AnyBit | NoBit | NoneOf | NotNull


@dataclass(frozen=True, slots=True)
class Name:
    """Which arguments name a file.

    Attributes:
        path: The argument that points at the path; None where a descriptor alone says it.
        folder: The argument with the descriptor that relative paths start from; None for the working directory.
        follow: Whether a symbolic link at the path's end stands for what it points at.
    """

    path: int | None
    folder: int | None = None
    follow: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One system call.

    Attributes:
        x86_64: Its number there; None where it does not exist.
        aarch64: Likewise.
        effect: What it does.
        names: The files it is about, or the program it starts.
        when: Which calls of it are of interest.
        argument: The one that says more: an open's flags, a socket's family or the pointer to its address; None where
            there is none.
    """

    x86_64: int | None
    aarch64: int | None
    effect: Effect
    names: tuple[Name, ...] = ()
    when: When = Always()
    argument: int | None = None

    def number(self, machine: Machine) -> int | None:
        """Its number on that kind of machine."""
        return self.x86_64 if machine == "x86_64" else self.aarch64


OPENAT2 = Call(437, 437, "opens", (Name(1, 0, follow=True),), argument=2)
"""The one call that keeps its flags in memory, where a filter cannot look: so each is of interest."""

WATCHED = (
    Call(2, None, "opens", (Name(0, follow=True),), AnyBit(1, WRITES), argument=1),  # open
    Call(85, None, "opens", (Name(0, follow=True),)),  # creat
    Call(257, 56, "opens", (Name(1, 0, follow=True),), AnyBit(2, WRITES), argument=2),  # openat
    OPENAT2,
    Call(83, None, "makes", (Name(0),)),  # mkdir
    Call(258, 34, "makes", (Name(1, 0),)),  # mkdirat
    Call(133, None, "makes", (Name(0),)),  # mknod
    Call(259, 33, "makes", (Name(1, 0),)),  # mknodat
    Call(88, None, "makes", (Name(1),)),  # symlink
    Call(266, 36, "makes", (Name(2, 1),)),  # symlinkat
    Call(86, None, "makes", (Name(1),)),  # link
    Call(265, 37, "makes", (Name(3, 2),)),  # linkat
    Call(87, None, "removes", (Name(0),)),  # unlink
    Call(263, 35, "removes", (Name(1, 0),)),  # unlinkat
    Call(84, None, "removes", (Name(0),)),  # rmdir
    Call(82, None, "moves", (Name(0), Name(1))),  # rename
    Call(264, 38, "moves", (Name(1, 0), Name(3, 2))),  # renameat
    Call(316, 276, "moves", (Name(1, 0), Name(3, 2))),  # renameat2
    Call(76, 45, "changes", (Name(0, follow=True),)),  # truncate
    Call(90, None, "changes", (Name(0, follow=True),)),  # chmod
    Call(91, 52, "changes", (Name(None, 0),)),  # fchmod
    Call(268, 53, "changes", (Name(1, 0, follow=True),)),  # fchmodat
    Call(452, 452, "changes", (Name(1, 0, follow=True),)),  # fchmodat2
    Call(92, None, "changes", (Name(0, follow=True),)),  # chown
    Call(93, 55, "changes", (Name(None, 0),)),  # fchown
    Call(94, None, "changes", (Name(0),)),  # lchown
    Call(260, 54, "changes", (Name(1, 0, follow=True),)),  # fchownat
    Call(132, None, "changes", (Name(0, follow=True),)),  # utime
    Call(235, None, "changes", (Name(0, follow=True),)),  # utimes
    Call(261, None, "changes", (Name(1, 0, follow=True),)),  # futimesat
    Call(280, 88, "changes", (Name(1, 0, follow=True),)),  # utimensat
    Call(188, 5, "changes", (Name(0, follow=True),)),  # setxattr
    Call(189, 6, "changes", (Name(0),)),  # lsetxattr
    Call(190, 7, "changes", (Name(None, 0),)),  # fsetxattr
    Call(197, 14, "changes", (Name(0, follow=True),)),  # removexattr
    Call(198, 15, "changes", (Name(0),)),  # lremovexattr
    Call(199, 16, "changes", (Name(None, 0),)),  # fremovexattr
    Call(41, 198, "socket", when=NoneOf(0, _LOCAL), argument=0),  # socket
    Call(42, 203, "connects", argument=1),  # connect
    Call(44, 206, "connects", when=NotNull(4), argument=4),  # sendto
    Call(49, 200, "binds", argument=1),  # bind
    Call(59, 221, "starts", (Name(0),)),  # execve
    Call(322, 281, "starts", (Name(1, 0),)),  # execveat
    Call(57, None, "forks"),  # fork
    Call(58, None, "forks"),  # vfork
    Call(56, 220, "forks", when=NoBit(0, CLONE_THREAD)),  # clone
)

ABSENT = (
    435,  # clone3: its flags are in memory, and each new thread would have to be asked about. The C library takes clone.
    425,  # io_uring_setup: what goes through its queue passes every filter.
)
"""Calls that answer ENOSYS, as on an older kernel; programs then take the older way. Numbers are the same everywhere."""


def machine() -> Machine | None:
    """The kind of this machine; None where its calls are not known here."""
    match platform.machine():
        case "x86_64":
            return "x86_64"
        case "aarch64":
            return "aarch64"
        case _:
            return None
