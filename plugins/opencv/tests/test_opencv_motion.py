import cv2
import numpy as np
import pytest
from drawn_scene import HEIGHT, SCENE, WIDTH, Scene, detect, overlap
from instantreact_opencv.motion import Motion, MotionOptions

from instantreact_sdk import Context, Frame

LEARNED = 25
"""Pictures at ten a second: the two seconds of learning, and a little more."""


def walker(step, y=0.4):
    """A thing of 8 x 25 % of the picture that goes a hundredth to the right each step."""
    x = 0.1 + 0.01 * step
    return (x, y, x + 0.08, y + 0.25)


def walk(scene, steps, **how):
    return [scene.picture() for _ in range(LEARNED)] + [scene.picture(walker(n), **how) for n in range(steps)]


def test_a_moving_thing_is_boxed_and_keeps_its_number():
    found = detect(walk(Scene(), 60))
    assert all(len(detections) == 0 for detections in found[:LEARNED])
    for step, detections in enumerate(found[LEARNED:]):
        assert len(detections) == 1
        assert overlap(detections.boxes[0], walker(step)) > 0.8
        assert detections.labels.tolist() == [0]
        assert detections.tracks.tolist() == [1]
    assert Motion.labels == ("motion",)


def test_two_things_have_two_numbers_that_stay_with_them_when_they_pass_above_each_other():
    scene = Scene()
    pictures = [scene.picture() for _ in range(LEARNED)]
    pictures += [scene.picture(walker(n, 0.1), walker(60 - n, 0.65)) for n in range(60)]
    for step, detections in enumerate(detect(pictures)[LEARNED:]):
        boxes = dict(zip(detections.tracks.tolist(), detections.boxes, strict=True))
        assert len(boxes) == 2
        upper, lower = sorted(boxes, key=lambda number: boxes[number][1])
        if step == 0:
            numbers = upper, lower
        assert (upper, lower) == numbers


def test_the_score_is_a_half_at_the_smallest_area_and_nine_tenths_at_nine_times_it():
    for times, score in ((1.15, 0.535), (9, 0.9)):
        area = np.prod(np.subtract(walker(0)[2:], walker(0)[:2]))
        found = detect(walk(Scene(), 2), min_area=area / times)
        assert found[-1].scores.tolist() == pytest.approx([score], abs=0.02)


def test_what_is_smaller_than_min_area_is_nothing():
    assert all(len(detections) == 0 for detections in detect(walk(Scene(), 30), min_area=0.03))
    assert sum(len(detections) for detections in detect(walk(Scene(), 30), min_area=0.01)) == 30


def test_faint_things_need_a_higher_sensitivity():
    # The scene at the walker's place is about (103, 135, 137): only the green differs, by 11 to 23 levels.
    faint = {"colour": (103, 118, 137)}
    assert sum(len(found) for found in detect(walk(Scene(), 10, **faint), sensitivity=0.1)) == 0
    assert sum(len(found) for found in detect(walk(Scene(), 10, **faint), sensitivity=0.9)) >= 9


def test_a_still_scene_gives_nothing_at_any_usual_sensitivity():
    scene = Scene()
    pictures = [scene.picture() for _ in range(100)]
    for sensitivity in (0.0, 0.5, 0.7):
        assert sum(len(found) for found in detect(pictures, sensitivity=sensitivity)) == 0


def test_a_shadow_is_no_motion():
    scene = Scene()
    pictures = [scene.picture() for _ in range(LEARNED)]
    for step in range(20):
        x0, y0, x1, y1 = np.round(np.array(walker(step)) * [WIDTH, HEIGHT, WIDTH, HEIGHT]).astype(int)
        picture = scene.picture().astype(np.float32)
        picture[y0:y1, x0:x1] *= 0.8
        pictures.append(picture.astype(np.uint8))
    assert sum(len(found) for found in detect(pictures)) == 0


