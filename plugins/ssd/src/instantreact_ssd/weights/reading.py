"""Tensors of a file, without running anything that the file says."""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor

from instantreact_sdk import PluginError

FORMATS = (".safetensors", ".pth", ".pt", ".npz")
_WRAPPERS = ("state_dict", "model")
_PARALLEL = "module."


def read_tensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a file by name, on the CPU.

    Of a checkpoint that holds more (``{"state_dict": ..., "epoch": ...}``), only the network's; names lose the ``module.`` that
    `torch.nn.DataParallel` puts before them.

    Args:
        path: .safetensors, .npz, or what `torch.save` wrote of a ``state_dict`` (.pth, .pt). Pickled objects are not made.

    Raises:
        PluginError: It is not there, is damaged, is none of these, or holds something that is no finite tensor.
    """
    if path.suffix not in FORMATS:
        raise PluginError(f"{path} is no file of weights by its name.", f"Weights are read from {', '.join(FORMATS)}.")
    try:
        path.open("rb").close()
    except OSError as error:
        raise PluginError(
            f"{path} cannot be read: {error.strerror or error}.", "Check the path and its rights."
        ) from error
    try:
        found = _read(path)
    except pickle.UnpicklingError as error:
        raise PluginError(
            f"{path} holds Python objects, which could run anything, or is damaged; only tensors are read.",
            "Save the network's state_dict alone, or as .safetensors.",
        ) from error
    # A damaged file makes torch and numpy fail in whatever way its bytes suggest.
    except Exception as error:
        raise PluginError(f"{path} is damaged, or no file of weights.", "Copy or download it again.") from error
    return _checked(path, found)


def _read(path: Path) -> Any:
    if path.suffix == ".safetensors":
        return load_file(path)
    if path.suffix == ".npz":
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:  # numpy leaves a damaged file open
            return {name: torch.from_numpy(arrays[name]) for name in arrays.files}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of old ways of saving, which are read all the same
        return torch.load(path, map_location="cpu", weights_only=True)


def _checked(path: Path, found: Any) -> dict[str, Tensor]:
    for wrapper in _WRAPPERS:
        if isinstance(found, Mapping) and isinstance(found.get(wrapper), Mapping):
            found = found[wrapper]
    if not isinstance(found, Mapping) or not found or not all(isinstance(each, Tensor) for each in found.values()):
        raise PluginError(f"{path} holds no weights by name.", "Save the network's state_dict.")
    for name, tensor in found.items():
        if not tensor.isfinite().all():
            raise PluginError(
                f"{path} holds numbers that are not finite, in {name}: its training had failed.",
                "Take weights of an earlier epoch.",
            )
    return {str(name).removeprefix(_PARALLEL): tensor for name, tensor in found.items()}
