"""What is open for others while alerts are delivered: the page behind links, and figures for Prometheus."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from sqlalchemy import Engine

from instantreact_sdk.alerts.ledger import Ledger
from instantreact_sdk.alerts.links import Links, link_key
from instantreact_sdk.config.pipeline_file import PipelineFile
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.runner.alert_page import AlertPage
from instantreact_sdk.runner.front_desk import Answers, FrontDesk, only
from instantreact_sdk.types import Health


class Desks:
    """Opened as soon as the store is open and their ports are free; alerts go out whether they are or not.

    Args:
        file: The pipeline file.
        told: Called with what is wrong with one of them, once.
    """

    def __init__(self, file: PipelineFile, told: Callable[[Health], None]) -> None:
        self.also: Ledger | None = None
        """Where deliveries may be besides."""
        self._file = file
        self._told = told
        self._links: Links | None = None
        self._engine: Engine | None = None
        self._open = ExitStack()
        self._closed = {name for name, asked in (("links", file.links), ("metrics", file.metrics)) if asked}
        self._wrong: dict[str, str] = {}

    def link(self, key: str) -> str:
        """The address that acknowledges a delivery; empty where there is none yet, as its key is in the store."""
        return self._links.for_delivery(key) if self._links else ""

    def opened(self, engine: Engine) -> None:
        """The store is open."""
        self._engine = engine
        self.look()

    def look(self) -> None:
        """Open what is not open yet."""
        for name in sorted(self._closed) if self._engine else ():
            try:
                (self._open_links if name == "links" else self._open_metrics)(self._engine)  # type: ignore[arg-type]  # see above
            except InstantReactError as error:
                if str(error) != self._wrong.get(name):
                    self._wrong[name] = str(error)
                    self._told(Health("plugin_failed", str(error), by=name))
            else:
                self._closed.discard(name)
                if self._wrong.pop(name, None):
                    self._told(Health("online", f"{name} can be reached.", by=name))

    def close(self) -> None:
        """Close all."""
        self._open.close()

    def _open_links(self, engine: Engine) -> None:
        asked = self._file.links
        assert asked
        self._links = self._links or Links(asked.url, link_key(engine))
        ledgers = [Ledger(engine), *([self.also] if self.also else [])]
        self._desk("links", asked.host, asked.port, AlertPage(self._links, ledgers).answers)

    def _open_metrics(self, engine: Engine) -> None:
        from instantreact_sdk.alerts.exposition import CONTENT_TYPE, Exposition  # needs an extra

        asked = self._file.metrics
        assert asked
        figures = Exposition(Ledger(engine).figures)
        self._desk("metrics", asked.host, asked.port, only("/metrics", CONTENT_TYPE, figures.text))

    def _desk(self, name: str, host: str, port: int, answers: Answers) -> None:
        self._open.enter_context(FrontDesk(host, port, answers, name=name))
