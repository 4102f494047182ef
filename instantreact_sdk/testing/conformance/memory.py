"""How much memory this process has."""

from __future__ import annotations

import gc
import os
from pathlib import Path

_STATM = Path("/proc/self/statm")


def can_tell() -> bool:
    """Whether the system says how much there is."""
    return _STATM.exists()


def resident() -> int:
    """Bytes of memory that this process has in use, garbage collected; proc(5), `statm`."""
    gc.collect()
    return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
