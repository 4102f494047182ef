"""Batches by workers and by processes."""

from __future__ import annotations

import multiprocessing
import shutil

import pytest
import torch
import torch.distributed
from instantreact_ssd.architecture import Architecture
from instantreact_ssd.data import EpochOrder, Loader, Pictures
from labelled import voc

from instantreact_sdk import InstantReactError
from instantreact_sdk.datasets import open_dataset

SMALL = Architecture(size=64, grids=(8, 4, 2, 1, 1, 1), steps=None)


def pictures(root, *, augment=True):
    dataset = open_dataset(f"voc:{root}")
    return Pictures(dataset, SMALL, augment=augment, seed=3, labels=dataset.classes)


def epochs(loader, numbers):
    found = []
    for epoch in numbers:
        loader.sampler.set_epoch(epoch)
        found.append([(batch.names, batch.images, [target.boxes for target in batch.targets]) for batch in loader])
    return found


def test_any_number_of_workers_makes_the_same_batches_in_an_epoch_that_is_resumed_too(tmp_path):
    examples = pictures(voc(tmp_path, 7))
    unbroken = epochs(Loader(examples, batch_size=3, seed=5), [0, 1, 2])
    by_workers = epochs(Loader(examples, batch_size=3, seed=5, workers=2), [0, 1, 2])
    resumed = epochs(Loader(pictures(tmp_path), batch_size=3, seed=5), [2])
    assert [len(epoch) for epoch in unbroken] == [2, 2, 2]
    for expected, found in zip([*unbroken, unbroken[2]], [*by_workers, *resumed], strict=True):
        for (names, images, boxes), (other_names, other_images, other_boxes) in zip(expected, found, strict=True):
            assert names == other_names
            assert torch.equal(images, other_images)
            assert all(map(torch.equal, boxes, other_boxes))
    assert [names for names, *_ in unbroken[0]] != [names for names, *_ in unbroken[1]]


def test_workers_share_what_they_decoded(tmp_path):
    examples = pictures(voc(tmp_path, 4))
    for _ in Loader(examples, batch_size=2, seed=5, workers=2):
        pass
    shutil.rmtree(tmp_path / "JPEGImages")
    assert all(examples[place].image.any() for place in range(4))


def test_pictures_to_be_measured_by_come_all_and_in_their_order_and_no_generator_notices(tmp_path):
    loader = Loader(pictures(voc(tmp_path, 5), augment=False), batch_size=2)
    before = torch.get_rng_state()
    assert [batch.names for batch in loader] == [["p0", "p1"], ["p2", "p3"], ["p4"]]
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("workers", [0, 1])
def test_a_picture_that_cannot_be_read_is_named_in_one_sentence(tmp_path, workers):
    loader = Loader(pictures(voc(tmp_path, 3)), batch_size=2, workers=workers)
    (tmp_path / "JPEGImages/p1.jpg").write_bytes(b"none")
    with pytest.raises(InstantReactError) as caught:
        list(loader)
    assert caught.value.code == "IR7004"
    assert str(caught.value).startswith(
        f"IR7004: The picture {tmp_path / 'JPEGImages/p1.jpg'} cannot be read: it is none of"
    )
    assert "\n" not in str(caught.value)


def test_an_epoch_draws_each_picture_once_and_each_epoch_otherwise():
    order = EpochOrder(50, seed=1)
    drawn = []
    for epoch in range(3):
        order.set_epoch(epoch)
        drawn.append(list(order))
        assert {draw.epoch for draw in drawn[-1]} == {epoch}
        assert sorted(draw.place for draw in drawn[-1]) == list(range(50))
    assert len({tuple(draw.place for draw in each) for each in drawn}) == 3


def _drawn(rank, folder, results):
    torch.distributed.init_process_group("gloo", init_method=f"file://{folder / 'met'}", rank=rank, world_size=3)
    torch.distributed.barrier()  # who leaves before all have met breaks the meeting off
    order = EpochOrder(10, seed=1)
    results.put((rank, len(order), [draw.place for draw in order]))
    torch.distributed.destroy_process_group()


def test_processes_share_one_order_and_draw_as_many_each(tmp_path):
    """Ten pictures for three processes: four each, so that the first two of the order are drawn again."""
    fork = multiprocessing.get_context("fork")
    results = fork.Queue()
    processes = [fork.Process(target=_drawn, args=(rank, tmp_path, results)) for rank in range(3)]
    for process in processes:
        process.start()
    answers = sorted(results.get(timeout=60) for _ in processes)
    for process in processes:
        process.join()
    assert [count for _, count, _ in answers] == [4, 4, 4]
    whole = [draw.place for draw in EpochOrder(10, seed=1)]
    dealt = [answers[turn % 3][2][turn // 3] for turn in range(12)]
    assert dealt == [*whole, *whole[:2]]
