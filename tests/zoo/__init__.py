"""Hostile plugins, each a real distribution that `settle` writes into a folder of the import path.

`LOAD_TIME` go wrong when they are looked for, imported or asked what they register; `RUN_TIME` load well and go wrong at work.

    from zoo import RUN_TIME, settle

    settle(tmp_path, RUN_TIME["segfaults"])
    # with tmp_path on sys.path, or on a subprocess's PYTHONPATH:  use: segfaults

Every run-time animal takes the option ``after``: how many calls (or frames, of a source) go well first. A detector of the zoo
sees one box over the middle of every frame while it behaves.

| `RUN_TIME` name      | kind       | what it does                                                                      |
|----------------------|------------|-----------------------------------------------------------------------------------|
| raises-in-open       | detector   | raises ValueError in ``open``                                                     |
| blocks-in-open       | detector   | never returns from ``open``                                                       |
| raises-in-close      | detector   | raises ValueError in ``close``                                                    |
| raises               | detector   | raises ValueError in every call                                                   |
| interrupts           | detector   | raises KeyboardInterrupt in a call                                                |
| stops-iterating      | detector   | lets StopIteration out of a call                                                  |
| unspeakable          | detector   | raises what exits when it is put into words                                       |
| exits                | detector   | ``sys.exit`` in a call                                                            |
| exits-hard           | detector   | ``os._exit(0)`` in a call                                                         |
| segfaults            | detector   | reads address 0 in a call                                                         |
| blocks               | detector   | never returns from a call, but lets other threads run                             |
| holds-the-gil        | detector   | never returns from a call, and lets no other thread run                           |
| nan-boxes            | detector   | makes Detections of NaN                                                           |
| outside-boxes        | detector   | makes Detections outside 0..1                                                     |
| forged-boxes         | detector   | changes valid Detections to NaN afterwards                                        |
| wrong-labels         | detector   | labels that point beyond its ``labels``                                           |
| too-few              | detector   | returns nothing for the frames it got                                             |
| returns-none         | detector   | returns None                                                                      |
| changes-input        | detector   | writes into the frame's picture                                                   |
| forces-input         | detector   | makes the frame's picture writeable, then writes into it                          |
| prints               | detector   | prints to stdout in every call, and behaves otherwise                             |
| hostile-source       | source     | option ``how``: raises, blocks, segfaults, exits-hard, holds-the-gil, backwards    |
| hostile-captioner    | captioner  | option ``how``: raises, blocks, segfaults, exits-hard, holds-the-gil, returns-none |
| hostile-recognizer   | recognizer | as above                                                                          |
| hostile-notifier     | notifier   | as above                                                                          |
"""

from zoo.load_time import LOAD_TIME
from zoo.run_time import RUN_TIME
from zoo.settling import HEALTHY, Animal, detector_hooks, settle, wheel

__all__ = ["HEALTHY", "LOAD_TIME", "RUN_TIME", "Animal", "detector_hooks", "settle", "wheel"]
