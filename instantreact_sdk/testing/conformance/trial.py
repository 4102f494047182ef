"""What a check has in its hands: the component, what it is checked with, and a place of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import listed
from instantreact_sdk.interfaces import Component, Context
from instantreact_sdk.interfaces.secret import secrets_beside
from instantreact_sdk.registry import Choice
from instantreact_sdk.registry.fault import in_words, where
from instantreact_sdk.testing.conformance.case import Case
from instantreact_sdk.testing.conformance.cases import Cases
from instantreact_sdk.testing.conformance.check import CheckFailed, Invalid, NotApplicable

if TYPE_CHECKING:
    from pydantic import BaseModel

    from instantreact_sdk.testing.conformance.work import Work

_LOG = logging.getLogger("instantreact.conformance")
_LOG.addHandler(logging.NullHandler())
_LOG.propagate = False

_INVALID = ("IR4003", "IR4007", "IR4011")


class Refused(CheckFailed):
    """The component raised an error of the SDK.

    Args:
        doing: What it did meanwhile.
        error: What it raised.
    """

    def __init__(self, doing: str, error: InstantReactError) -> None:
        super().__init__(f"{doing} failed: {str(error).rstrip('.')}")
        self.error = error


@dataclass(frozen=True, slots=True)
class Hooks:
    """How importing a plugin's ``hooks.py`` went.

    Attributes:
        module: Its name; empty for a component that no plugin brings.
        heavy: Heavy modules that it pulled in.
        milliseconds: How long it took, once the SDK itself was there.
    """

    module: str = ""
    heavy: tuple[str, ...] = ()
    milliseconds: float = 0.0


@dataclass(slots=True)
class Trial:
    """One check of one component.

    Attributes:
        choice: The component, found but not made.
        folder: An empty folder that may be written to.
        work: How components of its kind are put to work.
        hooks: How importing its plugin's hooks went.
        announce: Tells whoever watches what is being called, and that it came back (an empty string).
        cases: Makes what it is checked with.
        told: What the component told of its health.
        case: What it is checked with.
    """

    choice: Choice
    folder: Path
    work: Work
    hooks: Hooks
    announce: Callable[[str], None]
    cases: Cases
    told: list[tuple[str, str]] = field(default_factory=list)
    _case: Case | None = None
    _stack: ExitStack = field(default_factory=ExitStack)

    @property
    def case(self) -> Case:
        """What the component is checked with; made when first asked for, cleaned up by `close`.

        Raises:
            CheckFailed: The spec's ``check`` is not what it should be.
            NotApplicable: The spec names none.
        """
        if self._case is None:
            self._case = self._stack.enter_context(self.cases.case(self.folder))
        return self._case

    @property
    def base(self) -> Path:
        """Where relative paths in the options begin: the folder that the case wrote its files to."""
        return self.cases.base(self.folder)

    def close(self) -> None:
        """Clean up after the case."""
        self._stack.close()

    def options(self, changed: Mapping[str, Any] | None = None) -> BaseModel:
        """The case's options, validated; some of them changed, where wanted.

        Raises:
            CheckFailed: The model refuses them.
            NotApplicable: There is no case, and they are not all optional.
        """
        from pydantic import ValidationError

        model = self.options_type()
        try:
            with self.calling("validating the case's options"), secrets_beside(self.base):
                return model.model_validate({**self.case.options, **(changed or {})})
        except CheckFailed as error:
            if not isinstance(error.__cause__, ValidationError):
                raise
            wrong = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.__cause__.errors()]
            if not self.choice.spec.check:
                raise NotApplicable(
                    f"it has options without a default, and no `check` ({listed(wrong, 'and')})"
                ) from error
            raise CheckFailed(f"its options refuse those of the case: {listed(wrong, 'and')}") from error

    def options_type(self) -> type[BaseModel]:
        """The model of its options."""
        with self.calling("importing its options"):
            return self.choice.options_type()

    def make(self, options: BaseModel | None = None) -> Any:
        """A new instance that is not open."""
        chosen = options or self.options()
        with self.calling("its constructor"):
            return self.choice.make(chosen)

    def context(self, **changed: Any) -> Context:
        """What `open` is given: a log that goes nowhere, a cache folder, and a record of health in `told`."""
        given = {
            "name": "checked",
            "health": lambda kind, detail: self.told.append((kind, detail)),
            "log": _LOG,
            "base": self.base,
            "cache_dir": self.folder / "cache",
        }
        return Context(**{**given, **changed})

    @contextmanager
    def opened(self, options: BaseModel | None = None, context: Context | None = None) -> Iterator[Any]:
        """A new instance, open as long as this lasts."""
        component = self.make(options)
        try:
            self.open(component, context)
            yield component
        finally:
            self.shut(component)

    def open(self, component: Component, context: Context | None = None) -> None:
        """Open an instance."""
        with self.calling("open"):
            component.open(context or self.context())

    def shut(self, component: Component) -> None:
        """Close an instance."""
        with self.calling("close"):
            component.close()

    @contextmanager
    def calling(self, what: str) -> Iterator[None]:
        """While the component's code runs: whoever watches knows what is being called, and what it raises becomes a failure.

        Args:
            what: As in "detect".

        Raises:
            Invalid: It made a value that its type refuses.
            Refused: It raised an error of the SDK.
            CheckFailed: It raised something else.
        """
        self.announce(what)
        try:
            yield
        except (CheckFailed, NotApplicable):
            raise
        except InstantReactError as error:
            if error.code in _INVALID:
                raise Invalid(f"{what} failed: {error.what.rstrip('.')}{where(error)}") from error
            raise Refused(what, error) from error
        except Exception as error:
            raise CheckFailed(f"{what} raised {in_words(error)}{where(error)}") from error
        except SystemExit as error:
            raise CheckFailed(f"{what} tried to end the process{where(error)}") from error
        finally:
            self.announce("")
