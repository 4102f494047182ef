"""Packages that detecting does without."""

from __future__ import annotations

from importlib.util import find_spec

from instantreact_sdk import PluginError

_EXTRAS = {
    "train": ("Training", ("lightning", "matplotlib", "tensorboard")),
    "export": ("Exporting", ("onnx", "onnxruntime", "onnxscript")),
}


def need(extra: str) -> None:
    """Make sure that what an extra of this distribution brings along is there; nothing is imported.

    Raises:
        PluginError: It is not, with the command that installs it.
    """
    work, packages = _EXTRAS[extra]
    for package in packages:
        if find_spec(package) is None:
            raise PluginError(
                f"{work} needs {package}, which is not installed.", f"pip install 'instantreact-ssd[{extra}]'"
            )
