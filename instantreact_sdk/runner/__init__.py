"""Pipeline, rules, alerts and report at work together; and the process that watches them."""

from instantreact_sdk.runner.borrowing import Borrowed, borrowed
from instantreact_sdk.runner.pipeline import Pipeline
from instantreact_sdk.runner.settings import Settings, Step
from instantreact_sdk.runner.substitution import substituted

__all__ = ["Borrowed", "Pipeline", "Settings", "Step", "borrowed", "substituted"]
