"""The outcomes of probes, kept on disk."""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import suppress
from hashlib import blake2s
from pathlib import Path

from instantreact_sdk.registry.record import Record
from instantreact_sdk.registry.scan import Entry
from instantreact_sdk.registry.signature import signature, surroundings


class Memory:
    """One small file for each plugin and environment, so that several processes may write at once.

    Args:
        home: The SDK's home folder.
    """

    def __init__(self, home: Path) -> None:
        self._folder = home / "probes"
        self._surroundings = surroundings()

    def recall(self, entry: Entry) -> Record | None:
        """What the last probe found, or None where it no longer counts."""
        try:
            data = json.loads(self._file(entry).read_text(encoding="utf-8"))
            record = Record.from_json(data["record"])
        except (OSError, RecursionError, ValueError, KeyError, TypeError):
            return None
        if data["signature"] != signature(entry):
            return None
        if record.status != "ok" and data["surroundings"] != self._surroundings:
            return None
        return record

    def keep(self, entry: Entry, record: Record) -> None:
        """Write an outcome down. Where that fails, the plugin is probed again next time; ``plugins doctor`` tells."""
        data = {"signature": signature(entry), "surroundings": self._surroundings, "record": record.to_json()}
        file = self._file(entry)
        draft = file.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps(data), encoding="utf-8")
            draft.replace(file)

    def _file(self, entry: Entry) -> Path:
        place = f"{entry.distribution}\0{entry.plugin}\0{sys.prefix}\0{entry.source.locate_file('')}"
        name = re.sub(r"[^\w-]", "_", entry.plugin)[:40]
        return self._folder / f"{name}-{blake2s(place.encode(), digest_size=6).hexdigest()}.json"
