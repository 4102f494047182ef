"""Weights from torchvision's server, kept where torch keeps them."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import urlsplit
from urllib.request import urlopen

import torch

from instantreact_sdk import PluginError
from instantreact_ssd.whole import whole

_SECONDS = 30.0
"""Without an answer for so long, the server is not reachable."""

_PART = 2**20


def fetched(url: str, otherwise: str = "") -> Path:
    """The file of an address, fetched unless it is there already.

    Args:
        url: Of a file whose name ends with the begin of its SHA-256, as ``vgg16-397923af.pth``.
        otherwise: What else can be done where it cannot be fetched, a sentence.

    Raises:
        PluginError: It can be neither found nor fetched.
        InstantReactError: IR4020, there is no place for it.
    """
    name = PurePosixPath(urlsplit(url).path).name
    path = Path(torch.hub.get_dir()) / "checkpoints" / name
    if not path.is_file():
        with whole(path) as file:
            _fetch(url, path, file, otherwise)
    return path


def _fetch(url: str, path: Path, file: BinaryIO, otherwise: str) -> None:
    digest = hashlib.sha256()
    try:
        with urlopen(url, timeout=_SECONDS) as answer:  # noqa: S310  (an address of torchvision's)
            while part := answer.read(_PART):
                digest.update(part)
                file.write(part)
    except OSError as error:  # also what urlopen raises
        raise PluginError(
            f"{path.name} is not in {path.parent}, and could not be fetched from {url}: {getattr(error, 'reason', error)}.",
            f"Fetch it elsewhere, and put it there as {path.name}. {otherwise}".rstrip(),
        ) from error
    if not digest.hexdigest().startswith(path.stem.rpartition("-")[2]):
        raise PluginError(f"What {url} sent is not {path.name}: its checksum differs.", "Try again later.")
