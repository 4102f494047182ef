"""What holds for the options of every component."""

from __future__ import annotations

import copy
import json
import pickle
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from instantreact_sdk.errors.wording import listed
from instantreact_sdk.interfaces.secret import secrets_beside
from instantreact_sdk.testing.conformance.check import CheckFailed, NotApplicable, check
from instantreact_sdk.testing.conformance.fields import fields_of, key, models_in
from instantreact_sdk.testing.conformance.trial import Trial

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

_VALID = ("has-a-valid-case",)
_UNKNOWN = "no_such_option"


@check(needs=_VALID)
def options_refuse_unknown_keys(trial: Trial) -> None:
    """The options refuse keys that they do not have.

    Why: a mistyped key that is taken without a word leaves the default in place, and nobody knows why the setting has no
    effect.

    To fix: derive the model from `instantreact_sdk.Options`, models inside it too, and do not set `extra` in its
    `model_config`.
    """
    trial.options()
    if refusal(trial, {**trial.case.options, _UNKNOWN: 1}) is None:
        raise CheckFailed(f"its options take the unknown key {_UNKNOWN!r} without a word")
    for place, model in models_in(trial.options_type()):
        if model.model_config.get("extra") != "forbid":
            raise CheckFailed(f"{model.__name__}, the model of its option {place}, takes unknown keys without a word")


@check(needs=_VALID)
def options_are_described(trial: Trial) -> None:
    '''Every option has a description.

    Why: it is the documentation of the pipeline file: editors show it, and `plugins info` prints it.

    To fix: write a string below the field; in a model that is no `instantreact_sdk.Options`, set `use_attribute_docstrings=True`.

        class BlobOptions(Options):
            colour: str = "red"
            """Colour of the blobs to look for."""
    '''
    bare = [place for place, info in _fields(trial) if not (info.description or "").strip()]
    if bare:
        raise CheckFailed(f"there is no description of its option {listed(bare, 'and')}")


@check(needs=_VALID)
def options_survive_pickling(trial: Trial) -> None:
    """The options equal themselves after a trip through `pickle`, and after `copy.deepcopy`.

    Why: they travel to the process in which the pipeline runs, and to the one that delivers.

    To fix: keep plain values in the model, and make from them in `open` what cannot travel (files, locks, sockets, functions). Give
    values of your own types an `__eq__`; a frozen dataclass has one.
    """
    options = trial.options()
    trips: Mapping[str, Callable[[Any], Any]] = {
        "pickling its options": lambda it: pickle.loads(pickle.dumps(it)),  # noqa: S301  (we pickled it)
        "copying its options": copy.deepcopy,
    }
    for doing, trip in trips.items():
        with trial.calling(doing):
            equal = bool(trip(options) == options)
        if not equal:
            raise CheckFailed(f"{doing} gives options that do not equal them")


@check(needs=_VALID)
def options_are_frozen(trial: Trial) -> None:
    """The options cannot be changed once they are made.

    Why: several components may be made of one options object; what one of them changes would change the others, and differ
    from the pipeline file.

    To fix: derive the model from `instantreact_sdk.Options`, and do not set `frozen` in its `model_config`. Keep what changes in the component.
    """
    options = trial.options()
    for name in _names(trial):
        try:
            setattr(options, name, getattr(options, name))
        except (AttributeError, TypeError, ValueError):  # pydantic's error is a ValueError
            continue
        raise CheckFailed(f"its option {name} can be set after the options were made")


@check(needs=_VALID)
def options_make_a_schema(trial: Trial) -> None:
    """The options have a JSON Schema, with all their defaults, and can be written as JSON.

    Why: editors check the pipeline file by it, and so do forms on web pages.

    To fix: use types that pydantic knows (`Path`, `float`, `Literal["red", "green"]`, models), and make arrays, functions and objects of
    your own from them in the constructor or in `open`.
    """
    from pydantic.json_schema import PydanticJsonSchemaWarning

    options = trial.options()
    with trial.calling("making the JSON Schema of its options"), warnings.catch_warnings():
        warnings.simplefilter("error", PydanticJsonSchemaWarning)  # it leaves out a default that is no JSON
        json.dumps(trial.options_type().model_json_schema())
    with trial.calling("writing its options as JSON"):
        options.model_dump_json()


@check(needs=_VALID)
def options_accept_their_defaults(trial: Trial) -> None:
    """Every default is a value that the option would accept from the pipeline file.

    Why: pydantic does not look at defaults. One that breaks the option's own rule works until somebody writes it into the
    file, where it is documented.

    To fix: mend the default or the rule: `limit: float = Field(0.0, gt=0)` wants `ge=0`, and `name: str = None` wants `str | None`.
    """
    trial.options()
    for name, info in trial.options_type().model_fields.items():
        if info.is_required() or info.default_factory_takes_validated_data:
            continue
        with trial.calling(f"making the default of {name}"):
            default = info.get_default(call_default_factory=True)
        error = refusal(trial, {**trial.case.options, key(name, info): default})
        for one in error.errors(include_input=False) if error else ():
            if one["loc"][:1] == (key(name, info),):
                raise CheckFailed(f"its option {name} refuses its own default: {one['msg']}")


def refusal(trial: Trial, values: Mapping[str, Any]) -> ValidationError | None:
    """What the options model says against some options; None where it takes them."""
    from pydantic import ValidationError

    model = trial.options_type()
    try:
        with trial.calling("validating options"), secrets_beside(trial.base):
            model.model_validate(values)
    except CheckFailed as error:
        if isinstance(error.__cause__, ValidationError):
            return error.__cause__
        raise
    return None


def _fields(trial: Trial) -> Iterator[tuple[str, Any]]:
    _names(trial)
    return fields_of(trial.options_type())


def _names(trial: Trial) -> list[str]:
    model: type[BaseModel] = trial.options_type()
    if not model.model_fields:
        raise NotApplicable("it has no options")
    return [*model.model_fields]
