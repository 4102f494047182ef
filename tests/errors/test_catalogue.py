"""The error catalogue: its codes are stable, its sentences complete, and nothing in it is dead."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest
from golden import same_as_golden

from instantreact_sdk.errors import (
    CATALOGUE,
    InstantReactError,
    config,
    datasets,
    delivery,
    media,
    plugins,
    running,
    usage,
)

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(r"IR\d{4}")
RANGES = {config: "IR1", plugins: "IR2", media: "IR3", running: "IR4", delivery: "IR5", usage: "IR6", datasets: "IR7"}
ENTRIES = [entry for module in RANGES for entry in module.ENTRIES]
by_code = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)


def placeholders(entry) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(f"{entry.what} {entry.fix}") if name is not None}


def is_code(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(CODE.fullmatch(node.value))


def constants_and_calls() -> tuple[set[str], list[tuple[str, ast.Call]]]:
    """Codes that the SDK and the plugins name outside the catalogue's tables, and the calls that begin with one."""
    tables = {Path(module.__file__) for module in RANGES}
    files = [*ROOT.glob("instantreact_sdk/**/*.py"), *ROOT.glob("plugins/*/src/**/*.py")]
    nodes = [
        (file, node)
        for file in set(files) - tables
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"), str(file)))
    ]
    codes = {node.value for _, node in nodes if is_code(node)}
    calls = [
        (f"{file.relative_to(ROOT)}:{node.lineno}", node)
        for file, node in nodes
        if isinstance(node, ast.Call) and node.args and is_code(node.args[0])
    ]
    return codes, calls


def test_a_code_stands_for_one_thing():
    codes = [entry.code for entry in ENTRIES]
    assert len(codes) == len(set(codes)) == len(CATALOGUE)


@pytest.mark.parametrize(("module", "start"), RANGES.items(), ids=RANGES.values())
def test_a_range_of_codes_has_one_file_in_ascending_order(module, start):
    codes = [entry.code for entry in module.ENTRIES]
    assert all(CODE.fullmatch(code) and code.startswith(start) for code in codes)
    assert codes == sorted(codes)


@by_code
def test_a_message_is_whole_sentences(entry):
    for sentence in filter(None, (entry.what, entry.fix)):
        assert sentence == sentence.strip()
        assert sentence[0].isupper() or sentence[0] in "{`"
        assert sentence[-1] in ".}?"
    assert entry.fix, "a message says what to do"


@by_code
def test_a_message_is_made_from_its_facts_alone(entry):
    """Numbers suit every format that the sentences use, and every fact appears in the message."""
    facts = {name: 7000 + number for number, name in enumerate(sorted(placeholders(entry)))}
    message = str(InstantReactError(entry.code, **facts))
    assert message.startswith(f"{entry.code}: ")
    assert "{" not in message
    assert all(str(fact) in message for fact in facts.values())


def test_every_code_is_used_and_every_used_code_exists():
    used, _ = constants_and_calls()
    assert used == set(CATALOGUE)


def test_every_place_that_raises_gives_the_facts_that_its_message_needs():
    _, calls = constants_and_calls()
    wrong = []
    for place, call in calls:
        code = call.args[0].value
        given = {keyword.arg for keyword in call.keywords}
        if None not in given and code in CATALOGUE and not placeholders(CATALOGUE[code]) <= given:
            wrong.append(f"{place} {code} lacks {placeholders(CATALOGUE[code]) - given}")
    assert calls
    assert wrong == []


def test_messages_are_those_of_the_golden_file():
    text = "".join(f"{entry.code} (exit {entry.exit})\n  {entry.what}\n  {entry.fix}\n\n" for entry in ENTRIES)
    same_as_golden(Path(__file__).with_name("catalogue.golden"), text)
