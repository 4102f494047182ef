"""What live development sees of a component."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from components_at_work import blob, looked, of

from instantreact_sdk import InstantReactError
from instantreact_sdk.testing import Limits, media
from instantreact_sdk.testing.dev.findings import screen
from instantreact_sdk.testing.dev.task import only_target


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """Two seconds at 10 frames a second, 1280 pixels wide."""
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (1280, 720))
    for level in range(20):
        writer.write(np.full((720, 1280, 3), 10 * level, np.uint8))
    writer.release()
    return path


def local(folder: Path, code: str, name: str = "It") -> str:
    (folder / "it.py").write_text(code)
    return f"./it.py:{name}"


def test_a_detector_shows_its_boxes_with_names_in_each_frame_of_its_case(tmp_path: Path):
    blob(tmp_path)
    facts = looked("./blob.py:Blob", tmp_path)
    frames = of(facts, "frame")
    assert [frame["time"] for frame in frames] == [0.0, 0.2, 0.4, 0.6]
    assert all(frame["boxes"] == [[0.0, 0.25, 0.5, 0.75]] and frame["labels"] == ["left"] for frame in frames)
    assert of(facts, "component")[0]["footage"] == "the inputs of its case"
    assert len(of(facts, "call")) == 4
    assert not of(facts, "failed")


def test_all_checks_are_made_each_with_its_page(tmp_path: Path):
    blob(tmp_path)
    facts = looked("./blob.py:Blob", tmp_path)
    [checks] = of(facts, "checks")
    assert [check["name"] for check in checks["checks"]] == [check["check"] for check in of(facts, "check")]
    assert all("Why:" in check["page"] for check in checks["checks"])
    assert of(facts, "checked")[0]["problem"] == ""


def test_a_video_is_sampled_as_a_pipeline_samples_it(tmp_path: Path, video: Path):
    blob(tmp_path)
    facts = looked("./blob.py:Blob", tmp_path, video=str(video), fps=5.0)
    # Of 20 frames at 10 a second each second one.
    assert [frame["time"] for frame in of(facts, "frame")] == pytest.approx([0.2 * number for number in range(10)])
    assert of(facts, "frame")[0]["size"] == [1280, 720]


def test_options_reach_the_component_and_wrong_ones_are_told(tmp_path: Path):
    code = """
from instantreact_sdk import Caption, Captioner, Options
class Its(Options):
    word: str = "none"
    '''It.'''
class It(Captioner):
    clip_length = 4
    def __init__(self, options: Its): self.options = options
    def caption(self, clips): return [Caption(self.options.word, 1.0, clip.start, clip.end) for clip in clips]
"""
    use = local(tmp_path, code)
    assert {fact["text"] for fact in of(looked(use, tmp_path, options={"word": "some"}), "said")} == {"some"}
    [failed] = of(looked(use, tmp_path, options={"wrod": "some"}), "failed")
    assert failed["message"].startswith("its options refuse what was given: wrod: ")


def test_a_recognizer_hears_made_up_sounds(tmp_path: Path):
    code = """
import numpy as np
from instantreact_sdk import AudioRecognizer, SoundEvent
class It(AudioRecognizer):
    sample_rate = 8000
    max_seconds = 1.0
    def recognize(self, chunk):
        loud = float(np.abs(chunk.samples).max()) > 0.2
        return [SoundEvent("loud", 1.0, chunk.time, chunk.end)] if loud else []
"""
    facts = looked(local(tmp_path, code), tmp_path)
    # Three seconds of voice, one of silence, two of a tone, one of silence, and noise that is too soft.
    assert [(fact["start"], fact["end"]) for fact in of(facts, "said")] == [(0, 1), (1, 2), (2, 3), (4, 5), (5, 6)]
    assert max(max(level["levels"]) for level in of(facts, "level")) == pytest.approx(0.5, abs=0.01)


def test_a_source_shows_its_frames(tmp_path: Path, video: Path):
    facts = looked("opencv/video", tmp_path, video=str(video))
    assert len(of(facts, "frame")) == 10
    assert of(facts, "said")[0]["text"] == "1280 x 720, a recording"


def test_a_notifier_tells_its_fake_alone(tmp_path: Path):
    code = """
import urllib.request
from instantreact_sdk import Capabilities, Notifier, Options, Receipt
from instantreact_sdk.testing import Answer, Case, HttpFake, Sent
class Its(Options):
    url: str
    '''Where to.'''
class It(Notifier):
    needs = Capabilities(network=True, sends=("text",))
    def __init__(self, options: Its): self.options = options
    def notify(self, alert, delivery):
        url = f"{self.options.url}/{delivery.recipient}"
        urllib.request.urlopen(url, data=alert.text.encode(), timeout=5).read()
        return Receipt("r-1")
    @staticmethod
    def check(folder):
        with HttpFake(lambda request: Answer(200), sent=It.sent) as fake:
            yield Case(options={"url": fake.url}, recipients=["yard", "door"], fake=fake)
    @staticmethod
    def sent(request):
        yield Sent(recipient=request.path.strip("/"), body=request.body.decode())
"""
    [told] = of(looked(local(tmp_path, code), tmp_path), "told")
    assert told["fake"]
    assert told["receipt"] == "r-1"
    assert [(one["recipient"], one["body"]) for one in told["sent"]] == [("yard", told["alert"])]


def test_a_notifier_reaches_nobody_even_where_options_lead_outside(tmp_path: Path):
    code = """
