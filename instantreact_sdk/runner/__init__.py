"""Pipeline, rules, alerts and report at work together; and the process that watches them."""

from instantreact_sdk.runner.pipeline import Pipeline
from instantreact_sdk.runner.settings import Progress, Settings
from instantreact_sdk.runner.substitution import substituted

__all__ = ["Pipeline", "Progress", "Settings", "substituted"]
