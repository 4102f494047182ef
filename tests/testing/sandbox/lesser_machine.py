"""Runs a program in a sandbox on a machine that allows less than this one, and prints what came of it as JSON.

Called as a script with JSON: which calls are refused, with what error number, and perhaps only where an argument has
a value, as a container's own filter does it; and the user that it runs as, with no privileges at all.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

from instantreact_sdk.testing.sandbox import Sandboxed
from instantreact_sdk.testing.sandbox.kernel import drop_capabilities, prctl, seccomp, unshare
from instantreact_sdk.testing.sandbox.syscalls import machine

NUMBERS = {
    "x86_64": {"unshare": 272, "seccomp": 317, "mount": 165, "mount_setattr": 442},
    "aarch64": {"unshare": 97, "seccomp": 277, "mount": 40, "mount_setattr": 442},
}


def become(user: int) -> None:
    """Become that user in a user namespace, so that it works from root as from anyone."""
    outer_user, outer_group = os.geteuid(), os.getegid()
    unshare(0x10000000)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {outer_user} 1")
    Path("/proc/self/gid_map").write_text(f"{user} {outer_group} 1")
    drop_capabilities()


def refuse(call: str, error: int, argument: int | None = None, value: int = 0) -> None:
    """Have the kernel refuse a call from now on."""
    kind = machine()
    assert kind
    number = NUMBERS[kind][call]
    test = [] if argument is None else [(0x20, 0, 0, 16 + 8 * argument), (0x15, 0, 1, value)]
    lines = [
        (0x20, 0, 0, 0),
        (0x15, 0, len(test) + 1, number),
        *test,
        (6, 0, 0, 0x50000 | error),
        (6, 0, 0, 0x7FFF0000),
    ]
    prctl(38, 1)
    seccomp(1, 0, b"".join(struct.pack("=HBBI", *line) for line in lines))


def outcome(writable: Path, arguments: list[str]) -> dict[str, Any]:
    """What becomes of the module ``program``."""
    sandbox = Sandboxed(
        "program", arguments, writable=writable, env=os.environ, cwd=writable,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    with sandbox:
        out, _ = sandbox.process.communicate(timeout=60)
    return {
        "code": sandbox.process.returncode,
        "out": out.decode(),
        "enforced": sorted(sandbox.enforced),
        "prevented": sorted(sandbox.prevented),
        "why_not": sandbox.why_not,
        "seen": [activity.detail for activity in sandbox.seen()],
    }


if __name__ == "__main__":
    order = json.loads(sys.argv[1])
    if order["user"] is not None:
        become(order["user"])
    for refusal in order["refusals"]:
        refuse(*refusal)
    sys.stdout.write(json.dumps(outcome(Path(sys.argv[2]), sys.argv[3:])))
