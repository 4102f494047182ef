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
    for module, name in (("cv2", "setNumThreads"), ("torch", "set_num_threads")):
        # A component that is still opening, as where another one could not, may be in the middle of the import.
        if call := getattr(sys.modules.get(module), name, None):
            call(threads)
