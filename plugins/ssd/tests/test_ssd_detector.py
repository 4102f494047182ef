"""The detectors, with weights by chance."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from instantreact_ssd import checks, hardware
from instantreact_ssd.detector import SSD300, SSD512, SSDLite320
from instantreact_ssd.finding import find
from instantreact_ssd.hardware import choose_device, choose_precision
from instantreact_ssd.options import DetectorOptions
from instantreact_ssd.weights import load_weights
from pydantic import ValidationError
from safetensors.torch import load_file, save_file

from instantreact_sdk import Context, Frame, InstantReactError, ModelCard, Pipeline, PluginError
from instantreact_sdk.config import check_components, load
from instantreact_sdk.config.components import make_components
from instantreact_sdk.config.labels import check_labels, known_labels
from instantreact_sdk.registry import discover
from instantreact_sdk.testing import media


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return next(checks.ssdlite320(tmp_path_factory.mktemp("lite")))


@pytest.fixture(scope="module")
def run(case) -> Path:
    return Path(case.options["weights"])


@pytest.fixture
def opened(run):
    def opened(base: Path = Path(), **options) -> SSDLite320:
        detector = SSDLite320(DetectorOptions(**{"weights": str(run), "precision": "fp32", **options}))
        detector.open(Context(base=base))
        return detector

    return opened


def the_same(one, other, tolerance=1e-3):
    assert np.array_equal(one.labels, other.labels)
    np.testing.assert_allclose(one.boxes, other.boxes, atol=tolerance)
    np.testing.assert_allclose(one.scores, other.scores, atol=tolerance)


def test_it_finds_what_the_network_predicts(case, run, opened):
    loaded = load_weights(run)
    assert loaded.card.settings["min_score"] > 0
    pixels = case.inputs[15].resized(64, 64)
    with torch.inference_mode():
        offsets, logits = loaded.model(torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None] / 255)
    scores = logits.softmax(-1)[..., 1:]
    settings = {"min_score": loaded.card.settings["min_score"], "max_overlap": 0.45, "top_k": 200}
    (expected,) = find(offsets, scores, loaded.model.priors, **settings)
    (found,) = opened().detect([case.inputs[15]])
    assert len(found) == len(expected.labels) > 0
    np.testing.assert_allclose(found.boxes, expected.boxes, atol=1e-4)
    np.testing.assert_allclose(found.scores, expected.scores, atol=1e-4)
    assert (np.diff(found.scores) <= 0).all()


def test_a_batch_is_found_as_one_by_one(case, opened):
    detector = opened(min_score=0.3)
    for frame, together in zip(case.inputs[:6], detector.detect(case.inputs[:6]), strict=True):
        (alone,) = detector.detect([frame])
        the_same(alone, together)


def test_no_frames_are_no_answers(opened):
    assert opened().detect([]) == []


@pytest.mark.parametrize("size", [(1, 1), (1, 4000), (5000, 3000)])
def test_any_size_will_do(opened, size):
    height, width = size
    frame = Frame(np.full((height, width, 3), 77, np.uint8), time=0, index=0)
    (found,) = opened(min_score=0.0).detect([frame])
    assert 0 < len(found) <= 200


def test_many_things_are_cut_to_the_surest(case, opened):
    (all_,) = opened(min_score=0.0, max_overlap=1.0, top_k=10_000).detect(case.inputs[:1])
    (few,) = opened(min_score=0.0, max_overlap=1.0, top_k=10).detect(case.inputs[:1])
    assert len(all_) > 200
    the_same(few, all_.pick(range(10)))


def test_threads_do_not_disturb_each_other(case, opened):
    detectors = [opened(min_score=0.3) for _ in range(2)]
    expected = detectors[0].detect(case.inputs[:4])
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(detector.detect, case.inputs[:4]) for detector in detectors for _ in range(3)]
        for answer in answers:
            for one, other in zip(answer.result(), expected, strict=True):
                the_same(one, other)


def test_it_leaves_the_number_of_threads_alone(opened, case):
    before = torch.get_num_threads()
    opened().detect(case.inputs[:2])
    assert torch.get_num_threads() == before


def test_bf16_scores_are_near_those_of_fp32(tmp_path):
    case = next(checks.ssd300(tmp_path))
    found = []
    for precision in ("fp32", "bf16"):
        detector = SSD300(DetectorOptions(**{**case.options, "precision": precision}))
        detector.open(Context())
        found.append(detector.detect(case.inputs[:1])[0])
        assert detector.input_size == (64, 64)
    np.testing.assert_allclose(found[0].scores[:10], found[1].scores[:10], atol=0.02)


def test_only_some_labels_are_looked_for(case, opened):
    everything, only = opened(min_score=0.3), opened(min_score=0.3, classes=["floor"])
    assert everything.labels == ("square", "wall", "floor")
    assert only.labels == ("floor",)
    seen = 0
    for all_, some in zip(everything.detect(case.inputs[:8]), only.detect(case.inputs[:8]), strict=True):
        assert set(some.labels.tolist()) <= {0}
        np.testing.assert_allclose(some.scores, all_.scores[all_.labels == 2], atol=1e-5)
        seen += len(some)
    assert seen


def test_weights_are_looked_for_from_the_base(run, opened):
    assert opened(base=run.parent, weights=run.name).labels
    assert opened(base=run.parent, weights=f"{run.name}/weights.safetensors").labels


def with_card(run: Path, folder: Path, **changes) -> Path:
    copy = folder / "copy"
    shutil.copytree(run, copy)
    card = json.loads((copy / "weights.json").read_text())
    (copy / "weights.json").write_text(json.dumps({**card, **changes}))
    return copy


def test_the_least_score_comes_from_the_option_the_card_or_is_a_half(run, opened, tmp_path, case):
    assert min(opened(min_score=0.3).detect(case.inputs[15:16])[0].scores) < ModelCard.read(run).settings["min_score"]
    settings = {key: value for key, value in ModelCard.read(run).settings.items() if key != "min_score"}
    plain = opened(weights=str(with_card(run, tmp_path, settings=settings)))
    half = opened(min_score=0.5)
    for frame in case.inputs[:3]:
        the_same(plain.detect([frame])[0], half.detect([frame])[0])


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"weights": "missing"}, "IR7012"),
        ({"classes": ["squar"]}, "asks for 'squar', which the weights do not know. Did you mean 'square'"),
        ({"classes": ["zebra"]}, "They know square, wall, floor"),
        ({"device": "cuda:77"}, "There is no device cuda:77: torch finds"),
    ],
)
def test_what_cannot_be_opened_is_told_in_a_sentence(opened, options, problem):
    with pytest.raises(InstantReactError, match=problem):
        opened(**options)


def test_weights_of_another_detector_are_refused(run):
    for kind in (SSD300, SSD512):
        with pytest.raises(PluginError, match=r"holds weights of ssd/ssdlite320, not of .*Write `use: ssd/ssdlite320`"):
            kind(DetectorOptions(weights=str(run))).open(Context())


def test_there_are_no_weights_of_ssd512_from_coco():
    with pytest.raises(PluginError, match="no weights of ssd/ssd512 from COCO"):
        SSD512(DetectorOptions()).open(Context())


@pytest.mark.parametrize("value", [float("nan"), 3e38], ids=["not a number", "infinite once added up"])
def test_weights_that_give_nothing_finite_are_refused(run, tmp_path, opened, value):
    shutil.copytree(run, tmp_path / "copy")
    path = tmp_path / "copy" / "weights.safetensors"
    tensors = load_file(path)
    last = "heads.logits.0.1.weight"
    save_file({**tensors, last: torch.full_like(tensors[last], value)}, path)
    with pytest.raises(PluginError, match="not finite"):
        opened(weights=str(path.parent))


@pytest.mark.parametrize(
    "wrong",
    [
        {"min_score": 1.5},
        {"min_score": "high"},
        {"max_overlap": -1},
        {"top_k": 0},
        {"classes": []},
        {"device": "gpu"},
        {"weights": ""},
    ],
)
def test_options_out_of_range_are_refused(wrong):
    with pytest.raises(ValidationError):
        DetectorOptions(**wrong)


def test_hardware_is_chosen_by_what_is_there(monkeypatch, tmp_path):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    cpu = choose_device("auto")
    assert cpu.type == "cpu"
    assert choose_precision("fp32", cpu) == torch.float32
    assert choose_precision("bf16", cpu) == torch.bfloat16
    flags = tmp_path / "cpuinfo"
    monkeypatch.setattr(hardware, "_CPU_FLAGS", flags)
    assert choose_precision("auto", cpu) == torch.float32
    flags.write_text("processor : 0\nflags : fpu avx512f avx512_bf16 sse\n")
    assert choose_precision("auto", cpu) == torch.bfloat16
    flags.write_text("model name : a bf16 by name\nflags : fpu avx512f\n")
    assert choose_precision("auto", cpu) == torch.float32


def test_labels_are_known_without_loading_torch(run):
    program = (
        "import sys; from pathlib import Path; from instantreact_ssd.detector import SSDLite320;"
        "from instantreact_ssd.options import DetectorOptions;"
        f"print(SSDLite320(DetectorOptions(weights='run', classes=['wall'])).known_labels(Path({str(run.parent)!r})), 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "('wall',) False"


FILE = """
sources: {yard: {use: opencv/video, options: {url: yard.avi}}}
detectors: {things: {use: ssd/ssdlite320, options: {weights: run}}}
rules: {seen: {when: {label: LABEL}}}
"""


def test_a_rule_whose_label_the_weights_do_not_know_is_refused(run, tmp_path):
    (tmp_path / "run").symlink_to(run)
    path = tmp_path / "pipeline.yaml"
    for label in ("square", "sqare"):
        path.write_text(FILE.replace("LABEL", label))
        loaded = load(path)
        known = known_labels(loaded, make_components(loaded, check_components(loaded, discover())))
        if label == "square":
            check_labels(loaded, known)
        else:
            with pytest.raises(InstantReactError, match="no detector here finds 'sqare'; did you mean 'square'"):
                check_labels(loaded, known)


def test_a_rule_is_refused_for_weights_of_coco_that_were_never_downloaded(tmp_path):
    path = tmp_path / "pipeline.yaml"
    path.write_text(FILE.replace("{weights: run}", "{}").replace("LABEL", "trafic light"))
    loaded = load(path)
    known = known_labels(loaded, make_components(loaded, check_components(loaded, discover())))
    with pytest.raises(InstantReactError, match="finds 'trafic light'; did you mean 'traffic light'"):
        check_labels(loaded, known)


def test_a_pipeline_finds_things_in_a_video(run, tmp_path):
    import cv2

    (tmp_path / "run").symlink_to(run)
    writer = cv2.VideoWriter(str(tmp_path / "yard.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 10, (160, 120))
    for frame in media.moving_square(20, width=160, height=120):
        writer.write(frame.image[:, :, ::-1])
    writer.release()
    path = tmp_path / "pipeline.yaml"
    path.write_text(FILE.replace("LABEL", "'*'"))
    events = list(Pipeline.from_config(path, out=tmp_path / "out", video=True, deliver=False).run())
    assert events[0].rule == "seen"
    lines = [json.loads(line) for line in (tmp_path / "out" / "observations.jsonl").read_text().splitlines()]
    assert {label for line in lines for label in line["data"]["labels"]} <= {"square", "wall", "floor"}
    assert (tmp_path / "out" / "annotated.mp4").stat().st_size
