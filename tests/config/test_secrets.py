"""Secrets are read from where they are kept, and errors name the place, never the value."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from instantreact_sdk import Options, Secret
from instantreact_sdk.interfaces.secret import secrets_beside


class Keys(Options):
    key: Secret
    """A secret."""


def read(text: str) -> str:
    return Keys(key=text).key.get_secret_value()


def refused(text: str) -> str:
    with pytest.raises(ValidationError) as caught:
        Keys(key=text)
    return str(caught.value)


def test_a_value_may_stand_in_the_file_itself():
    assert read("sesame") == "sesame"
    assert read("https://guard:sesame@example.org") == "https://guard:sesame@example.org"
    assert read("file:///tmp/socket") == "file:///tmp/socket"


def test_the_environment_is_read_without_its_spaces(monkeypatch):
    monkeypatch.setenv("A_KEY", " sesame\n")
    assert read("env:A_KEY") == "sesame"


@pytest.mark.parametrize(("text", "problem"), [("", "is empty"), (None, "is not set")])
def test_a_variable_without_a_value_is_named(monkeypatch, text, problem):
    monkeypatch.delenv("A_KEY", raising=False)
    if text is not None:
        monkeypatch.setenv("A_KEY", text)
    assert f"the environment variable A_KEY {problem}" in refused("env:A_KEY")
    assert "lacks the name" in refused("env:")


def test_a_file_is_looked_for_beside_the_pipeline_file_only_while_that_is_read(tmp_path, monkeypatch):
    (tmp_path / "key").write_text("sesame\n")
    monkeypatch.chdir("/")
    with secrets_beside(tmp_path):
        assert read("file:key") == "sesame"
    assert "cannot be read" in refused("file:key")
    assert read(f"file:{tmp_path}/key") == "sesame"


def test_a_file_without_a_value_is_named(tmp_path):
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with secrets_beside(tmp_path):
        assert f"the file {tmp_path}/none cannot be read: No such file" in refused("file:none")
        assert "Is a directory" in refused("file:.")
        assert "is empty" in refused("file:empty")
        assert "no UTF-8" in refused("file:bytes")
        assert "lacks the path" in refused("file:")


def test_no_error_shows_the_value():
    with pytest.raises(ValidationError) as caught:
        Keys(key=["sesame"])
    assert "sesame" not in str(caught.value)
    assert "sesame" not in repr(Keys(key="sesame"))
