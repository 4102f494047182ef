"""Printing for people and programs."""

from __future__ import annotations

import io
import json

from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from instantreact_sdk.cli.terminal import Terminal, json_text

RUDE = "\x1b[2J\x9bH[red]name[/] \u202e:smile:"
POLITE = "[2JH[red]name[/] :smile:"


def printed(renderable: object) -> str:
    file = io.StringIO()
    Terminal(file=file, width=80).print(renderable)
    return file.getvalue().rstrip()


def test_text_is_shown_as_it_is_but_for_what_a_terminal_obeys() -> None:
    table = Table(box=None, show_header=False, padding=0)
    table.add_row(RUDE)
    tree = Tree("why")
    tree.add(RUDE)
    assert printed(RUDE) == printed(Text(RUDE)) == printed(table) == POLITE
    assert printed(tree) == f"why\n└── {POLITE}"


def test_colours_still_reach_a_terminal() -> None:
    file = io.StringIO()
    Terminal(file=file, force_terminal=True, color_system="standard").print(Text(RUDE, style="red"))
    assert file.getvalue() == f"\x1b[31m{POLITE}\x1b[0m\n"


def test_json_says_the_same_and_no_terminal_obeys_it() -> None:
    text = json_text({"rule": RUDE, "caption": "Türe\n"})
    assert json.loads(text) == {"rule": RUDE, "caption": "Türe\n"}
    assert "Türe" in text
    assert not any(letter in text for letter in "\x1b\x9b\u202e")
