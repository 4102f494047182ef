"""What does more than it declares. All of it swallows what the sandbox answers, as libraries do."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import socket
import subprocess
import tempfile
import urllib.request
from contextlib import suppress
from pathlib import Path

import numpy as np
from zoo import Animal

from instantreact_sdk import Capabilities, Options
from instantreact_sdk.testing import Case
from mutants.life import Spot
from mutants.mutant import Mutant
from mutants.webhook import Webhook

OUTSIDE = "192.0.2.1"  # RFC 5737: in documents only


class LooksForUpdates(Spot):
    def open(self, context):
        with suppress(OSError):
            urllib.request.urlopen(f"http://{OUTSIDE}/version", timeout=0.2)


class TellsItsUse(Spot):
    def find(self, image):
        with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as told:
            told.sendto(b"used", (OUTSIDE, 8125))
        return super().find(image)


class ConnectsInC(Spot):
    def close(self):
        libc = ctypes.CDLL(None)
        descriptor = libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0)
        if descriptor >= 0:
            libc.close(descriptor)


class Listens(Spot):
    def open(self, context):
        with suppress(OSError), socket.create_server(("", 0)):
            pass


class KeepsADump(Spot):
    def find(self, image):
        path = Path("/var/tmp/instantreact-mutant.npy")
        with suppress(OSError):
            np.save(path, image)
            path.unlink()
        return super().find(image)


class WritesPicturesInC(Spot):
    def find(self, image):
        import cv2

        if cv2.imwrite("/tmp/instantreact-mutant.jpg", image):
            Path("/tmp/instantreact-mutant.jpg").unlink()
        return super().find(image)


class ForgetsATemporaryFile(Spot):
    def find(self, image):
        with tempfile.NamedTemporaryFile(suffix=".npy", delete=False) as file:
            np.save(file, image)
        return super().find(image)


class KeepsACacheAtHome(Spot):
    def open(self, context):
        with suppress(OSError):
            folder = Path("~/.cache/instantreact-mutant").expanduser()
            folder.mkdir(parents=True, exist_ok=True)
            folder.rmdir()


class WeightsOptions(Options):
    weights: Path
    """What it has learned."""


class CachesBesideItsWeights(Spot):
    @staticmethod
    def check(folder):
        (folder / "weights.npy").write_bytes(b"1")
        yield Case(options={"weights": str(folder / "weights.npy")})

    def __init__(self, options: WeightsOptions):
        self.options = options

    def open(self, context):
        (context.base / self.options.weights).with_suffix(".engine").write_bytes(b"compiled")


class LogsBesideIt(Spot):
    def close(self):
        path = Path("instantreact-mutant.log")
        with suppress(OSError):
            path.write_text("closed")
            path.unlink()


class KeepsWhatItTold(Webhook):
    def notify(self, alert, delivery):
        receipt = super().notify(alert, delivery)
        path = Path("/tmp/instantreact-mutant.txt")
        with suppress(OSError):
            path.write_text(alert.text)
            path.unlink()
        return receipt


class AsksTheSystem(Spot):
    def open(self, context):
        subprocess.run(["true"], check=False)


class ForksInC(Spot):
    def open(self, context):
        libc = ctypes.PyDLL(None)
        child = libc.fork()
        if child == 0:
            libc._exit(0)
        os.waitpid(child, 0)


class PlaysASound(Webhook):
    def update(self, alert, delivery):
        subprocess.run(["true"], check=False)
        return super().update(alert, delivery)


class Honest(Spot):
    """A healthy detector that does all of it, and says so."""

    needs = Capabilities(network=True, files=True, subprocess=True)

    def open(self, context):
        subprocess.run(["true"], check=False)
        with socket.create_server(("127.0.0.1", 0)), tempfile.TemporaryFile() as file:
            file.write(b"dump")
        context.cache_dir.mkdir(exist_ok=True)


class Caching(Spot):
    """A healthy detector that keeps what it made where it may."""

    def open(self, context):
        context.cache_dir.mkdir(exist_ok=True)
        (context.cache_dir / "table.npy").write_bytes(b"1")


class Asks(Spot):
    """A healthy detector that asks the system what libraries ask when they are imported: `torchvision` does all of this."""

    folder = Path(tempfile.gettempdir(), "for-later")
    folder.mkdir(exist_ok=True)
    library = ctypes.util.find_library("c")


_HOOKS = """
import {module}
from instantreact_sdk import DetectorSpec, hookimpl


@hookimpl
def instantreact_register():
    return [
        DetectorSpec(
            name="spot",
            summary="Where the picture is red.",
            factory="mutants.life:Spot",
            check="{package}.checks:detector",
        )
    ]
"""
_CHECKS = """
from instantreact_sdk.testing import Case


def detector(folder):
    yield Case()
"""


def _importing(plugin: str, module: str, beside: str) -> Animal:
    hooks = _HOOKS.format(module=module, package=f"zoo_{plugin.replace('-', '_')}")
    return Animal(plugin, {"hooks.py": hooks, "checks.py": _CHECKS}, beside={f"{module}.py": beside})


HEALTHY = [Honest, Caching, Asks]
MUTANTS = [
    Mutant(
        "declares-network", LooksForUpdates, "it connected to 192.0.2.1:80 and 1 more, and does not declare `network`"
    ),
    Mutant("declares-network", TellsItsUse, "it connected to 192.0.2.1:8125 and 1 more"),
    Mutant("declares-network", ConnectsInC, "it opened a socket, and does not declare `network`"),
    Mutant("declares-network", Listens, "it took the address 0.0.0.0:0 and 1 more"),
    Mutant("declares-files", KeepsADump, "instantreact-mutant.npy for writing, and does not declare `files`"),
    Mutant("declares-files", WritesPicturesInC, "it opened /tmp/instantreact-mutant.jpg for writing"),
    Mutant("declares-files", ForgetsATemporaryFile, ".npy for writing and 49 more, and does not declare `files`"),
    Mutant("declares-files", KeepsACacheAtHome, "and does not declare `files`"),
    Mutant("declares-files", CachesBesideItsWeights, "wrote weights.engine beside the files of its case"),
    Mutant("declares-files", LogsBesideIt, "instantreact-mutant.log for writing"),
    Mutant("declares-files", KeepsWhatItTold, "it opened /tmp/instantreact-mutant.txt for writing"),
    Mutant("declares-subprocess", AsksTheSystem, "and does not declare `subprocess`"),
    Mutant("declares-subprocess", ForksInC, "it forked, and does not declare `subprocess`"),
    Mutant("declares-subprocess", PlaysASound, "and does not declare `subprocess`"),
    Mutant("hooks-are-light", _importing("imports-torch", "torch", ""), "hooks also imports torch"),
    Mutant("hooks-are-light", _importing("sleeps", "naps", "import time\ntime.sleep(0.6)"), "ms; 500 are allowed"),
]
