"""What is left to write for a run whose process died."""

from __future__ import annotations

import json
from pathlib import Path

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.types import VERSION
from instantreact_sdk.version import __version__


def write_aftermath(out: Path, config: str, error: InstantReactError, *, report: bool) -> None:
    """Write the summary, and the report, of what was found before the process died.

    Args:
        out: The run's folder.
        config: The pipeline file.
        error: How it died.
        report: Whether to write the report.
    """
    if not out.is_dir() or (out / "summary.json").exists():  # it had not begun, and all there is from an earlier run
        return
    counts = {name: _lines(out / f"{name}.jsonl") for name in ("events", "near_misses", "alerts")}
    health = [
        {
            "kind": "plugin_failed",
            "detail": str(error),
            "source": "",
            "by": error.facts.get("component", ""),
            "time": 0.0,
        }
    ]
    summary = {
        "v": VERSION, "sdk": __version__, "config": config, "exit": "failed", "sources": {}, "components": {},
        **counts, "health": health,
    }  # fmt: skip
    (out / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if report:
        from instantreact_sdk.report import write_report

        write_report(out)


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0
