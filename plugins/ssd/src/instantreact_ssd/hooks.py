"""What this plugin offers; imports nothing heavy."""

from __future__ import annotations

from instantreact_sdk import Capabilities, DetectorSpec, Spec, hookimpl

_NEEDS = Capabilities(network=True, hosts=("download.pytorch.org",), gpu=True, downloads=True)


def _spec(name: str, summary: str) -> DetectorSpec:
    kind = {"ssd300": "SSD300", "ssd512": "SSD512", "ssdlite320": "SSDLite320"}[name]
    return DetectorSpec(
        name=name,
        summary=summary,
        factory=f"instantreact_ssd.detector:{kind}",
        options="instantreact_ssd.options:DetectorOptions",
        trainer=f"instantreact_ssd.trainer:{kind}Trainer",
        exporter="instantreact_ssd.exporter:OnnxExporter",
        check=f"instantreact_ssd.checks:{name}",
        needs=_NEEDS,
    )


@hookimpl
def instantreact_register() -> list[Spec]:
    return [
        _spec("ssd300", "Single Shot MultiBox Detector at 300 x 300 pixels: the reference."),
        _spec("ssd512", "The same at 512 x 512 pixels: slower, and better at small objects."),
        _spec("ssdlite320", "A small one on MobileNetV3 at 320 x 320 pixels, for small machines."),
    ]
