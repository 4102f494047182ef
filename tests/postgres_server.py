"""A PostgreSQL server, started by tests."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path


def programs() -> Path | None:
    """The folder of PostgreSQL's programs: Debian keeps them off the path."""
    on_path = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin")) + ([Path(on_path).parent] if on_path else [])
    return folders[-1] if folders else None


def as_whom() -> dict[str, object]:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return {}
    user = pwd.getpwnam("nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class PostgresServer:
    """A server with a new, empty cluster; its password is ``sesame``.

    Args:
        folder: Of PostgreSQL's programs.
        home: Where it keeps everything.
    """

    def __init__(self, folder: Path, home: Path) -> None:
        self._folder = folder
        self._home = home
        self._process: subprocess.Popen | None = None
        self._port = free_port()
        self.url = f"postgresql://guard:sesame@127.0.0.1:{self._port}"
        who = as_whom()
        if who:
            os.chown(home, who["user"], who["group"])
        self._quiet = {"cwd": home, "stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT, **who}
        (home / "password").write_text("sesame")
        (home / "password").chmod(0o644)
        initdb = [
            folder / "initdb", "-D", home / "data", "-U", "guard", "--auth=scram-sha-256", "--pwfile", home / "password",
            "--encoding=UTF8", "--no-locale", "--no-sync",
        ]  # fmt: skip
        made = subprocess.run(initdb, check=False, text=True, timeout=120, stdout=subprocess.PIPE, **self._quiet)
        assert made.returncode == 0, made.stdout

    def start(self) -> None:
        """Return when it answers."""
        import psycopg

        options = f"-c listen_addresses=127.0.0.1 -c port={self._port} -c unix_socket_directories= -c fsync=off"
        command = [self._folder / "postgres", "-D", self._home / "data", *options.split()]
        with (self._home / "log").open("w") as log:
            self._process = subprocess.Popen(command, stdout=log, **self._quiet)
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(f"{self.url}/postgres").close()
            except psycopg.OperationalError:
                assert self._process.poll() is None, (self._home / "log").read_text()
                assert time.monotonic() < deadline, (self._home / "log").read_text()
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """End it, and all connections with it."""
        if self._process:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(30)
