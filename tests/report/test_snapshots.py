from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from instantreact_sdk import InstantReactError
from instantreact_sdk.report import write_snapshot


def test_writes_a_jpeg_with_the_colours_of_the_picture(tmp_path: Path):
    image = np.zeros((90, 121, 3), np.uint8)
    image[:] = (200, 60, 20)
    path = tmp_path / "snapshots" / "abc.jpg"
    write_snapshot(path, image, [])
    assert path.read_bytes()[:3] == b"\xff\xd8\xff"
    again = cv2.imread(str(path))
    assert again.shape == image.shape
    assert np.abs(again[:, :, ::-1].astype(int) - image).max() <= 4
    assert [each.name for each in path.parent.iterdir()] == ["abc.jpg"]


def test_says_where_a_snapshot_could_not_be_written(tmp_path: Path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(InstantReactError, match=r"IR4020: .*abc\.jpg could not be written"):
        write_snapshot(blocked / "abc.jpg", np.zeros((9, 9, 3), np.uint8), [])
