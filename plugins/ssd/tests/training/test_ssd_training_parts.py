from contextlib import suppress
from itertools import pairwise
from random import Random

import pytest
import torch
from instantreact_ssd import hardware
from instantreact_ssd.training.arithmetic import Arithmetic
from instantreact_ssd.training.average import Average
from instantreact_ssd.training.descent import descent, set_rate
from instantreact_ssd.training.finder import Search
from instantreact_ssd.training.history import Epoch, best, stale, write_csv
from instantreact_ssd.training.options import TrainingOptions
from instantreact_ssd.training.schedule import Schedule
from instantreact_ssd.training.state import State
from instantreact_ssd.whole import whole
from torch import nn

from instantreact_sdk import InstantReactError, PluginError


def _epoch(number: int, voc_map: float | None = None) -> Epoch:
    return Epoch(number, 2.5, 1.0, 1.5, 10.0, 0.001, voc_map, voc_map, 3.0)


def _state(**changed) -> State:
    empty = {name: {} for name in ("architecture", "network", "average", "optimizer", "scaling")}
    known = {"settings": {"seed": 1}, "rate": 0.1, "step": 7, "frozen": 0, "history": [_epoch(1, 0.5)]}
    return State(**{**empty, **known, **changed})


def test_the_rate_rises_in_equal_steps_and_follows_half_a_wave_to_a_hundredth():
    schedule = Schedule("cosine", steps=103, warm_up=2)
    assert [schedule(step) for step in (0, 1)] == pytest.approx([1 / 3, 2 / 3])
    assert schedule(2) == 1
    assert schedule(52) == pytest.approx((1 + 0.01) / 2)  # the middle of steps 2 to 102
    assert schedule(102) == pytest.approx(0.01)
    falling = [schedule(step) for step in range(2, 103)]
    assert all(after < before for before, after in pairwise(falling))


def test_several_steps_fall_to_a_tenth_after_two_thirds_and_again_after_five_sixths():
    schedule = Schedule("multi-step", steps=120, warm_up=0)
    assert [schedule(step) for step in (0, 79, 80, 99, 100, 119)] == pytest.approx([1, 1, 0.1, 0.1, 0.01, 0.01])


def test_a_warm_up_takes_at_most_a_tenth_of_a_short_training():
    schedule = Schedule("cosine", steps=20, warm_up=100)
    assert [schedule(0), schedule(1), schedule(2)] == pytest.approx([1 / 3, 2 / 3, 1])


def test_a_training_of_one_step_has_a_rate():
    assert Schedule("cosine", steps=1, warm_up=100)(0) == 1


def test_the_average_moves_by_what_its_decay_leaves():
    learning, average = nn.Linear(1, 1, bias=False), nn.Linear(1, 1, bias=False)
    nn.init.constant_(learning.weight, 1.0)
    nn.init.constant_(average.weight, 0.0)
    running = Average(average, learning, decay=0.15)
    running.update(0)  # (1 + 0) / (10 + 0) = .1
    assert average.weight.item() == pytest.approx(0.9)
    running.update(1)  # 2 / 11 = .18, so the decay itself: .15 * .9 + .85 * 1
    assert average.weight.item() == pytest.approx(0.985)


def test_the_average_of_a_short_training_spans_about_its_last_tenth():
    running = Average(nn.Identity(), nn.Identity(), decay=0.9998)
    assert 1 / (1 - running.decay(549)) == pytest.approx(559 / 9)  # 62 of 550 steps


def test_batch_norms_are_averaged_and_their_counts_copied():
    learning, average = nn.BatchNorm2d(1), nn.BatchNorm2d(1)
    learning(torch.full((2, 1, 2, 2), 4.0))  # the running mean becomes .1 * 4
    Average(average, learning, decay=0.5).update(10**6)
    assert average.running_mean.item() == pytest.approx(0.2)
    assert average.num_batches_tracked.item() == 1


def test_without_a_decay_the_average_is_a_copy():
    learning, average = nn.Linear(3, 2), nn.Linear(3, 2)
    Average(average, learning, decay=0).update(0)
    assert torch.equal(average.weight, learning.weight)


def test_biases_of_convolutions_learn_twice_as_fast_and_only_kernels_decay():
    network = nn.Sequential(nn.Conv2d(1, 1, 1), nn.BatchNorm2d(1))
    optimizer = descent(network, TrainingOptions())
    set_rate(optimizer, 0.01)
    found = {
        id(parameter): (group["lr"], group["weight_decay"])
        for group in optimizer.param_groups
        for parameter in group["params"]
    }
    assert found == {
        id(network[0].weight): (0.01, 5e-4),
        id(network[0].bias): (0.02, 0.0),
        id(network[1].weight): (0.01, 0.0),
        id(network[1].bias): (0.01, 0.0),
    }


def test_a_step_of_descent_is_the_rate_times_the_gradient_and_the_decay():
    layer = nn.Linear(1, 1)
    nn.init.constant_(layer.weight, 2.0)
    nn.init.constant_(layer.bias, 1.0)
    optimizer = descent(layer, TrainingOptions(weight_decay=0.5))
    set_rate(optimizer, 0.1)
    layer(torch.ones(1, 1)).sum().backward()  # both gradients are 1
    optimizer.step()
    assert layer.weight.item() == pytest.approx(2 - 0.1 * (1 + 0.5 * 2))
    assert layer.bias.item() == pytest.approx(1 - 2 * 0.1 * 1)


