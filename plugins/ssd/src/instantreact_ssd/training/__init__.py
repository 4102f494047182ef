"""The training of an SSD: from labelled pictures to weights with a card."""
