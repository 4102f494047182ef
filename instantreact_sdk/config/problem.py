"""What is wrong with a pipeline file, with where."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from instantreact_sdk.config.marks import Place
from instantreact_sdk.errors import InstantReactError


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake, or one thing to look at.

    Attributes:
        path: The file, as the caller named it.
        line: Line in it, from 1.
        place: Keys and list positions that lead there.
        what: What is wrong and what to do about it, as part of a sentence.
    """

    path: str
    line: int
    place: Place
    what: str

    @property
    def key(self) -> str:
        """The place as text: ``rules.intruder.notify[0]``.

        What stands behind a colon in a key is left out: where its space was forgotten, that was meant as a value.
        """
        text = "".join(f"[{part}]" if isinstance(part, int) else f".{part.partition(':')[0]}" for part in self.place)
        return text.removeprefix(".")

    def __str__(self) -> str:
        return (
            f"{self.path}:{self.line}: {self.key}: {self.what}"
            if self.place
            else f"{self.path}:{self.line}: {self.what}"
        )


def refuse(problems: Collection[Problem]) -> InstantReactError:
    """The one error that lists all mistakes of a file, in the order of its lines; `facts["found"]` has them as they are."""
    found = sorted(problems, key=lambda problem: (problem.line, problem.key))
    return InstantReactError(
        "IR1003",
        path=found[0].path,
        count="1 mistake" if len(found) == 1 else f"{len(found)} mistakes",
        problems="\n".join(f"  {problem}" for problem in found),
        found=tuple(found),
    )
