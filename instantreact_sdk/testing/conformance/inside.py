"""The inside of a sandbox: makes one check after another, as it is asked to.

``python -m instantreact_sdk.testing.conformance.inside ASKED TOLD DUMP TARGET FOLDER`` reads names of checks, one a line, from the descriptor ASKED, and
writes JSON lines to TOLD: what it found out about the component, what it is calling, and what came of each check. Whoever
started it can thus tell what it was doing when it hung or died.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.registry.examining import HEAVY
from instantreact_sdk.registry.fault import Fault, in_words, where
from instantreact_sdk.registry.importing import load_module
from instantreact_sdk.registry.scan import scan
from instantreact_sdk.testing.conformance.cases import Cases
from instantreact_sdk.testing.conformance.check import Check, CheckFailed, NotApplicable
from instantreact_sdk.testing.conformance.last_words import leave_last_words
from instantreact_sdk.testing.conformance.target import Target
from instantreact_sdk.testing.conformance.trial import Hooks, Trial


def main() -> None:
    """Do as the arguments say."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a plugin that crashes must not fill the disk too
    tempfile.tempdir = os.environ[
        "TMPDIR"
    ]  # else Python tries by writing whether it can, and that would be the plugin's doing
    asked, told, dump, target, folder = sys.argv[1:]
    leave_last_words(int(dump))
    for descriptor in (asked, told):
        os.set_inheritable(int(descriptor), False)  # programs that a plugin starts must not keep them open
    with os.fdopen(int(asked), encoding="utf-8") as requests, os.fdopen(int(told), "w", encoding="utf-8") as answers:
        _serve(requests, _teller(answers), Target.from_json(target), Path(folder))
    sys.stdout.flush()
    os._exit(0)  # a thread or an exit handler of the plugin must not hold up what is known already


def _serve(requests: Any, tell: Callable[..., None], target: Target, folder: Path) -> None:
    try:
        hooks = _hooks(target)
        choice = target.choice()
    except InstantReactError as error:
        tell(error=[error.code, {name: str(value) for name, value in error.facts.items()}])
        return
    except Fault as fault:
        tell(fault=fault.cause)
        return
    from instantreact_sdk.testing.conformance.catalogue import checks_of
    from instantreact_sdk.testing.conformance.work import WORK

    needs = {name: bool(getattr(choice.spec.needs, name)) for name in ("network", "files", "subprocess")}
    tell(
        ready={
            "id": choice.id,
            "kind": choice.kind,
            "plugin": choice.plugin,
            "needs": needs,
            "home": _home(choice.spec.factory),
        }
    )
    checks = {each.name: each for each in checks_of(choice.kind)}
    work = WORK[choice.kind]
    cases = Cases(choice, work.copy, folder / "case", is_plugins=bool(hooks.module))
    for number, line in enumerate(requests):
        place = folder / f"check-{number}"
        place.mkdir()
        trial = Trial(choice, place, work, hooks, lambda what: tell(calling=what, by=threading.get_ident()), cases)
        start = time.monotonic()
        status, message = _made(checks[line.strip()], trial)
        tell(status=status, message=message, seconds=round(time.monotonic() - start, 3))
        shutil.rmtree(place, ignore_errors=True)
        gc.collect()


def _made(check: Check, trial: Trial) -> tuple[str, str]:
    """Status and message of one check."""
    status, message = "passed", ""
    try:
        try:
            check.run(trial)
        finally:
            trial.close()
    except CheckFailed as error:
        status, message = "failed", str(error)
    except NotApplicable as error:
        status, message = "skipped", str(error)
    except BaseException as error:  # noqa: BLE001  (whatever a plugin raises where nobody expected it)
        status, message = "failed", f"{in_words(error)}{where(error)}"
    return status, message


def _home(factory: str) -> str:
    """The component's own code: the folder of its package, or the file of its module."""
    module = factory.partition(":")[0]
    file = getattr(sys.modules.get(module), "__file__", None)  # a class of a file, or of a test
    package = find_spec(module.partition(".")[0])
    places = package.submodule_search_locations if package else None
    return str(Path(next(iter(places))) if places else file or "")


def _hooks(target: Target) -> Hooks:
    """Import the plugin's hooks before anything of its own, to see what they pull in."""
    if not target.plugin:
        return Hooks()
    module = next(entry.target for entry in scan() if entry.plugin == target.plugin)
    before = set(sys.modules)
    start = time.perf_counter()
    load_module(module)
    milliseconds = (time.perf_counter() - start) * 1000
    return Hooks(module, tuple(name for name in HEAVY if name in sys.modules and name not in before), milliseconds)


def _teller(answers: Any) -> Callable[..., None]:
    lock = threading.Lock()  # checks call components from several threads

    def tell(**facts: Any) -> None:
        with lock:
            answers.write(json.dumps(facts) + "\n")
            answers.flush()

    return tell


if __name__ == "__main__":
    main()
