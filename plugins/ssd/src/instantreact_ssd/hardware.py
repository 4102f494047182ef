"""What to compute on, and with which numbers."""

from __future__ import annotations

import re
from pathlib import Path

import torch

from instantreact_sdk import PluginError

_CPU_FLAGS = Path("/proc/cpuinfo")
_BF16 = re.compile(r"^(?:flags|Features)\s*:.*\b(?:avx512_bf16|amx_bf16|bf16)\b", re.MULTILINE)


def choose_device(wanted: str) -> torch.device:
    """The device that an option names.

    Args:
        wanted: `cpu`, `cuda`, `cuda:1`, `mps`, or `auto` for a GPU where there is one.

    Raises:
        PluginError: It is not there.
    """
    if wanted == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    device = torch.device(wanted)
    if device.type == "cuda":
        found = torch.cuda.device_count()
        if (device.index or 0) >= found:
            raise PluginError(
                f"There is no device {wanted}: torch finds {found or 'no'} CUDA GPU{'s' if found != 1 else ''} on this machine.",
                "Set `device` to `auto` or `cpu`, or install a driver and a torch that know the GPU.",
            )
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise PluginError("There is no device mps on this machine.", "Set `device` to `auto` or `cpu`.")
    return device


def choose_precision(wanted: str, device: torch.device) -> torch.dtype:
    """The numbers that an option names.

    Args:
        wanted: `fp32`, `bf16`, or `auto` for `bf16` where `computes_bf16`.
        device: Where they are computed with.
    """
    if wanted == "auto":
        wanted = "bf16" if computes_bf16(device) else "fp32"
    return torch.bfloat16 if wanted == "bf16" else torch.float32


def computes_bf16(device: torch.device) -> bool:
    """Whether the device computes with such numbers, and does not only imitate it, which is slower than fp32."""
    if device.type == "cuda":
        return torch.cuda.get_device_capability(device) >= (8, 0)  # Ampere was the first
    if device.type == "cpu" and _CPU_FLAGS.exists():
        return bool(_BF16.search(_CPU_FLAGS.read_text(encoding="utf-8", errors="replace")))
    return False
