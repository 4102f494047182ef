"""How the tests of this plugin are run."""

from __future__ import annotations

import os
from collections.abc import Generator
from unittest.mock import patch

import pytest
import torch


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """One thread each, for what they start, too: side by side, torch's threads wait for each other longer than they compute, ten times
    as long. For each test anew, as a pipeline that runs in one decides on threads itself, and for good.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with patch.dict(os.environ, OMP_NUM_THREADS="1"):
        done = yield
    torch.set_num_threads(threads)
    return done
