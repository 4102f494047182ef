"""How well detections agree with what is really there."""

from instantreact_sdk.metrics.coco import COCO_FIGURES, CocoResult, score_coco
from instantreact_sdk.metrics.curve import Curve, Threshold
from instantreact_sdk.metrics.found import Found
from instantreact_sdk.metrics.mistakes import MISTAKE_KINDS, Mistake, MistakeKind, find_mistakes
from instantreact_sdk.metrics.verdicts import Verdicts, judge
from instantreact_sdk.metrics.voc import VocResult, score_voc

__all__ = [
    "COCO_FIGURES",
    "MISTAKE_KINDS",
    "CocoResult",
    "Curve",
    "Found",
    "Mistake",
    "MistakeKind",
    "Threshold",
    "Verdicts",
    "VocResult",
    "find_mistakes",
    "judge",
    "score_coco",
    "score_voc",
]
