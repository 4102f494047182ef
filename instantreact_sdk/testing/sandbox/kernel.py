"""The calls into the kernel that Python does not offer, named as their manual pages are, with errors as `OSError`."""

from __future__ import annotations

import ctypes
import os
import platform

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long

_SECCOMP = {"x86_64": 317, "aarch64": 277}
_MOUNT_SETATTR = 442  # one number everywhere, as of all calls since Linux 5.1

_AT_FDCWD = -100
_AT_RECURSIVE = 0x8000
_CAPABILITY_VERSION_3 = 0x20080522


class _Instructions(ctypes.Structure):
    """``struct sock_fprog``."""

    _fields_ = (("count", ctypes.c_ushort), ("code", ctypes.c_char_p))


class _MountAttributes(ctypes.Structure):
    """``struct mount_attr``."""

    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("namespace", ctypes.c_uint64),
    )


def _checked(result: int, path: str | None = None) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), path)
    return result


def unshare(flags: int) -> None:
    """Leave the namespaces that `flags` names, for new ones."""
    _checked(_libc.unshare(ctypes.c_int(flags)))


def mount(source: str, target: str, kind: str, flags: int) -> None:
    """Mount `source` at `target`, without data."""
    _checked(_libc.mount(source.encode(), os.fsencode(target), kind.encode(), ctypes.c_ulong(flags), None), target)


def mount_setattr(path: str, *, set_flags: int = 0, clear_flags: int = 0, propagation: int = 0) -> None:
    """Change a mount and all below it, from Linux 5.12 on."""
    attributes = _MountAttributes(set_flags, clear_flags, propagation, 0)
    _checked(
        _libc.syscall(
            ctypes.c_long(_MOUNT_SETATTR),
            ctypes.c_int(_AT_FDCWD),
            ctypes.c_char_p(os.fsencode(path)),
            ctypes.c_uint(_AT_RECURSIVE),
            ctypes.byref(attributes),
            ctypes.c_size_t(ctypes.sizeof(attributes)),
        ),
        path,
    )


def prctl(option: int, argument: int = 0) -> None:
    """Change what holds for this process or thread."""
    zero = ctypes.c_ulong(0)
    _checked(_libc.prctl(ctypes.c_int(option), ctypes.c_ulong(argument), zero, zero, zero))


def drop_capabilities() -> None:
    """Give up all privileges for good; capset(2)."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    none = (ctypes.c_uint32 * 6)()
    _checked(_libc.capset(ctypes.byref(header), ctypes.byref(none)))


def seccomp(operation: int, flags: int, program: bytes) -> int:
    """Install a program of 8-byte instructions. Gives the listener where `flags` asks for one."""
    instructions = _Instructions(len(program) // 8, program)
    return _checked(
        _libc.syscall(
            ctypes.c_long(_SECCOMP[platform.machine()]),
            ctypes.c_uint(operation),
            ctypes.c_uint(flags),
            ctypes.byref(instructions),
        )
    )
