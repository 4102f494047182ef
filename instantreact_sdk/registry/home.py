"""Where the SDK keeps what it remembers between runs."""

from __future__ import annotations

import os
from pathlib import Path


def home_folder() -> Path:
    """The folder of probe outcomes and of the block list: ``INSTANTREACT_HOME``, or the user's data folder.

    It may not exist yet.
    """
    if chosen := os.environ.get("INSTANTREACT_HOME"):
        return Path(chosen)
    import platformdirs

    return platformdirs.user_data_path("instantreact-sdk", appauthor=False)
