"""The file that ``config init`` writes works, wherever the SDK is installed."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from needs import need

import instantreact_sdk
from instantreact_sdk import InstantReactError
from instantreact_sdk.config import check_components, loads
from instantreact_sdk.config.starter import starter, templates, write_new
from instantreact_sdk.registry import discover

ROOT = Path(__file__).resolve().parents[2]


def test_it_is_a_pipeline_file_whose_plugins_take_their_options(tmp_path):
    loaded = loads(starter("a.yaml"), tmp_path / "a.yaml")
    assert [one.choice.id for one in check_components(loaded, discover())] == [
        "opencv/video",
        "opencv/motion",
        "sdk/console",
        "sdk/jsonl",
    ]


def test_what_it_suggests_in_comments_is_right_too(monkeypatch):
    """Each commented part, made live: the rules that need no recognizer, and the sections that need no people."""
    before, simple, rest = starter("a.yaml").partition("  # two at once:")
    rules, several, rest = (simple + rest).partition("  # Several conditions")
    for section in ("outbox", "heartbeat", "links", "metrics", "store"):
        assert rest.count(f"\n# {section}: ") == 1
        rest = rest.replace(f"\n# {section}: ", f"\n{section}: ")
    text = before + rules.replace("  # ", "  ").replace("  #\n", "\n") + several + rest
    monkeypatch.setenv("HEARTBEAT_URL", "https://hc-ping.com/1")
    file = loads(text, "a.yaml").file
    assert (file.outbox.expire, bool(file.heartbeat), bool(file.links), bool(file.metrics)) == (
        86_400,
        True,
        True,
        True,
    )
    assert [*file.rules] == [
        "somebody at the door",
        "two at once",
        "nobody for a minute",
        "camera lost",
    ]


@pytest.mark.parametrize("url", ["a: b.mp4", '"quoted"', "#1.mp4", "0", "rtsp://10.0.0.1/é"])
def test_any_address_is_quoted_well(url):
    assert loads(starter("a.yaml", url=url), "a.yaml").file.sources["lobby"].options["url"] == url


def test_editors_are_told_of_a_schema_only_where_there_is_one():
    assert "yaml-language-server" not in starter("a.yaml")
    assert starter("a.yaml", schema="a.schema.json").startswith("# yaml-language-server: $schema=a.schema.json\n")


def test_a_file_that_is_there_is_kept_unless_forced(tmp_path):
    path = tmp_path / "a.yaml"
    write_new(path, "first")
    with pytest.raises(InstantReactError, match="IR1005"):
        write_new(path, "second")
    assert path.read_text() == "first"
    write_new(path, "second", force=True)
    assert path.read_text() == "second"
    with pytest.raises(InstantReactError, match="IR1006"):
        write_new(tmp_path / "none" / "a.yaml", "")


def test_a_checkout_has_the_templates_beside_the_package():
    assert templates() == Path(instantreact_sdk.__file__).parent.parent / "templates"


def test_a_wheel_has_the_templates_inside(tmp_path):
    hatchling = subprocess.run([sys.executable, "-c", "import hatchling"], check=False, capture_output=True)
    need(hatchling.returncode == 0, "hatchling is not installed: pip install hatchling")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "wheel")]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = (tmp_path / "wheel").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = "from instantreact_sdk.config.starter import starter, templates; starter('a.yaml'); print(templates())"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "site", check=True, capture_output=True, text=True, timeout=60
    )
    assert told.stdout.strip() == str(tmp_path / "site" / "instantreact_sdk" / "_templates")
