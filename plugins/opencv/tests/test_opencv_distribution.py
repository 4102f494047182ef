import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from instantreact_opencv.hooks import instantreact_register
from instantreact_opencv.motion import Motion, MotionOptions
from instantreact_opencv.source import VideoOptions, VideoSource
from pydantic import ValidationError

from instantreact_sdk import InstantReactError
from instantreact_sdk.config import loads

HERE = Path(__file__).resolve().parent.parent
README = (HERE / "README.md").read_text(encoding="utf-8")


def test_importing_the_hooks_loads_nothing_heavy():
    code = (
        "import instantreact_opencv.hooks, sys; print({'cv2', 'moviepy', 'numpy', 'imageio_ffmpeg'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_distribution_declares_its_plugin_and_what_it_needs():
    project = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"] == {"instantreact_sdk.v1": {"opencv": "instantreact_opencv.hooks"}}
    needed = {re.match(r"[\w-]+", line)[0] for line in project["dependencies"]}
    third_party = {"cv2": "opencv-python-headless", "imageio_ffmpeg": "imageio-ffmpeg", "pydantic": "instantreact-sdk"}
    imported = set()
    for file in (HERE / "src" / "instantreact_opencv").glob("*.py"):
        imported |= set(re.findall(r"^\s*(?:import|from) (\w+)", file.read_text(encoding="utf-8"), re.MULTILINE))
    ours = {"instantreact_opencv", *sys.stdlib_module_names}
    assert {third_party.get(name, name.replace("_", "-")) for name in imported - ours} == needed


def test_the_specs_name_classes_that_are_there():
    specs = {spec.name: spec for spec in instantreact_register()}
    assert specs["video"].factory == f"{VideoSource.__module__}:{VideoSource.__name__}"
    assert specs["motion"].factory == f"{Motion.__module__}:{Motion.__name__}"
    assert specs["motion"].stateful
    assert specs["video"].needs.network
    assert specs["motion"].needs == type(specs["motion"].needs)()


def test_the_readme_holds_a_pipeline_file_that_is_right():
    [text] = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    file = loads(text, "readme.yaml").file
    assert VideoOptions(**file.sources["lobby"].options).url.get_secret_value() == "lobby.mp4"
    assert MotionOptions(**file.detectors["walkers"].options).min_area == 0.004


@pytest.mark.parametrize("options", [VideoOptions, MotionOptions])
def test_the_readme_tells_every_option_and_its_default(options):
    for name, field in options.model_fields.items():
        assert field.description, name
        row = re.search(rf"^\| `{name}` \| (.*?) \|", README, re.MULTILINE)
        assert row, name
        if not field.is_required():
            assert row[1].strip("`") == f"{field.default:g}" if isinstance(field.default, float) else str(field.default)


@pytest.mark.parametrize("wrong", [{"memory": 0}, {"min_area": 0}, {"sensitivity": 1.5}, {"learning": -1}, {"size": 3}])
def test_options_outside_their_range_are_refused(wrong):
    with pytest.raises(ValidationError):
        MotionOptions(**wrong)


def test_an_address_with_a_password_is_shown_nowhere():
    options = VideoOptions(url="ftp://anna:pa55word@camera/live")
    with pytest.raises(InstantReactError) as refusal:
        VideoSource(options).open(None)
    assert "pa55word" not in f"{options!r} {options} {options.model_dump()} {refusal.value}"
