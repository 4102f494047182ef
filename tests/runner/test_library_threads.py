"""Thread counts of libraries."""

from __future__ import annotations

import sys
from types import ModuleType

from instantreact_sdk.runner.library_threads import set_library_threads


def test_a_library_that_is_just_being_imported_is_left_to_its_variables(monkeypatch):
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"):
        monkeypatch.setenv(name, "1")
    counts: list[int] = []
    whole = ModuleType("cv2")
    whole.setNumThreads = counts.append
    monkeypatch.setitem(sys.modules, "cv2", whole)
    monkeypatch.setitem(sys.modules, "torch", ModuleType("torch"))
    set_library_threads(3)
    assert counts == [3]
