"""What breaks the promises about answers that all kinds share."""

from __future__ import annotations

import ctypes
import random
import threading
import time

from instantreact_sdk import AudioRecognizer, Caption, Detections, Frame, FrameSource, SoundEvent, SourceInfo
from instantreact_sdk.testing import Case, media
from mutants.captioner import Mover as Teller
from mutants.life import Spot
from mutants.mutant import Mutant
from mutants.webhook import Webhook


class Moved(Spot):
    """A healthy detector that remembers: the spot, where it is not where it was in the frame before."""

    stateful = True
    before = None

    def open(self, context):
        self.before = None

    def find(self, image):
        found = super().find(image)
        before, self.before = self.before, found.boxes.tolist()
        return Detections.empty() if before in (None, self.before) else found


class Film(FrameSource):
    """A healthy source: a short film."""

    @property
    def info(self):
        return SourceInfo(width=320, height=240, live=False, fps=10, duration=1.2)

    def frames(self):
        yield from media.moving_square(12)


class Loud(AudioRecognizer):
    """A healthy recognizer: whether it is loud."""

    sample_rate = 8000

    def recognize(self, chunk):
        loud = float(abs(chunk.samples).max(initial=0))
        return [SoundEvent("loud", min(loud, 1.0), chunk.time, chunk.end)] if loud > 0.05 else []


class PaintsOver(Spot):
    def find(self, image):
        found = super().find(image)
        ctypes.memset(image.ctypes.data, 0, image.nbytes)  # as an operation in place does on torch.from_numpy(image)
        return found


class PaintsOverASmallPicture(Spot):
    input_size = (32, 24)

    def detect(self, frames):
        found = super().detect(frames)
        for frame in frames:
            ctypes.memset(frame.resized(32, 24).ctypes.data, 0, 32 * 24 * 3)
        return found


class Renumbers(Spot):
    def detect(self, frames):
        for frame in frames:
            frame.index = 0
        return super().detect(frames)


class ReplacesFrames(Spot):
    def detect(self, frames):
        frames[:] = [Frame(frame.image[::2, ::2].copy(), time=frame.time, index=frame.index) for frame in frames]
        return super().detect(frames)


class PaintsOverClips(Teller):
    def caption(self, clips):
        captions = super().caption(clips)
        for clip in clips:
            ctypes.memset(clip.frames[0].image.ctypes.data, 0, clip.frames[0].image.nbytes)
        return captions


class FadesOut(Loud):
    def recognize(self, chunk):
        ctypes.memset(chunk.samples[-1:].ctypes.data, 0, 4 * len(chunk.samples[-1:]))
        return super().recognize(chunk)


class NotesWhatItSent(Webhook):
    def notify(self, alert, delivery):
        receipt = super().notify(alert, delivery)
        delivery.done.update(receipt.parts)
        return receipt


class ScoresByChance(Spot):
    def find(self, image):
        found = super().find(image)
        return Detections(found.boxes, [random.random() for _ in range(len(found))], found.labels)


class CountsForEver(Moved):
    count = 0

    def find(self, image):
        found = super().find(image)
        CountsForEver.count += len(found)
        return Detections(found.boxes, found.scores, found.labels, tracks=[CountsForEver.count] * len(found))


class SaysTheTimeOfDay(Teller):
    def describe(self, clip):
        told = super().describe(clip)
        return Caption(f"{told.text} at {time.time_ns()}", told.confidence, told.start, told.end)


class StampsByTheClock(Film):
    def frames(self):
        began = time.perf_counter()
        for frame in super().frames():
            yield Frame(frame.image, time=frame.time + (time.perf_counter() - began) * 1e-3, index=frame.index)


class GuessesLoudness(Loud):
    def recognize(self, chunk):
        return [SoundEvent(one.label, random.random(), one.start, one.end) for one in super().recognize(chunk)]


class OpensWithItsMemory(Moved):
    def open(self, context):
        pass


class PlaysOn(Film):
    position = 0

    def frames(self):
        for frame in media.moving_square(12, first=self.position):
            self.position += 1
            yield frame


