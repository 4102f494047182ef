"""What a new plugin's files hold, for each kind and for all of them together."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from new_plugins import COMBINATIONS, install, run

from instantreact_sdk.config import loads
from instantreact_sdk.scaffolding import CIS, KINDS, LICENSES, scaffold

LONGEST = "wide-name-of-thirty-two-letters2"
"""32 characters."""


def texts(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): file.read_text(encoding="utf-8")
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.fixture(scope="module")
def all_five(tmp_path_factory):
    """A plugin with all five kinds, as if it were installed."""
    folder = scaffold("acme", KINDS, tmp_path_factory.mktemp("all")).folder
    install(folder)
    return folder


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Every combination of kinds, with short and long names, every licence and every CI."""
    home = tmp_path_factory.mktemp("many")
    for number, kinds in enumerate(COMBINATIONS):
        short = f"p{number}"
        ci, license_ = CIS[number % len(CIS)], LICENSES[number % len(LICENSES)]
        scaffold(short, kinds, home, ci=ci, license=license_)
        scaffold(f"{short}-{LONGEST}"[:32], kinds, home)
    return home


def test_a_detector_has_these_files(tmp_path):
    made = scaffold("blob", ["detector"], tmp_path)
    assert made.folder == tmp_path / "instantreact-blob"
    assert list(made.files) == [
        ".github/workflows/publish.yml",
        ".github/workflows/test.yml",
        ".gitignore",
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "examples/pipeline.yaml",
        "pyproject.toml",
        "src/instantreact_blob/__init__.py",
        "src/instantreact_blob/checks.py",
        "src/instantreact_blob/detector.py",
        "src/instantreact_blob/hooks.py",
        "src/instantreact_blob/options.py",
        "src/instantreact_blob/py.typed",
        "tests/test_conformance.py",
        "tests/test_detector.py",
    ]
    assert sorted(texts(made.folder)) == list(made.files)


def test_only_what_has_secrets_has_an_example_of_them(tmp_path):
    assert ".env.example" not in scaffold("eye", ["detector"], tmp_path).files
    made = scaffold("door-bell", ["notifier"], tmp_path)
    assert "DOOR_BELL_URL=" in (made.folder / ".env.example").read_text()
    assert "env:DOOR_BELL_URL" in (made.folder / "examples" / "pipeline.yaml").read_text()


def test_the_order_of_kinds_does_not_matter_and_each_counts_once(tmp_path):
    made = scaffold("blob", ["notifier", "detector", "notifier"], tmp_path)
    assert made.kinds == ("detector", "notifier")


def test_no_template_is_left_half_done(many):
    for folder in many.iterdir():
        for name, text in texts(folder).items():
            assert not re.search(r"(?<!\$)\{\{|\{%|\{#", text), name  # GitHub's own are ${{ }}
            assert text == "" or (text.endswith("\n") and not text.endswith("\n\n")), name
            assert "\n\n\n\n" not in text, name
            assert not re.search(r"[ \t]$", text, re.MULTILINE), name


def test_the_code_passes_the_linter_and_the_formatter_that_it_brings(many):
    """For all combinations of kinds; one call for all, for each folder has its own settings."""
    linted = run(many, "ruff", "check", "--no-cache", "--output-format", "concise", ".")
    assert linted.returncode == 0, linted.stdout
    formatted = run(many, "ruff", "format", "--no-cache", "--check", ".")
    assert formatted.returncode == 0, formatted.stdout


def test_every_file_is_what_its_name_says(many):
    for folder in many.iterdir():
        for name, text in texts(folder).items():
            match Path(name).suffix:
                case ".py":
                    assert name.endswith("test_conformance.py") or ast.get_docstring(ast.parse(text)), name
                case ".toml":
                    tomllib.loads(text)
                case ".yml" | ".yaml":
                    assert isinstance(yaml.safe_load(text), dict), name


