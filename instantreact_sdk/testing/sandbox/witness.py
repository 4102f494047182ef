"""Tells what a noticed call means: which need it is of, and what it does, in words."""

from __future__ import annotations

import ipaddress
import os
import re
import socket
import stat
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

from instantreact_sdk.testing.sandbox.activity import Activity, Need
from instantreact_sdk.testing.sandbox.notices import Notice
from instantreact_sdk.testing.sandbox.syscalls import OPENAT2, WATCHED, WRITES, Call, Effect, Machine, Name

_HARMLESS = re.compile(r"/dev(/.*)?|/proc/(self|thread-self|\d+)(/.*)?")
"""Devices, the shared memory of semaphores, and a process's own knobs."""

_ASKING = {"/sbin/ldconfig", "/usr/sbin/ldconfig"}
"""By this, Python's `find_library` learns where a library is, as torch does when it is imported. What it wrote would be seen."""

_MEANING: dict[Effect, tuple[Need, str]] = {
    "opens": ("files", "opened {} for writing"),
    "makes": ("files", "made {}"),
    "removes": ("files", "removed {}"),
    "moves": ("files", "moved {}"),
    "changes": ("files", "changed {}"),
    "socket": ("network", "opened a socket"),
    "connects": ("network", "connected to {}"),
    "binds": ("network", "took the address {}"),
    "starts": ("subprocess", "started {}"),
    "forks": ("subprocess", "forked"),
}
_ADDRESS_SIZE = 128

_LINKS = re.compile(r"/(?:proc/self|proc/thread-self|dev)/(cwd|root|fd/\d+)")
"""Ways to files through a process's own knobs; ``/dev/fd`` is one of them, too."""

_ANSWERING = re.compile(r"/run/(nscd|systemd/userdb|nvidia-[^/]*)/.*|/var/lib/sss/pipes/.*|/tmp/nvidia-mps/.*")
"""Sockets of the C library's, which asks them who a user is, and of drivers: whoever calls `expanduser` does not mean to."""


class Witness:
    """Knows the calls of one kind of machine, and the one folder that may be written.

    Args:
        machine: Whose numbers the notices carry.
        writable: The folder.
        seen_in: A folder inside it where what is written to files counts all the same; None for nowhere.
    """

    def __init__(self, machine: Machine, writable: Path, seen_in: Path | None = None) -> None:
        self._calls = {call.number(machine): call for call in WATCHED}
        self._writable = os.path.realpath(writable)
        self._seen_in = os.path.realpath(seen_in) if seen_in else None

    def activities(self, notice: Notice) -> list[tuple[Activity, int]]:
        """What this call does that has to be declared, and how many times more; nothing where it is harmless."""
        call = self._calls[notice.number]
        try:
            return list(self._done(call, notice))
        except PermissionError:  # a program that hides its memory, as some that keep keys do
            return [_once(call.effect, "something that cannot be read")]
        except OSError:
            return []  # nothing is where its arguments point: it cannot succeed either

    def _done(self, call: Call, notice: Notice) -> Iterator[tuple[Activity, int]]:
        match call.effect:
            case "forks" | "socket":
                yield _once(call.effect)
            case "starts":
                path = _path(notice, call.names[0])
                if path in _ASKING:
                    yield Activity(*_MEANING["forks"]), -1
                # A program is looked for in each folder of PATH. One that is started from a descriptor is there.
                elif os.path.lexists(path) or call.names[0].folder is not None or _HARMLESS.fullmatch(path):
                    yield _once(call.effect, path)
            case "connects" | "binds":
                yield from self._addressed(call, notice)
            case _:
                paths = [_path(notice, name) for name in call.names]
                if _changes(call, notice, paths[0]):
                    yield from (_once(call.effect, path) for path in paths if not self._allowed(path, call.effect))

    def _allowed(self, path: str, effect: Effect) -> bool:
        if _HARMLESS.fullmatch(os.path.normpath(path)):
            return True
        if self._seen_in and effect == "opens" and _is_in(path, self._seen_in):
            return False  # empty folders, which libraries make there when they are imported, hold nothing
        return _is_in(path, self._writable)

    def _addressed(self, call: Call, notice: Notice) -> Iterator[tuple[Activity, int]]:
        assert call.argument is not None
        address = notice.bytes_at(notice.arguments[call.argument], _ADDRESS_SIZE).ljust(_ADDRESS_SIZE, b"\0")
        (family,) = struct.unpack_from("=H", address)
        if family in {socket.AF_INET, socket.AF_INET6}:
            (port,) = struct.unpack_from("!H", address, 2)
            host = ipaddress.ip_address(address[4:8] if family == socket.AF_INET else address[8:24])
            if call.effect == "binds" and host.is_loopback and port == 0:
                # So does `import requests`, to learn whether there is IPv6. A socket like this reaches nobody.
                yield Activity(*_MEANING["socket"]), -1
            else:
                yield _once(call.effect, f"{host}:{port}" if family == socket.AF_INET else f"[{host}]:{port}")
        elif family == socket.AF_UNIX:
            name = os.fsdecode(address[2:110].partition(b"\0")[0])  # empty where it is no file
            if not name:
                return
            path = _whole(name, notice, None, follow=call.effect == "connects")
            if call.effect == "binds" and not self._allowed(path, "makes"):
                yield _once("makes", path)
            elif call.effect == "connects" and self._is_others(path):
                yield _once("connects", path)

    def _is_others(self, path: str) -> bool:
        """Whether a program outside listens there. What it is asked for, it does outside: it may send, write and start anything."""
        return os.path.lexists(path) and not (self._allowed(path, "connects") or _ANSWERING.fullmatch(path))


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _changes(call: Call, notice: Notice, path: str) -> bool:
    """Whether the call would change anything: to remove what is not there, or to make a folder that is, does not.

    Programs do so all the time, and an author could not find out what is meant.
    """
    if call.effect == "opens":
        flags = _flags(call, notice)
        return bool(flags & WRITES) and _opens_a_file(path, flags)
    if call.effect == "makes":
        return not os.path.lexists(path)
    return os.path.lexists(path)


