"""A sandbox ends as its module ends, and leaves nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from deadline import until

from instantreact_sdk.testing.sandbox import Sandboxed

DAEMON = """
    import os, sys, time
    if not os.fork():
        os.setsid()
        if not os.fork():
            os.close(1)
            time.sleep(600)
        os._exit(0)
    os.wait()
    print("ready", flush=True)
    time.sleep(600 if sys.argv[1:] else 0)
"""


def left(marker: Path) -> list[psutil.Process]:
    """Processes that were started for this folder."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if process.pid != os.getpid() and any(str(marker) in part for part in process.info["cmdline"] or ())
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", 0),
        ("raise SystemExit(7)", 7),
        ("raise ValueError", 1),
        ("import os; os._exit(42)", 42),
        ("import ctypes; ctypes.string_at(0)", -signal.SIGSEGV),
        ("import os; os.abort()", -signal.SIGABRT),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
        ("import os, signal; os.killpg(0, signal.SIGTERM)", -signal.SIGTERM),
        ("import faulthandler, ctypes; faulthandler.enable(); ctypes.string_at(0)", -signal.SIGSEGV),
    ],
)
def test_it_ends_as_the_module_ends(boxed, text: str, code: int):
    assert boxed(text).code == code


def test_arguments_input_descriptors_and_environment_arrive(writable: Path, program: Callable[[str], dict[str, str]]):
    env = program("""
        import os, sys
        os.write(int(sys.argv[2]), b"through the descriptor")
        print(sys.argv[1:2], sys.stdin.read(), os.environ["OWN"], os.getcwd() == sys.argv[3], os.getuid(), __name__)
    """)
    reading, writing = os.pipe()
    sandbox = Sandboxed(
        "program", ["a b", str(writing), str(writable)], writable=writable, env={**env, "OWN": "own"}, cwd=writable,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=[writing],
    )  # fmt: skip
    with sandbox, os.fdopen(reading, "rb") as pipe:
        os.close(writing)
        out, _ = sandbox.process.communicate(b"input", 60)
        assert pipe.read() == b"through the descriptor"
    assert out.decode().strip() == f"['a b'] input own True {os.getuid()} __main__"


def test_a_signal_from_outside_reaches_the_modules_own_handler(writable: Path, program):
    env = program("""
        import signal, sys, time
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(5))
        print("ready", flush=True)
        time.sleep(600)
    """)
    with Sandboxed("program", [], writable=writable, env=env, cwd=writable, stdout=subprocess.PIPE) as sandbox:
        assert sandbox.process.stdout.readline() == b"ready\n"
        sandbox.process.terminate()
        assert sandbox.process.wait(60) == 5


def test_the_end_of_the_context_kills_it_and_its_daemons(whole, writable: Path, program):
    env = program(DAEMON)
    with Sandboxed("program", ["stay"], writable=writable, env=env, cwd=writable, stdout=subprocess.PIPE) as sandbox:
        assert sandbox.process.stdout.readline() == b"ready\n"
        assert left(writable)
    assert sandbox.process.returncode == -signal.SIGKILL
    until(lambda: not left(writable))


def test_a_daemon_does_not_outlive_the_module(whole, writable: Path, program):
    env = program(DAEMON)
    with Sandboxed("program", [], writable=writable, env=env, cwd=writable, stdout=subprocess.PIPE) as sandbox:
        assert sandbox.process.wait(60) == 0
        until(lambda: not left(writable))


def test_a_killed_parent_leaves_no_process(whole, writable: Path, program, tmp_path: Path):
    env = program(DAEMON)
    (tmp_path / "parent.py").write_text("""
import os, pathlib, sys
from instantreact_sdk.testing.sandbox import Sandboxed
here = pathlib.Path(sys.argv[1])
with Sandboxed("program", ["stay"], writable=here, env=os.environ, cwd=here) as sandbox:
    sandbox.process.wait()
""")
    command = [sys.executable, tmp_path / "parent.py", writable]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE) as parent:
        assert parent.stdout.readline() == b"ready\n"
        assert len(left(writable)) > 1
        parent.kill()
    until(lambda: not left(writable))


def test_a_process_cannot_signal_others_of_its_user(whole):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        result = whole("import os, sys; os.kill(int(sys.argv[1]), 9)", other.pid)
        assert "ProcessLookupError" in result.err
        assert other.poll() is None


def test_it_knows_itself_under_the_number_that_it_has(whole):
    result = whole("import os, psutil; print(os.getpid() == psutil.Process().pid == int(os.readlink('/proc/self')))")
    assert result.out == "True\n"


def test_it_cannot_undo_the_read_only_disk(whole, outside: Path):
    text = """
        import ctypes, os, sys
        libc = ctypes.CDLL(None, use_errno=True)
        attributes = (ctypes.c_uint64 * 4)(0, 1, 0, 0)
        print(libc.syscall(442, -100, b"/", 0x8000, attributes, 32), ctypes.get_errno())
        print(libc.unshare(0x10020000))  # a namespace inside the namespace
        print(libc.syscall(442, -100, b"/", 0x8000, attributes, 32))
        try:
            open(sys.argv[1] + "/x", "w")
        except OSError as error:
            print(error.strerror)
    """
    result = whole(text, outside)
    lines = result.out.splitlines()
    assert lines[0] == "-1 1"
    assert lines[2:] == ["-1", "Read-only file system"], result.err
    assert list(outside.iterdir()) == []


def test_fifty_in_a_row_leave_no_descriptor_and_no_thread(boxed):
    boxed("")
    before = psutil.Process().num_fds(), threading.active_count()
    for _ in range(50):
        boxed("")
    assert (psutil.Process().num_fds(), threading.active_count()) == before


def test_what_is_seen_is_there_while_it_runs(whole, writable: Path, program):
    env = program("import socket, sys; socket.socket(); print('done', flush=True); sys.stdin.read()")
    sandbox = Sandboxed(
        "program", [], writable=writable, env=env, cwd=writable, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with sandbox:
        assert sandbox.process.stdout.readline() == b"done\n"
        assert [activity.detail for activity in sandbox.seen()] == ["opened a socket"]


def test_a_module_that_is_not_there_fails_as_it_does_elsewhere(writable: Path, program):
    with Sandboxed(
        "not_there", [], writable=writable, env=program(""), cwd=writable, stderr=subprocess.PIPE
    ) as sandbox:
        _, err = sandbox.process.communicate(timeout=60)
    assert sandbox.process.returncode == 1
    assert b"No module named not_there" in err


def test_a_python_that_does_not_start_is_told(writable: Path, program, tmp_path: Path):
    env = program("")
    (tmp_path / "sitecustomize.py").write_text("import os; os._exit(9)")
    with Sandboxed("program", [], writable=writable, env=env, cwd=writable) as sandbox:
        assert sandbox.process.wait(60) == 9
    assert sandbox.enforced == frozenset()
    assert sandbox.why_not == "the process ended before it was inside"


def test_what_enters_a_sandbox_imports_nothing_that_starts_threads():
    # A process with two threads may not enter a user namespace: each sandbox would be less than it could be.
    code = "import instantreact_sdk.testing.sandbox.entering, sys; print('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == b"False\n"
