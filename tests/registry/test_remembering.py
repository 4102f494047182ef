"""When a plugin is probed again, and when not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from zoo import HEALTHY, LOAD_TIME, Animal, detector_hooks, settle

from instantreact_sdk import InstantReactError
from instantreact_sdk.registry import discover
from instantreact_sdk.registry.blocks import BlockList


def status_of(plugin, **how) -> str:
    return next(record.status for record in discover(**how).records if record.plugin == plugin)


def counting(place: Path) -> Animal:
    """A plugin that leaves a line behind for each import."""
    hooks = f"open({str(place)!r}, 'a').write('imported\\n')\n{detector_hooks('zoo_healthy')}"
    return Animal("healthy", {**HEALTHY.modules, "hooks.py": hooks})


def test_a_plugin_is_probed_once(zoo, tmp_path):
    settle(zoo, counting(tmp_path / "imports"))
    assert [status_of("healthy") for _ in range(3)] == ["ok"] * 3
    assert (tmp_path / "imports").read_text().count("imported") == 1


def test_without_probing_what_is_new_stays_new(zoo, tmp_path):
    settle(zoo, counting(tmp_path / "imports"))
    assert status_of("healthy", probe=False) == "new"
    assert not (tmp_path / "imports").exists()


def test_fresh_probes_once_more(zoo, tmp_path):
    settle(zoo, counting(tmp_path / "imports"))
    assert [status_of("healthy"), status_of("healthy", fresh=True)] == ["ok", "ok"]
    assert (tmp_path / "imports").read_text().count("imported") == 2


def test_a_new_version_is_probed_anew(zoo):
    settle(zoo, HEALTHY)
    assert status_of("healthy") == "ok"
    (zoo / "zoo_healthy-1.0.dist-info").rename(zoo / "gone")
    settle(zoo, Animal("healthy", {"hooks.py": "1 / 0"}), version="1.1")
    assert status_of("healthy") == "broken"


@pytest.mark.parametrize("how", [{"editable": True}, {"record": False}])
def test_an_edited_file_of_an_editable_plugin_is_noticed(zoo, how):
    package = settle(zoo, HEALTHY, **how)
    assert status_of("healthy") == "ok"
    (package / "detector.py").write_text("1 / 0")
    assert status_of("healthy") == "broken"


def test_a_plugin_that_wants_a_module_is_tried_again_once_that_is_installed(zoo):
    settle(zoo, LOAD_TIME["missing-dependency"])
    assert status_of("missing-dependency") == "broken"
    os.utime(zoo, (0, 0))  # installing changes the folder; its clock may be too coarse to show that at once
    (zoo / "no_such_module_anywhere.py").write_text("")
    assert status_of("missing-dependency") == "ok"


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"record": {}}', '{"record": {"offers": []}}'])
def test_a_damaged_memory_is_made_anew(zoo, own_home, damage):
    settle(zoo, HEALTHY)
    assert status_of("healthy") == "ok"
    [file] = (own_home / "probes").glob("healthy-*.json")
    file.write_text(damage)
    assert status_of("healthy", probe=False) == "new"
    assert status_of("healthy") == "ok"
    assert status_of("healthy", probe=False) == "ok"


def test_a_home_that_cannot_be_written_costs_a_probe_each_time_and_nothing_else(zoo, tmp_path):
    settle(zoo, HEALTHY)
    (tmp_path / "file").write_text("a file is no folder")
    registry = discover(home=tmp_path / "file" / "home")
    assert registry.resolve("detector", "healthy", zoo).id == "healthy/detector"


@pytest.mark.parametrize("name", ["raises-at-import", "zoo-raises-at-import"])
def test_a_blocked_plugin_is_seen_but_never_imported(zoo, own_home, tmp_path, name):
    settle(zoo, LOAD_TIME["raises-at-import"])
    BlockList(own_home).add(name)
    assert status_of("raises-at-import") == "blocked"
    assert not list((own_home / "probes").glob("raises-at-import-*.json"))
    with pytest.raises(InstantReactError) as caught:
        discover().resolve("detector", "raises-at-import", tmp_path)
    assert str(caught.value) == (
        f"IR2003: The plugin raises-at-import (zoo-raises-at-import 1.0) is blocked: {name} is in the block list. "
        f"Allow it again with `instantreact-sdk plugins unblock {name}`."
    )


def test_blocking_one_of_two_rivals_ends_their_conflict(zoo, own_home):
    settle(zoo, HEALTHY)
    settle(zoo, HEALTHY, distribution="zoo-rival")
    BlockList(own_home).add("zoo-rival")
    assert discover().resolve("detector", "healthy", zoo).plugin == "zoo-healthy 1.0"


@pytest.mark.parametrize("value", ["soon", "0", "-1", "nan"])
def test_a_time_limit_that_is_none_is_refused(zoo, monkeypatch, value):
    monkeypatch.setenv("INSTANTREACT_PROBE_SECONDS", value)
    settle(zoo, HEALTHY)
    with pytest.raises(InstantReactError, match="IR2022"):
        status_of("healthy")


@pytest.mark.parametrize("garbage", [b"", b"\xff", b"null", b"[]", b'{"record": {}}', b"[" * 100_000])
def test_garbage_in_the_cache_is_probed_anew(zoo, own_home, garbage):
    settle(zoo, HEALTHY)
    assert status_of("healthy") == "ok"
    for file in (own_home / "probes").iterdir():
        file.write_bytes(garbage)
    assert status_of("healthy") == "ok"


@pytest.mark.parametrize("garbage", [b"", b"\xff", b"null", b"[" * 100_000])
def test_a_block_list_that_cannot_be_read_stops_everything(zoo, own_home, garbage):
    settle(zoo, HEALTHY)
    (own_home / "blocked.json").write_bytes(garbage)
    with pytest.raises(InstantReactError, match=r"IR2021.*blocked\.json"):
        discover()
