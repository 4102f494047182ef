"""What breaks the promises of captioners."""

from __future__ import annotations

import numpy as np

from instantreact_sdk import Caption, Captioner
from mutants.mutant import Mutant


class Mover(Captioner):
    """A healthy captioner: whether something moves."""

    clip_length = 8

    def caption(self, clips):
        return [self.describe(clip) for clip in clips]

    def describe(self, clip):
        means = [frame.image[:, : frame.image.shape[1] // 2 + 1].mean() for frame in clip.frames]
        text = "it moves" if np.ptp(means) > 1 else "it is still"
        return Caption(text, 0.5, clip.start, clip.end)


class Movers(Mover):
    """A healthy one of batches, which looks at small pictures."""

    batch_size = 3
    input_size = (40, 30)

    def describe(self, clip):
        text = "it moves" if np.ptp(clip.images(40, 30)[:, :, :21].mean(axis=(1, 2, 3))) > 1 else "it is still"
        return Caption(text, 0.5, clip.start, clip.end)


class StacksNoClips(Mover):
    def caption(self, clips):
        np.concatenate([[clip.start] for clip in clips])
        return super().caption(clips)


class SurestOfTheBatch(Mover):
    batch_size = 3

    def caption(self, clips):
        told = super().caption(clips)
        return [Caption(one.text, 1 / len(told), one.start, one.end) for one in told]


class SaysWhatIsNew(Mover):
    def open(self, context):
        self.last = ""

    def describe(self, clip):
        text = super().describe(clip).text
        news, self.last = text != self.last, text
        return Caption(text if news else "as before", 0.5, clip.start, clip.end)


class StacksClips(Mover):
    batch_size = 3

    def caption(self, clips):
        np.stack([np.arange(len(clip.frames)) for clip in clips]) if clips else None
        return super().caption(clips)


class SizeOfOneNumber(Mover):
    input_size = 40


class ClipsWithoutStride(Mover):
    clip_stride = 0


class ClipsOfALengthInSeconds(Mover):
    clip_length = 1.6


class LooksAtWholePictures(Mover):
    input_size = (40, 30)

    def describe(self, clip):
        corner = np.array([frame.image[:, :160].sum() for frame in clip.frames])
        text = f"something of {np.ptp(corner) // 1000} moves"
        return Caption(text, 0.5, clip.start, clip.end)


class NeedsAWholeClip(Mover):
    def describe(self, clip):
        np.arange(len(clip.frames)).reshape(8)
        return super().describe(clip)


class NeedsTwoFrames(Mover):
    def describe(self, clip):
        np.diff([frame.time for frame in clip.frames]).max()
        return super().describe(clip)


class StacksFrames(Mover):
    def describe(self, clip):
        np.stack([frame.image for frame in clip.frames])
        return super().describe(clip)


class EndsWithAMark(Mover):
    after = " <eos> <pad>"

    def describe(self, clip):
        return Caption(super().describe(clip).text + self.after, 0.5, clip.start, clip.end)


class EndsWithALine(EndsWithAMark):
    after = "\n"


class EndsWithASpace(EndsWithAMark):
    after = " "


class StartsAtZero(Mover):
    def describe(self, clip):
        return Caption(super().describe(clip).text, 0.5, 0.0, clip.end - clip.start)


class EndsBeforeItStarts(Mover):
    def describe(self, clip):
        return Caption(super().describe(clip).text, 0.5, clip.end, clip.start)


class TimesIn32Bits(Mover):
    def describe(self, clip):
        start, end = np.array([clip.start, clip.end], np.float32)
        return Caption(super().describe(clip).text, 0.5, start, end)


HEALTHY = [Mover, Movers]
MUTANTS = [
    Mutant("empty-batch", StacksNoClips, "caption raised ValueError"),
    Mutant("batch-equals-singles", SurestOfTheBatch, "has confidence 0.333"),
    Mutant("order-does-not-matter", SaysWhatIsNew, "as before"),
    Mutant(
        "batch-of-different-sizes", StacksClips, "given 3 clips of different lengths at once, caption raised ValueError"
    ),
    Mutant("declares-its-input", SizeOfOneNumber, "its input_size is 40, neither None nor"),
    Mutant("declares-its-clip", ClipsWithoutStride, "its clip_stride is 0, neither None nor"),
    Mutant("declares-its-clip", ClipsOfALengthInSeconds, "its clip_length is 1.6, no whole number"),
    Mutant("declared-size-is-enough", LooksAtWholePictures, "given frames of 40 x 30 alone, it answered otherwise"),
    Mutant("awkward-clips", NeedsAWholeClip, "on a clip of one frame (and 1 more), caption raised ValueError"),
    Mutant("awkward-clips", NeedsTwoFrames, "on a clip of one frame, caption raised ValueError"),
    Mutant("awkward-clips", StacksFrames, "on a clip of frames of two sizes, caption raised ValueError"),
    Mutant("text-is-one-line", EndsWithAMark, "has the mark '<eos>'"),
    Mutant("text-is-one-line", EndsWithALine, r"has the character '\n'"),
    Mutant("text-is-one-line", EndsWithASpace, "ends or begins with a space"),
    Mutant("caption-covers-its-clip", StartsAtZero, "the caption of clip 2 goes from 0 s to"),
    Mutant("caption-covers-its-clip", EndsBeforeItStarts, "the caption of clip 1 goes from 0.7 s to 0 s"),
    Mutant("times-are-exact", TimesIn32Bits, "of clip 1 an hour later, the end is"),
]