import socket
from instantreact_sdk import Notifier, Options, Receipt
class Its(Options):
    port: int = 0
    '''Where to.'''
class It(Notifier):
    def __init__(self, options: Its): self.options = options
    def notify(self, alert, delivery):
        with socket.create_connection(("127.0.0.1", self.options.port), timeout=5) as line:
            line.sendall(alert.text.encode())
        return Receipt()
"""
    import socket

    use = local(tmp_path, code)
    with socket.create_server(("127.0.0.1", 0)) as service:
        service.settimeout(0.2)
        facts = looked(use, tmp_path, options={"port": service.getsockname()[1]})
        assert not of(facts, "told")
        assert of(facts, "failed")
        with pytest.raises(TimeoutError):
            service.accept()


SCRIBBLES = """
        import contextlib, os
        for descriptor in range(3, 99):
            with contextlib.suppress(OSError):
                os.write(descriptor, b"x\\n")
"""


@pytest.mark.parametrize(
    ("detect", "says"),
    [
        ("        return [1 / 0]", "detect raised ZeroDivisionError: division by zero (blob.py, line 9), at 0.00 s"),
        ("        return None", "detect returned None, no sequence of Detections"),
        ("        return [Detections([[0, 0, 1, 1]], [1], [2])]", "detect returned label 2, and `labels` has 2"),
        ("        import os; os._exit(3)", "detect ended the process (exit code 3)"),
        ("        import ctypes; ctypes.string_at(0)", "detect killed the process (SIGSEGV) (blob.py, line 9)"),
        ("        import time; time.sleep(60)", "detect did not return within 1 s (blob.py, line 9)"),
        ("        raise SystemExit", "detect tried to end the process (blob.py, line 9)"),
        (
            SCRIBBLES,
            "it wrote to descriptors that are not its own",
        ),
    ],
)
def test_what_goes_wrong_is_told_with_its_line(tmp_path: Path, detect: str, says: str):
    blob(tmp_path, detect)
    [failed] = of(looked("./blob.py:Blob", tmp_path, limits=Limits(call=1.0)), "failed")
    assert failed["message"].startswith(says)


def test_a_file_that_does_not_load_is_told_with_its_line_and_not_checked(tmp_path: Path):
    blob(tmp_path, before="def (:\n")
    facts = looked("./blob.py:Blob", tmp_path)
    [failed] = of(facts, "failed")
    assert failed["message"].startswith("IR2011: The file ./blob.py cannot be imported: running it met a syntax error")
    assert "blob.py, line 1" in failed["message"]
    assert "def (:" in failed["trace"]
    assert not of(facts, "checks")


def test_what_a_component_prints_is_shown(tmp_path: Path):
    blob(tmp_path, '        print("hello")\n        return [Detections.empty() for frame in frames]')
    facts = looked("./blob.py:Blob", tmp_path)
    assert "".join(fact["text"] for fact in of(facts, "printed")) == "hello\n" * 4


def test_of_a_component_that_never_stops_printing_the_beginning_is_kept(tmp_path: Path):
    blob(tmp_path, "        while True: print('x' * 1000)")
    facts = looked("./blob.py:Blob", tmp_path, limits=Limits(call=1.0))
    printed = "".join(fact["text"] for fact in of(facts, "printed"))
    assert len(printed) < 201_000
    assert printed.endswith("(and more)\n")
    assert of(facts, "failed")[0]["message"].startswith("detect did not return within 1 s (blob.py, line ")


def test_a_video_that_is_not_there_is_told(tmp_path: Path):
    blob(tmp_path)
    [failed] = of(looked("./blob.py:Blob", tmp_path, video="none.mp4"), "failed")
    assert failed["message"].startswith("IR3001: ")


def test_nothing_is_left_of_a_look_that_is_cut_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import tempfile

    import psutil
    from deadline import until

    from instantreact_sdk.testing.dev.development import Development
    from instantreact_sdk.testing.dev.task import Task

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    blob(tmp_path, "        import time; time.sleep(60)")
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    with Development(Task(only_target("./blob.py:Blob", tmp_path))) as development:
        until(lambda: of(development.journal.facts(), "component"))
    assert {child.pid for child in psutil.Process().children(recursive=True)} == before
    assert [path.name for path in tmp_path.iterdir()] == ["blob.py"]


def test_several_components_of_one_name_are_refused(tmp_path: Path):
    with pytest.raises(InstantReactError, match="IR2050: 'sdk' stands for several components: notifier sdk/console"):
        only_target("sdk", tmp_path)


def test_the_screen_counts_boxes_and_tells_failing_checks_with_their_page(tmp_path: Path):
    blob(
        tmp_path,
        "        frames = list(frames); print('x'); " + "return [Detections([[0, 0, 1, 1]], [1], [1]) for _ in frames]",
    )
    text = "\n".join(line for line, _ in screen(looked("./blob.py:Blob", tmp_path)))
    assert "4 boxes in 4 of 4 frames\n  right: 4\n" in text
    assert "failed  is-quiet: " in text
    assert "To fix: " in text


def test_without_opencv_pictures_are_bitmaps_that_others_read(tmp_path: Path):
    from instantreact_sdk.testing.dev.pictures import _bitmap, media_type

    frame = media.moving_square(1, width=101, height=33)[0]
    content = _bitmap(frame)
    assert media_type(content) == "image/bmp"
    read = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    assert (read[..., ::-1] == frame.image).all()
