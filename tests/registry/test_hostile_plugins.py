"""Each hostile plugin of the zoo is seen for what it is, and takes nobody with it: all of them are there at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from zoo import HEALTHY, LOAD_TIME, settle

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.registry import Record, Registry, discover

SEEN = {
    "raises-at-import": ("broken", "importing zoo_raises_at_import.hooks raised ZeroDivisionError: division by zero (hooks.py, line 1)"),
    "exits-at-import": ("broken", "importing zoo_exits_at_import.hooks called sys.exit(3) (hooks.py, line 1)"),
    "exits-hard-at-import": ("broken", "importing zoo_exits_hard_at_import.hooks ended the process (exit code 0)"),
    "hangs-at-import": ("broken", "importing zoo_hangs_at_import.hooks did not end within 8 s"),
    "holds-the-gil-at-import": ("broken", "importing zoo_holds_the_gil_at_import.hooks did not end within 8 s"),
    "segfaults-at-import": ("broken", "importing zoo_segfaults_at_import.hooks killed the process (SIGSEGV)"),
    "prints-at-import": ("ok", ""),
    "missing-dependency": ("broken", "importing zoo_missing_dependency.hooks needs the module 'no_such_module_anywhere', which is not installed"),
    "syntax-error": ("broken", "importing zoo_syntax_error.hooks met a syntax error: invalid syntax (hooks.py, line 1)"),
    "misspelled-hook": ("broken", "zoo_misspelled_hook.hooks has an unknown hook 'instantreact_regster'"),
    "missing-decorator": ("broken", "instantreact_register of zoo_missing_decorator.hooks is not marked as a hook"),
    "wrong-argument": ("broken", "a hook of zoo_wrong_argument.hooks is not what its specification says: "),
    "wraps-others": ("broken", "instantreact_register of zoo_wraps_others.hooks wraps other plugins"),
    "raises-in-hook": ("broken", "instantreact_register of zoo_raises_in_hook.hooks raised ZeroDivisionError: division by zero"),
    "wrong-return-type": ("broken", "instantreact_register returned a dict, not a list of specs"),
    "wrong-item": ("broken", "instantreact_register returned a str among its specs"),
    "registers-nothing": ("broken", "zoo_registers_nothing.hooks registers nothing"),
    "duplicate-name": ("conflict", "detector duplicate-name/twin: the plugin registers it more than once"),
    "wrong-field": ("broken", "the DetectorSpec 'detector' has stateful='no'"),
    "wrong-name": ("broken", "the DetectorSpec has name='Big Detector'"),
    "missing-module": ("broken", "detector missing-module/detector: there is no module zoo_missing_module.nowhere"),
    "missing-factory": ("broken", "detector missing-factory/detector: zoo_missing_factory.detector has no 'ZooDetektor'"),
    "wrong-factory": ("broken", "detector wrong-factory/detector: zoo_wrong_factory.detector:ZooOptions is no subclass of Detector"),
    "wrong-options": ("broken", "detector wrong-options/detector: zoo_wrong_options.detector:ZooDetector is no subclass of Options"),
    "lacks-method": ("broken", "detector lacks-method/detector: zoo_lacks_method.detector:ZooDetector lacks detect"),
    "deep-segfault": ("broken", "loading the detector deep-segfault/detector killed the process (SIGSEGV)"),
    "other-api": ("incompatible", "it is written for plugin API v99; this SDK has v1"),
    "heavy-hooks": ("ok", ""),
}  # fmt: skip

FIXES = {
    "hangs-at-import": "INSTANTREACT_PROBE_SECONDS=80 instantreact-sdk plugins doctor",
    "missing-dependency": "Install what brings 'no_such_module_anywhere'",
    "misspelled-hook": "Did you mean 'instantreact_register'?",
    "missing-decorator": "Write @hookimpl above it.",
    "wrong-return-type": "Return a list of specs.",
    "missing-module": "Correct the name in the plugin.",
    "missing-factory": "Did you mean 'ZooDetector'?",
    "wrong-options": "Derive it from instantreact_sdk.Options.",
    "lacks-method": "`help(instantreact_sdk.Detector)` says how.",
    "other-api": "Upgrade instantreact-sdk",
    "raises-at-import": "Update zoo-raises-at-import or tell its authors",
}


USABLE = {"prints-at-import", "heavy-hooks", "duplicate-name"}


@dataclass(frozen=True)
class Seen:
    """What came of looking at the whole zoo."""

    folder: Path
    registry: Registry
    records: dict[str, Record]


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("zoo")
    for animal in (HEALTHY, *LOAD_TIME.values()):
        settle(folder, animal)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        patch.setenv("INSTANTREACT_PROBE_SECONDS", "8")
        registry = discover(home=tmp_path_factory.mktemp("home"))
        yield Seen(folder, registry, {record.plugin: record for record in registry.records})


def test_the_table_names_every_animal():
    assert set(SEEN) == set(LOAD_TIME)


@pytest.mark.parametrize("name", LOAD_TIME)
def test_a_hostile_plugin_is_seen_with_its_cause_and_a_fix(seen, name):
    status, cause = SEEN[name]
    record = seen.records[name]
    assert record.status == status
    assert record.cause.startswith(cause)
    assert record.title == f"zoo-{name} 1.0"
    assert bool(record.fix) == (status != "ok")
    assert FIXES.get(name, "") in record.fix


@pytest.mark.parametrize("name", sorted(set(LOAD_TIME) - USABLE))
def test_naming_a_hostile_plugin_is_refused_with_the_same_fix(seen, name, capfd):
    with pytest.raises(InstantReactError, match=rf"IR200[458]: .*zoo-{name} 1\.0") as caught:
        seen.registry.resolve("detector", f"{name}/detector", seen.folder)
    assert seen.records[name].fix in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_the_healthy_plugin_beside_them_works(seen):
    assert seen.records["healthy"].status == "ok"
    choice = seen.registry.resolve("detector", "healthy", seen.folder)
    assert type(choice.make(choice.options_type()())).__name__ == "ZooDetector"


def test_a_heavy_import_in_hooks_is_a_warning_that_names_it_and_the_fix(seen):
    [warning] = seen.records["heavy-hooks"].warnings
    assert warning == (
        "zoo_heavy_hooks.hooks imports torch, which everyone who names the plugin waits for. "
        "Import it in the modules that the specs name."
    )


def test_what_a_plugin_prints_while_it_is_probed_is_a_warning_and_goes_nowhere_else(seen):
    [warning] = seen.records["prints-at-import"].warnings
    assert "'hello from the zoo'" in warning


def test_what_a_plugin_prints_when_it_is_used_does_not_reach_stdout(seen, capfd):
    assert seen.registry.resolve("detector", "prints-at-import", seen.folder).id == "prints-at-import/detector"
    assert capfd.readouterr().out == ""


def test_a_name_registered_twice_disables_only_that_name(seen):
    assert seen.registry.resolve("detector", "duplicate-name/single", seen.folder).id == "duplicate-name/single"
    with pytest.raises(InstantReactError, match=r"IR2008: .*more than once"):
        seen.registry.resolve("detector", "duplicate-name/twin", seen.folder)
