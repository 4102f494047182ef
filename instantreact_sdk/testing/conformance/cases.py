"""Making the cases of a component."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from instantreact_sdk.registry import Choice
from instantreact_sdk.registry.fault import Fault, guarded
from instantreact_sdk.registry.importing import load_attribute
from instantreact_sdk.testing.conformance.case import Case
from instantreact_sdk.testing.conformance.check import CheckFailed, NotApplicable


class Cases:
    """The cases of one component, of which most checks share one: it may have written weights of half a gigabyte.

    The first is cleaned up, to see whether that works; the shared one ends with the process. A check has one of its own where there is a fake,
    which remembers what it was asked, or where the component writes files, which another check would find.

    Args:
        choice: The component.
        copy: Copies an input, for one that was changed must not be given to the next check.
        folder: For the one that is shared; it need not exist.
        is_plugins: Whether a plugin brings it; a class of a file may do without a case.
    """

    def __init__(self, choice: Choice, copy: Callable[[Any], Any], folder: Path, *, is_plugins: bool) -> None:
        self._choice = choice
        self._copy = copy
        self._folder = folder
        self._is_plugins = is_plugins
        self._may_share = False
        self._shared: Case | None = None
        self._stack = ExitStack()

    @contextmanager
    def case(self, folder: Path) -> Iterator[Case]:
        """One case, for as long as this lasts.

        Args:
            folder: An empty folder, which it may write to.

        Raises:
            CheckFailed: The spec's ``check`` is not what it should be.
            NotApplicable: The spec names none.
        """
        if self._may_share:
            if self._shared is None:
                self._folder.mkdir()
                self._shared = self._stack.enter_context(self._made(self._folder))
            yield replace(self._shared, inputs=[*map(self._copy, self._shared.inputs)])
            return
        with self._made(folder) as case:
            yield case
        self._may_share = case.fake is None and not self._choice.spec.needs.files

    def base(self, folder: Path) -> Path:
        """Where relative paths of the options begin, for a check that has this folder."""
        return self._folder if self._may_share else folder

    @contextmanager
    def _made(self, folder: Path) -> Iterator[Case]:
        target = self._choice.spec.check
        if not target:
            if self._is_plugins:
                raise NotApplicable("its spec names no `check`, so there is nothing to check it with")
            yield Case()
            return
        try:
            function = load_attribute(target)
            if not inspect.isgeneratorfunction(function):
                raise CheckFailed(f"{target} is no generator function: it has to yield one Case")
            with guarded(target):
                context = contextmanager(function)(folder)
                case = context.__enter__()
        except Fault as fault:
            raise CheckFailed(fault.cause) from fault
        if not isinstance(case, Case):
            raise CheckFailed(f"{target} yielded a {type(case).__name__}, no Case")
        yield case
        try:
            with guarded(f"cleaning up after {target}"):
                context.__exit__(None, None, None)
        except Fault as fault:
            raise CheckFailed(fault.cause) from fault
