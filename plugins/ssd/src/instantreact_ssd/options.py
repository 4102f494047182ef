"""What can be set of a detector."""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated, Final, Literal

from pydantic import Field

from instantreact_sdk import Options

COCO = "coco"
MIN_SCORE = 0.5
"""What `min_score: auto` is where the weights were never evaluated."""

EVALUATION: Final = MappingProxyType({"min_score": 0.01, "max_overlap": 0.45, "top_k": 200})
"""The options of the paper's evaluation (section 3.7)."""

_Fraction = Annotated[float, Field(ge=0, le=1)]


class DetectorOptions(Options):
    """Options of `ssd/ssd300`, `ssd/ssd512` and `ssd/ssdlite320`."""

    weights: str = Field(COCO, min_length=1)
    """A file of weights, the folder of a training run, or `coco`: those that torchvision trained on COCO's 80 kinds of things
    (of `ssd300` and `ssdlite320`; downloaded once). A relative path starts at the folder of the pipeline file."""

    min_score: _Fraction | Literal["auto"] = "auto"
    """What scores less is not found. `auto` takes the score at which precision and recall balanced best (F1) when the weights were
    evaluated, which their card tells; 0.5 where it does not."""

    max_overlap: _Fraction = 0.45
    """Of two boxes of one label whose intersection is a larger part of their union, only the surer one is kept."""

    top_k: int = Field(200, ge=1, le=10_000)
    """The most objects of one picture; the surest are kept."""

    classes: tuple[str, ...] | None = Field(None, min_length=1)
    """The labels to look for, as in `[person, dog]`; left out, all that the weights know."""

    device: str = Field("auto", pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$")
    """`cpu`, `cuda`, `cuda:1`, `mps`, or `auto`: a GPU where there is one."""

    precision: Literal["auto", "fp32", "bf16"] = "auto"
    """`bf16` is about twice as fast where the hardware computes with such numbers, and scores differ by less than 0.01; `auto` takes it
    there, and `fp32` elsewhere."""
