"""Telling systemd how the service is: sd_notify(3), sd_watchdog_enabled(3)."""

from __future__ import annotations

import math
import os
import socket
from collections.abc import Callable
from types import TracebackType
from typing import Self

from instantreact_sdk.runner.pulse import Pulse

_PATIENCE = 1.0  # seconds: systemd reads at once, and nothing here waits for it where it does not


def sd_notify(state: str) -> bool:
    """Tell the service manager.

    Args:
        state: Assignments, one a line, such as ``READY=1``.

    Returns:
        Whether it was told; False where nobody asked for it, or nobody listens.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    if address.startswith("@"):  # a socket without a file
        address = f"\0{address[1:]}"
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.settimeout(_PATIENCE)
            channel.sendto(state.encode(errors="replace"), address)
    except OSError:
        return False
    return True


class Watchdog:
    """Shows systemd that the service has begun, that it works, and that it ends, while its ``with`` block lasts.

    Without systemd it does nothing.

    Args:
        alive: Whether all is well. The service has begun when it is so for the first time; where it is not so for ``WatchdogSec``,
            systemd starts the service anew. It may not raise.

    Example:
        ``/etc/systemd/system/instantreact.service``::

            [Unit]
            Description=See something, tell someone
            Wants=network-online.target
            After=network-online.target
            StartLimitIntervalSec=0

            [Service]
            Type=notify
            ExecStart=/opt/instantreact/bin/instantreact-sdk run /etc/instantreact/pipeline.yaml
            WorkingDirectory=/var/lib/instantreact
            TimeoutStartSec=5min
            WatchdogSec=30
            # The supervisor passes on what it is told; its processes need not be told twice.
            KillMode=mixed
            Restart=always
            RestartSec=5
            # An interrupted run ends with this.
            SuccessExitStatus=130

            [Install]
            WantedBy=multi-user.target
    """

    def __init__(self, alive: Callable[[], bool]) -> None:
        self._ready = False
        self._limit = _limit()
        self._pulse = Pulse("watchdog", self._limit / 2, alive, self._beat)

    def __enter__(self) -> Self:
        self._pulse.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pulse.__exit__(kind, error, trace)
        sd_notify("STOPPING=1")

    def status(self, text: str) -> None:
        """Say in one line how it is going, for ``systemctl status``."""
        sd_notify(f"STATUS={' '.join(text.split())}")

    def _beat(self) -> None:
        if not self._ready:
            self._ready = sd_notify("READY=1")
        if self._limit < math.inf:
            sd_notify("WATCHDOG=1")


def _limit() -> float:
    """Seconds after which systemd takes the process for dead; ``inf`` where it does not watch this one."""
    limit = os.environ.get("WATCHDOG_USEC", "")
    meant = os.environ.get("WATCHDOG_PID", "") in ("", str(os.getpid()))
    watched = meant and limit.isdecimal() and int(limit) > 0
    return int(limit) / 1e6 if watched else math.inf
