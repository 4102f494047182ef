"""Components from a file beside the configuration."""

from __future__ import annotations

import pytest

from instantreact_sdk import InstantReactError, NoOptions
from instantreact_sdk.registry import discover
from instantreact_sdk.registry.fault import in_words

BLOB = '''
from __future__ import annotations

from instantreact_sdk import Detections, Detector, Options

class BlobOptions(Options):
    size: int = 3
    """Of a blob."""

class Blob(Detector):
    """Finds blobs."""

    labels = ("blob",)
    stateful = True

    def __init__(self, options: BlobOptions):
        self.options = options

    def detect(self, frames):
        return [Detections.empty() for _ in frames]

class Plain(Detector):
    labels = ()

    def detect(self, frames):
        return []
'''


@pytest.fixture
def resolve(tmp_path):
    (tmp_path / "blob.py").write_text(BLOB)
    return lambda use, kind="detector": discover().resolve(kind, use, tmp_path)


def refused(resolve, use, kind="detector") -> str:
    with pytest.raises(InstantReactError) as caught:
        resolve(use, kind)
    return str(caught.value)


def test_a_class_of_a_file_is_made_with_the_options_of_its_constructor(resolve):
    choice = resolve("./blob.py:Blob")
    assert (choice.id, choice.plugin, choice.spec.stateful) == ("./blob.py:Blob", "./blob.py", True)
    assert choice.spec.summary == "Finds blobs."
    assert choice.make(choice.options_type()(size=5)).options.size == 5


def test_a_class_without_options_takes_none(resolve):
    choice = resolve("blob.py:Plain")
    assert choice.options_type() is NoOptions
    assert not choice.spec.stateful
    choice.make(NoOptions())


def test_two_files_of_one_name_do_not_clash(resolve, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "blob.py").write_text(BLOB.replace("blob", "drop"))
    first, second = resolve("./blob.py:Blob"), resolve("./other/blob.py:Blob")
    assert first.make(first.options_type()()).labels == ("blob",)
    assert second.make(second.options_type()()).labels == ("drop",)


def test_a_file_of_the_name_of_a_package_does_not_clash(resolve, tmp_path):
    (tmp_path / "numpy.py").write_text(BLOB)
    assert resolve("./numpy.py:Blob").make(None).labels == ("blob",)


def test_a_missing_file_is_named_with_the_folder_it_was_looked_for_in(resolve, tmp_path):
    assert refused(resolve, "./blub.py:Blob") == (
        f"IR2010: There is no file {tmp_path / 'blub.py'}, which `./blub.py:Blob` names. "
        f"Check the path; it is relative to {tmp_path}."
    )


def test_a_missing_class_gets_the_nearest_name(resolve):
    assert refused(resolve, "./blob.py:Blop") == "IR2012: ./blob.py has no class 'Blop'. Did you mean 'Blob'?"


def test_a_class_of_another_kind_is_refused(resolve):
    assert refused(resolve, "./blob.py:Blob", "notifier") == (
        "IR2013: The class Blob of ./blob.py is no notifier. Derive it from `instantreact_sdk.Notifier`."
    )


def test_a_file_that_cannot_be_imported_tells_the_line_and_can_be_mended(resolve, tmp_path):
    (tmp_path / "broken.py").write_text("\n1 / 0\n")
    assert refused(resolve, "./broken.py:Blob") == (
        "IR2011: The file ./broken.py cannot be imported: "
        "running it raised ZeroDivisionError: division by zero (broken.py, line 2). Mend the file."
    )
    (tmp_path / "broken.py").write_text(f"# mended, and longer than it was\n{BLOB}")
    assert resolve("./broken.py:Blob").id == "./broken.py:Blob"


def test_a_file_that_exits_does_not_end_the_program(resolve, tmp_path):
    (tmp_path / "exits.py").write_text("raise SystemExit(4)")
    assert "called sys.exit(4)" in refused(resolve, "./exits.py:Blob")


def test_an_unknown_annotation_is_told(resolve, tmp_path):
    (tmp_path / "odd.py").write_text(BLOB.replace("options: BlobOptions", "options: BlobOptionen"))
    assert "name 'BlobOptionen' is not defined" in refused(resolve, "./odd.py:Blob")


def test_what_is_no_python_file_is_refused(resolve, tmp_path):
    (tmp_path / "blob.txt").write_text(BLOB)
    assert refused(resolve, "./blob.txt:Blob") == (
        "IR2011: The file ./blob.txt cannot be imported: it is no Python file. Name a file that ends in .py."
    )


def test_a_class_that_cannot_be_made_is_blamed_with_its_file(resolve, tmp_path):
    (tmp_path / "odd one.py").write_text(BLOB.replace("self.options = options", "1 / 0"))
    choice = resolve("./odd one.py:Blob")
    with pytest.raises(InstantReactError) as caught:
        choice.make(None)
    assert str(caught.value).startswith(
        "IR2008: The detector ./odd one.py:Blob of ./odd one.py cannot be used: making "
    )
    assert str(caught.value).endswith("(odd one.py, line 17). Mend the file.")


@pytest.mark.parametrize("raised", ["RuntimeError('no')", "SystemExit(4)"])
def test_a_file_that_raises_when_it_is_asked_for_the_class_is_blamed(resolve, tmp_path, raised):
    (tmp_path / "asked.py").write_text(f"def __getattr__(name):\n    raise {raised}\n")
    with pytest.raises(InstantReactError, match=r"IR2011: The file \./asked\.py .*reading Blob"):
        resolve("./asked.py:Blob")


def test_a_file_that_needs_the_one_beside_it_is_told_what_to_do(resolve, tmp_path):
    (tmp_path / "beside.py").write_text("")
    (tmp_path / "two.py").write_text("import beside\n")
    with pytest.raises(
        InstantReactError, match=r"it imports beside\.py, which lies beside it\. A local component is one"
    ):
        resolve("./two.py:Blob")


class UnprintableError(Exception):
    def __str__(self) -> str:
        raise SystemExit(3)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (UnprintableError(), "UnprintableError"),
        (ValueError("cannot open rtsp://anna:s3cret@10.0.0.7/cam"), "ValueError: cannot open rtsp://...@10.0.0.7/cam"),
        (ValueError("red \x1b[31m\u202ealarm\nand more"), "ValueError: red  [31m alarm"),
        (ValueError("y" * 10**7), "ValueError: " + "y" * 288 + "..."),
    ],
)
def test_an_exception_is_told_in_few_words_without_secrets(error, words):
    assert in_words(error) == words
