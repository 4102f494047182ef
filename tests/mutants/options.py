"""What breaks the promises of options, and of the secrets among them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, FilePath, PrivateAttr, SecretStr, field_validator

from instantreact_sdk import Options, Secret
from instantreact_sdk.testing import Case
from mutants.life import Spot
from mutants.mutant import Mutant


class Account(Options):
    user: str = ""
    """Name to log in with."""
    password: Secret = SecretStr("")
    """Password to log in with."""


class SpotOptions(Options):
    token: Secret
    """Key of the licence."""
    colour: Literal["red", "green"] = "red"
    """Colour of the spots."""
    above: float = Field(0.5, ge=0, le=1)
    """How bright they have to be."""
    weights: Path | None = None
    """A file with better numbers."""
    account: Account = Account()
    """Who may load them."""
    end_token: str = "<end>"
    """A word; no secret, whatever its name."""


class LicensedSpot(Spot):
    """A healthy detector with options of many types."""

    def __init__(self, options: SpotOptions):
        self.options = options

    @staticmethod
    def check(folder):
        yield Case(options={"token": "of-the-case"})


class KeyInAFile(LicensedSpot):
    """A healthy detector whose case writes the secret into a file beside itself, as people do with theirs."""

    @staticmethod
    def check(folder):
        (folder / "key").write_text("of-the-case")
        yield Case(options={"token": "file:key"})


class Lenient(SpotOptions):
    model_config = ConfigDict(extra="ignore")


class TakesAnyKey(LicensedSpot):
    def __init__(self, options: Lenient):
        self.options = options


class Size(BaseModel):
    width: int = Field(0, description="In pixels.")


class Sized(SpotOptions):
    size: Size = Size()
    """Of the spots."""


class TakesAnyKeyInside(LicensedSpot):
    def __init__(self, options: Sized):
        self.options = options


class Undescribed(SpotOptions):
    speed: float = 1.0


class HasABareOption(LicensedSpot):
    def __init__(self, options: Undescribed):
        self.options = options


class StrictSize(BaseModel):
    model_config = ConfigDict(extra="forbid")
    width: int = 0


class UndescribedInside(SpotOptions):
    size: StrictSize = StrictSize()
    """Of the spots."""


class HasABareOptionInside(LicensedSpot):
    def __init__(self, options: UndescribedInside):
        self.options = options


class Locked(SpotOptions):
    _lock: Any = PrivateAttr(default_factory=threading.Lock)


class HoldsALock(LicensedSpot):
    def __init__(self, options: Locked):
        self.options = options


class Threshold:
    """Compares by identity."""

    def __init__(self, value):
        self.value = value


class Incomparable(SpotOptions):
    _threshold: Any = PrivateAttr(default_factory=lambda: Threshold(0.5))


class DiffersFromItself(LicensedSpot):
    def __init__(self, options: Incomparable):
        self.options = options


class Thawed(SpotOptions):
    model_config = ConfigDict(frozen=False)


class CanBeChanged(LicensedSpot):
    def __init__(self, options: Thawed):
        self.options = options


def brightness(image):
    return image.max()


class WithFunction(SpotOptions):
    measure: Callable[[Any], float] = brightness
    """What is compared with `above`."""


class TakesAFunction(LicensedSpot):
    def __init__(self, options: WithFunction):
        self.options = options


class WithObject(SpotOptions):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    kernel: np.dtype = np.dtype("uint8")
    """Type of the numbers."""


class TakesAnObject(LicensedSpot):
    def __init__(self, options: WithObject):
        self.options = options


class OutOfItsOwnRange(SpotOptions):
    limit: float = Field(0.0, gt=0)
    """Of the spot's width."""


class RefusesItsDefault(LicensedSpot):
    def __init__(self, options: OutOfItsOwnRange):
        self.options = options


class NoneForText(SpotOptions):
    name: str = None  # type: ignore[assignment]
    """Of the spots."""


class RefusesNone(LicensedSpot):
    def __init__(self, options: NoneForText):
        self.options = options


class Plain(SpotOptions):
    token: str  # type: ignore[assignment]
    """Key of the licence."""


class KeepsAPlainToken(LicensedSpot):
    def __init__(self, options: Plain):
        self.options = options


