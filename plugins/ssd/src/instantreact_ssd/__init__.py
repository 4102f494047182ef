"""Single Shot MultiBox Detectors (Liu et al. 2016, arXiv 1512.02325) for InstantReact."""