def _opens_a_file(path: str, flags: int) -> bool:
    """Whether there is one after the call: not where none may be made, or where a pipe or a device is."""
    try:
        mode = Path(path).stat().st_mode
    except OSError:
        return bool(flags & os.O_CREAT)
    return not (stat.S_ISFIFO(mode) or stat.S_ISCHR(mode))


def _flags(call: Call, notice: Notice) -> int:
    """With which flags an open opens."""
    if call.argument is None:  # creat
        return os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    flags = notice.arguments[call.argument]
    if call is OPENAT2:
        flags = int.from_bytes(notice.bytes_at(flags, 8), sys.byteorder)
    return flags


def _path(notice: Notice, name: Name) -> str:
    """The whole path that a call is about."""
    folder = None if name.folder is None else notice.arguments[name.folder]
    address = 0 if name.path is None else notice.arguments[name.path]
    path = notice.text_at(address) if address else ""
    if not path:  # the open file itself
        return _folder(notice, folder)
    return _whole(path, notice, folder, follow=name.follow)


def _whole(path: str, notice: Notice, folder: int | None, *, follow: bool = False) -> str:
    """From the root, and without symbolic links, except the last part where a call does not follow it."""
    if not path.startswith("/"):  # only then: a call with a whole path may come with a folder that is none
        path = f"{_folder(notice, folder)}/{path}"
    path = _through_links(path, notice)
    if _HARMLESS.fullmatch(os.path.normpath(path)):
        return path  # here, /proc/self is somebody else
    if follow:
        return os.path.realpath(path)
    before, last = os.path.split(path.rstrip("/"))
    return f"{os.path.realpath(before).rstrip('/')}/{last}"


def _through_links(path: str, notice: Notice) -> str:
    """The same file by a path that means as much here; as it is where there is none, as for a pipe."""
    path = os.path.normpath(path) if path.startswith(("/proc/", "/dev/")) else path
    found = _LINKS.match(path)
    target = str(Path(f"/proc/{notice.thread}/{found[1]}").readlink()) if found else ""
    return f"{target}{path[found.end() :]}" if found and os.path.lexists(target) else path


def _folder(notice: Notice, descriptor: int | None) -> str:
    """What relative paths start from: an open folder, or the thread's own (AT_FDCWD, which is negative)."""
    if descriptor is None or descriptor & 0x80000000:
        return str(Path(f"/proc/{notice.thread}/cwd").readlink())
    return str(Path(f"/proc/{notice.thread}/fd/{descriptor & 0x7FFFFFFF}").readlink())


def _once(effect: Effect, what: str = "") -> tuple[Activity, int]:
    need, sentence = _MEANING[effect]
    printable = os.fsencode(what).decode(errors="backslashreplace")  # names of files may be no text at all; reports are
    return Activity(need, sentence.format(printable)), 1
