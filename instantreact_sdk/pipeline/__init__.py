"""From sources to observations in order: sampling, queues, workers, guarded calls, the merge by media time.

A frame's way: `SourceReader` takes it from its source, the `Sampler` wants it or not, an `Inbox` holds it in front of each
`Lane` (a detector's, a captioner's), the lane's `Guard` calls the component, and what was seen is posted to the one
thread that owns the `Merge`. Sound goes the same way through `SoundReader` and `RecognizerLane`.
"""

from instantreact_sdk.pipeline.board import Board, Call
from instantreact_sdk.pipeline.captioning import CaptionerLane
from instantreact_sdk.pipeline.detecting import DetectorLane
from instantreact_sdk.pipeline.guard import CALL_LIMIT, OPEN_LIMIT, AbandonedError, Guard, Watch, Who
from instantreact_sdk.pipeline.inbox import Inbox
from instantreact_sdk.pipeline.lane import Floor, Lane, Member
from instantreact_sdk.pipeline.listening import RecognizerLane
from instantreact_sdk.pipeline.merge import Merge
from instantreact_sdk.pipeline.messages import Ended, Failed, Message, Opened, Pictures, Printed, Seen, Unwell, Wake
from instantreact_sdk.pipeline.pace import Pace
from instantreact_sdk.pipeline.permits import CHUNK_FRAMES, Permits
from instantreact_sdk.pipeline.position import AFTER, position
from instantreact_sdk.pipeline.reading import Outlets, SourceReader
from instantreact_sdk.pipeline.sampler import Sampler

__all__ = [
    "AFTER",
    "CALL_LIMIT",
    "CHUNK_FRAMES",
    "OPEN_LIMIT",
    "AbandonedError",
    "Board",
    "Call",
    "CaptionerLane",
    "DetectorLane",
    "Ended",
    "Failed",
    "Floor",
    "Guard",
    "Inbox",
    "Lane",
    "Member",
    "Merge",
    "Message",
    "Opened",
    "Outlets",
    "Pace",
    "Permits",
    "Pictures",
    "Printed",
    "RecognizerLane",
    "Sampler",
    "Seen",
    "SourceReader",
    "Unwell",
    "Wake",
    "Watch",
    "Who",
    "position",
]
