"""One picture, and what it hands out."""

from __future__ import annotations

import gc
import threading
import weakref
from datetime import UTC, datetime

import cv2
import numpy as np
import pytest

from instantreact_sdk import Frame, InstantReactError

WALL = datetime(2024, 2, 29, 12, tzinfo=UTC)


def noise(width: int = 64, height: int = 48) -> np.ndarray:
    return np.random.default_rng(7).integers(0, 256, (height, width, 3), np.uint8)


def of_owner() -> np.ndarray:
    return noise()


def of_buffer_of_many() -> np.ndarray:
    return np.stack([noise(), noise()])[1]


def of_bytearray() -> np.ndarray:
    return np.frombuffer(bytearray(noise().tobytes()), np.uint8).reshape(48, 64, 3)


def of_mirrored() -> np.ndarray:
    return noise()[:, ::-1]


@pytest.mark.parametrize("order", ["RGB", "BGR"])
def test_the_image_is_rgb_whatever_the_decoder_gave(order):
    rgb = noise()
    given = rgb if order == "RGB" else cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    frame = Frame(given, time=0, index=0, order=order)
    assert np.array_equal(frame.image, rgb)
    assert (frame.width, frame.height) == (64, 48)


def test_an_rgb_picture_is_not_copied():
    pixels = noise()
    assert np.shares_memory(Frame(pixels, time=0, index=0).image, pixels)


@pytest.mark.parametrize("order", ["RGB", "BGR"])
@pytest.mark.parametrize(
    ("size", "interpolation"),
    [
        ((32, 24), cv2.INTER_AREA),
        ((64, 24), cv2.INTER_AREA),
        ((1, 1), cv2.INTER_AREA),
        ((128, 96), cv2.INTER_LINEAR),
        ((128, 24), cv2.INTER_LINEAR),
        ((32, 96), cv2.INTER_LINEAR),
    ],
)
def test_a_resize_is_that_of_opencv(order, size, interpolation):
    pixels = noise()
    expected = cv2.resize(pixels, size, interpolation=interpolation)
    if order == "BGR":
        expected = cv2.cvtColor(expected, cv2.COLOR_BGR2RGB)
    small = Frame(pixels, time=0, index=0, order=order).resized(*size)
    assert small.shape == (size[1], size[0], 3)
    assert np.array_equal(small, expected)


def test_the_own_size_is_the_image_itself():
    frame = Frame(noise(), time=0, index=0, order="BGR")
    assert frame.resized(64, 48) is frame.image


@pytest.mark.parametrize("order", ["RGB", "BGR"])
@pytest.mark.parametrize("given", [of_owner, of_buffer_of_many, of_bytearray, of_mirrored])
def test_nobody_can_write_to_what_a_frame_hands_out(order, given):
    frame = Frame(given(), time=0, index=0, order=order)
    for array in (frame.image, frame.resized(32, 24), frame.image[1:], frame.only(frozenset({(32, 24)})).image):
        before = array.copy()
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1
        with pytest.raises(ValueError, match="WRITEABLE"):
            array.flags.writeable = True
        with pytest.raises(cv2.error, match="readonly"):
            cv2.rectangle(array, (0, 0), (9, 9), (1, 2, 3), -1)
        assert np.array_equal(array, before)


def test_the_array_that_a_frame_was_made_of_is_locked_too():
    pixels = noise()
    Frame(pixels, time=0, index=0)
    with pytest.raises(ValueError, match="read-only"):
        pixels[0] = 0


def test_threads_that_ask_at_once_share_one_picture_of_each_size():
    sizes = [(64, 48), (32, 24), (16, 12)]
    for _ in range(20):
        frame = Frame(noise(), time=0, index=0, order="BGR")
        start = threading.Barrier(8)
        got = []

        def ask(frame=frame, start=start, got=got):
            start.wait()
            got.append((frame.image, *(frame.resized(*size) for size in sizes)))

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(got) == 8
        for same in zip(*got, strict=True):
            assert len({id(picture) for picture in same}) == 1


@pytest.mark.parametrize("order", ["RGB", "BGR"])
@pytest.mark.parametrize("given", [of_owner, of_buffer_of_many])
def test_a_frame_of_some_sizes_lets_the_full_picture_go(order, given):
    pixels = given()
    full = weakref.ref(pixels if pixels.base is None else pixels.base)
    frame = Frame(pixels, time=0, index=0, order=order)
    image = weakref.ref(frame.image)
    small = frame.only(frozenset({(32, 24), (16, 12)}))
    kept = small.resized(32, 24), small.resized(16, 12)
    del pixels, frame
    gc.collect()
    assert full() is None
    assert image() is None
    assert [picture.shape for picture in kept] == [(24, 32, 3), (12, 16, 3)]


def test_a_frame_of_some_sizes_has_the_same_pictures_and_the_same_moment():
    frame = Frame(noise(), time=2.5, index=7, order="BGR", wall=WALL)
    frame.source = "lobby"
    small = frame.only(frozenset({(32, 24), (16, 12)}))
    for size in ((32, 24), (16, 12)):
        assert np.shares_memory(small.resized(*size), frame.resized(*size))
    assert (small.time, small.index, small.wall, small.source) == (2.5, 7, WALL, "lobby")
    assert (small.width, small.height) == (32, 24)
    assert np.array_equal(small.image, frame.resized(32, 24))
    assert np.array_equal(small.resized(8, 6), cv2.resize(frame.resized(32, 24), (8, 6), interpolation=cv2.INTER_AREA))


def test_without_sizes_a_frame_stays_whole():
    frame = Frame(noise(), time=0, index=0)
    assert frame.only(frozenset()) is frame


@pytest.mark.parametrize(
    ("pixels", "named"),
    [
        (None, "a NoneType"),
        ([[[0, 0, 0]]], "a list"),
        (np.zeros((4, 6), np.uint8), r"uint8 \(4, 6\)"),
        (np.zeros((4, 6, 4), np.uint8), r"uint8 \(4, 6, 4\)"),
        (np.zeros((3, 4, 6), np.uint8), r"uint8 \(3, 4, 6\)"),
        (np.zeros((1, 4, 6, 3), np.uint8), r"uint8 \(1, 4, 6, 3\)"),
        (np.zeros((4, 6, 3), np.float32), r"float32 \(4, 6, 3\)"),
        (np.zeros((4, 6, 3), np.int8), r"int8 \(4, 6, 3\)"),
        (np.zeros((0, 6, 3), np.uint8), r"uint8 \(0, 6, 3\)"),
    ],
)
def test_what_is_no_picture_is_refused(pixels, named):
    with pytest.raises(InstantReactError, match=f"^IR4007: A frame was made of {named}\\."):
        Frame(pixels, time=0, index=0)


def test_time_and_index_become_plain_numbers():
    frame = Frame(noise(), time=np.float32(0.5), index=np.int64(3))
    assert type(frame.time) is float
    assert type(frame.index) is int
    assert repr(frame) == "Frame(? #3 at 0.500 s, 64x48)"
