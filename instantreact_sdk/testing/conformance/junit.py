"""Results in the form that CI servers read."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from instantreact_sdk.errors.wording import printable
from instantreact_sdk.testing.conformance.result import Report


def junit(reports: Iterable[Report]) -> str:
    """JUnit XML: a test suite for each component, a test case for each check.

    ``not enforced`` and expected failures are skipped cases, a component that is not checkable is an error of its suite.
    """
    suites = ET.Element("testsuites", name="instantreact-sdk plugins check")
    for report in reports:
        suite = ET.SubElement(
            suites,
            "testsuite",
            name=f"{report.kind} {report.component}",
            tests=str(len(report.results)),
            failures=str(report.count("failed")),
            errors=str(int(bool(report.not_checkable))),
            skipped=str(len(report.results) - report.count("passed") - report.count("failed")),
            time=f"{sum(result.seconds for result in report.results):.3f}",
        )
        for result in report.results:
            case = ET.SubElement(
                suite, "testcase", classname=report.component, name=result.check, time=f"{result.seconds:.3f}"
            )
            if result.status == "failed":
                ET.SubElement(case, "failure", message=printable(result.message))
            elif result.status != "passed":
                ET.SubElement(case, "skipped", message=f"{result.status}: {printable(result.message)}")
        if report.not_checkable:
            case = ET.SubElement(suite, "testcase", classname=report.component, name="checkable", time="0")
            ET.SubElement(case, "error", message=printable(report.not_checkable))
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"
