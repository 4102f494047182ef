"""What goes into one call of a detector or a captioner, and what must not matter about it."""

from __future__ import annotations

from typing import Any

from instantreact_sdk.registry import Kind
from instantreact_sdk.testing import media
from instantreact_sdk.testing.conformance.check import CheckFailed, NotApplicable, check
from instantreact_sdk.testing.conformance.checks.life import WORKS
from instantreact_sdk.testing.conformance.comparing import must_agree
from instantreact_sdk.testing.conformance.passes import answers_to, first_pass, mirrored, single_answers
from instantreact_sdk.testing.conformance.trial import Trial

_BATCHED: tuple[Kind, ...] = ("detector", "captioner")
_SIZES = ((320, 240), (160, 120), (180, 320))


def natural(value: Any) -> bool:
    """Whether it is a whole number from 1 on."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


@check(*_BATCHED, needs=WORKS)
def declares_its_input(trial: Trial) -> None:
    """`input_size` is None or a tuple of two whole numbers from 1 on, `batch_size` a whole number from 1 on.

    Why: the pipeline reads them once, and prepares frames and batches accordingly.

    To fix: write `input_size = (300, 200)`, width first, and `batch_size = 8`. Where they depend on the model set them in `open`, as `int`s.
    """
    with trial.opened() as component, trial.calling("reading what it declares"):
        size, batch = component.input_size, component.batch_size
    if size is not None and not (isinstance(size, tuple) and len(size) == 2 and all(map(natural, size))):  # noqa: PLR2004  (width and height)
        raise CheckFailed(f"its input_size is {size!r}, neither None nor (width, height) in whole pixels")
    if not natural(batch):
        raise CheckFailed(f"its batch_size is {batch!r}, no whole number from 1 on")


@check(*_BATCHED, needs=WORKS)
def empty_batch(trial: Trial) -> None:
    """Asked about nothing it answers nothing: an empty sequence, and no error.

    Why: the interface allows it, so that whoever calls it needs no special case.

    To fix: answer with a list made by a loop, or begin with `if not frames: return []`; `np.stack` and most models refuse empty batches.
    """
    with trial.opened() as component, trial.calling(trial.work.method):
        trial.work.checked(trial.work.call(component, []), [])


@check(*_BATCHED, needs=("deterministic", "empty-batch"))
def batch_equals_singles(trial: Trial) -> None:
    """A batch gets the answers that its members get one by one.

    Why: files come in batches, live frames one by one; a rule that was tried on a film has to hold for the camera.

    To fix: normalise each picture by itself; give answers in the order of the inputs; put networks into `eval()` mode, for batch
    normalisation mixes pictures otherwise; advance a tracker once for each frame, not for each call.

    A stateful component is tried with new instances, and the inputs in order. Boxes, scores and confidences may be 0.001 apart, and one
    object in fifty may be missing, because sums in another order are rounded otherwise.
    """
    inputs, _ = first_pass(trial)
    with trial.opened() as component:
        size = trial.work.batch(component)
        if size == 1:
            raise NotApplicable("its batch_size is 1, so it is never given more at once")
        if len(inputs) > size and not len(inputs) % size:
            inputs = inputs[:-1]  # the last batch of a file is a shorter one
        together = answers_to(trial, component, inputs)
    with trial.opened() as component:
        must_agree(
            single_answers(trial, component, inputs), together, f"given batches of {size} instead of one by one, it"
        )


@check(*_BATCHED, needs=("deterministic",))
def order_does_not_matter(trial: Trial) -> None:
    """It remembers nothing, unless its spec says `stateful=True`: any order, and any others in between, give the same answers.

    Why: one instance serves all sources, whose frames come to it as they will. What it remembers of one camera it would find in another.

    To fix: compute an answer from its own frame or clip alone, or declare `stateful=True` in the spec (for a class in a local
    file: the class attribute `stateful = True`); then each source has an instance of its own. A cache needs the source in its key, too.
    """
    if trial.choice.spec.stateful:
        raise NotApplicable("it is stateful, as its spec says")
    inputs, _ = first_pass(trial)
    with trial.opened() as component:
        wanted = single_answers(trial, component, inputs)
    backwards: list[Any] = []
    with trial.opened() as component:
        for one in reversed(inputs):
            single_answers(trial, component, [mirrored(one)])
            backwards += single_answers(trial, component, [one])
    must_agree(wanted, backwards[::-1], "given its inputs backwards, and those of another source in between, it")


@check(*_BATCHED, needs=("declares-its-input",))
def batch_of_different_sizes(trial: Trial) -> None:
    """Pictures of different sizes may be in one batch, and clips of different lengths.

    Why: a component that is not stateful serves sources of all sizes at once, and the last clip of a file is short.

    To fix: bring pictures to one size before you put them into one array: `np.stack([frame.resized(300, 300) for frame in frames])`; fill up
    short clips, or take the lengths apart.
    """
    if trial.choice.spec.stateful:
        raise NotApplicable("it is stateful, so it never has frames of two sources in one batch")
    with trial.opened() as component:
        size = trial.work.batch(component)
        if size == 1:
            raise NotApplicable("its batch_size is 1, so it is never given more at once")
        mixed = _clips(component.clip_length) if trial.choice.kind == "captioner" else _frames()
        batch = mixed[:size]
        try:
            answers_to(trial, component, batch)
        except CheckFailed as failed:
            things = "clips of different lengths" if trial.choice.kind == "captioner" else "pictures of different sizes"
            raise CheckFailed(f"given {len(batch)} {things} at once, {failed}") from failed


def _frames() -> list[Any]:
    return [media.moving_square(3, width=width, height=height)[1] for width, height in _SIZES]


def _clips(length: int) -> list[Any]:
    lengths = (length, max(1, length // 2), 1)
    return [media.moving_clip(count, width=w, height=h) for count, (w, h) in zip(lengths, _SIZES, strict=True)]