def test_the_project_is_described_and_its_entry_point_leads_to_the_hooks(all_five):
    project = tomllib.loads((all_five / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["name"] == "instantreact-acme"
    assert project["entry-points"] == {"instantreact_sdk.v1": {"acme": "instantreact_acme.hooks"}}
    assert (all_five / "src" / "instantreact_acme" / "hooks.py").is_file()
    assert project["requires-python"] == ">=3.11"


@pytest.mark.parametrize("author", ['Ada "the first" \\ Lovelace', "Zoë 🙂 O'Neil", "#[x] = 1", "two\nlines\there"])
def test_any_author_is_quoted_well(author, tmp_path):
    made = scaffold("blob", ["detector"], tmp_path, author=author)
    line = " ".join(author.split())
    project = tomllib.loads((made.folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["authors"] == [{"name": line}]
    assert line in (made.folder / "LICENSE").read_text(encoding="utf-8")


def test_who_writes_it_is_the_authors_where_nobody_is_named(tmp_path):
    made = scaffold("blob", ["detector"], tmp_path)
    assert "Copyright (c) The authors of instantreact-blob\n" in (made.folder / "LICENSE").read_text()


def test_what_may_not_be_distributed_is_not_published(tmp_path):
    made = scaffold("blob", ["detector"], tmp_path, license="none")
    project = tomllib.loads((made.folder / "pyproject.toml").read_text())["project"]
    assert project["license"] == "LicenseRef-Proprietary"
    assert "Private :: Do Not Upload" in project["classifiers"]
    assert ".github/workflows/publish.yml" not in made.files
    gitlab = scaffold("blob2", ["detector"], tmp_path, license="none", ci="gitlab").folder / ".gitlab-ci.yml"
    assert set(yaml.safe_load(gitlab.read_text())) == {"image", "variables", "test"}


def test_publishing_trusts_the_job_and_comes_after_the_tests(tmp_path):
    made = scaffold("blob", ["detector"], tmp_path)
    jobs = yaml.safe_load((made.folder / ".github/workflows/publish.yml").read_text())["jobs"]
    assert jobs["publish"]["permissions"]["id-token"] == "write"
    assert jobs["publish"]["needs"] == "test"
    tests = yaml.safe_load((made.folder / ".github/workflows/test.yml").read_text())["jobs"]["test"]
    versions = [(one["python"], one["resolution"]) for one in tests["strategy"]["matrix"]["include"]]
    assert versions == [("3.11", "lowest-direct"), ("3.14", "highest")]
    gitlab = scaffold("blob2", ["detector"], tmp_path, ci="gitlab").folder / ".gitlab-ci.yml"
    assert yaml.safe_load(gitlab.read_text())["publish"]["id_tokens"] == {"PYPI_ID_TOKEN": {"aud": "pypi"}}


def test_hooks_are_light(all_five):
    code = "import sys, instantreact_acme.hooks; print(*sys.modules)"
    told = run(all_five, "timeit", "-n", "1", "-r", "1", code)
    assert told.returncode == 0, told.stderr
    assert not {"numpy", "PIL", "requests", "pydantic", "cv2"} & set(told.stdout.split())


def test_the_registry_finds_nothing_wrong(all_five):
    code = "import json; from instantreact_sdk.registry import discover; "
    code += "print(json.dumps([r.to_json() for r in discover().records if r.plugin == 'acme']))"
    told = run(all_five, "timeit", "-n", "1", "-r", "1", code)
    (record,) = json.loads(told.stdout.splitlines()[0])
    assert (record["status"], record["warnings"]) == ("ok", [])
    assert [(offer["kind"], offer["id"]) for offer in record["offers"]] == [(kind, f"acme/{kind}") for kind in KINDS]
    assert not [offer["cause"] for offer in record["offers"] if offer["cause"]]
    # The table of options in the README is the one of the models.
    rows = re.findall(r"^\| (\w+) \| `(\w+)` \|", (all_five / "README.md").read_text(), re.MULTILINE)
    assert rows == [(offer["kind"], name) for offer in record["offers"] for name in offer["options"]["properties"]]


def test_the_readme_tells_what_rules_ask_for_as_the_example_does(all_five, tmp_path):
    (line,) = re.findall(
        r"^In a rule, `when` asks for what it finds: (.+)\.$", (all_five / "README.md").read_text(), re.MULTILINE
    )
    example = (all_five / "examples" / "pipeline.yaml").read_text()
    asked = re.findall(r"`\{(.+?)\}`", line)
    assert len(asked) == 3
    assert [one for one in asked if f"when: {{{one}" not in example] == []
    assert "In a rule" not in (scaffold("page", ["notifier"], tmp_path).folder / "README.md").read_text()


@pytest.mark.parametrize("kinds", COMBINATIONS, ids="+".join)
def test_each_component_can_be_developed_as_the_readme_says(kinds, tmp_path):
    readme = (scaffold("acme", kinds, tmp_path).folder / "README.md").read_text()
    shown = re.findall(r"^instantreact-sdk plugins dev acme/(\w+)( --video examples/yard.mp4)?$", readme, re.MULTILINE)
    assert [kind for kind, _ in shown] == list(kinds)
    clips = [kind for kind, video in shown if video]
    assert not clips or "instantreact-sdk demo --clip examples/yard.mp4" in readme


@pytest.mark.parametrize("kinds", [*((kind,) for kind in KINDS), KINDS], ids="+".join)
def test_the_tests_that_it_brings_pass(kinds, tmp_path):
    """All but the conformance kit, which needs an installation."""
    folder = scaffold("blob", kinds, tmp_path).folder
    told = run(folder, "pytest", "-q", "-p", "no:cacheprovider", "--ignore", "tests/test_conformance.py")
    assert told.returncode == 0, told.stdout + told.stderr


def test_the_types_are_right_strictly(all_five, tmp_path):
    told = run(all_five, "mypy", "--cache-dir", str(tmp_path))
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize("kinds", COMBINATIONS, ids="+".join)
def test_the_example_is_a_pipeline_file_that_uses_each_of_its_components(kinds, tmp_path):
    folder = scaffold("acme", kinds, tmp_path).folder
    path = folder / "examples" / "pipeline.yaml"
    file = loads(path.read_text(), path).file
    used = [
        (room, use.use)
        for room in ("sources", "detectors", "captioners", "recognizers", "notifiers")
        for use in getattr(file, room).values()
    ]
    assert {f"{kind}s" for kind in kinds} == {room for room, use in used if use == "acme"}
    assert {use for _, use in used} <= {"acme", "opencv/video", "opencv/motion", "sdk/console"}