@pytest.mark.parametrize("light", [0.6, 0.9, 1.2])
def test_a_change_of_light_is_no_motion_and_who_walks_through_it_is_found(light):
    scene = Scene()
    pictures = [scene.picture() for _ in range(LEARNED)]
    pictures += [scene.picture(walker(n), light=light) for n in range(40)]
    for detections in detect(pictures)[LEARNED:]:
        assert len(detections) <= 1
        for box in detections.boxes:
            assert np.prod(box[2:] - box[:2]) < 0.04  # the walker has 0.02
    assert sum(len(found) for found in detect(pictures)[-10:]) == 10


def test_a_light_that_is_switched_off_is_no_motion():
    scene = Scene()
    dark = Scene()
    pictures = [scene.picture() for _ in range(LEARNED)]
    pictures += [(dark.picture(light=0.05) // 2 + np.uint8(3)) for _ in range(LEARNED)]
    pictures += [scene.picture() for _ in range(LEARNED)]
    assert sum(len(found) for found in detect(pictures)) == 0


def test_a_scene_that_is_wholly_another_is_learned_anew():
    scene = Scene()
    pictures = [scene.picture() for _ in range(LEARNED)]
    pictures += [np.ascontiguousarray(255 - picture) for picture in walk(scene, 10)]
    found = detect(pictures)
    assert all(len(detections) == 0 for detections in found[: 2 * LEARNED])
    assert [len(detections) for detections in found[2 * LEARNED :]] == [1] * 10


@pytest.mark.parametrize("fps", [2.0, 5.0, 10.0, 25.0])
def test_what_stands_still_fades_after_memory_seconds_at_any_frame_rate(fps):
    scene = Scene()
    learning = round(6 * fps)
    pictures = [scene.picture() for _ in range(learning)] + [scene.picture(walker(0)) for _ in range(round(9 * fps))]
    found = detect(pictures, fps=fps, memory=5.0)[learning:]
    seen = [index / fps for index, detections in enumerate(found) if len(detections)]
    assert seen[0] == 0
    assert seen[-1] == pytest.approx(5.0, abs=0.25 + 1 / fps)


def test_after_an_outage_one_frame_does_not_become_the_background():
    motion = Motion(MotionOptions())
    motion.open(Context())
    scene = Scene()
    frames = [Frame(scene.picture(), time=n / 10, index=n) for n in range(LEARNED)]
    frames += [Frame(scene.picture(walker(n)), time=600 + n / 10, index=LEARNED + n) for n in range(5)]
    found = [motion.detect([frame])[0] for frame in frames]
    assert [len(detections) for detections in found[LEARNED:]] == [1] * 5


def test_it_begins_anew_when_it_is_opened_again():
    motion = Motion(MotionOptions())
    runs = []
    for _ in range(2):
        motion.open(Context())
        frames = [Frame(picture, time=n / 10, index=n) for n, picture in enumerate(walk(Scene(), 5))]
        runs.append([(found.boxes.tobytes(), found.tracks is not None) for found in motion.detect(frames)])
        motion.close()
    assert runs[0] == runs[1]


def test_no_frames_give_no_detections_and_pixels_stay_as_they_are():
    motion = Motion(MotionOptions())
    motion.open(Context())
    assert motion.detect([]) == []
    image = SCENE.astype(np.uint8)
    before = image.copy()
    motion.detect([Frame(image, time=0, index=0)])
    np.testing.assert_array_equal(image, before)


@pytest.fixture
def threads():
    before = cv2.getNumThreads()
    yield cv2.setNumThreads
    cv2.setNumThreads(before)


def test_results_are_the_same_bytes_with_one_thread_and_with_many(threads):
    pictures = walk(Scene(), 30)
    results = []
    for count in (1, 2, 4, 2):
        threads(count)
        found = detect(pictures)
        results.append([(one.boxes.tobytes(), one.scores.tobytes()) for one in found])
    assert results[1:] == results[:-1]


@pytest.mark.parametrize(("width", "height"), [(64, 48), (1920, 1080), (240, 320), (33, 17)])
def test_any_size_of_picture_will_do(width, height):
    pictures = [cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA) for picture in walk(Scene(), 5)]
    found = detect(pictures)[-1]
    assert len(found) == 1
    assert overlap(found.boxes[0], walker(4)) > 0.5
