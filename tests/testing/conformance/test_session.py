"""Checks are made in a process that may hang or die of them; what came of them is told, strictly."""

from __future__ import annotations

import inspect
import textwrap

import pytest
from mutants import life
from zoo import HEALTHY, settle

from instantreact_sdk import InstantReactError
from instantreact_sdk.testing import ChecksFailed, Limits, check_captioner, check_detector, check_notifier, reports
from instantreact_sdk.testing.conformance import outside as outside_file
from instantreact_sdk.testing.conformance.session import Session
from instantreact_sdk.testing.conformance.target import targets
from instantreact_sdk.testing.sandbox import Sandboxed

BLOB = """
import time
from instantreact_sdk import Detections, Detector


class Blob(Detector):
    labels = ("blob",)

    def detect(self, frames):
        return [Detections.empty() for _ in frames]


class Prints(Blob):
    def detect(self, frames):
        print("hello")
        return super().detect(frames)
"""


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with a file of detectors, which is the current one."""
    (tmp_path / "blob.py").write_text(BLOB)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_healthy_local_file_passes(desk):
    (report,) = reports("./blob.py:Blob")
    assert (report.component, report.kind, report.passed) == ("./blob.py:Blob", "detector", True)


def test_after_a_death_the_other_checks_are_made_by_a_new_process(desk):
    line = next(n for n, text in enumerate(inspect.getsource(life).splitlines(), 1) if "string_at(0)" in text)
    with Session(next(iter(targets(life.Dies, desk))), Limits(call=3)) as session:
        assert session.result("answers").message == f"detect killed the process (SIGSEGV) (life.py, line {line})"
        assert session.result("opens-and-closes").status == "passed"
        assert session.result("options-refuse-unknown-keys").status == "passed"
        assert session.result("answers-fit").message == "prerequisite: values-are-valid"


@pytest.mark.parametrize(
    ("work", "message"),
    [
        ("os.closerange(3, 99); time.sleep(1000)", "detect closed descriptors that are not its own"),
        ("everywhere(b'garbage\\n')", "it wrote to descriptors that are not its own"),
        ("everywhere(b'\\xff\\n')", "it wrote to descriptors that are not its own"),
        ("everywhere(b'[' * 9999 + b'\\n')", "it wrote to descriptors that are not its own"),
        ("everywhere(b'[]\\n')", "it wrote to descriptors that are not its own"),
        ("everywhere(b'{\"status\": 1}\\n')", "it wrote to descriptors that are not its own"),
        ("everywhere(bytes(1 << 21))", "it wrote to descriptors that are not its own"),
        ("os.kill(os.getpid(), 40)", "detect killed the process (signal 40)"),
        ("input()", "detect raised EOFError: EOF when reading a line (blob.py, line 19)"),
    ],
)
def test_a_component_that_meddles_with_its_process_fails_the_check(desk, work, message):
    text = f"""
        import contextlib, os, stat, time
        from instantreact_sdk import Detections, Detector

        def everywhere(data):
            for descriptor in range(3, 99):
                with contextlib.suppress(OSError):
                    if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
                        rest = data
                        while rest:
                            rest = rest[os.write(descriptor, rest) :]


        class Blob(Detector):
            labels = ("blob",)

            def detect(self, frames):
                # It does not know that it is watched.
                {work}
                return [Detections.empty() for _ in frames]
        """
    (desk / "blob.py").write_text(textwrap.dedent(text))
    (target,) = targets("./blob.py:Blob", desk)
    with Session(target, Limits(call=30)) as session:
        assert session.result("answers").message == message
        assert session.result("opens-and-closes").status == "passed"


def test_what_does_not_return_is_told_with_its_line(desk):
    (desk / "blob.py").write_text(BLOB.replace("return [", "time.sleep(99)\n        return [", 1))
    with Session(next(iter(targets("./blob.py:Blob", desk))), Limits(call=1)) as session:
        line = BLOB.splitlines().index("        return [Detections.empty() for _ in frames]") + 1
        assert session.result("answers").message == f"detect did not return within 1 s (blob.py, line {line})"


def test_what_cannot_be_loaded_again_after_a_death_keeps_the_results_so_far(desk):
    (desk / "blob.py").write_text(
        BLOB.replace("return [", "import os; os._exit(3); return [", 1) + "\n\nassert open('count').read() == 'first'\n"
    )
    (desk / "count").write_text("first")
    (target,) = targets("./blob.py:Blob", desk)
    with Session(target) as session:
        assert session.result("opens-and-closes").status == "passed"
        (desk / "count").write_text("second")
        assert session.result("answers").message == "detect ended the process (exit code 3)"
        again = session.result("options-refuse-unknown-keys")
        assert again.status == "failed"
        assert "IR2011" not in again.message
        assert "cannot be imported: running it raised AssertionError" in again.message
        assert session.result("opens-and-closes").status == "passed"


def test_a_check_brings_about_those_that_it_needs(desk):
    (target,) = targets("./blob.py:Blob", desk)
    with Session(target) as session:
        assert session.result("answers-fit").status == "passed"


def test_an_expected_failure_is_no_failure(desk):
    (report,) = reports("./blob.py:Prints", expected_failures={"is-quiet": "the library prints its name"})
    result = next(each for each in report.results if each.check == "is-quiet")
    assert result.status == "expected failure"
    assert result.message.endswith("(expected: the library prints its name)")
    assert report.passed


def test_an_expected_failure_that_passes_is_a_failure(desk):
    (report,) = reports("./blob.py:Blob", expected_failures={"./blob.py:Blob:is-quiet": "it used to print"})
    assert [(one.check, one.message) for one in report.failed] == [
        ("is-quiet", "it passes, and was expected to fail: it used to print")
    ]


def test_an_expected_failure_has_to_name_a_check(desk):
    with pytest.raises(InstantReactError, match=r"IR2043: There is no check 'is-quite'. Did you mean 'is-quiet'\?"):
        list(reports("./blob.py:Blob", expected_failures={"is-quite": "a typo"}))


def test_an_expected_failure_has_to_name_what_is_checked(desk):
    with pytest.raises(
        InstantReactError, match=r"IR2043: .*'./blub.py:Blob:is-quiet'. Did you mean './blob.py:Blob'\?"
    ):
        list(reports("./blob.py:Blob", expected_failures={"./blub.py:Blob:is-quiet": "a typo"}))


def test_an_expected_failure_has_to_have_a_reason(desk):
    with pytest.raises(InstantReactError, match="IR2045: The expected failure 'is-quiet' has no reason"):
        list(reports("./blob.py:Blob", expected_failures={"is-quiet": " "}))


def test_check_detector_fails_a_test_with_all_that_is_wrong(desk):
    with pytest.raises(ChecksFailed, match=r"is-quiet: ") as caught:
        check_detector("./blob.py:Prints")
    assert not caught.value.report.passed
    assert check_detector("./blob.py:Blob").passed


def test_a_checker_of_another_kind_refuses(desk):
    with pytest.raises(InstantReactError, match=r"IR2044: ./blob.py:Blob stands for no captioner"):
        check_captioner("./blob.py:Blob")
    with pytest.raises(InstantReactError, match=r"IR2044: sdk/console stands for no captioner"):
        check_captioner("sdk/console")
    with pytest.raises(InstantReactError, match=r"IR2044: Spot stands for no captioner"):
        check_captioner(life.Spot)


def test_a_name_that_stands_for_several_is_refused_before_any_is_checked():
    with pytest.raises(InstantReactError, match=r"IR2044: sdk stands for 2 notifiers"):
        check_notifier("sdk")


def test_a_class_that_no_other_process_can_import_is_refused():
    class Here(life.Spot):
        pass

    with pytest.raises(InstantReactError, match=r"IR2040: .*Here cannot be checked"):
        list(reports(Here))


def test_a_file_that_ends_the_process_is_told(desk):
    (desk / "blob.py").write_text("import os\nos._exit(3)\n")
    with pytest.raises(InstantReactError, match=r"IR2042: ./blob.py:Blob cannot be checked: .*exit code 3"):
        list(reports("./blob.py:Blob"))


def test_a_file_with_a_mistake_is_told_with_its_line(desk):
    (desk / "blob.py").write_text("def blob(:\n")
    with pytest.raises(InstantReactError, match=r"IR2011: .*syntax error.*line 1"):
        list(reports("./blob.py:Blob"))


def test_a_registered_component_without_a_case_is_not_checkable(tmp_path, monkeypatch):
    settle(tmp_path, HEALTHY)
    monkeypatch.syspath_prepend(tmp_path)
    (report,) = reports("healthy")
    assert report.component == "healthy/detector"
    assert not report.passed
    assert report.failed == ()
    assert "names no `check`" in report.not_checkable


def test_where_nothing_can_be_enforced_the_result_says_so(desk, monkeypatch):
    class Open(Sandboxed):
        """As on a machine that forbids namespaces and filters."""

        def __enter__(self):
            super().__enter__()
            self.enforced = frozenset()
            self.why_not = "this machine forbids it"
            return self

    monkeypatch.setattr(outside_file, "Sandboxed", Open)
    (report,) = reports("./blob.py:Blob")
    results = {each.check: (each.status, each.message) for each in report.results}
    for need in ("network", "files", "subprocess"):
        assert results[f"declares-{need}"] == ("not enforced", "this machine forbids it")
    assert report.passed