class TurnsDownAtEachOpening(Loud):
    level = 1.0

    def open(self, context):
        self.level *= 0.5

    def recognize(self, chunk):
        return [SoundEvent(one.label, one.score * self.level, one.start, one.end) for one in super().recognize(chunk)]


class RemembersInItsClass(Moved):
    def open(self, context):
        RemembersInItsClass.before = None

    def find(self, image):
        found = super().find(image)
        RemembersInItsClass.before = vars(self).pop("before")
        return found


class PlaysOneFilmForAll(Film):
    film = iter(())

    def open(self, context):
        PlaysOneFilmForAll.film = iter(media.moving_square(12))

    def frames(self):
        yield from PlaysOneFilmForAll.film


class BelongsToAThread(Spot):
    def open(self, context):
        self.local = threading.local()
        self.local.red = 150

    def find(self, image):
        return super().find(image) if self.local.red else None


class SharesABuffer(Spot):
    buffer = None

    def find(self, image):
        SharesABuffer.buffer = image
        time.sleep(0.002)  # long work in which another thread gets its turn
        return super().find(SharesABuffer.buffer)


class LooksForBlue(Spot):
    def find(self, image):
        return super().find(image[..., ::-1])

    @staticmethod
    def check(folder):
        yield Case(inputs=media.moving_square(8))


class SaysNothing(Teller):
    def describe(self, clip):
        return Caption("", 1.0, clip.start, clip.end)

    @staticmethod
    def check(folder):
        yield Case(inputs=[media.moving_clip(10)])


class HearsNothing(Loud):
    def recognize(self, chunk):
        return []

    @staticmethod
    def check(folder):
        yield Case(inputs=[media.tone(440, rate=8000)])


HEALTHY = [Moved, Film, Loud]
MUTANTS = [
    Mutant("input-is-unchanged", PaintsOver, "detect changed the pixels of what it was given"),
    Mutant("input-is-unchanged", PaintsOverASmallPicture, "detect changed the pixels of what it was given"),
    Mutant("input-is-unchanged", Renumbers, "detect changed the fields of what it was given"),
    Mutant("input-is-unchanged", ReplacesFrames, "detect changed the list that it was given"),
    Mutant("input-is-unchanged", PaintsOverClips, "caption changed the pixels of what it was given"),
    Mutant("input-is-unchanged", FadesOut, "recognize changed the samples of what it was given"),
    Mutant("input-is-unchanged", NotesWhatItSent, "notify changed the delivery of what it was given"),
    Mutant("deterministic", ScoresByChance, "answered otherwise: answer 1 of 24 has"),
    Mutant("deterministic", CountsForEver, "answer 2 of 24 has other tracks"),
    Mutant("deterministic", SaysTheTimeOfDay, "answer 1 of 3 has text 'it moves at"),
    Mutant("deterministic", StampsByTheClock, "has time"),
    Mutant("deterministic", GuessesLoudness, "answer 1 of 3 has score"),
    Mutant(
        "starts-afresh", OpensWithItsMemory, "opened again answered otherwise: answer 1 of 24 has 1 objects instead"
    ),
    Mutant("starts-afresh", PlaysOn, "answer 1 of 12 has time 1.2 instead of 0"),
    Mutant("starts-afresh", TurnsDownAtEachOpening, "answer 1 of 3 has score 0."),
    Mutant("instances-are-independent", RemembersInItsClass, "used in turns answered otherwise"),
    Mutant("instances-are-independent", PlaysOneFilmForAll, "0 answers instead of 12"),
    Mutant("works-in-another-thread", BelongsToAThread, "opened in one thread and used in another, detect raised Attr"),
    Mutant("works-in-threads", SharesABuffer, "one of two instances in two threads answered otherwise"),
    Mutant("finds-something", LooksForBlue, "it found nothing in the 8 inputs of its case"),
    Mutant("finds-something", SaysNothing, "it found nothing in the 1 inputs of its case"),
    Mutant("finds-something", HearsNothing, "it found nothing in the 1 inputs of its case"),
]
