"""Which options hold secrets, and which only look as if they did."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from instantreact_sdk import Options, Secret
from instantreact_sdk.testing.conformance.fields import fields_of, is_secret, models_in, should_be_secret, shown


class Account(Options):
    user: str
    password: Secret
    above: Account | None = None


class Sample(Options):
    token: str
    api_key: str | None = None
    app_secret: str = ""
    headers: dict[str, Secret]
    keys: list[Secret]
    accounts: list[Account]
    end_token: str = "<end>"
    tokenizer: str = ""
    token_file: Path = Path("token.txt")
    has_secret: bool = False


def test_fields_are_found_in_models_inside_too_and_each_model_once():
    places = [place for place, _ in fields_of(Sample)]
    assert places[5:9] == ["accounts", "accounts.user", "accounts.password", "accounts.above"]
    assert [(place, model) for place, model in models_in(Sample)] == [
        ("accounts", Account),
        ("accounts.above", Account),
    ]


@pytest.mark.parametrize("place", ["headers", "keys", "accounts.password"])
def test_a_secret_is_found_however_it_is_wrapped(place):
    assert is_secret(dict(fields_of(Sample))[place])


def test_a_text_with_the_name_of_a_secret_should_be_one_unless_it_has_a_default():
    suspects = {place for place, info in fields_of(Sample) if should_be_secret(place, info)}
    assert suspects == {"token", "api_key", "app_secret"}


def test_secrets_are_shown_from_wherever_they_are():
    options = Sample(
        token="plain",
        headers={"Authorization": SecretStr("one")},
        keys=[SecretStr("two"), SecretStr("three")],
        accounts=[Account(user="anna", password=SecretStr("four"))],
    )
    assert [*shown(options)] == ["one", "two", "three", "four"]
