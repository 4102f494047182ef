"""Each hostile plugin of the zoo is seen for what it is, and takes nobody with it."""

from __future__ import annotations

import time

import psutil
import pytest
from zoo import HEALTHY, LOAD_TIME, RUN_TIME, Animal, settle

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.registry import Record, discover

SEEN = {
    "raises-at-import": ("broken", "importing zoo_raises_at_import.hooks raised ZeroDivisionError: division by zero (hooks.py, line 1)"),
    "exits-at-import": ("broken", "importing zoo_exits_at_import.hooks called sys.exit(3) (hooks.py, line 1)"),
    "exits-hard-at-import": ("broken", "importing zoo_exits_hard_at_import.hooks ended the process (exit code 0)"),
    "hangs-at-import": ("broken", "importing zoo_hangs_at_import.hooks did not end within 5 s"),
    "holds-the-gil-at-import": ("broken", "importing zoo_holds_the_gil_at_import.hooks did not end within 5 s"),
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
    "hangs-at-import": "INSTANTREACT_PROBE_SECONDS=50 instantreact-sdk plugins doctor",
    "missing-dependency": "Install what brings 'no_such_module_anywhere'",
    "misspelled-hook": "Did you mean 'instantreact_register'?",
    "missing-decorator": "Write @hookimpl above it.",
    "wrong-return-type": "Return a list of specs.",
    "missing-module": "Correct the name in the plugin.",
    "missing-factory": "Did you mean 'ZooDetector'?",
    "wrong-options": "Derive it from instantreact_sdk.Options.",
    "lacks-method": "Implement what Detector asks for.",
    "other-api": "Upgrade instantreact-sdk",
    "raises-at-import": "Update zoo-raises-at-import or tell its authors",
}


HANGING = {"hangs-at-import", "holds-the-gil-at-import"}
USABLE = {"prints-at-import", "heavy-hooks", "duplicate-name"}


def record_of(plugin: str) -> Record:
    return next(record for record in discover().records if record.plugin == plugin)


def test_the_table_names_every_animal():
    assert set(SEEN) == set(LOAD_TIME)


@pytest.mark.parametrize("name", LOAD_TIME)
def test_a_hostile_plugin_is_seen_with_its_cause_and_takes_nobody_with_it(zoo, name, capfd, monkeypatch):
    if name in HANGING:
        monkeypatch.setenv("INSTANTREACT_PROBE_SECONDS", "5")
    settle(zoo, LOAD_TIME[name])
    settle(zoo, HEALTHY)
    registry = discover()
    records = {record.plugin: record for record in registry.records}
    status, cause = SEEN[name]
    record = records[name]
    assert record.status == status
    assert record.cause.startswith(cause)
    assert record.title == f"zoo-{name} 1.0"
    assert bool(record.fix) == (status != "ok")
    assert FIXES.get(name, "") in record.fix
    assert records["healthy"].status == "ok"
    assert registry.resolve("detector", "healthy", zoo).plugin == "zoo-healthy 1.0"
    if name not in USABLE:
        with pytest.raises(InstantReactError, match=f"(?s)IR200[458]: .*zoo-{name} 1.0") as caught:
            registry.resolve("detector", f"{name}/detector", zoo)
        assert record.fix in str(caught.value)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", RUN_TIME)
def test_a_plugin_that_goes_wrong_at_work_loads_well(zoo, name):
    settle(zoo, RUN_TIME[name])
    registry = discover()
    record = next(record for record in registry.records if record.plugin == name)
    assert (record.status, record.cause) == ("ok", "")
    [offer] = record.offers
    choice = registry.resolve(offer.kind, name, zoo)
    assert choice.id == offer.id
    choice.make(choice.options_type()(after=3))


def test_a_heavy_import_in_hooks_is_a_warning_that_names_it_and_the_fix(zoo):
    settle(zoo, LOAD_TIME["heavy-hooks"])
    [warning] = record_of("heavy-hooks").warnings
    assert warning == (
        "zoo_heavy_hooks.hooks imports torch, which everyone who names the plugin waits for. "
        "Import it in the modules that the specs name."
    )


def test_what_a_plugin_prints_while_it_is_probed_is_a_warning(zoo):
    settle(zoo, LOAD_TIME["prints-at-import"])
    [warning] = record_of("prints-at-import").warnings
    assert "'hello from the zoo'" in warning


def test_a_program_that_a_plugin_starts_does_not_outlive_the_probe(zoo, tmp_path):
    start = (
        f"import subprocess; open({str(tmp_path / 'pid')!r}, 'w').write(str(subprocess.Popen(['sleep', '600']).pid))"
    )
    settle(zoo, Animal("healthy", {**HEALTHY.modules, "hooks.py": f"{start}\n{HEALTHY.modules['hooks.py']}"}))
    assert record_of("healthy").status == "ok"
    pid = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 20
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_name_registered_twice_disables_only_that_name(zoo):
    settle(zoo, LOAD_TIME["duplicate-name"])
    registry = discover()
    assert registry.resolve("detector", "duplicate-name/single", zoo).id == "duplicate-name/single"
    with pytest.raises(InstantReactError, match=r"IR2008: .*more than once"):
        registry.resolve("detector", "duplicate-name/twin", zoo)


def test_two_distributions_with_one_name_disable_only_that_name_and_both_are_named(zoo):
    settle(zoo, HEALTHY)
    settle(zoo, HEALTHY, distribution="zoo-rival", version="2.0")
    settle(zoo, RUN_TIME["raises"])
    registry = discover()
    rivals = [record for record in registry.records if record.plugin == "healthy"]
    assert [(record.distribution, record.status) for record in rivals] == [
        ("zoo-healthy", "conflict"),
        ("zoo-rival", "conflict"),
    ]
    assert all("zoo-healthy 1.0 and zoo-rival 2.0" in record.cause for record in rivals)
    with pytest.raises(InstantReactError, match=r"IR2006: .*zoo-healthy 1.0 and zoo-rival 2.0"):
        registry.resolve("detector", "healthy", zoo)
    assert registry.resolve("detector", "raises", zoo).plugin == "zoo-raises 1.0"


def test_all_hostile_plugins_at_once_leave_the_healthy_one_usable(zoo, monkeypatch):
    monkeypatch.setenv("INSTANTREACT_PROBE_SECONDS", "5")
    for animal in LOAD_TIME.values():
        settle(zoo, animal)
    settle(zoo, HEALTHY)
    registry = discover()
    statuses = {record.plugin: record.status for record in registry.records if record.plugin in LOAD_TIME}
    assert statuses == {name: status for name, (status, _) in SEEN.items()}
    choice = registry.resolve("detector", "healthy", zoo)
    assert type(choice.make(choice.options_type()())).__name__ == "ZooDetector"
