"""OpenCV for InstantReact: the source `video` and the detector `motion`."""
