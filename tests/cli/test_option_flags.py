"""Models of options as flags."""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path
from typing import Literal

import pytest
import typer
from golden import same_as_golden
from pydantic import BaseModel, Field

from instantreact_sdk import Options, Secret
from instantreact_sdk.cli.option_flags import flags_of, given, named
from instantreact_sdk.cli.plugin_flags import with_flags, words_in


class Size(Enum):
    SMALL = "small"
    LARGE = "large"


class Inner(BaseModel):
    size: int = 300


class Many(Options):
    epochs: int = Field(20, ge=1, le=1000)
    """How often every picture is looked at."""
    learning_rate: float | Literal["auto"] = "auto"
    """How far each step goes, in [0, 1]."""
    momentum: float = Field(0.9, ge=0, lt=1)
    """How much of the last step is kept."""
    optimizer: Literal["sgd", "adam"] = "sgd"
    """What makes the steps."""
    input_size: Literal[300, 512] = 300
    """Pixels each way."""
    size: Size = Size.SMALL
    """Of the network."""
    augment: bool = True
    """Whether pictures are varied."""
    freeze: bool | None = None
    """Whether the first layers stay as they are."""
    scales: tuple[float, ...] = (0.1, 0.5)
    """Of the priors."""
    mean: tuple[float, float, float] = (0.5, 0.5, 0.5)
    """Of red, green and blue."""
    classes: list[str] | None = None
    """Which to look for."""
    weights: Path
    """A file."""
    base_weights: str | float | None = "imagenet"
    """What it begins with."""
    gradient_limit: float | None = 10.0
    """How long a step may be."""
    token: Secret | None = None
    """Of a service."""
    architecture: Inner = Inner()
    """What it is made of."""
    aspect_ratios: tuple[tuple[float, ...], ...] = ((2,), (2, 3))
    """Of each map."""
    rates: dict[str, float] = {}  # noqa: RUF012  (pydantic copies it)
    """By layer."""


FLAGS, OTHERS = flags_of(Many, frozenset())


def typed(name: str, text: str) -> object:
    """What the model makes of a flag's value."""
    options = Many.model_validate({"weights": "w", **given(FLAGS, {name: text}, [])})
    return getattr(options, name)


def test_flags_are_those_of_the_golden_file():
    lines = [f"{flag.name} {flag.shape or '(yes or no)'}\n    {flag.help}\n" for flag in FLAGS]
    same_as_golden(Path(__file__).with_name("option_flags.golden"), "".join(lines))


def test_what_cannot_be_written_in_one_word_has_no_flag():
    assert OTHERS == ["architecture", "aspect_ratios", "rates"]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("epochs", "3", 3),
        ("learning_rate", "1e-3", 0.001),
        ("learning_rate", "auto", "auto"),
        ("optimizer", "adam", "adam"),
        ("input_size", "512", 512),
        ("size", "large", Size.LARGE),
        ("scales", "0.1, 0.2,0.3", (0.1, 0.2, 0.3)),
        ("scales", "", ()),
        ("classes", "person,dog", ["person", "dog"]),
        ("classes", "none", ["none"]),
        ("weights", "runs/a", Path("runs/a")),
        ("base_weights", "vgg16.pth", "vgg16.pth"),
        ("base_weights", "0.5", 0.5),
        ("base_weights", "none", "none"),
        ("gradient_limit", "none", None),
        ("gradient_limit", "2", 2.0),
    ],
)
def test_a_value_becomes_what_its_model_wants(name, text, value):
    assert typed(name, text) == value


def test_what_has_no_flag_is_set_by_its_path_in_yaml():
    written = ["architecture.size=512", "aspect-ratios=[[2], [2, 3]]", "rates={conv1: 0.1}"]
    options = Many.model_validate({"weights": "w", **given(FLAGS, {}, written)})
    assert (options.architecture.size, options.aspect_ratios, options.rates) == (512, ((2,), (2, 3)), {"conv1": 0.1})


@pytest.mark.parametrize("text", ["size", "=3", "a..b=1", "a=[", "epochs.more=1"])
def test_what_is_no_name_and_value_is_refused(text):
    with pytest.raises(typer.BadParameter):
        given(FLAGS, {"epochs": "3"}, [text])


def test_mistakes_are_called_as_the_user_knows_them():
    name = named(FLAGS)
    assert [name(("learning_rate",)), name(("scales", 1)), name(("architecture", "size"))] == [
        "--learning-rate",
        "--scales",
        "--option architecture.size",
    ]


def test_flags_that_the_command_has_itself_are_left_to_option():
    flags, others = flags_of(Many, frozenset({"weights"}))
    assert "weights" not in {flag.option for flag in flags}
    assert "weights" in others


@pytest.mark.parametrize(
    ("words", "first", "found"),
    [
        (["a/b", "--out", "x"], "a/b", {"out": "x"}),
        (["--out", "x", "a/b", "--epochs", "3"], "a/b", {"out": "x"}),
        (["--out=x", "--resume", "a/b"], "a/b", {"out": "x"}),
        (["--epochs", "3", "a/b", "--out", "x"], "a/b", {"out": "x"}),
        (["--epochs", "3", "./blob.py:Blob"], "./blob.py:Blob", {}),
        (["ssd", "--data", "voc:x"], "ssd", {"data": "voc:x"}),
        (["-o", "x"], "", {"out": "x"}),
        (["--resume", "-ox", "--epochs", "3"], "", {"out": "x"}),
        (["ssd", "--base-weights", "runs/a"], "ssd", {}),
        (["--resume", "ssd", "--base-weights", "runs/a"], "ssd", {}),
        ([], "", {}),
    ],
)
def test_the_component_is_found_before_its_flags_are_known(words, first, found):
    from instantreact_sdk.cli.train import train

    assert words_in(words, train) == (first, found)


def test_every_flag_is_a_parameter_of_the_command():
    from inspect import signature

    from instantreact_sdk.cli.train import train

    names = [*signature(with_flags(train, Many, of="a/b")).parameters]
    assert names[: names.index("epochs")] == ["use", "data", "out", "split", "validation", "resume", "as_json"]
    assert set(names[names.index("epochs") :]) == {flag.option for flag in FLAGS} | {"option"}


def test_secrets_have_no_default_to_show(monkeypatch):
    monkeypatch.setitem(os.environ, "TOKEN", "s3cret")
    flag = next(flag for flag in FLAGS if flag.option == "token")
    assert (flag.shape, flag.help) == ("SECRET", "Of a service.")
    assert typed("token", "env:TOKEN").get_secret_value() == "s3cret"


def test_an_option_that_is_called_as_a_flag_of_the_command_is_left_to_option():
    class Clash(BaseModel):
        o: int = 1

    from inspect import signature

    from instantreact_sdk.cli.train import train

    names = [*signature(with_flags(train, Clash, of="a/b")).parameters]
    assert "o" not in names
