"""A world of its own for one process: no network but loopback, and nothing that can be written but one folder.

user_namespaces(7), network_namespaces(7), mount_namespaces(7), ipc_namespaces(7), mount_setattr(2). Nothing of it needs privileges: a user
namespace gives them inside, and they are given up before anything else runs.
"""

from __future__ import annotations

import fcntl
import os
import socket
import struct
from pathlib import Path

from instantreact_sdk.testing.sandbox.kernel import drop_capabilities, mount, mount_setattr, prctl, unshare

_NEW_MOUNTS, _NEW_IPC, _NEW_USER, _NEW_NETWORK = 0x00020000, 0x08000000, 0x10000000, 0x40000000

_BIND, _RECURSIVE = 0x1000, 0x4000
_READ_ONLY, _NO_SETUID, _NO_DEVICES = 1, 2, 4
_PRIVATE = 1 << 18

_GET_FLAGS, _SET_FLAGS, _IS_UP = 0x8913, 0x8914, 1
_DROP_FROM_BOUNDS = 24  # PR_CAPBSET_DROP
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - the folder itself, where semaphores live


def enter() -> None:
    """Put this process into new namespaces, with its own user and group as before.

    The process must have one thread. It loses what it had the right to do as root, and reaches loopback only.

    Raises:
        OSError: The machine forbids namespaces; nothing has changed.
    """
    user, group = os.geteuid(), os.getegid()
    unshare(_NEW_USER | _NEW_MOUNTS | _NEW_IPC | _NEW_NETWORK)
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    _bring_loopback_up()


def _bring_loopback_up() -> None:
    """A new network namespace has it, but down; netdevice(7)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sH14x", b"lo", 0)
        _, flags = struct.unpack("16sH14x", fcntl.ioctl(any_socket, _GET_FLAGS, request))
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sH14x", b"lo", flags | _IS_UP))


def make_read_only(writable: Path) -> None:
    """Every mount, but for one folder, which becomes a mount of its own for that, and for ``/dev/shm``, which is a new and empty one.

    /proc stays read-only too: as root, one could set the machine's own knobs under /proc/sys there. Devices can be
    written all the same, for a device is no file of the mount that it is found on.

    Raises:
        OSError: The kernel is too old (before Linux 5.12), or a mount is held back by the machine.
    """
    folders = [os.path.realpath(writable)]
    mount(folders[0], folders[0], "", _BIND | _RECURSIVE)
    if _SHARED_MEMORY.is_dir():  # of its own, so that nothing is left there, and nobody else's can be written
        folders.append(os.path.realpath(_SHARED_MEMORY))
        mount("tmpfs", folders[1], "tmpfs", _NO_SETUID | _NO_DEVICES)
    mount_setattr("/", set_flags=_READ_ONLY, propagation=_PRIVATE)
    for folder in folders:
        mount_setattr(folder, clear_flags=_READ_ONLY)
    os.chdir(os.getcwd())  # noqa: PTH109 - into the new mount; until now we are in the one that it hides


def give_up_privileges() -> None:
    """Give up those that came with the namespace: what runs here could undo it. Out of the bounds too, so that no program that root starts gets them back."""
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text(encoding="ascii"))
    for capability in range(last + 1):
        prctl(_DROP_FROM_BOUNDS, capability)
    drop_capabilities()
