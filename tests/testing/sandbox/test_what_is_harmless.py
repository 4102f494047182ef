"""What every program does is not held against a plugin."""

from __future__ import annotations

import os
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

import pytest

KEY = 0x1EAC7


@pytest.mark.parametrize(
    "text",
    [
        "open('/etc/passwd').read()",
        "open('mine.txt', 'w').write('x')",
        "import os; os.makedirs('a/b/c'); os.rename('a', 'd'); os.removedirs('d/b/c')",
        "import tempfile; tempfile.TemporaryFile().write(b'x'); tempfile.mkdtemp(); tempfile.NamedTemporaryFile()",
        "open('/dev/null', 'w').write('x')",
        "open('/dev/fd/1', 'w').write('x')",
        "open('/proc/self/comm', 'r+')",
        "import sys; print('out'); print('err', file=sys.stderr)",
        "import multiprocessing; multiprocessing.Lock().acquire()",
        "import threading; t = threading.Thread(target=print); t.start(); t.join()",
        "from concurrent.futures import ThreadPoolExecutor as P; print(list(P(4).map(abs, range(9))))",
        "import numpy; numpy.ones((300, 300)) @ numpy.ones((300, 300))",
        "import cv2, numpy; cv2.imwrite('mine.png', cv2.resize(numpy.zeros((800, 800, 3), 'uint8'), (20, 20)))",
        "import sqlite3; sqlite3.connect('mine.db').execute('create table t (x)')",
        "import ctypes.util; ctypes.util.find_library('c')",
        "import asyncio; asyncio.run(asyncio.sleep(0))",
        "import socket; a, b = socket.socketpair(); a.sendall(b'x'); b.recv(1)",
        "import socket; socket.socket(socket.AF_UNIX).bind('mine.sock')",
        "import socket; s = socket.socket(socket.AF_UNIX); s.bind('its'); s.listen(); socket.socket(socket.AF_UNIX).connect('its')",
        "import socket; socket.socket(socket.AF_UNIX).connect_ex('/not there')",
        "import os; os.path.expanduser('~nobody')",
        "import os; open(f'/proc/self/fd/{os.memfd_create(\"x\")}', 'r+b')",
        "import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
        "import socket; socket.socket().bind(('127.0.0.1', 0))",
        "import socket; socket.socket(socket.AF_INET6).bind(('::1', 0))",
        "import os; os.pipe(); os.memfd_create('x')",
        "import os; os.makedirs('/usr/lib', exist_ok=True)",
        "import os, contextlib\nwith contextlib.suppress(OSError): os.unlink('/usr/not there')",
        "import os, contextlib\nwith contextlib.suppress(OSError): os.execv('/usr/not there', ['x'])",
        "import os, contextlib\nwith contextlib.suppress(OSError): os.open('/usr/not there', os.O_RDWR)",
        "import ctypes; ctypes.CDLL(None).open(ctypes.c_void_p(8), 1)",
        "import faulthandler, logging, pydantic, rich.console",
        "import instantreact_sdk.runner, instantreact_sdk.types",
    ],
)
def test_this_is_nothing_to_declare(whole, text: str):
    result = whole(text)
    assert result.seen == [], result.err
    assert "Error" not in result.err or "/proc/self/comm" in text  # read-only there, and nobody minds
    assert result.code == 0 or "/proc/self/comm" in text


def test_shared_memory_works_and_is_no_file(whole):
    result = whole("""
        from multiprocessing import resource_tracker
        from multiprocessing.shared_memory import SharedMemory
        resource_tracker.register = lambda *_: None  # it would start a process
        resource_tracker.unregister = lambda *_: None
        shared = SharedMemory(create=True, size=10)
        shared.buf[0] = 7
        other = SharedMemory(shared.name)
        print(other.buf[0])
        shared.unlink()
    """)
    assert result.out == "7\n", result.err
    assert result.seen == []


def test_shared_memory_is_its_own_and_gone_with_it(whole):
    others = SharedMemory(create=True, size=10)
    try:
        result = whole(
            """
            import ctypes, os, sys
            print(os.path.exists("/dev/shm/" + sys.argv[1]))
            open("/dev/shm/" + sys.argv[1] + "-left", "w").write("x")
            print(ctypes.CDLL(None).shmget(int(sys.argv[2]), 4096, 0o1600) >= 0)
            """,
            others.name,
            KEY,
        )
    finally:
        others.close()
        others.unlink()
    assert result.out.split() == ["False", "True"], result.err
    assert not Path("/dev/shm", f"{others.name}-left").exists()
    assert str(KEY) not in Path("/proc/sysvipc/shm").read_text().split()


def test_loopback_works_inside(whole):
    result = whole("""
        import socket
        server = socket.create_server(("127.0.0.1", 0))
        client = socket.create_connection(server.getsockname(), 5)
        client.sendall(b"hello")
        print(server.accept()[0].recv(5))
    """)
    assert result.out == "b'hello'\n", result.err
    assert result.needs == {"network"}


def test_a_link_to_the_writable_folder_is_the_writable_folder(whole, writable: Path, outside: Path):
    (outside / "link").symlink_to(writable)
    result = whole("import sys; open(sys.argv[1] + '/link/x', 'w').write('x')", outside)
    assert result.seen == [], result.err
    assert (writable / "x").read_text() == "x"


def test_a_pipe_outside_is_no_file(whole, outside: Path):
    os.mkfifo(outside / "pipe")
    result = whole("import os, sys; os.write(os.open(sys.argv[1] + '/pipe', os.O_RDWR), b'x')", outside)
    assert result.code == 0, result.err
    assert result.seen == []


def test_what_is_written_inside_is_there_afterwards(whole, writable: Path):
    whole("open('x', 'w').write('kept')")
    assert (writable / "x").read_text() == "kept"
