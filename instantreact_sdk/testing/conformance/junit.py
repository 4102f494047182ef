"""Results in the form that CI servers read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.etree import ElementTree as ET

from instantreact_sdk.errors.wording import printable
from instantreact_sdk.testing.conformance.result import Report, Result


def junit(reports: Iterable[Report], unusable: Mapping[str, str]) -> str:
    """JUnit XML: a test suite for each component, a test case for each check.

    ``not enforced`` and expected failures are skipped cases. A component that is not checkable has one more case, and one that could
    not be had at all has no other: an error.

    Args:
        reports: Of what was checked.
        unusable: Why other components could not be had, by their names.
    """
    suites = ET.Element("testsuites", name="instantreact-sdk plugins check")
    for report in reports:
        name = f"{report.kind} {report.component}"
        _add_suite(suites, name, report.component, report.results, report.not_checkable)
    for component, problem in unusable.items():
        _add_suite(suites, component, component, (), problem)
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _add_suite(suites: ET.Element, name: str, component: str, results: Iterable[Result], problem: str) -> None:
    suite = ET.SubElement(suites, "testsuite", name=name)
    seconds = 0.0
    for result in results:
        seconds += result.seconds
        case = ET.SubElement(suite, "testcase", classname=component, name=result.check, time=f"{result.seconds:.3f}")
        if result.status == "failed":
            ET.SubElement(case, "failure", message=printable(result.message))
        elif result.status != "passed":
            ET.SubElement(case, "skipped", message=f"{result.status}: {printable(result.message)}")
    if problem:
        case = ET.SubElement(suite, "testcase", classname=component, name="checkable", time="0")
        ET.SubElement(case, "error", message=printable(problem))
    counted = {
        "tests": "testcase",
        "failures": "testcase/failure",
        "errors": "testcase/error",
        "skipped": "testcase/skipped",
    }
    for attribute, path in counted.items():
        suite.set(attribute, str(len(suite.findall(path))))
    suite.set("time", f"{seconds:.3f}")
