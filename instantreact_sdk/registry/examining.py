"""The inside of a probe: imports one plugin deeply, in a process that may die of it.

``python -m instantreact_sdk.registry.examining TARGET PLUGIN TITLE OUT`` writes JSON lines to the file OUT: what it is about to do,
and what came of it. Whoever started it can thus tell what it was doing when it died.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TextIO

from instantreact_sdk.registry.fault import Fault, guarded
from instantreact_sdk.registry.importing import load_attribute, load_factory, load_module, load_options
from instantreact_sdk.registry.loading import Loaded, ask
from instantreact_sdk.registry.record import Offer
from instantreact_sdk.registry.specs import CommandSpec, ComponentSpec, SourceSpec, Spec

HEAVY = (
    "cv2", "jax", "lightning", "matplotlib", "moviepy", "numba", "onnxruntime", "openvino", "pandas", "requests", "scipy",
    "sklearn", "supervision", "tensorflow", "torch", "torchvision", "transformers",
)  # fmt: skip
"""Modules that a ``hooks.py`` must not pull in: everyone who names the plugin would wait for them."""


def examine(target: str, plugin: str, title: str, tell: Callable[..., None]) -> None:
    """Import a plugin's hooks, then everything that its specs name, and tell about each step.

    Args:
        target: The module of its hooks.
        plugin: Its name.
        title: Distribution and version.
        tell: Called with keywords, each a line for the other side.
    """
    tell(step=f"importing {target}")
    try:
        before = set(sys.modules)
        start = time.perf_counter()
        module = load_module(target)
        import_ms = _since(start)
        heavy = [name for name in HEAVY if name in sys.modules and name not in before]
        tell(step=f"asking {target} what it registers")
        loaded = ask(module, title)
    except Fault as fault:
        tell(fault={"cause": fault.cause, "fix": fault.fix})
        return
    specs = {(spec.kind, spec.name): spec for spec in loaded.specs}
    offers = [_offer(spec, plugin, loaded) for spec in specs.values()]
    clashes = bool(loaded.clashes)
    tell(import_ms=import_ms, heavy=heavy, clashes=clashes, offers=[asdict(offer) for offer in offers])
    start = time.perf_counter()
    for number, (spec, offer) in enumerate(zip(specs.values(), offers, strict=True)):
        if not offer.cause:
            tell(step=f"loading the {spec.kind} {offer.id}", number=number)
            tell(number=number, found=_deeply(spec))
    tell(deep_ms=_since(start))


def _offer(spec: Spec, plugin: str, loaded: Loaded) -> Offer:
    clashes = (spec.kind, spec.name) in loaded.clashes
    cause = "the plugin registers it more than once" if clashes else ""
    fix = "Give each a name of its own." if clashes else ""
    if isinstance(spec, CommandSpec):
        return Offer(spec.name, spec.kind, spec.summary, cause=cause, fix=fix)
    needs = {item.name: getattr(spec.needs, item.name) for item in fields(spec.needs) if getattr(spec.needs, item.name)}
    schemes = spec.schemes if isinstance(spec, SourceSpec) else ()
    return Offer(
        f"{plugin}/{spec.name}",
        spec.kind,
        spec.summary,
        spec.stateful,
        needs,
        schemes,
        trainer=bool(getattr(spec, "trainer", "")),
        exporter=bool(getattr(spec, "exporter", "")),
        cause=cause,
        fix=fix,
    )


def _deeply(spec: Spec) -> dict[str, Any]:
    try:
        if not isinstance(spec, ComponentSpec):
            load_attribute(spec.app)
            return {}
        options = load_options(spec.options)
        load_factory(spec.kind, spec.factory)
        with guarded(f"making the JSON Schema of {spec.options}"):
            return {"options": options.model_json_schema()}
    except Fault as fault:
        return {"cause": fault.cause, "fix": fault.fix}


def _since(start: float) -> float:
    return round((time.perf_counter() - start) * 1000, 1)


def _teller(out: TextIO) -> Callable[..., None]:
    def tell(**facts: Any) -> None:
        out.write(json.dumps(facts) + "\n")
        out.flush()

    return tell


def main() -> None:
    """Examine the plugin that the arguments name."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a plugin that crashes must not fill the disk too
    target, plugin, title, out = sys.argv[1:]
    with Path(out).open("a", encoding="utf-8") as file:
        examine(target, plugin, title, _teller(file))
    sys.stdout.flush()
    os._exit(0)  # a thread or an exit handler of the plugin must not hold up what is known already


if __name__ == "__main__":
    main()