class Login(Options):
    api_key: str | None = None
    """Key."""


class PlainInside(SpotOptions):
    login: Login = Login()
    """Who may load better numbers."""


class KeepsAPlainKeyInside(LicensedSpot):
    def __init__(self, options: PlainInside):
        self.options = options


class Quoting(SpotOptions):
    model_config = ConfigDict(hide_input_in_errors=False)


class QuotesItsInput(LicensedSpot):
    def __init__(self, options: Quoting):
        self.options = options


class Quarrelsome(SpotOptions):
    @field_validator("token")
    @classmethod
    def long_enough(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().replace("-", "").isalpha():
            raise ValueError(f"{value.get_secret_value()} is no token")
        return value


class QuotesInAValidator(LicensedSpot):
    def __init__(self, options: Quarrelsome):
        self.options = options


class ShowsItself(LicensedSpot):
    def __repr__(self):
        return f"ShowsItself(token={self.options.token.get_secret_value()!r})"


class Logged(SpotOptions):
    def __str__(self):
        return f"colour={self.colour} token={self.token.get_secret_value()}"


class ShowsItsOptions(LicensedSpot):
    def __init__(self, options: Logged):
        self.options = options


class Pydantics(SpotOptions):
    token: SecretStr
    """Key of the licence."""


class ReadsNoVariable(LicensedSpot):
    def __init__(self, options: Pydantics):
        self.options = options


class WeightsOptions(Options):
    weights: Path
    """What it has learned."""


class Learned(Spot):
    """A healthy detector with weights in a file."""

    def __init__(self, options: WeightsOptions):
        self.options = options

    def open(self, context):
        (context.base / self.options.weights).read_bytes()

    @staticmethod
    def check(folder):
        (folder / "weights.npy").write_bytes(b"1")
        yield Case(options={"weights": str(folder / "weights.npy")})


class LooksWhereItWasStarted(Learned):
    def open(self, context):
        self.options.weights.read_bytes()


class ExistingWeights(Options):
    weights: FilePath
    """What it has learned."""


class TakesAFilePath(Learned):
    def __init__(self, options: ExistingWeights):
        self.options = options


HEALTHY = [LicensedSpot, KeyInAFile, Learned]
MUTANTS = [
    Mutant("relative-paths-begin-at-the-base", LooksWhereItWasStarted, "with `weights` relative to the folder"),
    Mutant("relative-paths-begin-at-the-base", TakesAFilePath, "Path does not point to a file"),
    Mutant("options-refuse-unknown-keys", TakesAnyKey, "'no_such_option' without a word"),
    Mutant("options-refuse-unknown-keys", TakesAnyKeyInside, "Size, the model of its option size"),
    Mutant("options-are-described", HasABareOption, "its option speed"),
    Mutant("options-are-described", HasABareOptionInside, "its option size.width"),
    Mutant("options-survive-pickling", HoldsALock, "cannot pickle '_thread.lock'"),
    Mutant("options-survive-pickling", DiffersFromItself, "do not equal them"),
    Mutant("options-are-frozen", CanBeChanged, "its option token can be set"),
    Mutant("options-make-a-schema", TakesAFunction, "CallableSchema"),
    Mutant("options-make-a-schema", TakesAnObject, "IsInstanceSchema"),
    Mutant("options-accept-their-defaults", RefusesItsDefault, "its option limit refuses its own default"),
    Mutant("options-accept-their-defaults", RefusesNone, "its option name refuses its own default"),
    Mutant("options-hide-secrets", KeepsAPlainToken, "its option token is a plain text"),
    Mutant("options-hide-secrets", KeepsAPlainKeyInside, "its option login.api_key is a plain text"),
    Mutant("options-hide-secrets", QuotesItsInput, "shows the value of a secret"),
    Mutant("options-hide-secrets", QuotesInAValidator, "shows the value of a secret"),
    Mutant("options-hide-secrets", ShowsItself, "repr of the component shows the option token"),
    Mutant("options-hide-secrets", ShowsItsOptions, "str of its options shows the option token"),
    Mutant("secrets-come-from-outside", ReadsNoVariable, "its option token takes env:NAME for the secret itself"),
]
