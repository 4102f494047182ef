"""The outbox's figures for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from instantreact_sdk.alerts.figures import Figures, quantile
from instantreact_sdk.alerts.outboxed import STATUSES
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.version import __version__

if TYPE_CHECKING:
    from prometheus_client import Metric
    from prometheus_client.core import GaugeMetricFamily

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""Of what `Exposition.text` gives, which every Prometheus reads."""
_QUANTILES = (0.5, 0.9, 0.99)


class Exposition:
    """Writes figures in Prometheus' text format.

    Args:
        figures: Reads them, each time anew.

    Raises:
        InstantReactError: IR6001, ``prometheus-client`` is not installed.
    """

    def __init__(self, figures: Callable[[], Figures]) -> None:
        try:
            import prometheus_client  # noqa: F401  (whoever asks later must not be the first to know)
        except ModuleNotFoundError:
            command = "pip install 'instantreact-sdk[metrics]'"
            raise InstantReactError("IR6001", package="prometheus-client", command=command) from None
        self._figures = figures

    def text(self) -> bytes:
        """All figures as they are now.

        Raises:
            InstantReactError: IR5003 to IR5006, they cannot be read.
        """
        from prometheus_client import CollectorRegistry, generate_latest

        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> Iterator[Metric]:
        """The same, as a collector of ``prometheus_client``."""
        from prometheus_client.core import InfoMetricFamily

        figures = self._figures()
        yield InfoMetricFamily("instantreact_build", "The SDK that is running.", {"version": __version__})
        yield from _notifiers(figures)
        yield _seconds(
            "instantreact_first_attempt_seconds",
            "From an alert's raising to the first attempt to tell it, of the latest 1,000.",
            figures.waits,
        )
        yield _seconds(
            "instantreact_delivery_seconds",
            "From an alert's raising until a notifier had taken it, of the latest 1,000.",
            figures.arrivals,
        )


def _notifiers(figures: Figures) -> Iterator[GaugeMetricFamily]:
    from prometheus_client.core import GaugeMetricFamily

    deliveries = GaugeMetricFamily("instantreact_deliveries", "Deliveries in the store.", labels=("notifier", "status"))
    oldest = GaugeMetricFamily(
        "instantreact_oldest_undelivered_seconds",
        "For how long the oldest delivery that should have been sent has waited; 0 where none has.",
        labels=("notifier",),
    )
    failures = GaugeMetricFamily(
        "instantreact_notifier_consecutive_failures",
        "Attempts that failed since the last success.",
        labels=("notifier",),
    )
    circuit = GaugeMetricFamily(
        "instantreact_notifier_circuit_open",
        "Whether the notifier is left alone for a while, after failures or at its own wish.",
        labels=("notifier",),
    )
    for name, one in figures.notifiers.items():
        for status in STATUSES:  # 0 too: what is not there cannot be compared
            if status == "noted":  # nobody is to be told of it
                continue
            deliveries.add_metric((name, status), one.counts.get(status, 0))
        oldest.add_metric((name,), one.oldest or 0.0)
        failures.add_metric((name,), one.failures)
        circuit.add_metric((name,), float(one.closed_for > 0))
    yield from (deliveries, oldest, failures, circuit)


def _seconds(name: str, documentation: str, latest: Sequence[float]) -> Metric:
    """A summary of a sliding window. It has no count and no sum: those would have to grow for ever."""
    from prometheus_client import Metric

    metric = Metric(name, documentation, "summary")
    for share in _QUANTILES if latest else ():
        metric.add_sample(name, {"quantile": f"{share:g}"}, quantile(latest, share))
    return metric
