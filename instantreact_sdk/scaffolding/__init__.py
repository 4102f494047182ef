"""New plugins: what ``new-plugin`` makes."""

from instantreact_sdk.registry import KINDS
from instantreact_sdk.scaffolding.layout import CIS, LICENSES, Ci, License
from instantreact_sdk.scaffolding.scaffold import Scaffold, scaffold

__all__ = ["CIS", "KINDS", "LICENSES", "Ci", "License", "Scaffold", "scaffold"]
