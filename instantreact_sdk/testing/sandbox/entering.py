"""The inside of a sandbox: a process closes the doors behind itself, then becomes the module that is to be watched.

Started by `Sandboxed` as ``python -m instantreact_sdk.testing.sandbox.entering DESCRIPTOR PARENT WRITABLE MODULE [ARGUMENT]...``.
Imports little: it needs to have one thread, and NumPy alone starts several.
"""

from __future__ import annotations

import json
import os
import platform
import runpy
import socket
import sys
from pathlib import Path

from instantreact_sdk.testing.sandbox import filter as call_filter
from instantreact_sdk.testing.sandbox import household, namespaces
from instantreact_sdk.testing.sandbox.syscalls import machine


def main() -> None:
    """Enter, tell the parent how far that went, and run the module."""
    descriptor, parent, writable, module, *arguments = sys.argv[1:]
    with socket.socket(fileno=int(descriptor)) as report:
        household.die_with_parent()
        if os.getppid() != int(parent):  # it died before it could take us along
            sys.exit(1)
        entry = _Entry()
        entry.close_doors(Path(writable))
        entry.be_watched(report)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


class _Entry:
    """What the parent is told: what is prevented from now on, whether the end of one is the end of all, what failed."""

    def __init__(self) -> None:
        self.prevented: list[str] = []
        self.failures: list[str] = []
        self.is_family = False

    def close_doors(self, writable: Path) -> None:
        """Leave the machine's namespaces, as far as it lets us."""
        try:
            namespaces.enter()
        except OSError as error:
            reasons = "unprivileged_userns_clone, AppArmor, or a container"
            self.failures.append(f"user namespaces are forbidden on this machine ({reasons}): {error.strerror}")
            return
        self.prevented.append("network")
        self.is_family = household.settle()
        try:
            namespaces.make_read_only(writable)
            self.prevented.append("files")
        except OSError as error:
            self.failures.append(f"the file system cannot be made read-only on this machine: {error.strerror}")
        finally:
            namespaces.give_up_privileges()

    def be_watched(self, report: socket.socket) -> None:
        """Install the filter, and send its listener to the parent in one message with all the rest."""
        listeners = []
        kind = machine()
        if kind is None:
            self.failures.append(f"the system calls of {platform.machine()} are not known to the sandbox")
        else:
            try:
                listeners.append(call_filter.install(kind))
            except OSError as error:
                self.failures.append(f"a system call filter cannot be installed on this machine: {error.strerror}")
        told = {
            "machine": kind,
            "prevented": self.prevented,
            "failures": self.failures,
            "family": self.is_family,
        }
        socket.send_fds(report, [json.dumps(told).encode()], listeners)
        for listener in listeners:
            os.close(listener)


if __name__ == "__main__":
    main()
