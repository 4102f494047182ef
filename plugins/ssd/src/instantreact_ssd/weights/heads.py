"""A trained body with heads for other classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor, nn

from instantreact_ssd.network import SSD
from instantreact_ssd.network.heads import last
from instantreact_ssd.weights.values import LoadedWeights


def replace_head(loaded: LoadedWeights, labels: Sequence[str], *, background: bool | None = None) -> LoadedWeights:
    """The same network for other labels.

    The body, the offsets, and what is predicted of the background and of labels that both know by name are kept; the rest of
    the class heads begins anew.

    Args:
        loaded: Not changed.
        labels: Of the new network, in its order.
        background: Whether the new network has a class for background, as it needs for `MultiBoxLoss`, and must not have for
            `FocalLoss`; None for as before. Where this changes, all that tells classes apart begins anew.

    Returns:
        A network that is not training, with a card without metrics.
    """
    old = loaded.model
    before = old.architecture
    same = background is None or background == before.background
    architecture = before if same else before.model_copy(update={"background": background})
    new = SSD(architecture, len(labels))
    new.body.load_state_dict(old.body.state_dict())
    new.heads.offsets.load_state_dict(old.heads.offsets.state_dict())
    if same:
        rows = _rows(loaded.card.labels, labels, offset=int(before.background))
        for theirs, ours, priors in zip(old.heads.logits, new.heads.logits, before.priors_per_place, strict=True):
            _keep(theirs, ours, priors, rows)
    settings = {**loaded.card.settings, "architecture": architecture.model_dump(mode="json")}
    settings.pop("min_score", None)
    card = replace(loaded.card, labels=tuple(labels), metrics={}, settings=settings, data={})
    return LoadedWeights(new.eval(), card)


def _rows(before: Sequence[str], after: Sequence[str], *, offset: int) -> list[tuple[int, int]]:
    """Columns of both networks that mean the same."""
    known = {label: number for number, label in enumerate(before)}
    shared = [(known[label] + offset, number + offset) for number, label in enumerate(after) if label in known]
    return [(0, 0)] * offset + shared


@torch.no_grad()
def _keep(theirs: nn.Module, ours: nn.Module, priors: int, rows: Sequence[tuple[int, int]]) -> None:
    """Copy a head, of its last convolution those rows alone."""
    made = last(ours)
    fresh = {id(made.weight), id(made.bias)}
    for old, new in zip(theirs.parameters(), ours.parameters(), strict=True):
        if id(new) in fresh:
            before, after = map(list, zip(*rows, strict=True)) if rows else ([], [])
            _by_prior(new, priors)[:, after] = _by_prior(old, priors)[:, before]
        else:
            new.copy_(old)
    for average, copy in zip(theirs.buffers(), ours.buffers(), strict=True):
        copy.copy_(average)


def _by_prior(tensor: Tensor, priors: int) -> Tensor:
    return tensor.view(priors, -1, *tensor.shape[1:])
