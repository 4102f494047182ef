"""YAML text as plain data that remembers its lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from instantreact_sdk.errors import InstantReactError

Place = tuple[str | int, ...]
"""Where something is in the file: keys, and positions in lists."""

LONGEST_TEXT = 1_000_000
"""Characters of a pipeline file: ten thousand cameras."""
DEEPEST = 64
"""Levels of nesting; deeper ones would exhaust the stack of the parser."""
MOST_VALUES = 100_000
"""Values once aliases are followed: nine lines of aliases can stand for a billion values."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN = {"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}
_MERGE = "tag:yaml.org,2002:merge"
_NOT_A_VALUE = (ValueError, KeyError, IndexError, AttributeError, OverflowError, yaml.YAMLError)
"""What PyYAML's constructors raise for text that does not suit its tag."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The line of one value, and the marks of what is inside it."""

    line: int
    inner: Mapping[str | int, Mark] = field(default_factory=dict)

    def at(self, place: Place) -> int:
        """The line of a place, or of the innermost one around it that is there."""
        mark = self
        for part in place:
            if part not in mark.inner:
                break
            mark = mark.inner[part]
        return mark.line


def parse(text: str, name: str) -> tuple[Any, Mark]:
    """Plain data (mappings with text as keys, lists, scalars) and the lines of it all.

    Keys are text as it is written: ``1``, ``no`` and ``on`` are names like any other.

    Args:
        text: YAML.
        name: What errors call the file.

    Raises:
        InstantReactError: IR1002, it is no YAML, or uses more of YAML than a pipeline file may.
    """
    if len(text) > LONGEST_TEXT:
        raise InstantReactError("IR1002", path=name, line=1, problem=f"it is longer than {LONGEST_TEXT:,} characters")
    try:
        _refuse_depth(text, name)
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark or error.context_mark
        raise InstantReactError(
            "IR1002", path=name, line=at.line + 1 if at else 1, problem=_explained(error, text)
        ) from None
    except (yaml.reader.ReaderError, UnicodeEncodeError) as error:
        position = error.start if isinstance(error, UnicodeEncodeError) else error.position
        line = text.count("\n", 0, position) + 1
        raise InstantReactError("IR1002", path=name, line=line, problem="it holds a control character") from None
    if root is None:
        raise InstantReactError("IR1002", path=name, line=1, problem="it is empty")
    value, mark, _ = _Builder(name).build(root)
    return value, mark


def _refuse_depth(text: str, name: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise InstantReactError(
                "IR1002", path=name, line=line, problem=f"it is nested more than {DEEPEST} levels deep"
            )


def _explained(error: yaml.MarkedYAMLError, text: str) -> str:
    problem = error.problem or "it cannot be read"
    if "cannot start any token" in problem and error.problem_mark:
        at = error.problem_mark
        line = "".join(text.splitlines()[at.line : at.line + 1])
        character = line[at.column : at.column + 1]
        if character != "\t":
            return f"text cannot begin with `{character}`; put it in quotes"
    if "cannot start any token" in problem or "tab character" in problem:
        return "it is indented by a tab, which YAML does not allow; use spaces"
    if "mapping values are not allowed" in problem:
        return "a colon where none can be; put text that holds `: ` in quotes, and check the indentation"
    return problem


Built = tuple[Any, Mark, int]
"""A value, its marks, and how many values it holds."""


class _Builder:
    """Makes data of nodes; each node once, however many aliases lead to it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._constructor = yaml.constructor.SafeConstructor()
        self._built: dict[int, Built] = {}
        self._open: set[int] = set()

    def build(self, node: yaml.Node) -> Built:
        key = id(node)
        if key in self._open:
            raise self._refused(node, "an alias stands for something that holds the alias itself")
        if key not in self._built:
            self._open.add(key)
            self._built[key] = self._make(node)
            self._open.remove(key)
        built = self._built[key]
        if built[2] > MOST_VALUES:
            raise self._refused(node, f"its aliases stand for more than {MOST_VALUES:,} values")
        return built

    def _make(self, node: yaml.Node) -> Built:
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node), Mark(_line(node)), 1
        if node.tag not in _PLAIN:
            raise self._refused(node, f"the tag {node.tag} means nothing here")
        if isinstance(node, yaml.SequenceNode):
            items = [self.build(item) for item in node.value]
            marks: dict[str | int, Mark] = {
                index: Mark(_line(child), item[1].inner)
                for index, (child, item) in enumerate(zip(node.value, items, strict=True))
            }
            return [item[0] for item in items], Mark(_line(node), marks), 1 + sum(item[2] for item in items)
        assert isinstance(node, yaml.MappingNode)
        return self._mapping(node)

    def _mapping(self, node: yaml.MappingNode) -> Built:
        values: dict[str, Any] = {}
        marks: dict[str | int, Mark] = {}
        size = 1
        merged: list[Built] = []
        for key, child in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._refused(key, "a key has to be text")
            value, mark, weight = self.build(child)
            size += weight
            if key.tag == _MERGE:
                merged.extend(self._merged(child))
                continue
            if key.value in values:
                first = marks[key.value].line
                raise self._refused(key, f"the key {_quoted(key.value)} is there already, in line {first}")
            values[key.value] = value
            marks[key.value] = Mark(_line(key), mark.inner)
        for value, mark, _ in merged:
            for name in value:
                if name not in values:
                    values[name], marks[name] = value[name], mark.inner[name]
        return values, Mark(_line(node), marks), size

    def _merged(self, node: yaml.Node) -> list[Built]:
        parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if not all(isinstance(part, yaml.MappingNode) for part in parts):
            raise self._refused(node, "`<<` takes in mappings only")
        return [self.build(part) for part in parts]

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        try:
            return self._constructor.construct_object(node)
        except _NOT_A_VALUE:
            kind = node.tag.rpartition(":")[2]
            raise self._refused(
                node, f"this is no valid YAML value of the kind {kind}; put it in quotes if it is text"
            ) from None

    def _refused(self, node: yaml.Node, problem: str) -> InstantReactError:
        return InstantReactError("IR1002", path=self._name, line=_line(node), problem=problem)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _quoted(key: str) -> str:
    return repr(key.partition(":")[0][:64])  # what stands behind a colon may have been meant as a value
