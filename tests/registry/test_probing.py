"""What probes leave alone, and what they leave behind."""

from __future__ import annotations

import time

import psutil
import pytest
from zoo import HEALTHY, RUN_TIME, Animal, detector_hooks, settle

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.registry import discover


@pytest.mark.parametrize("name", RUN_TIME)
def test_a_plugin_that_goes_wrong_only_at_work_loads_well(zoo, name):
    settle(zoo, RUN_TIME[name])
    kind = name.removeprefix("hostile-") if name.startswith("hostile-") else "detector"
    choice = discover(probe=False).resolve(kind, name, zoo)
    choice.make(choice.options_type()(after=3))


def test_a_program_that_a_plugin_starts_does_not_outlive_the_probe(zoo, tmp_path):
    start = (
        f"import subprocess; open({str(tmp_path / 'pid')!r}, 'w').write(str(subprocess.Popen(['sleep', '600']).pid))"
    )
    settle(zoo, Animal("healthy", {**HEALTHY.modules, "hooks.py": f"{start}\n{HEALTHY.modules['hooks.py']}"}))
    assert "healthy" in {record.plugin for record in discover().records if record.status == "ok"}
    pid = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 20
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)


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


@pytest.mark.parametrize("told", ["garbage", "[]", '{"offers": 3}', '{"number": 9, "found": {}}', "[" * 100_000])
def test_a_plugin_that_writes_into_its_own_probe_harms_nobody_else(zoo, told):
    hooks = f"import sys\nwith open(sys.argv[-1], 'w') as out: out.write({told!r} + chr(10))\nraise ValueError"
    settle(zoo, Animal("liar", {"hooks.py": hooks}))
    settle(zoo, HEALTHY)
    statuses = {record.plugin: record.status for record in discover().records}
    assert (statuses["liar"], statuses["healthy"]) == ("broken", "ok")


def test_a_summary_that_is_no_sentence_is_refused(zoo):
    settle(zoo, Animal("loud", {"hooks.py": detector_hooks("zoo_loud", summary="'red \\x1b[31m' * 1000")}))
    [record] = [record for record in discover().records if record.plugin == "loud"]
    assert (record.status, record.fix) == (
        "broken",
        "It has to be one sentence, in one line of at most 300 characters.",
    )
    assert len(record.cause) < 400
