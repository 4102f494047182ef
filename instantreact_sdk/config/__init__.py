"""The pipeline file: what it may hold, and reading it with every mistake told by line."""

from instantreact_sdk.config.components import Configured, check_components
from instantreact_sdk.config.load import Loaded, load, loads
from instantreact_sdk.config.pipeline_file import PipelineFile
from instantreact_sdk.config.problem import Problem

__all__ = ["Configured", "Loaded", "PipelineFile", "Problem", "check_components", "load", "loads"]
