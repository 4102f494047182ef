"""Options are checked against the plugin that gets them, at their line."""

from __future__ import annotations

from textwrap import dedent

import pytest

from instantreact_sdk import InstantReactError
from instantreact_sdk.config import check_components, load
from instantreact_sdk.config.components import make_components
from instantreact_sdk.registry import discover

PLUGIN = dedent(
    '''\
    from typing import Annotated, Literal

    from instantreact_sdk import Detections, Detector, Frame, FrameSource, Notifier, Options, Receipt, Secret
    from pydantic import BaseModel, Field, field_validator


    class Small(BaseModel, extra="forbid"):
        size: Literal["small"]
        grains: int = 1


    class Large(BaseModel, extra="forbid"):
        size: Literal["large"]
        stones: int = 1


    class Blobs(Options):
        speed: Literal["slow", "fast"] = "slow"
        """How fast."""
        parts: list[Annotated[Small | Large, Field(discriminator="size")]] = []
        """What of."""
        key: Secret | None = None
        """A secret."""
        odd: int = 1
        """No even number."""

        @field_validator("odd")
        @classmethod
        def _odd(cls, value):
            if value == 0:
                raise ZeroDivisionError("sesame")
            if value % 2 == 0:
                raise ValueError("has to be odd")
            return value


    class Blob(Detector):
        labels = ("person", "dog")

        def __init__(self, options: Blobs):
            self.options = options

        def detect(self, frames):
            return [Detections.empty() for _ in frames]


    class Camera(FrameSource):
        def info(self):
            raise NotImplementedError

        def frames(self):
            return iter(())


    class Teller(Notifier):
        def notify(self, alert, delivery):
            return Receipt()
    '''
)
FILE = dedent(
    """\
    sources:
      lobby: {use: "./plugin.py:Camera"}
    detectors:
      blobs:
        use: ./plugin.py:Blob
        options: OPTIONS
    rules:
      somebody:
        when: {label: LABEL}
    """
)


@pytest.fixture
def file(tmp_path):
    (tmp_path / "plugin.py").write_text(PLUGIN)

    def write(options: str = "{}", label: str = "person", more: str = ""):
        path = tmp_path / "lobby.yaml"
        path.write_text(FILE.replace("OPTIONS", options).replace("LABEL", label) + more)
        return load(path)

    return write


def found(loaded) -> list[str]:
    with pytest.raises(InstantReactError, match="IR1003") as caught:
        check_components(loaded, discover())
    return [f"{problem.line}: {problem.key}: {problem.what}" for problem in caught.value.facts["found"]]


def test_components_come_with_their_options_checked(file):
    source, detector = check_components(file("{speed: fast, parts: [{size: small, grains: 3}]}"), discover())
    assert (source.name, source.kind, detector.name, detector.kind) == ("lobby", "source", "blobs", "detector")
    assert detector.options.speed == "fast"
    assert detector.options.parts[0].grains == 3


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ("{sped: fast}", "6: detectors.blobs.options.sped: unknown key; did you mean 'speed'?"),
        ("{speed: fsat}", "6: detectors.blobs.options.speed: has to be 'slow' or 'fast'; did you mean 'fast'?"),
        ("{odd: 2}", "6: detectors.blobs.options.odd: has to be odd"),
        ("{odd: 0}", "could not check its options: it raised ZeroDivisionError"),
        ("{parts: [{size: small, stones: 1}]}", "6: detectors.blobs.options.parts[0].stones: unknown key"),
        ("{parts: [{size: sesame}]}", "6: detectors.blobs.options.parts[0]: 'size' has to be one of 'small', 'large'"),
        ("\n          key: [sesame]", "7: detectors.blobs.options.key: has to be text"),
        ("{key: env:NO_SUCH_NAME}", "6: detectors.blobs.options.key: the environment variable NO_SUCH_NAME is not set"),
    ],
)
def test_a_wrong_option_is_told_at_its_line_without_its_value(file, options, problem):
    (only,) = found(file(options))
    assert problem in only
    assert "sesame" not in only


def test_a_plugin_that_is_not_there_is_one_of_the_problems(file):
    more = "notifiers:\n  a: {use: nothing/there}\n  b: {use: './plugin.py:Tell'}\n"
    first, second = found(file(more=more))
    assert first.startswith("11: notifiers.a.use: IR2002: No plugin 'nothing' is installed.")
    assert second.startswith("12: notifiers.b.use: IR2012: ")
    assert "Teller" in second


def test_secrets_come_from_the_environment_and_from_files_beside_the_pipeline_file(file, tmp_path, monkeypatch):
    monkeypatch.setenv("BLOB_KEY", "sesame")
    _, detector = check_components(file("{key: env:BLOB_KEY}"), discover())
    assert detector.options.key.get_secret_value() == "sesame"
    (tmp_path / "key.txt").write_text("open barley\n")
    monkeypatch.chdir("/")
    _, detector = check_components(file("{key: file:key.txt}"), discover())
    assert detector.options.key.get_secret_value() == "open barley"
    assert "barley" not in repr(detector)


def test_what_cannot_be_made_is_told(file, tmp_path):
    loaded = file()
    components = check_components(loaded, discover())
    assert set(make_components(loaded, components)) == {"lobby", "blobs"}
    (tmp_path / "other.py").write_text(PLUGIN.replace("self.options = options", "self.options = 1 / 0"))
    (tmp_path / "other.yaml").write_text(FILE.replace("plugin.py:Blob", "other.py:Blob").replace("OPTIONS", "{}"))
    other = load(tmp_path / "other.yaml")
    with pytest.raises(InstantReactError, match=r"5: detectors\.blobs\.use: IR2008"):
        make_components(other, check_components(other, discover()))
