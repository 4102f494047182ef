"""What holds for captioners."""

from __future__ import annotations

import re
from collections.abc import Iterator

from instantreact_sdk.testing import media
from instantreact_sdk.testing.conformance.check import CheckFailed, NotApplicable, check
from instantreact_sdk.testing.conformance.checks.batches import natural
from instantreact_sdk.testing.conformance.checks.life import WORKS
from instantreact_sdk.testing.conformance.comparing import must_agree
from instantreact_sdk.testing.conformance.lines import blemish
from instantreact_sdk.testing.conformance.passes import answers_to, first_pass, must_survive
from instantreact_sdk.testing.conformance.trial import Trial
from instantreact_sdk.types import Caption, Clip, Frame

_HOUR = 3600.0
_SAME_MOMENT = 1e-6
_TOKEN = re.compile(r"</?(pad|eos|bos|sos|unk|s|start|end|mask)>|\[(PAD|UNK|CLS|SEP|MASK)\]|<\|\w+\|>", re.IGNORECASE)


@check("captioner", needs=WORKS)
def declares_its_clip(trial: Trial) -> None:
    """`clip_length` is a whole number from 1 on, `clip_stride` None or one, too.

    Why: the pipeline reads them once, and fills clips accordingly.

    To fix: write `clip_length = 40` and, where the next clip shall not begin half a clip later, `clip_stride = 10`. Where they depend
    on the model or the options set them in `open`, as `int`s.
    """
    with trial.opened() as captioner, trial.calling("reading what it declares"):
        length, stride = captioner.clip_length, captioner.clip_stride
    if not natural(length):
        raise CheckFailed(f"its clip_length is {length!r}, no whole number from 1 on")
    if stride is not None and not natural(stride):
        raise CheckFailed(f"its clip_stride is {stride!r}, neither None nor a whole number from 1 on")


@check("captioner", needs=("declares-its-input",))
def declared_size_is_enough(trial: Trial) -> None:
    """It says the same of clips whose frames have nothing but the `input_size` that it declares.

    Why: whole pictures of 40 frames of each camera would fill the memory, so a pipeline keeps only the sizes that captioners
    declare. `frame.image`, `frame.width` and `frame.height` are then those of the small picture.

    To fix: ask frames for the declared size and nothing else (`clip.images(*self.input_size)`), or declare `input_size = None`.
    """
    inputs, wanted = first_pass(trial)
    with trial.opened() as captioner:
        size = captioner.input_size
        if size is None:
            raise NotApplicable("it declares no input_size, so it is given whole pictures")
        small = [Clip(tuple(frame.only(frozenset([size])) for frame in clip.frames), clip.source) for clip in inputs]
        found = trial.work.answers(trial, captioner, small)
    must_agree(wanted, found, f"given frames of {size[0]} x {size[1]} alone, it")


@check("captioner", needs=("declares-its-clip",))
def awkward_clips(trial: Trial) -> None:
    """It survives clips that are short, still, noisy, black, of changing size, or have a gap, and its answers stay valid.

    Why: the last clip of a file is as short as it comes, down to one frame; a camera changes its resolution or is covered.

    To fix: take the length from the clip (`len(clip.frames)`), not from `clip_length`; ask for frames in one size
    (`clip.images(224, 224)`); divide by nothing that may be zero.
    """
    with trial.opened() as captioner:
        length = captioner.clip_length
        black = media.clip(media.still(length, width=64, height=48, colour=(0, 0, 0)))
        must_survive(trial, captioner, {**media.awkward_clips(length), "a black clip": black})


@check("captioner", needs=WORKS)
def text_is_one_line(trial: Trial) -> None:
    """A text is a line to be read: no line breaks, no spaces around it, no marks of the model like `<pad>` or `<eos>`.

    Why: captions stand in alerts and under pictures, and rules look for words in them.

    To fix: stop decoding at the end mark, leave special tokens out (`skip_special_tokens=True` of many tokenizers), and strip the text. An
    empty text is right where there is nothing to say.
    """
    for number, _, caption in _captions(trial):
        mark = _TOKEN.search(caption.text)
        wrong = f"has the mark {mark[0]!r}" if mark else blemish(caption.text)
        if wrong:
            raise CheckFailed(f"its text for clip {number} {wrong}: {caption.text!r}")


@check("captioner", needs=WORKS)
def caption_covers_its_clip(trial: Trial) -> None:
    """`start` and `end` of a caption lie inside its clip, and the end is not before the start.

    Why: by these times people find the moment in the film.

    To fix: pass on those of the clip, `start=clip.start, end=clip.end`; they are seconds of the source, not of the clip.
    """
    for number, clip, caption in _captions(trial):
        told = f"the caption of clip {number} goes from {caption.start:g} s to {caption.end:g} s"
        if caption.end < caption.start:
            raise CheckFailed(told)
        if caption.start < clip.start - _SAME_MOMENT or caption.end > clip.end + _SAME_MOMENT:
            raise CheckFailed(f"{told}, the clip from {clip.start:g} s to {clip.end:g} s")


@check("captioner", needs=("deterministic", "caption-covers-its-clip"))
def times_are_exact(trial: Trial) -> None:
    """The same clip an hour later has a caption exactly an hour later.

    Why: cameras run for months. Times in 32 bits go in steps of a millisecond after three hours, and of a second after a hundred days.

    To fix: keep times as Python floats; make no `float32` arrays or tensors of them, and do not round them.
    """
    inputs, wanted = first_pass(trial)
    with trial.opened() as captioner:
        found = answers_to(trial, captioner, [_later(clip) for clip in inputs])
    for number, (now, then) in enumerate(zip(wanted, found, strict=True), 1):
        for name in ("start", "end"):
            shift = getattr(then, name) - getattr(now, name)
            if abs(shift - _HOUR) > _SAME_MOMENT:
                raise CheckFailed(f"of clip {number} an hour later, the {name} is {shift:.6f} s later instead of 3600")


def _captions(trial: Trial) -> Iterator[tuple[int, Clip, Caption]]:
    """Ordinary clips, with their numbers from 1 on and what it says of them."""
    yield from ((number, *pair) for number, pair in enumerate(zip(*first_pass(trial), strict=True), 1))


def _later(clip: Clip) -> Clip:
    frames = (Frame(frame.image, time=frame.time + _HOUR, index=frame.index, wall=frame.wall) for frame in clip.frames)
    return Clip(tuple(frames), clip.source)
