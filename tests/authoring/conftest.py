"""The machine of someone who writes a plugin: an environment with the built SDK in it, and nothing of this checkout."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from needs import need

collect_ignore = ["frozen"]  # they have tests of their own

ROOT = Path(__file__).resolve().parents[2]
UV = next((path for path in (str(ROOT / ".tools/bin/uv"), shutil.which("uv")) if path and Path(path).is_file()), None)
OWN = ("COV", "INSTANTREACT", "MYPY", "PYTEST", "PYTHON", "RUFF", "VIRTUAL_ENV")
"""How variables begin that are about this run of the tests, or this contributor's tools."""


@dataclass(frozen=True)
class Author:
    """Someone at a terminal of their own.

    Attributes:
        folder: Where they work.
        env: All variables of their shell.
    """

    folder: Path
    env: dict[str, str]

    def tries(self, *command: str, into: str = ".") -> subprocess.CompletedProcess[str]:
        """Run a command to its end, however that is.

        Args:
            command: It and its arguments.
            into: The folder in which it runs.
        """
        return subprocess.run(
            [shutil.which(command[0], path=self.env["PATH"]) or command[0], *command[1:]],
            cwd=self.folder / into,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    def run(self, *command: str, into: str = ".") -> str:
        """What a command prints; it has to succeed."""
        done = self.tries(*command, into=into)
        if done.returncode:
            pytest.fail(f"`{shlex.join(command)}` ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def install(self, *what: str, into: str = ".") -> None:
        """Install, with what `make test` left in uv's cache."""
        command = (str(UV), "pip", "install", "--offline", *what)
        done = self.tries(*command, into=into)
        there = "network was disabled" not in done.stderr
        need(there, f"uv's cache lacks a part of a plugin's tools; `make test` fills it:\n{done.stderr}")
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The SDK and the plugin that plays video, as they would be published."""
    folder = tmp_path_factory.mktemp("wheels")
    for project in (ROOT, ROOT / "plugins" / "opencv"):
        build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
        subprocess.run(build, cwd=project, check=True, capture_output=True, timeout=120)
    return [str(wheel) for wheel in folder.glob("*.whl")]


@pytest.fixture(scope="session")
def mypy_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What mypy learnt of numpy once, for all plugins."""
    return tmp_path_factory.mktemp("mypy")


@pytest.fixture
def author(tmp_path: Path, own_home: Path, wheels: list[str], mypy_cache: Path) -> Iterator[Author]:
    """With the SDK installed from its wheel, and what its demo needs."""
    need(UV is not None, "uv is neither in .tools nor on the path: run `make test`")
    environment = tmp_path / "environment"
    env = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
    env |= {
        "COLUMNS": "200",
        "INSTANTREACT_HOME": str(own_home),
        "MYPY_CACHE_DIR": str(mypy_cache),
        "PATH": f"{environment / 'bin'}{os.pathsep}{env['PATH']}",
        "VIRTUAL_ENV": str(environment),
    }
    someone = Author(tmp_path, env)
    try:
        someone.run(str(UV), "venv", "--python", sys.executable, str(environment))
        someone.install("--no-cache", "--no-deps", *wheels)  # uv would take the wheel of an earlier day for this one
        someone.install("instantreact-sdk[demo]")
        yield someone
    finally:
        shutil.rmtree(environment, ignore_errors=True)  # near a gigabyte, and pytest keeps its folders
