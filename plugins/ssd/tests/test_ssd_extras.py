import subprocess
import sys

import pytest
from instantreact_ssd.extras import need

from instantreact_sdk import PluginError


@pytest.mark.parametrize("module", ["trainer", "exporter", "detector", "hooks"])
def test_what_can_be_set_is_known_without_the_packages_that_compute(module):
    heavy = "{'torch', 'torchvision', 'lightning', 'matplotlib', 'onnx', 'onnxruntime', 'cv2'}"
    code = f"import sys, instantreact_ssd.{module}; sys.exit(str({heavy} & set(sys.modules) or ''))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert not done.stderr.strip()


@pytest.mark.parametrize(("extra", "package"), [("train", "lightning"), ("export", "onnxscript")])
def test_what_is_not_installed_is_named_with_the_command_that_installs_it(extra, package, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    said = rf"ing needs {package}, which is not installed\. pip install 'instantreact-ssd\[{extra}\]'"
    with pytest.raises(PluginError, match=said):
        need(extra)
