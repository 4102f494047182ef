"""What is there already: a plugin, a distribution or a package of that name. Nothing is imported to find out."""

from __future__ import annotations

import importlib.util
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.registry import discover
from instantreact_sdk.scaffolding.names import Names


def check_free(names: Names, folder: Path) -> None:
    """See that nothing has the plugin's names already, besides what lies in the folder itself.

    Args:
        names: The plugin's.
        folder: Where it is to be; what was installed from there for editing may be made anew.

    Raises:
        InstantReactError: IR6023, a plugin or a distribution of that name is installed; IR6024, a package is there.
    """
    where = _package(names.package)
    if where and where.is_relative_to(folder.resolve()):
        return
    for record in discover(probe=False).records:
        if names.name == record.plugin:
            raise InstantReactError("IR6023", what=f"A plugin {names.name!r}", by=record.title)
    try:
        installed = distribution(names.distribution)
    except PackageNotFoundError:
        pass
    else:
        by = f"{names.distribution} {installed.version}"
        raise InstantReactError("IR6023", what="A distribution of that name", by=by)
    if where:
        raise InstantReactError("IR6024", package=names.package, where=where)


def _package(name: str) -> Path | None:
    """Where a package would be imported from."""
    spec = importlib.util.find_spec(name)  # a name without dots: nothing is imported
    if spec is None:
        return None
    places = [spec.origin] if spec.origin else [*(spec.submodule_search_locations or ())]
    return Path(places[0]).resolve()
