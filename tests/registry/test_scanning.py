"""What metadata alone tells, odd as it may be."""

from __future__ import annotations

import sys

import pytest
from zoo import HEALTHY, Animal, settle

from instantreact_sdk.registry import Record, discover
from instantreact_sdk.registry.scan import scan
from instantreact_sdk.registry.signature import signature


def record_of(distribution: str) -> Record:
    [record] = [record for record in discover().records if record.distribution == distribution]
    return record


def test_the_sdk_registers_itself_like_everyone():
    record = record_of("instantreact-sdk")
    assert (record.plugin, record.status) == ("sdk", "ok")
    assert [offer.id for offer in record.offers] == ["sdk/console", "sdk/jsonl"]
    assert record.deep_ms > record.import_ms


@pytest.mark.parametrize("plugin", ["Big", "under_score", "-x", "a/b"])
def test_a_name_that_cannot_be_written_in_a_configuration_is_broken(zoo, plugin):
    settle(zoo, Animal(plugin, HEALTHY.modules), distribution="zoo-odd")
    assert record_of("zoo-odd").cause == f"its name {plugin!r} is not made of lower-case letters, digits and hyphens"


@pytest.mark.parametrize("target", ["zoo_healthy.hooks:app", "not a module", ""])
def test_an_entry_point_that_is_no_module_is_broken(zoo, target):
    settle(zoo, HEALTHY)
    entry_points = zoo / "zoo_healthy-1.0.dist-info" / "entry_points.txt"
    entry_points.write_text(f"[instantreact_sdk.v1]\nhealthy = {target}\n")
    assert record_of("zoo-healthy").cause == f"its entry point {target!r} is no module"


def test_a_plugin_for_this_api_and_another_is_taken_for_this_one(zoo):
    settle(zoo, HEALTHY)
    entry_points = zoo / "zoo_healthy-1.0.dist-info" / "entry_points.txt"
    entry_points.write_text(f"[instantreact_sdk.v2]\nhealthy = zoo_healthy.later\n{entry_points.read_text()}")
    assert record_of("zoo-healthy").status == "ok"


def test_a_name_in_any_spelling_is_one_distribution(zoo):
    settle(zoo, HEALTHY)
    metadata = zoo / "zoo_healthy-1.0.dist-info" / "METADATA"
    metadata.write_text(metadata.read_text().replace("zoo-healthy", "Zoo__Healthy"))
    assert record_of("zoo-healthy").status == "ok"


def test_a_distribution_that_shadows_another_of_its_name_is_the_one_that_counts(zoo, monkeypatch):
    settle(zoo, HEALTHY)
    (zoo / "first").mkdir()
    settle(zoo / "first", HEALTHY, version="2.0")
    monkeypatch.syspath_prepend(zoo / "first")
    assert record_of("zoo-healthy").version == "2.0"


@pytest.mark.parametrize("file", ["METADATA", "entry_points.txt", "RECORD", "direct_url.json"])
def test_metadata_that_is_no_text_harms_nobody_else(zoo, file):
    settle(zoo, HEALTHY)
    settle(zoo, HEALTHY, distribution="zoo-odd")
    (zoo / "zoo_odd-1.0.dist-info" / file).write_bytes(b"\xff\xfe instantreact_sdk.v1 \x00")
    assert "zoo-healthy" in {record.distribution for record in discover(probe=False).records}


def test_what_would_paint_a_terminal_is_left_out(zoo):
    settle(zoo, HEALTHY)
    folder = zoo / "zoo_healthy-1.0.dist-info"
    (folder / "METADATA").write_text("Name: zoo-healthy\nVersion: 1.0\x1b[31m\n")
    (folder / "entry_points.txt").write_text(
        "[instantreact_sdk.v1]\n\x1b[2Jhidden = a.b\nhealthy = zoo_healthy.hooks\n"
    )
    [entry] = [entry for entry in scan() if entry.distribution == "zoo-healthy"]
    assert (entry.plugin, entry.version) == ("healthy", "1.0[31m")


def test_scanning_and_signing_import_no_plugin(zoo):
    settle(zoo, Animal("raises", {"hooks.py": "raise SystemExit"}), editable=True)
    [entry] = [entry for entry in scan() if entry.plugin == "raises"]
    assert signature(entry)
    assert not any(name.startswith("zoo_raises") for name in sys.modules)
