"""What the SDK itself registers, through the same hook as everyone."""
