"""Labelled pictures: reading VOC, COCO and YOLO, and finding and mending what is wrong with them.

    >>> from instantreact_sdk.datasets import check, open_dataset
    >>> cells = open_dataset("voc:bccd")  # doctest: +SKIP
    >>> check(cells).counts  # doctest: +SKIP
    {'degenerate-box': 2, 'near-duplicate': 1}

Needs the extra ``data`` where pictures or XML are read.
"""

from instantreact_sdk.datasets.address import open_dataset
from instantreact_sdk.datasets.checking import Findings, check
from instantreact_sdk.datasets.dataset import Dataset, Sample
from instantreact_sdk.datasets.kinds import KINDS, Kind, Problem
from instantreact_sdk.datasets.mending import mend
from instantreact_sdk.datasets.splitting import split_groups

__all__ = ["KINDS", "Dataset", "Findings", "Kind", "Problem", "Sample", "check", "mend", "open_dataset", "split_groups"]
