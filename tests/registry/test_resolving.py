"""From what a configuration says to a component."""

from __future__ import annotations

import sys

import pytest
from zoo import HEALTHY, RUN_TIME, Animal, settle

from instantreact_sdk import InstantReactError, NoOptions
from instantreact_sdk.registry import discover
from instantreact_sdk.registry.blocks import BlockList

MANY = Animal(
    "many",
    {
        "hooks.py": """
from instantreact_sdk import DetectorSpec, NotifierSpec, SourceSpec, CommandSpec, hookimpl

@hookimpl
def instantreact_register():
    parts = "zoo_many.parts"
    yield DetectorSpec(name="one", summary="One.", factory=f"{parts}:Finder", stateful=True)
    yield DetectorSpec(name="two", summary="Two.", factory=f"{parts}:Finder")
    yield NotifierSpec(name="two", summary="Tells.", factory=f"{parts}:Teller")
    yield SourceSpec(name="files", summary="Files.", factory=f"{parts}:Player", schemes=("zoo://",))
    yield SourceSpec(name="films", summary="Films.", factory=f"{parts}:Player", schemes=("zoo://film/", "zoo://"))
    yield CommandSpec(name="zookeeper", summary="Feeds.", app=f"{parts}:app")
""",
        "parts.py": """
import typer
from instantreact_sdk import Detections, Detector, FrameSource, Notifier, Receipt, SourceInfo

app = typer.Typer()

class Finder(Detector):
    labels = ()
    def detect(self, frames):
        return [Detections.empty() for _ in frames]

class Teller(Notifier):
    def __init__(self, options):
        raise RuntimeError("no teller today")
    def notify(self, alert, delivery):
        return Receipt()

class Player(FrameSource):
    info = SourceInfo(1, 1, live=False)
    def frames(self):
        return iter(())
""",
    },
)


@pytest.fixture
def registry(zoo):
    settle(zoo, MANY)
    settle(zoo, HEALTHY)
    return discover()


def refused(registry, kind, use, base) -> str:
    with pytest.raises(InstantReactError) as caught:
        registry.resolve(kind, use, base)
    return str(caught.value)


def test_a_full_id_gives_the_spec_and_who_brings_it(registry, tmp_path):
    choice = registry.resolve("detector", "many/one", tmp_path)
    assert (choice.id, choice.kind, choice.plugin) == ("many/one", "detector", "zoo-many 1.0")
    assert choice.spec.stateful
    assert choice.options_type() is NoOptions
    assert choice.make(NoOptions()).labels == ()


def test_a_plugin_alone_is_enough_where_it_registers_one_of_the_kind(registry, tmp_path):
    assert registry.resolve("notifier", "many", tmp_path).id == "many/two"


def test_a_plugin_alone_is_refused_where_it_registers_several(registry, tmp_path):
    assert refused(registry, "detector", "many", tmp_path) == (
        "IR2007: 'many' alone does not say which detector is meant: the plugin registers one, two. Write `many/NAME`."
    )


def test_a_plugin_without_that_kind_is_refused(registry, tmp_path):
    assert "It registers no captioner." in refused(registry, "captioner", "many", tmp_path)


def test_an_unknown_component_gets_the_nearest_name(registry, tmp_path):
    assert refused(registry, "detector", "many/twoo", tmp_path) == (
        "IR2001: The plugin many (zoo-many 1.0) registers no detector 'twoo'. Did you mean 'two'?"
    )


def test_an_unknown_plugin_gets_the_nearest_name_or_a_way_to_install_it(registry, tmp_path):
    assert refused(registry, "detector", "healty/detector", tmp_path) == (
        "IR2002: No plugin 'healty' is installed. Did you mean 'healthy'? Or install it with `instantreact-sdk plugins install instantreact-healty`."
    )


@pytest.mark.parametrize("use", ["", "many/", "/", "many/one/two", "./blob.py", "./blob.py:"])
def test_what_names_no_component_is_refused(registry, tmp_path, use):
    assert refused(registry, "detector", use, tmp_path).startswith("IR2009: ")


def test_a_component_that_cannot_be_made_is_blamed_with_its_plugin(registry, tmp_path):
    choice = registry.resolve("notifier", "many/two", tmp_path)
    with pytest.raises(InstantReactError) as caught:
        choice.make(NoOptions())
    assert str(caught.value).startswith(
        "IR2008: The notifier many/two of zoo-many 1.0 cannot be used: "
        "making zoo_many.parts:Teller raised RuntimeError: no teller today (parts.py, line 14)."
    )


def test_only_the_named_plugin_is_imported(registry, tmp_path):
    registry.resolve("detector", "many/one", tmp_path)
    imported = {name.partition(".")[0] for name in sys.modules if name.startswith("zoo_")}
    assert imported == {"zoo_many"}
    assert "zoo_many.parts" not in sys.modules


def test_only_the_named_plugin_is_probed(zoo, monkeypatch, tmp_path):
    settle(zoo, RUN_TIME["raises"])
    settle(zoo, HEALTHY)
    discover().resolve("detector", "healthy", tmp_path)
    statuses = {record.plugin: record.status for record in discover(probe=False).records}
    assert (statuses["healthy"], statuses["raises"]) == ("ok", "new")


def test_the_longest_beginning_of_an_address_chooses_the_source(registry):
    assert registry.source_for("zoo://film/1") == "many/films"
    assert registry.source_for("ZOO://film/1") == "many/films"


def test_two_sources_for_one_beginning_are_a_conflict_that_does_not_quote_the_address(registry):
    with pytest.raises(InstantReactError) as caught:
        registry.source_for("zoo://anna:secret@cage/1")
    assert str(caught.value) == (
        "IR2014: many/files and many/films can all open addresses that begin with zoo://. "
        "Name one of them as `use` of a source in a pipeline file."
    )


def test_an_address_that_nobody_knows_has_no_source(registry):
    assert registry.source_for("gopher://zoo") is None


def test_a_source_that_cannot_be_used_is_named_where_no_other_fits(zoo, own_home):
    settle(zoo, MANY)
    BlockList(own_home).add("many")
    with pytest.raises(InstantReactError, match=r"IR2025.*many \(blocked: "):
        discover().source_for("zoo://film/1")


def test_commands_of_plugins_are_known_without_importing_and_loaded_when_used(registry):
    assert registry.commands["zookeeper"] == "Feeds."
    assert "zoo_many" not in sys.modules
    assert registry.command("zookeeper").__class__.__name__ == "Typer"
    with pytest.raises(KeyError):
        registry.command("nobody")
