"""A component does what its spec says, and nothing else. What it does is seen from outside; these run it, and are judged there."""

from __future__ import annotations

from typing import Literal

from instantreact_sdk.errors.wording import listed
from instantreact_sdk.testing.conformance.check import CheckFailed, NotApplicable, check
from instantreact_sdk.testing.conformance.checks.life import WORKS
from instantreact_sdk.testing.conformance.living import lived
from instantreact_sdk.testing.conformance.trial import Trial

_MILLISECONDS = 500


@check(needs=WORKS)
def declares_network(trial: Trial) -> None:
    """It opens no connection, unless its spec declares `network`.

    Why: people decide by it what may see their cameras, and `config check` shows it. So it is enforced: the component runs where only its
    own machine can be reached, and every socket that it opens is seen, also in C, and by programs that it starts. A program outside that it talks to through a
    socket file (``docker.sock``) counts as network, for nobody knows what that does.

    To fix: find what the message names; often a library looks for updates, reports its use, or fetches weights. Turn that off before you import
    it (`os.environ["ORT_DISABLE_TELEMETRY"] = "1"` for ONNX Runtime, `sys.modules["openvino_telemetry"] = None` for OpenVINO), or
    declare it in the spec: `needs=Capabilities(network=True, hosts=("api.example.org",), sends=("text",))`. A local class has it as
    its attribute `needs`.
    """
    _live(trial, "network")


@check(needs=WORKS)
def declares_files(trial: Trial) -> None:
    """It writes no file outside of its cache folder, unless its spec declares `files`.

    Why: a component that fills a disk, or leaves pictures of people in a temporary folder, has to be known for it. So it is enforced:
    the component runs where the file system is read-only, and every attempt to write is seen, also in C.

    To fix: write what can be made again to `context.cache_dir`, and small things that have to last to `context.state`; turn off caches in your
    home folder that libraries keep. Where files are its work, declare `needs=Capabilities(files=True)`.
    """
    trial.options()
    folder = trial.cases.base(trial.folder)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")} if folder != trial.folder else None
    _live(trial, "files")
    if before is not None:  # what lies there is the user's, but must be writable for the case
        for path in sorted(folder.rglob("*")):
            if before.get(path) != path.stat().st_mtime_ns and not path.is_dir():
                raise CheckFailed(f"it wrote {path.name} beside the files of its case, and does not declare `files`")


@check(needs=WORKS)
def declares_subprocess(trial: Trial) -> None:
    """It starts no process, unless its spec declares `subprocess`.

    Why: another program may do anything, and lives on when the component is killed. So it is enforced: each `fork` and each program
    that is started is seen, also in C.

    To fix: use a library instead of a program, threads instead of processes; or declare `needs=Capabilities(subprocess=True)`. Python's own
    `platform.processor()` and `multiprocessing` start processes, too; `ctypes.util.find_library()` does where it does not find one at once.
    """
    _live(trial, "subprocess")


@check()
def hooks_are_light(trial: Trial) -> None:
    """Importing the plugin's `hooks.py` loads no heavy module, and takes less than half a second.

    Why: it is imported by whatever asks what the plugin offers, also where its components are not used. With ten plugins that import `torch` to
    say their names, the command line would take a minute to start.

    To fix: name classes by strings (`factory="instantreact_blob.detector:Blob"`), and import in `hooks.py` nothing but
    `instantreact_sdk`; not even your own modules, for they import more. Look at the package's `__init__.py`, too: it comes first.
    """
    hooks = trial.hooks
    if not hooks.module:
        raise NotApplicable("it is a class of a file, which no plugin registers")
    if hooks.heavy:
        raise CheckFailed(f"importing {hooks.module} also imports {listed(hooks.heavy, 'and')}")
    if hooks.milliseconds > _MILLISECONDS:
        raise CheckFailed(f"importing {hooks.module} took {hooks.milliseconds:.0f} ms; {_MILLISECONDS} are allowed")


def _live(trial: Trial, need: Literal["network", "files", "subprocess"]) -> None:
    if getattr(trial.choice.spec.needs, need):
        raise NotApplicable(f"it declares `{need}`")
    lived(trial)
