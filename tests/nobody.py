"""Being somebody who may not do everything."""

from __future__ import annotations

import os
import pwd
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def as_nobody() -> Iterator[Path]:
    """Not be root, who may write what is read-only; and a folder of one's own.

    What is imported only meanwhile may lie where nobody may not read.
    """
    with tempfile.TemporaryDirectory() as name:
        if os.geteuid() != 0:
            yield Path(name)
            return
        nobody = pwd.getpwnam("nobody").pw_uid
        os.chown(name, nobody, -1)
        os.seteuid(nobody)
        try:
            yield Path(name)
        finally:
            os.seteuid(0)
