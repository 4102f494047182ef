"""An exported network, and all that a program in any language needs to find objects with it.

**Input.** ``images``: float32 ``(n, 3, S, S)``, n of your choice; planes of red, green and blue in 0..1, rows from the top. Any picture is
stretched to S x S; its shape is not kept. Mean and deviation are taken care of inside. It is float rather than bytes because
runtimes on GPUs and in browsers convert no bytes, and whoever parts the colours can divide by 255 as well.

**Outputs**, all float32. ``offsets``: ``(n, P, 4)``; ``logits``: ``(n, P, K)``; ``priors``: ``(P, 4)`` of centre x, centre y, width, height as
fractions of the picture. There is no suppression of doubles inside, for runtimes differ in it or lack it.

**Metadata** (``metadata_props``), each value in JSON:

| key | value |
|---|---|
| ``format`` | ``"instantreact-ssd 1"``: what this page describes |
| ``labels`` | names of the classes, without background |
| ``size`` | S |
| ``background`` | whether column 0 of ``logits`` is background, and K is one more than there are labels |
| ``activation`` | ``"softmax"`` over the columns, or ``"sigmoid"`` of each: makes scores of logits |
| ``variances`` | ``[a, b]``, see below |
| ``largest`` | what the logarithm of a side is cut to |
| ``min_score`` | what a score has to be at least: of best F1, where that was measured; else a usual one |
| ``max_overlap`` | of two boxes of one label that overlap more, only the one with the higher score counts |
| ``candidates`` | so many predictions of one label, those of the highest scores, are looked at |
| ``top_k`` | the most objects of one picture |
| ``card`` | the card of the weights: where they come from, and what was measured with them |

**From outputs to boxes.** With offsets ``(tx, ty, tw, th)`` and its prior ``(x, y, w, h)``, the box has its centre at ``(x + tx a w, y + ty a h)`` and
its sides are ``w exp(min(tw b, largest))`` and ``h exp(min(th b, largest))``. Cut at 0 and 1, its edges are fractions of the picture. Leave out
what has no area then. For each label take the scores from ``min_score`` on, the best ``candidates`` of them, and from the best one
on keep each whose box overlaps none that was kept by more than ``max_overlap`` (area of the intersection by area of the union). Of all
labels together, the best ``top_k`` are the objects.
"""

from __future__ import annotations

import json
from typing import Any

import onnx
import torch

from instantreact_sdk import ModelCard
from instantreact_ssd.boxes import LARGEST, VARIANCES
from instantreact_ssd.finding import CANDIDATES
from instantreact_ssd.network import SSD

FORMAT = "instantreact-ssd 1"
"""Changes where a program that reads such files has to change."""


def graph(model: SSD, opset: int) -> onnx.ModelProto:
    """The network as ONNX, with its priors as the third output and without metadata.

    Args:
        model: On the CPU, in float32, in the mode for detecting.
        opset: Version of ONNX's operators, from 18 on.
    """
    # The exporter by TorchScript would need no onnxscript, but is deprecated, warns, and writes four times as many nodes
    # (411 instead of 108 for SSD300), which compute shapes again at each run.
    size = model.architecture.size
    program = torch.onnx.export(
        model,
        (torch.zeros(2, 3, size, size),),
        input_names=["images"],
        output_names=["offsets", "logits"],
        dynamic_shapes=({0: torch.export.Dim("batch")},),
        opset_version=opset,
        dynamo=True,
        verbose=False,
    )
    assert program is not None
    proto: onnx.ModelProto = program.model_proto
    for node in proto.graph.node:
        del node.metadata_props[:]  # lines of Python with the paths of this machine
        node.doc_string = ""
    for part in [
        proto.graph,
        *proto.graph.value_info,
        *proto.graph.input,
        *proto.graph.output,
        *proto.graph.initializer,
    ]:
        del part.metadata_props[:]
    _add_priors(proto, model)
    return proto


def _add_priors(proto: onnx.ModelProto, model: SSD) -> None:
    """By a node, for some runtimes take no constant for an output."""
    priors = model.priors.cpu().numpy()
    proto.graph.initializer.append(onnx.numpy_helper.from_array(priors, "all_priors"))
    proto.graph.node.append(onnx.helper.make_node("Identity", ["all_priors"], ["priors"], "priors"))
    proto.graph.output.append(onnx.helper.make_tensor_value_info("priors", onnx.TensorProto.FLOAT, priors.shape))


def describe(
    proto: onnx.ModelProto, model: SSD, card: ModelCard, *, min_score: float, max_overlap: float, top_k: int
) -> None:
    """Write into the file what its reader has to know."""
    assert __doc__
    proto.doc_string = __doc__
    del proto.metadata_props[:]
    onnx.helper.set_model_props(
        proto,
        {
            name: json.dumps(value, ensure_ascii=False)
            for name, value in _facts(model, card, min_score, max_overlap, top_k).items()
        },
    )


def _facts(model: SSD, card: ModelCard, min_score: float, max_overlap: float, top_k: int) -> dict[str, Any]:
    architecture = model.architecture
    return {
        "format": FORMAT,
        "labels": card.labels,
        "size": architecture.size,
        "background": architecture.background,
        "activation": "softmax" if architecture.background else "sigmoid",
        "variances": VARIANCES,
        "largest": LARGEST,
        "min_score": min_score,
        "max_overlap": max_overlap,
        "candidates": CANDIDATES,
        "top_k": top_k,
        "card": card.to_json(),
    }
