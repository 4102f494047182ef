"""Which versions of the SDK a new plugin works with."""

from __future__ import annotations

from packaging.version import Version


def window(version: str) -> str:
    """The requirement of a plugin that is written with a version of the SDK: ``instantreact-sdk>=0.4,<1``.

    It reaches to the next major version, for 0.x too: the plugin API has a version of its own (the entry point group ``instantreact_sdk.v1``), which
    every SDK that can read it keeps, so that a tighter window would only lock plugins out.

    Args:
        version: The SDK's, as PEP 440 has it.
    """
    own = Version(version)
    oldest = own.public if own.is_prerelease else f"{own.major}.{own.minor}"  # 0.4 would leave out 0.4.0rc1
    return f"instantreact-sdk>={oldest},<{own.major + 1}"
