"""What a plugin does without saying so is seen: in Python, in C, by its children."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path

import pytest

from instantreact_sdk.testing.sandbox.notices import Notice


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("open(path, 'w')", "opened {} for writing"),
        ("open(path, 'a')", "opened {} for writing"),
        ("open(there, 'r+')", "opened {there} for writing"),
        ("libc.creat(path.encode(), 0o600)", "opened {} for writing"),
        ("libc.syscall(437, -100, path.encode(), (ctypes.c_uint64 * 3)(os.O_CREAT | os.O_RDWR, 0o600), 24)", "opened {} for writing"),
        ("os.mkdir(path)", "made {}"),
        ("os.mkfifo(path)", "made {}"),
        ("os.symlink('/nowhere', path)", "made {}"),
        ("os.link(there, path)", "made {}"),
        ("socket.socket(socket.AF_UNIX).bind(path)", "made {}"),
        ("os.unlink(there)", "removed {there}"),
        ("os.rmdir(folder)", "removed {folder}"),
        ("os.rename(there, path)", "moved {there}"),
        ("os.rename(there, 'mine')", "moved {there}"),
        ("open('mine', 'w').close(); os.replace('mine', path)", "moved {}"),
        ("os.truncate(there, 0)", "changed {there}"),
        ("os.chmod(there, 0o600)", "changed {there}"),
        ("os.utime(there)", "changed {there}"),
        ("os.fchmod(os.open(there, os.O_RDONLY), 0o600)", "changed {there}"),
        ("libc.open(path.encode(), os.O_CREAT | os.O_WRONLY, 0o600)", "opened {} for writing"),
        ("libc.remove(there.encode())", "removed {there}"),
        ("import cv2, numpy; cv2.imwrite(path, numpy.zeros((8, 8, 3), 'uint8'))", "opened {} for writing"),
        ("os.chdir(outside); open('x.jpg', 'w')", "opened {} for writing"),
        ("os.open('x.jpg', os.O_CREAT | os.O_WRONLY, dir_fd=os.open(outside, os.O_RDONLY))", "opened {} for writing"),
        ("os.symlink(path, 'link'); open('link', 'w')", "opened {} for writing"),
        ("os.chdir(outside); open('/proc/self/cwd/x.jpg', 'w')", "opened {} for writing"),
        ("open('/proc/thread-self/root' + path, 'w')", "opened {} for writing"),
        ("open('/dev/fd/' + str(os.open(there, os.O_PATH)), 'r+')", "opened {there} for writing"),
        ("os.setxattr(there, 'user.x', b'x')", "changed {there}"),
        ("open('../outside/x.jpg', 'w')", "opened {} for writing"),
        ("import threading; t = threading.Thread(target=open, args=(path, 'w')); t.start(); t.join()", "opened {} for writing"),
    ],
)  # fmt: skip
def test_a_change_outside_the_writable_folder_is_seen_and_does_not_happen(whole, outside: Path, text: str, detail: str):
    there, folder, path = outside / "there.txt", outside / "folder", outside / "x.jpg"
    there.write_text("kept")
    folder.mkdir()
    before = _state(outside)
    setup = """
        import ctypes, os, socket, sys
        libc = ctypes.CDLL(None)
        outside = sys.argv[1]
        there, folder, path = (os.path.join(outside, name) for name in ("there.txt", "folder", "x.jpg"))
    """
    indented = f"{setup}\n        try:\n            {text}\n        except OSError:\n            pass\n"
    result = whole(indented, outside)
    assert result.seen[:1] == [("files", detail.format(path, there=there, folder=folder))], result.err
    assert result.needs == {"files"}
    assert result.code == 0, result.err
    assert _state(outside) == before


def _state(folder: Path) -> list[tuple[str, int, int, str]]:
    """Names, modes, times and contents."""
    entries = sorted(folder.iterdir())
    return [(e.name, e.lstat().st_mode, e.lstat().st_mtime_ns, e.read_text() if e.is_file() else "") for e in entries]


@pytest.mark.parametrize(
    ("text", "details"),
    [
        ("import subprocess; subprocess.run(['/bin/true'])", ["forked", "started {true}"]),
        ("import os; os.waitpid(os.posix_spawn('/bin/true', ['true'], {}), 0)", ["forked", "started {true}"]),
        ("import os; os.system(':')", ["forked", "started {sh}"]),
        ("import os; os.fork() or os._exit(0); os.wait()", ["forked"]),
        ("import ctypes, os; ctypes.CDLL(None).fork() or os._exit(0); os.wait()", ["forked"]),
        ("import os; os.execv('/bin/true', ['true'])", ["started {true}"]),
        ("import os; os.execve(os.open('/bin/true', os.O_RDONLY), ['true'], {})", ["started {true}"]),
        (
            "import os; n = os.dup2(os.memfd_create('x'), 77); os.write(n, open('/bin/true', 'rb').read()); os.execv('/proc/self/fd/77', ['x'])",
            ["started /proc/self/fd/77"],
        ),
        (
            "import multiprocessing as m; p = m.get_context('fork').Process(target=abs, args=(1,)); p.start(); p.join()",
            ["forked"],
        ),
    ],
)
def test_another_process_is_seen(whole, text: str, details: list[str]):
    result = whole(text)
    true, sh = (Path(path).parent.resolve() / Path(path).name for path in ("/bin/true", "/bin/sh"))
    resolved = Path("/bin/true").resolve()  # a descriptor knows no links
    wanted = [detail.format(true=resolved if "os.open" in text else true, sh=sh) for detail in details]
    assert result.seen == [("subprocess", detail) for detail in wanted], result.err
    assert result.code == 0, result.err


def test_spawned_workers_are_seen_and_work(whole):
    result = whole("""
        import multiprocessing

        def work(value):
            print("worked", value)

        if __name__ == "__main__":
            process = multiprocessing.get_context("spawn").Process(target=work, args=(7,))
            process.start()
            process.join()
            print(process.exitcode)
    """)
    assert result.out.split() == ["worked", "7", "0"], result.err
    assert result.needs == {"subprocess"}


@pytest.mark.parametrize(
    ("text", "details"),
    [
        ("socket.socket()", ["opened a socket"]),
        ("socket.socket(socket.AF_INET6)", ["opened a socket"]),
        ("ctypes.CDLL(None).socket(2, 1, 0)", ["opened a socket"]),
        ("socket.create_connection(('192.0.2.1', 80), 5)", ["opened a socket", "connected to 192.0.2.1:80"]),
        (
            "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
            ["opened a socket", "connected to 192.0.2.1:53"],
        ),
        ("socket.create_connection(('2001:db8::1', 80), 5)", ["opened a socket", "connected to [2001:db8::1]:80"]),
        ("socket.socket().bind(('0.0.0.0', 0))", ["opened a socket", "took the address 0.0.0.0:0"]),
    ],
)
def test_the_network_is_seen(whole, text: str, details: list[str]):
    result = whole(f"""
        import ctypes, socket
        try:
            {text}
        except OSError:
            pass
    """)
    assert result.seen == [("network", detail) for detail in details], result.err


@pytest.mark.parametrize(("kind", "call"), [("STREAM", "connect"), ("DGRAM", "connect"), ("DGRAM", "sendto")])
def test_who_asks_a_program_outside_to_do_something_is_seen(whole, outside: Path, kind: str, call: str):
    address = outside / "docker.sock"
    text = f"""
        import os, socket, sys
        os.chdir(sys.argv[1])
        one = socket.socket(socket.AF_UNIX, socket.SOCK_{kind})
        one.connect("docker.sock") if "{call}" == "connect" else one.sendto(b"x", "docker.sock")
    """
    with contextlib.chdir(outside), socket.socket(socket.AF_UNIX, getattr(socket, f"SOCK_{kind}")) as server:
        server.bind("docker.sock")  # whose whole path may be longer than an address can be
        if kind == "STREAM":
            server.listen()
        result = whole(text, outside)
    assert result.code == 0, result.err
    assert result.seen == [("network", f"connected to {address}")]


def test_what_a_grandchild_does_is_seen(whole, outside: Path):
    code = "import subprocess, sys; subprocess.run(['sh', '-c', 'sh -c \"echo x > ' + sys.argv[1] + '/x\"; true'])"
    result = whole(code, outside)
    assert ("files", f"opened {outside}/x for writing") in result.seen
    assert list(outside.iterdir()) == []


def test_ten_thousand_files_do_not_fill_the_report_and_hide_nothing_else(whole, outside: Path):
    result = whole(
        """
        import os, socket, sys
        for number in range(1000):
            try:
                os.mkdir(f"{sys.argv[1]}/{number}")
            except OSError:
                pass
        socket.socket()
        """,
        outside,
    )
    assert len(result.seen) == 51
    assert result.needs == {"files", "network"}


def test_a_name_that_is_no_text_can_be_printed(whole, outside: Path):
    text = """
        import os, sys
        try:
            open(os.fsencode(sys.argv[1]) + b"/\\xff\\xfe", "w")
        except OSError:
            pass
    """
    assert whole(text, outside).seen == [("files", f"opened {outside}/\\xff\\xfe for writing")]


def test_a_program_that_is_killed_while_it_is_looked_at_holds_nobody_up():
    class Killed(Notice):
        def bytes_at(self, address: int, size: int) -> bytes:
            """As the kernel answers who opened the memory of a process that has ended since."""
            return b""

    with pytest.raises(ProcessLookupError):
        Killed(key=0, thread=0, number=0, arguments=()).text_at(0)
