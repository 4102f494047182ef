"""What a run leaves for people: snapshots, the annotated video, the report."""

from instantreact_sdk.report.drawing import Zones, draw
from instantreact_sdk.report.html import write_report
from instantreact_sdk.report.snapshots import write_snapshot
from instantreact_sdk.report.video import AnnotatedVideo

__all__ = ["AnnotatedVideo", "Zones", "draw", "write_report", "write_snapshot"]
