"""The sides of `ssd_training.py`."""
