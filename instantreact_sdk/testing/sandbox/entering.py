"""The inside of a sandbox: a process closes the doors behind itself, then becomes the module that is to be watched.

Started by `Sandboxed` as ``python -m instantreact_sdk.testing.sandbox.entering DESCRIPTOR PARENT WRITABLE MODULE [ARGUMENT]...``.
Imports little: it needs to have one thread, and NumPy alone starts several.
"""

from __future__ import annotations

import json
import os
import platform
import runpy
import signal
import socket
import sys
from pathlib import Path

from instantreact_sdk.testing.sandbox import filter as call_filter
from instantreact_sdk.testing.sandbox import namespaces
from instantreact_sdk.testing.sandbox.kernel import prctl
from instantreact_sdk.testing.sandbox.syscalls import machine

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def main() -> None:
    """Enter, tell the parent how far that went, and run the module in this very process."""
    descriptor, parent, writable, module, *arguments = sys.argv[1:]
    with socket.socket(fileno=int(descriptor)) as report:
        prevented, failures = _enter(Path(writable))
        prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != int(parent):  # it died before we asked to be told
            sys.exit(1)
        _watched(report, prevented, failures)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _enter(writable: Path) -> tuple[list[str], list[str]]:
    """What is prevented from now on, and why the rest is not."""
    prevented: list[str] = []
    failures: list[str] = []
    try:
        namespaces.enter()
    except OSError as error:
        where = "unprivileged_userns_clone, AppArmor, or a container"
        return [], [f"user namespaces are forbidden on this machine ({where}): {error.strerror}"]
    prevented.append("network")
    try:
        namespaces.make_read_only(writable)
        prevented.append("files")
    except OSError as error:
        failures.append(f"the file system cannot be made read-only on this machine: {error.strerror}")
    finally:
        namespaces.give_up_privileges()
    return prevented, failures


def _watched(report: socket.socket, prevented: list[str], failures: list[str]) -> None:
    """Install the filter and send its listener to the parent, in one message with the rest."""
    listeners = []
    kind = machine()
    if kind is None:
        failures.append(f"the system calls of {platform.machine()} are not known to the sandbox")
    else:
        try:
            listeners.append(call_filter.install(kind))
        except OSError as error:
            failures.append(f"a system call filter cannot be installed on this machine: {error.strerror}")
    message = json.dumps({"machine": kind, "prevented": prevented, "failures": failures}).encode()
    socket.send_fds(report, [message], listeners)
    for listener in listeners:
        os.close(listener)


if __name__ == "__main__":
    main()
