"""From labelled pictures on the disk to batches that a network trains on."""

from instantreact_ssd.data.batches import Batch, collate
from instantreact_ssd.data.example import Example
from instantreact_ssd.data.fingerprint import fingerprint
from instantreact_ssd.data.loading import Loader
from instantreact_ssd.data.order import Draw, EpochOrder
from instantreact_ssd.data.pictures import Pictures

__all__ = ["Batch", "Draw", "EpochOrder", "Example", "Loader", "Pictures", "collate", "fingerprint"]
