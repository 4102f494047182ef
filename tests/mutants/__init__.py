"""Components that break one promise each: every conformance check has one that fails it, and nothing else.

A file for each kind (and for what all kinds have in common) holds a healthy component, its `HEALTHY`, and `MUTANTS`, a list of `Mutant`. The
classes are small changes of the healthy one, so that a mutant shows what its check sees.
"""

from mutants.mutant import Mutant, everyone

__all__ = ["Mutant", "everyone"]