def test_what_is_frozen_is_not_descended():
    network = nn.Sequential(nn.Conv2d(1, 1, 1), nn.Conv2d(1, 1, 1))
    network[0].requires_grad_(False)
    descended = [id(each) for group in descent(network, TrainingOptions()).param_groups for each in group["params"]]
    assert set(descended) == {id(each) for each in network[1].parameters()}


def test_the_first_of_equally_good_epochs_is_the_best_and_later_validations_are_counted():
    history = [_epoch(1), _epoch(2, 0.5), _epoch(3), _epoch(4, 0.5), _epoch(5, 0.1)]
    assert best(history) is history[1]
    assert stale(history) == 2
    assert best([_epoch(1)]) is None
    assert stale([_epoch(1)]) == 0


@pytest.mark.parametrize("flags", ["avx512_bf16", "avx2"])
def test_training_computes_as_detecting_does(tmp_path, monkeypatch, flags):
    (tmp_path / "cpuinfo").write_text(f"flags : fpu {flags} sse\n")
    monkeypatch.setattr(hardware, "_CPU_FLAGS", tmp_path / "cpuinfo")
    detecting = hardware.choose_precision("auto", torch.device("cpu"))
    assert Arithmetic.of(TrainingOptions(device="cpu")).dtype == detecting
    assert detecting == (torch.bfloat16 if flags == "avx512_bf16" else torch.float32)


def test_an_epoch_is_a_row_of_the_csv(tmp_path):
    write_csv([_epoch(1), _epoch(2, 0.25)], tmp_path / "metrics.csv")
    assert (tmp_path / "metrics.csv").read_text().splitlines() == [
        "epoch,loss,localization,classification,images_per_second,learning_rate,voc_map,voc_map_11,seconds",
        "1,2.5,1.0,1.5,10.0,0.001,,,3.0",
        "2,2.5,1.0,1.5,10.0,0.001,0.25,0.25,3.0",
    ]


def test_a_file_that_is_broken_off_leaves_the_one_before(tmp_path):
    path = tmp_path / "kept"
    path.write_bytes(b"before")

    def write(content):
        with whole(path) as file:
            file.write(content)
            if content == b"half":
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(b"half")
    assert path.read_bytes() == b"before"
    write(b"after")
    assert path.read_bytes() == b"after"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_one_sentence(tmp_path):
    """Of torch's own writer, too, that makes another error of it."""
    (tmp_path / "last.ckpt.part").symlink_to("/dev/full")
    with (
        pytest.raises(InstantReactError, match="No space left on device") as caught,
        whole(tmp_path / "last.ckpt") as file,
    ):
        torch.save({"weights": torch.zeros(100_000)}, file)
    assert caught.value.code == "IR4020"


def test_a_state_is_read_as_it_was_written(tmp_path):
    assert State.read(tmp_path) is None
    _state(network={"w": torch.arange(3.0)}).write(tmp_path)
    read = State.read(tmp_path)
    assert (read.rate, read.step, read.settings, read.history) == (0.1, 7, {"seed": 1}, [_epoch(1, 0.5)])
    assert read.network["w"].tolist() == [0, 1, 2]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not really", b"\x80\x02cos\nsystem\n."])
def test_what_is_no_state_is_refused_in_a_sentence(tmp_path, content):
    (tmp_path / "last.ckpt").write_bytes(content)
    with pytest.raises(PluginError, match=r"last\.ckpt is not the state of a training"):
        State.read(tmp_path)


def test_a_state_that_cannot_be_read_now_is_not_called_damaged(tmp_path):
    (tmp_path / "last.ckpt").mkdir()
    with pytest.raises(PluginError, match=r"last\.ckpt cannot be read: Is a directory\. See that it can"):
        State.read(tmp_path)


def test_a_state_with_any_byte_changed_is_read_or_refused_in_a_sentence(tmp_path):
    _state(network={"w": torch.arange(3.0)}).write(tmp_path)
    path, random = tmp_path / "last.ckpt", Random(0)
    whole = path.read_bytes()
    for _ in range(200):
        place = random.randrange(len(whole))
        path.write_bytes(whole[:place] + random.randbytes(1) + whole[place + 1 :])
        with suppress(PluginError):
            State.read(tmp_path)


def test_a_run_is_not_taken_up_otherwise_than_it_was_begun(tmp_path):
    with pytest.raises(PluginError, match=r"was begun with seed 1, and is now given 2\."):
        _state().fits({"seed": 2}, tmp_path)


def test_the_rate_taken_is_where_the_loss_falls_fastest():
    search = Search([1e-5, 1e-4, 1e-3, 1e-2, 1e-1], [5.0, 4.0, 2.0, 1.5, 9.0])
    assert search.steepest == 1e-4  # between its neighbours it falls by 3, around 1e-3 by 2.5
    assert Search([1e-3, 1e-2, 1e-1], [1.0, 2.0, 3.0]).steepest == pytest.approx(1e-2)


@pytest.mark.parametrize(
    "wrong", [{"epochs": 0}, {"learning_rate": 0}, {"momentum": 1}, {"loss": "hinge"}, {"epoch": 3}]
)
def test_options_that_mean_nothing_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        TrainingOptions(**wrong)
