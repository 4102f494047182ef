"""The templates come with the wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from needs import need

from instantreact_sdk.scaffolding import KINDS, scaffold

ROOT = Path(__file__).resolve().parents[2]


def test_a_wheel_makes_the_same_plugin_as_a_checkout(tmp_path):
    hatchling = subprocess.run([sys.executable, "-c", "import hatchling"], check=False, capture_output=True)
    need(hatchling.returncode == 0, "hatchling is not installed: pip install hatchling")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "wheel")]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = (tmp_path / "wheel").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = (
        "from instantreact_sdk.scaffolding import KINDS, scaffold; scaffold('blob', KINDS); "
        "import instantreact_sdk, sys; print(instantreact_sdk.__file__); assert 'cv2' not in sys.modules"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "site")},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert told.stdout.strip().startswith(str(tmp_path / "site"))
    (tmp_path / "checkout").mkdir()
    made = scaffold("blob", KINDS, tmp_path / "checkout")
    assert len(made.files) > len(KINDS)
    for file in made.files:
        assert (tmp_path / "instantreact-blob" / file).read_bytes() == (made.folder / file).read_bytes()
