"""The losses again, prior by prior in plain numbers, with the derivatives worked out on paper.

Nothing here is shared with the plugin: pictures are ``(boxes, labels, difficult, crowds)``, all of lists of float64; the last may be left out.
"""

from dataclasses import dataclass
from math import exp, log


@dataclass
class Slow:
    localization: float
    classification: float
    positives: int
    offsets: list  # derivatives, as the predictions are laid out
    logits: list


def common(box, prior):
    x, y, width, height = prior
    across = min(box[2], x + width / 2) - max(box[0], x - width / 2)
    down = min(box[3], y + height / 2) - max(box[1], y - height / 2)
    return across * down if across > 0 and down > 0 else 0.0


def overlap(box, prior):
    shared = common(box, prior)
    return shared / ((box[2] - box[0]) * (box[3] - box[1]) + prior[2] * prior[3] - shared)


def slow_match(boxes, priors, min_overlap):
    matched = []
    for prior in priors:
        found = -1
        for each, box in enumerate(boxes):
            if overlap(box, prior) >= min_overlap and (found < 0 or overlap(box, prior) > overlap(boxes[found], prior)):
                found = each
        matched.append(found)
    pairs = []
    for each, box in enumerate(boxes):
        for place, prior in enumerate(priors):
            if overlap(box, prior) > 0:
                pairs.append((-overlap(box, prior), each, place))
    served, taken = set(), set()
    for _, each, place in sorted(pairs):
        if each not in served and place not in taken:
            matched[place] = each
            served.add(each)
            taken.add(place)
    return matched


def slow_offsets(box, prior):
    x, y, width, height = prior
    return [
        ((box[0] + box[2]) / 2 - x) / width / 0.1,
        ((box[1] + box[3]) / 2 - y) / height / 0.1,
        log((box[2] - box[0]) / width) / 0.2,
        log((box[3] - box[1]) / height) / 0.2,
    ]


def softmax(row):
    top = max(row)
    parts = [exp(value - top) for value in row]
    return [part / sum(parts) for part in parts]


def cross_entropy(row, label):
    top = max(row)
    return top + log(sum(exp(value - top) for value in row)) - row[label]


def free_of_everything(prior, difficult, crowds, min_overlap):
    return all(overlap(box, prior) < min_overlap for box in difficult) and all(
        common(box, prior) / (prior[2] * prior[3]) < min_overlap for part in crowds for box in part
    )


def _localization(offsets, pictures, priors, matches):
    total, derivatives = 0.0, [[[0.0] * 4 for _ in picture] for picture in offsets]
    for picture, (boxes, *_) in enumerate(pictures):
        for place, each in enumerate(matches[picture]):
            if each < 0:
                continue
            for axis, wanted in enumerate(slow_offsets(boxes[each], priors[place])):
                off = offsets[picture][place][axis] - wanted
                total += off * off / 2 if abs(off) < 1 else abs(off) - 0.5
                derivatives[picture][place][axis] = max(-1.0, min(1.0, off))
    return total, derivatives


def _divided(localization, classification, positives, shared, offsets, logits):
    def all_of(derivatives):
        return [[[value / shared for value in row] for row in picture] for picture in derivatives]

    return Slow(localization / shared, classification / shared, positives, all_of(offsets), all_of(logits))


def slow_multibox(offsets, logits, pictures, priors, min_overlap=0.5, ratio=3, least=15):
    matches = [slow_match(boxes, priors, min_overlap) for boxes, *_ in pictures]
    localization, by_offsets = _localization(offsets, pictures, priors, matches)
    classification, positives, negatives = 0.0, 0, 0
    by_logits = [[[0.0] * len(row) for row in picture] for picture in logits]
    for picture, (_, labels, difficult, *crowds) in enumerate(pictures):
        answers = {place: labels[each] + 1 for place, each in enumerate(matches[picture]) if each >= 0}
        positives += len(answers)
        candidates = []
        for place, prior in enumerate(priors):
            if place not in answers and free_of_everything(prior, difficult, crowds, min_overlap):
                candidates.append((-cross_entropy(logits[picture][place], 0), place))
        hard = [place for _, place in sorted(candidates)[: max(ratio * len(answers), least)]]
        negatives += len(hard)
        answers.update(dict.fromkeys(hard, 0))
        for place, answer in answers.items():
            row = logits[picture][place]
            classification += cross_entropy(row, answer)
            by_logits[picture][place] = [p - (column == answer) for column, p in enumerate(softmax(row))]
    shared = max(positives, negatives / ratio, 1)
    return _divided(localization, classification, positives, shared, by_offsets, by_logits)


def slow_focal(offsets, logits, pictures, priors, min_overlap=0.5, alpha=0.25, gamma=2.0):
    """The derivative is that of the paper's appendix B: ``y (1 - q)^gamma (gamma q log q + q - 1)``, q the right answer's."""
    matches = [slow_match(boxes, priors, min_overlap) for boxes, *_ in pictures]
    localization, by_offsets = _localization(offsets, pictures, priors, matches)
    classification, positives = 0.0, 0
    by_logits = [[[0.0] * len(row) for row in picture] for picture in logits]
    for picture, (_, labels, difficult, *crowds) in enumerate(pictures):
        for place, prior in enumerate(priors):
            each = matches[picture][place]
            positives += each >= 0
            if each < 0 and not free_of_everything(prior, difficult, crowds, min_overlap):
                continue
            for column, value in enumerate(logits[picture][place]):
                sign = 1 if each >= 0 and labels[each] == column else -1
                weight = alpha if sign > 0 else 1 - alpha
                q = 1 / (1 + exp(-sign * value))
                classification -= weight * (1 - q) ** gamma * log(q)
                by_logits[picture][place][column] = sign * weight * (1 - q) ** gamma * (gamma * q * log(q) + q - 1)
    return _divided(localization, classification, positives, max(positives, len(pictures)), by_offsets, by_logits)
