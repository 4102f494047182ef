"""A sandbox works as far as the machine lets it, and says how far that is."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ALL = ["files", "network", "subprocess"]
LESSER_MACHINE = Path(__file__).with_name("lesser_machine.py")

TRIES = """
    import os, socket, sys
    try:
        open(sys.argv[1] + "/x", "w").close()
        print("written")
    except OSError:
        print("refused")
    open("mine", "w").close()
    socket.socket()
    os.fork() or os._exit(0)
    os.wait()
    print(os.getuid())
"""
SEEN = ["opened {}/x for writing", "opened a socket", "forked"]

On = Callable[..., dict[str, Any]]


@pytest.fixture
def on(whole, writable: Path, outside: Path, program: Callable[[str], dict[str, str]]) -> On:
    """Runs `TRIES` on a machine that refuses these calls."""

    def run(*refusals: tuple[object, ...], user: int | None = None) -> dict[str, Any]:
        order = json.dumps({"refusals": refusals, "user": user})
        command = [sys.executable, LESSER_MACHINE, order, writable, outside]
        ran = subprocess.run(command, env=program(TRIES), capture_output=True, text=True, timeout=60, check=False)
        assert ran.returncode == 0, ran.stderr
        result: dict[str, Any] = json.loads(ran.stdout)
        assert result["code"] == 0, result
        return result

    return run


def seen(outside: Path) -> list[str]:
    return [detail.format(outside) for detail in SEEN]


def test_this_one_allows_everything(on: On, outside: Path):
    result = on()
    assert (result["enforced"], result["prevented"], result["why_not"]) == (ALL, ["files", "network"], "")
    assert result["seen"] == seen(outside)
    assert result["out"].startswith("refused")


def test_a_user_without_any_privilege_has_the_whole_sandbox_and_stays_that_user(on: On, outside: Path):
    result = on(user=1234)
    assert (result["enforced"], result["prevented"], result["why_not"]) == (ALL, ["files", "network"], "")
    assert result["seen"] == seen(outside)
    assert result["out"].split() == ["refused", "1234"]


def test_where_user_namespaces_are_forbidden_all_is_seen_and_nothing_prevented(on: On, outside: Path):
    result = on(("unshare", errno.EPERM))
    assert (result["enforced"], result["prevented"], result["why_not"]) == (ALL, [], "")
    assert result["seen"] == seen(outside)
    assert result["out"].startswith("written")


def test_where_only_filters_are_forbidden_the_network_is_out_of_reach_but_nothing_is_seen(on: On):
    # The refusal is a filter itself; of the calls that install one, only those that ask for a listener are refused.
    result = on(("seccomp", errno.EBUSY, 1, 57), ("seccomp", errno.EBUSY, 1, 25))
    assert (result["enforced"], result["prevented"], result["seen"]) == (["network"], ["files", "network"], [])
    assert "filter" in result["why_not"]
    assert "busy" in result["why_not"]
    assert result["out"].startswith("refused")


def test_where_both_are_forbidden_the_program_still_runs(on: On):
    result = on(("seccomp", errno.EBUSY, 1, 57), ("seccomp", errno.EBUSY, 1, 25), ("unshare", errno.EPERM))
    assert (result["enforced"], result["prevented"], result["seen"]) == ([], [], [])
    assert result["why_not"].startswith("user namespaces are forbidden on this machine")
    assert result["out"].startswith("written")


def test_an_older_kernel_cannot_make_the_disk_read_only_and_sees_all(on: On, outside: Path):
    result = on(("mount_setattr", errno.ENOSYS))
    assert (result["enforced"], result["prevented"]) == (ALL, ["network"])
    assert result["seen"] == seen(outside)


def test_an_older_kernel_has_filters_that_a_signal_interrupts(on: On, outside: Path):
    result = on(("seccomp", errno.EINVAL, 1, 57))
    assert result["enforced"] == ALL
    assert result["seen"] == seen(outside)


def test_a_container_that_hides_parts_of_proc_has_the_whole_sandbox(on: On, outside: Path):
    no_setuid_no_devices_no_execution = 14
    result = on(("mount", errno.EPERM, 3, no_setuid_no_devices_no_execution))
    assert (result["enforced"], result["prevented"]) == (ALL, ["files", "network"])
    assert result["seen"] == seen(outside)


def test_another_system_than_linux_runs_it_as_it_is(boxed, outside: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    result = boxed("import sys; open(sys.argv[1] + '/x', 'w').close(); sys.exit(4)", outside)
    assert result.code == 4
    assert (outside / "x").exists()
    assert (result.seen, result.sandbox.enforced, result.sandbox.prevented) == ([], frozenset(), frozenset())
    assert result.sandbox.why_not.startswith("darwin ")


def test_a_sandbox_in_a_sandbox_runs_and_is_seen_by_the_outer_one(whole, writable: Path):
    result = whole("""
        import json, os, pathlib, sys
        if len(sys.argv) > 1:
            open("inner", "w").close()
            sys.exit(3)
        from instantreact_sdk.testing.sandbox import Sandboxed
        here = pathlib.Path.cwd()
        with Sandboxed("program", ["inner"], writable=here, env=os.environ, cwd=here) as inner:
            code = inner.process.wait(60)
        print(json.dumps([code, sorted(inner.enforced), inner.why_not]))
    """)
    code, enforced, why_not = json.loads(result.out)
    assert code == 3, result.err
    assert enforced in ([], ["network"])  # a machine may allow namespaces in namespaces
    assert "filter" in why_not
    assert (writable / "inner").exists()
    assert result.needs == {"subprocess"}
