"""What ``evaluate`` found, for people."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from instantreact_sdk.cli.terminal import terminal
from instantreact_sdk.training import Evaluation

_COLUMNS = ("class", "objects", "VOC AP", "11-point", "COCO AP", "best score", "precision", "recall")


def print_evaluation(evaluation: Evaluation) -> None:
    """On stdout: the main figures, those of each class, and what kinds of mistakes there are."""
    out = terminal()
    voc, coco = evaluation.voc, evaluation.coco
    out.print(f"{evaluation.component} on {evaluation.name}")
    out.print(
        f"{len(evaluation.truth)} pictures, {voc.together.objects} objects, "
        f"{evaluation.pictures_per_second:.1f} pictures/s\n"
    )
    table = Table(box=None, pad_edge=False, header_style="bold", show_footer=True)
    foot = [
        "all",
        str(voc.together.objects),
        _percent(voc.mean_average_precision),
        _percent(voc.mean_average_precision_11),
        _percent(coco.figures["AP"]),
        *_best(evaluation, None),
    ]
    for name, last in zip(_COLUMNS, foot, strict=True):
        table.add_column(name, Text(last, "bold"), justify="left" if name == "class" else "right")
    for name, curve in voc.curves.items():
        table.add_row(
            name,
            str(curve.objects),
            _percent(curve.average_precision),
            _percent(curve.average_precision_11),
            _percent(coco.classes[name]),
            *_best(evaluation, name),
        )
    out.print(table)
    out.print(f"\nAt a score of {_score(evaluation.min_score)}: {_listed(evaluation.kinds)}")
    for was, said, count in evaluation.confusions[:5]:
        out.print(f"  {was} taken for {said}: {count}")
    if evaluation.never:
        out.print(f"The detector does not know {', '.join(evaluation.never)}: none of them is found.", style="yellow")
    if evaluation.left_out:
        out.print(f"Left out, as the dataset does not have them: {_listed(evaluation.left_out)}", style="yellow")


def _best(evaluation: Evaluation, name: str | None) -> tuple[str, str, str]:
    best = (evaluation.voc.curves[name] if name is not None else evaluation.voc.together).best
    return (_score(best.score), _percent(best.precision), _percent(best.recall)) if best else ("-", "-", "-")


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


def _score(score: float | None) -> str:
    return "-" if score is None else f"{score:.2f}"


def _listed(counts: dict[str, int] | object) -> str:
    assert isinstance(counts, dict)
    return ", ".join(f"{count} {name}" for name, count in counts.items())
