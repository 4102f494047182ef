"""How many threads the libraries may use."""

from __future__ import annotations

import os
import sys

_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def set_library_threads(threads: int) -> None:
    """Set the thread counts of OpenCV and torch where they are loaded, and of what is loaded later by its variables.

    Only the runner does so; components leave them alone.
    """
    for variable in _VARIABLES:
        os.environ.setdefault(variable, str(threads))
    if "cv2" in sys.modules:
        sys.modules["cv2"].setNumThreads(threads)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(threads)
