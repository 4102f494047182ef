"""Trained weights as a file of ONNX, which browsers and other runtimes read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

from pydantic import Field

from instantreact_sdk import Context, Exporter, ModelCard, Options, PluginError, Progress
from instantreact_ssd.extras import need
from instantreact_ssd.options import MIN_SCORE, DetectorOptions
from instantreact_ssd.whole import whole


class ExportOptions(Options):
    """What an exported file shall be."""

    format: Literal["onnx"] = "onnx"
    """The kind of file."""
    opset: int = Field(18, ge=18, le=21)
    """Version of ONNX's operators. The lowest is what most runtimes read."""


class OnnxExporter(Exporter):
    """Exports any SSD of this plugin; `instantreact_ssd.onnx_file` says what is in the file, and how to use it."""

    options = ExportOptions

    def export(self, weights: Path, options: Options, context: Context, out: Path, progress: Progress) -> ModelCard:
        """Write one file with all weights in it, and its card beside it, once onnxruntime gives with it what torch gives.

        Raises:
            PluginError: The outputs differ by more than 1e-4 (and than rounding explains); onnx, onnxruntime or onnxscript are not installed; `out` would
                take the place of the weights or of their card.
            InstantReactError: The weights cannot be read; IR4020, the file cannot be written.
        """
        assert isinstance(options, ExportOptions)
        need("export")
        import onnx

        from instantreact_ssd.onnx_check import largest_difference
        from instantreact_ssd.onnx_file import describe, graph
        from instantreact_ssd.weights import load_weights

        progress(0, 3, "reading the weights")
        loaded = load_weights(weights)
        model = loaded.model.cpu().float().eval()
        card = replace(loaded.card, weights=out)
        _refuse_to_replace(loaded.card.weights, out)
        progress(1, 3, "writing the network as ONNX")
        proto = graph(model, options.opset)
        usual = DetectorOptions()
        describe(
            proto,
            model,
            card,
            min_score=card.settings.get("min_score", MIN_SCORE),
            max_overlap=usual.max_overlap,
            top_k=usual.top_k,
        )
        with whole(out) as file:
            onnx.save_model(proto, file)
            file.flush()
            written = Path(file.name)
            onnx.checker.check_model(written, full_check=True)
            progress(2, 3, "comparing it with the weights")
            difference, allowed = largest_difference(written, model)
            if difference > allowed:
                raise PluginError(
                    f"The exported network differs from the weights by {difference:.2g}, and {allowed:.2g} is allowed.",
                    "It was not written; check that the weights are finite, and try another opset.",
                )
        card.write()
        progress(3, 3, "done")
        return card


def _refuse_to_replace(weights: Path, out: Path) -> None:
    own = {weights.resolve(), weights.with_suffix(".json").resolve()}
    if own & {out.resolve(), out.with_suffix(".json").resolve()}:
        raise PluginError(
            f"{out} and its card would take the place of {weights} and its card.", "Choose another name for the file."
        )
