"""Teaching detectors, saying how good they are, and writing them for other runtimes; whichever plugin brings them.

    >>> from instantreact_sdk import evaluate, train
    >>> train("ssd/ssd300", "voc:cells", out="run", options={"epochs": 20})  # doctest: +SKIP
    >>> evaluate("ssd/ssd300", "voc:cells", options={"weights": "run"}).voc.mean_average_precision  # doctest: +SKIP
    0.83

What a plugin's part in it is, `instantreact_sdk.Trainer` and `instantreact_sdk.Exporter` say.
"""

from instantreact_sdk.training.detecting import detect
from instantreact_sdk.training.evaluating import evaluate
from instantreact_sdk.training.evaluation import Evaluation
from instantreact_sdk.training.exporting import export
from instantreact_sdk.training.prelabelling import Prelabelled, prelabel
from instantreact_sdk.training.teaching import train

__all__ = ["Evaluation", "Prelabelled", "detect", "evaluate", "export", "prelabel", "train"]
