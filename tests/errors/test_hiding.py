"""What was read as a secret is covered, whoever quotes it, and however."""

from __future__ import annotations

import io
import logging
from urllib.parse import quote

import pytest
from pydantic import BaseModel

from instantreact_sdk import PluginError, Secret, TransientError
from instantreact_sdk.errors import InstantReactError, hiding
from instantreact_sdk.errors.hiding import covered, covering_log, hide


class Keys(BaseModel):
    key: Secret


@pytest.fixture(autouse=True)
def nothing_hidden(monkeypatch):
    monkeypatch.setattr(hiding, "_hidden", ())


def read(monkeypatch, value):
    monkeypatch.setenv("A_KEY", value)
    Keys(key="env:A_KEY")


def test_an_error_covers_what_was_read_from_the_environment_or_a_file(monkeypatch, tmp_path):
    read(monkeypatch, "from-environment")
    (tmp_path / "key").write_text("from-file\n")
    Keys(key=f"file:{tmp_path / 'key'}")
    error = PluginError("from-environment and from-file were refused.", "Do not send from-file.")
    assert str(error) == "IR4000: *** and *** were refused. Do not send ***."
    assert error.facts == {"problem": "*** and *** were refused.", "fix": "Do not send ***."}


def test_facts_travel_covered_and_stay_so(monkeypatch):
    read(monkeypatch, "open-sesame")
    error = InstantReactError("IR5006", url="x", problem=OSError("open-sesame"))
    assert error.facts["problem"] == "***"
    assert "open-sesame" not in repr(TransientError("no", retry_after=1).__reduce__()) + repr(error.__reduce__())


@pytest.mark.parametrize(
    "form", [str, lambda key: quote(key, safe=""), quote, repr, lambda key: key.replace('"', '\\"')]
)
def test_it_is_found_however_it_is_written(monkeypatch, form):
    key = 'a/b "c" \u00e9'
    read(monkeypatch, key)
    assert key not in covered(form(key))
    assert "***" in covered(form(key))


def test_of_a_url_in_the_file_itself_the_password_is_covered_and_the_rest_can_be_told():
    Keys(key="rtsp://guard:open%2Fsesame@10.0.0.5/stream")
    assert covered("rtsp://guard:open%2Fsesame@10.0.0.5/stream open/sesame") == "rtsp://guard:***@10.0.0.5/stream ***"


def test_paths_and_cameras_that_stand_in_the_file_can_be_told():
    for harmless in (
        "lobby.mp4",
        "films/lobby-of-the-house.mp4",
        "0",
        "rtsp://10.0.0.5/stream",
        "sqlite:///instantreact.db",
    ):
        Keys(key=harmless)
        assert covered(harmless) == harmless


def test_a_token_that_stands_in_the_file_is_covered():
    Keys(key="EAAfakePageToken0001")
    assert covered("no EAAfakePageToken0001") == "no ***"


def test_what_is_too_short_is_left_for_it_would_be_found_everywhere(monkeypatch):
    read(monkeypatch, "on")
    assert covered("gone on") == "gone on"


def test_a_log_is_covered_with_its_arguments_and_its_tracebacks(monkeypatch):
    hide("open-sesame")
    log = covering_log("a component of this test")
    assert covering_log("a component of this test").filters == log.filters
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    log.addHandler(handler)
    try:
        log.warning("%s was refused", "open-sesame")
        try:
            int("open-sesame")
        except ValueError:
            log.exception("again")
    finally:
        log.removeHandler(handler)
    assert "*** was refused" in written.getvalue()
    assert "base 10: '***'" in written.getvalue()
    assert "open-sesame" not in written.getvalue()
