"""Plugins that go wrong before they do any work."""

from __future__ import annotations

from zoo.settling import DETECTOR, Animal, detector_hooks


def _package(plugin: str) -> str:
    return f"zoo_{plugin.replace('-', '_')}"


def _at_import(plugin: str, doing: str) -> Animal:
    """Does something when its ``hooks.py`` is imported, which would be right otherwise."""
    return Animal(plugin, {"hooks.py": f"{doing}\n{detector_hooks(_package(plugin))}", "detector.py": DETECTOR})


def _hooks(plugin: str, text: str) -> Animal:
    return Animal(plugin, {"hooks.py": text, "detector.py": DETECTOR})


def _detector(plugin: str, text: str) -> Animal:
    """Its ``hooks.py`` is right; what that names is not."""
    return Animal(plugin, {"hooks.py": detector_hooks(_package(plugin)), "detector.py": text})


def _spec(plugin: str, **changes: str) -> Animal:
    return Animal(plugin, {"hooks.py": detector_hooks(_package(plugin), **changes), "detector.py": DETECTOR})


_DUPLICATES = """
from instantreact_sdk import DetectorSpec, NotifierSpec, hookimpl

@hookimpl
def instantreact_register():
    return [
        DetectorSpec(name=name, summary="An animal.", factory="zoo_duplicate_name.detector:ZooDetector")
        for name in ("twin", "twin", "single")
    ]
"""

_HOLDING = "import ctypes; ctypes.PyDLL(None).sleep(3600)"

LOAD_TIME = {
    animal.plugin: animal
    for animal in (
        _at_import("raises-at-import", "1 / 0"),
        _at_import("exits-at-import", "import sys; sys.exit(3)"),
        _at_import("exits-hard-at-import", "import os; os._exit(0)"),
        _at_import("hangs-at-import", "import threading; threading.Event().wait()"),
        _at_import("holds-the-gil-at-import", _HOLDING),
        _at_import("segfaults-at-import", "import ctypes; ctypes.string_at(0)"),
        _at_import("prints-at-import", "print('hello from the zoo')"),
        _at_import("missing-dependency", "import no_such_module_anywhere"),
        _at_import("syntax-error", "def broken(:"),
        _hooks("misspelled-hook", detector_hooks("zoo_misspelled_hook").replace("_register", "_regster")),
        _hooks("missing-decorator", detector_hooks("zoo_missing_decorator").replace("@hookimpl", "")),
        _hooks("wrong-argument", detector_hooks("zoo_wrong_argument").replace("register()", "register(api)")),
        _hooks(
            "wraps-others",
            detector_hooks("zoo_wraps_others")
            .replace("@hookimpl", "@hookimpl(wrapper=True)")
            .replace("return", "yield"),
        ),
        _hooks("raises-in-hook", detector_hooks("zoo_raises_in_hook").replace("return [", "return [1 / 0, ")),
        _hooks("wrong-return-type", detector_hooks("zoo_wrong_return_type").replace("return [", "return {}; [")),
        _hooks("wrong-item", detector_hooks("zoo_wrong_item").replace("return [", "return ['detector', ")),
        _hooks("registers-nothing", "from instantreact_sdk import hookimpl"),
        _hooks("duplicate-name", _DUPLICATES),
        _spec("wrong-field", stateful="'no'"),
        _spec("wrong-name", name="'Big Detector'"),
        _spec("missing-module", factory="'zoo_missing_module.nowhere:ZooDetector'"),
        _spec("missing-factory", factory="'zoo_missing_factory.detector:ZooDetektor'"),
        _spec("wrong-factory", factory="'zoo_wrong_factory.detector:ZooOptions'"),
        _spec("wrong-options", options="'zoo_wrong_options.detector:ZooDetector'"),
        _detector("lacks-method", DETECTOR.replace("def detect(", "def detects(")),
        _detector("deep-segfault", f"import ctypes; ctypes.string_at(0)\n{DETECTOR}"),
        Animal("other-api", {"hooks.py": "raise SystemExit"}, group="instantreact_sdk.v99"),
        Animal(
            "heavy-hooks",
            {"hooks.py": f"import torch\n{detector_hooks('zoo_heavy_hooks')}", "detector.py": DETECTOR},
            beside={"torch.py": ""},
        ),
    )
}
"""By name; each is found by the scan, and all but ``prints-at-import``, ``heavy-hooks`` and ``duplicate-name`` offer nothing that works."""
