"""Programs of a few lines, run in a sandbox, and what came of it."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from needs import need

from instantreact_sdk.testing.sandbox import Sandboxed


@dataclass
class Outcome:
    code: int
    out: str
    err: str
    seen: list[tuple[str, str]]
    sandbox: Sandboxed

    @property
    def needs(self) -> set[str]:
        return {need for need, _ in self.seen}


Boxed = Callable[..., Outcome]


@pytest.fixture
def writable(tmp_path: Path) -> Path:
    (tmp_path / "writable").mkdir()
    return tmp_path / "writable"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    (tmp_path / "outside").mkdir()
    return tmp_path / "outside"


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """Makes a module ``program`` of the text, and gives the environment in which Python finds it."""

    def make(text: str) -> dict[str, str]:
        (tmp_path / "program.py").write_text(textwrap.dedent(text))
        own = {"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(tmp_path / "writable")}
        return {**{name: value for name, value in os.environ.items() if not name.startswith("COV")}, **own}

    return make


@pytest.fixture
def boxed(writable: Path, program: Callable[[str], dict[str, str]]) -> Boxed:
    """Runs the text in a sandbox whose working directory is the writable folder."""

    def run(text: str, *arguments: object) -> Outcome:
        sandbox = Sandboxed(
            "program",
            [str(argument) for argument in arguments],
            writable=writable,
            env=program(text),
            cwd=writable,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        with sandbox:
            out, err = sandbox.process.communicate(timeout=60)
        seen = [(activity.need, activity.detail) for activity in sandbox.seen()]
        return Outcome(sandbox.process.returncode, out.decode(), err.decode(), seen, sandbox)

    return run


@pytest.fixture
def whole(boxed: Boxed) -> Boxed:
    """As `boxed`, where this machine allows all of a sandbox."""
    need(sys.platform == "linux", "a sandbox needs Linux")
    sandbox = boxed("").sandbox
    need(
        sandbox.enforced == {"network", "files", "subprocess"}
        and sandbox.prevented == {"network", "files"}
        and sandbox._is_family,
        f"a sandbox needs Linux 5.12 with user namespaces and system call filters: {sandbox.why_not}",
    )
    return boxed
