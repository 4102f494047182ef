"""``--store``: the store that a command looks into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from instantreact_sdk.errors import InstantReactError

if TYPE_CHECKING:
    from instantreact_sdk.alerts.store import Store

_FILE = "instantreact.db"

StoreOption = Annotated[
    str,
    typer.Option(
        "--store",
        "-s",
        help="The store: a folder with instantreact.db, a file, or a URL.",
        show_default="./instantreact.db",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def opened(store: str) -> Store:
    """The store that is there.

    Args:
        store: A folder, a file or a URL.

    Raises:
        InstantReactError: IR5001 to IR5007; IR6001, the driver is not installed.
    """
    from instantreact_sdk.alerts.store import Store

    return Store.open(store_url(store), create=False)


def store_url(store: str) -> str:
    """The URL of a store.

    Args:
        store: A folder, a file or a URL.

    Raises:
        InstantReactError: IR5007, there is no such folder or file.
    """
    from pathlib import Path

    if "://" in store:
        return store
    path = Path(store)
    if path.is_dir():
        path /= _FILE
    if not path.exists():
        raise InstantReactError("IR5007", path=path, near=_near())
    return f"sqlite:///{path.absolute()}"


def _near() -> str:
    """Stores that may be meant: that of a run lies beside its pipeline file, those of analyses in their results."""
    from pathlib import Path

    from instantreact_sdk.errors.wording import listed

    inside = sorted(Path().glob(f"*/{_FILE}"), key=lambda path: path.stat().st_mtime, reverse=True)
    found = [str(path) for path in (*Path().glob(_FILE), *inside[:2])]
    return f"; here there is {listed(found, 'and')}" if found else ""
