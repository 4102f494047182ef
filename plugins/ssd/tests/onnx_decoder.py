"""Finds objects with an exported file and numpy alone, as a program in another language would: by what the file says."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime


class Decoder:
    def __init__(self, file: Path) -> None:
        self.facts = {each.key: json.loads(each.value) for each in onnx.load(file).metadata_props}
        self.session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])

    def run(self, images):
        return self.session.run(["offsets", "logits", "priors"], {"images": images})

    def find(self, images):
        """Of each picture: lists of label, score and box, the surest first."""
        offsets, logits, priors = self.run(images)
        return [self._of_one(*each, priors) for each in zip(offsets, self._scores(logits), strict=True)]

    def _scores(self, logits):
        if self.facts["activation"] == "sigmoid":
            scores = 1 / (1 + np.exp(-logits))
        else:
            powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
            scores = powers / powers.sum(axis=-1, keepdims=True)
        return scores[..., 1:] if self.facts["background"] else scores

    def _of_one(self, offsets, scores, priors):
        a, b = self.facts["variances"]
        centres = priors[:, :2] + offsets[:, :2] * a * priors[:, 2:]
        sides = priors[:, 2:] * np.exp(np.minimum(offsets[:, 2:] * b, self.facts["largest"]))
        boxes = np.clip(np.concatenate([centres - sides / 2, centres + sides / 2], axis=1), 0, 1)
        found = []
        for label, name in enumerate(self.facts["labels"]):
            mine = scores[:, label]
            best = [row for row in np.argsort(-mine, kind="stable") if mine[row] >= self.facts["min_score"]]
            kept = []
            for row in best[: self.facts["candidates"]]:
                x_min, y_min, x_max, y_max = boxes[row]
                apart = all(_overlap(boxes[row], boxes[other]) <= self.facts["max_overlap"] for other in kept)
                if x_min < x_max and y_min < y_max and apart:
                    kept.append(row)
            found += [(name, float(mine[row]), boxes[row]) for row in kept]
        found.sort(key=lambda each: -each[1])
        return found[: self.facts["top_k"]]


def _overlap(one, two):
    width, height = np.clip(np.minimum(one[2:], two[2:]) - np.maximum(one[:2], two[:2]), 0, None)
    both = width * height
    return both / (np.prod(one[2:] - one[:2]) + np.prod(two[2:] - two[:2]) - both)
