"""Weights from torchvision's server, kept where torch keeps them."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit
from urllib.request import urlopen

import torch

from instantreact_sdk import PluginError

_SECONDS = 30.0
"""Without an answer for so long, the server is not reachable."""


def fetched(url: str) -> Path:
    """The file of an address, fetched unless it is there already.

    Args:
        url: Of a file whose name ends with the begin of its SHA-256, as ``vgg16-397923af.pth``.

    Raises:
        PluginError: It can be neither found nor fetched.
    """
    name = PurePosixPath(urlsplit(url).path).name
    path = Path(torch.hub.get_dir()) / "checkpoints" / name
    if path.is_file():
        return path
    half = path.with_name(f"{name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with urlopen(url, timeout=_SECONDS) as answer, half.open("wb") as file:  # noqa: S310  (an address of torchvision's)
            shutil.copyfileobj(answer, file)
        with half.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if not digest.startswith(path.stem.rpartition("-")[2]):
            raise PluginError(f"What {url} sent is not {name}: its checksum differs.", "Try again later.")
        half.replace(path)
    except OSError as error:  # also what urlopen raises
        raise PluginError(
            f"{name} is not in {path.parent}, and could not be fetched from {url}: {getattr(error, 'reason', error)}.",
            f"Fetch it elsewhere, and put it there as {name}.",
        ) from error
    finally:
        half.unlink(missing_ok=True)
    return path
