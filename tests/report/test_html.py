from __future__ import annotations

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from run_folder import dump, summary, write_run

from instantreact_sdk import InstantReactError
from instantreact_sdk.report import evidence as evidence_module
from instantreact_sdk.report import write_report


class Page(HTMLParser):
    """The page as a browser would read it: its tags, and the words between them."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.raw = path.read_text(encoding="utf-8")
        self.feed(self.raw)
        self.close()
        self.words = re.sub(r"\s+", " ", self.words)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self.tags and self.tags[-1][0] not in ("style", "script"):
            self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def report(out: Path) -> Page:
    return Page(write_report(out))


def test_tells_the_run_in_figures_and_each_event_with_its_reasons(tmp_path: Path):
    events = write_run(tmp_path)
    page = report(tmp_path)
    for words in (
        "2 events and 1 near miss in 0:10.0",
        "12.3\u00d7 live",
        "cry for help",
        "0:06.2",
        "not sent to anna with 1 other event",
        "What is not sent was only written down.",
        "help me please!",
        "label person in gate, for 2 s",
        "true for 2.1 s",
        "only help me please",
        "The picture has not changed for 5 s.",
        "opencv/motion",
        events[0].id,
    ):
        assert words in page.words


def test_needs_nothing_but_itself_and_the_video(tmp_path: Path):
    write_run(tmp_path, video=True)
    page = report(tmp_path)
    links = [
        value
        for _, attributes in page.tags
        for name, value in attributes.items()
        if name in ("src", "href", "srcset", "poster", "action", "data") and value
    ]
    assert [link for link in links if not link.startswith("data:image/jpeg;base64,")] == ["annotated.mp4"]
    assert not re.search(r"(https?:)?//\w", re.sub(r'(?s)<script>.*?</script>|="data:[^"]*"', "", page.raw))
    assert "@import" not in page.raw
    assert "url(" not in page.raw
    assert {tag for tag, _ in page.tags}.isdisjoint({"link", "iframe", "object", "embed", "base", "form"})


def test_its_policy_allows_no_network_and_no_script_but_its_own(tmp_path: Path):
    write_run(tmp_path)
    page = report(tmp_path)
    (policy,) = [meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "*" not in policy
    assert not [
        attributes
        for _, attributes in page.tags
        if any(name.startswith("on") or name == "style" for name in attributes)
    ]


HOSTILE = """</script></style><script>alert(1)</script><img src=x onerror=alert(2)>"'`{{ 7 * 7 }}&lt;"""


def test_hostile_names_and_words_are_shown_and_never_obeyed(tmp_path: Path):
    write_run(tmp_path / "tame", rule="rule", label="label", text="text")
    write_run(tmp_path / "hostile", rule=HOSTILE, label=HOSTILE, text=HOSTILE)
    tame, hostile = report(tmp_path / "tame"), report(tmp_path / "hostile")
    assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in tame.tags]
    assert HOSTILE in hostile.words
    assert {name for _, attributes in hostile.tags for name in attributes} == {
        name for _, attributes in tame.tags for name in attributes
    }


def test_hostile_summaries_are_shown_and_never_obeyed(tmp_path: Path):
    facts = dict.fromkeys(
        ("frames", "sampled", "seconds", "width", "height", "fps", "live", "sound", "kind", "use", "calls", "failures"),
        HOSTILE,
    )
    hostile = summary(
        config=HOSTILE,
        sdk=HOSTILE,
        speed=HOSTILE,
        exit=HOSTILE,
        sources={HOSTILE: facts},
        components={HOSTILE: facts},
        health=[dict.fromkeys(("kind", "detail", "source", "by", "time"), HOSTILE)],
    )
    (tmp_path / "summary.json").write_text(json.dumps(hostile), encoding="utf-8")
    page = report(tmp_path)
    assert "img" not in [tag for tag, _ in page.tags]
    assert len(page.all("script")) == 1
    assert HOSTILE in page.words


def test_an_empty_folder_gives_a_page_that_says_so(tmp_path: Path):
    page = report(tmp_path)
    assert "The run left no summary; it was cut short." in page.words
    assert "No rule became true." in page.words


@pytest.mark.parametrize("cut", range(1, 120, 7))
def test_a_last_line_that_is_not_whole_is_left_out(tmp_path: Path, cut: int):
    write_run(tmp_path)
    for name in ("observations.jsonl", "events.jsonl", "near_misses.jsonl", "alerts.jsonl"):
        path = tmp_path / name
        path.write_bytes(path.read_bytes()[:-cut])
    (tmp_path / "summary.json").unlink()
    page = report(tmp_path)
    assert "1 event and" in page.words if cut > 1 else "2 events and" in page.words
    assert "1 note" in page.words or cut > 1, "health is taken from the observations"


@pytest.mark.parametrize("line", ["[]", "null", "7", "{}", '{"v": 1}', "\x00\xff", "[" * 5000, '{"kind": "detections", "source": "a", "by": "b", "time": NaN, "end": 1e999, "data": {"labels": ["x"]}}', '{"kind": "detections", "source": "a", "by": "b", "time": "x", "end": {}, "data": {"labels": 3}}', '{"id": "../../etc/passwd", "rule": 1, "source": [], "start": 1e999, "end": "nan", "evidence": [1], "trace": []}'])  # fmt: skip
def test_lines_that_are_not_what_they_should_be_do_no_harm(tmp_path: Path, line: str):
    write_run(tmp_path)
    for name in ("observations.jsonl", "events.jsonl", "near_misses.jsonl", "alerts.jsonl"):
        path = tmp_path / name
        path.write_text(line + "\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert "2 events and 1 near miss" in report(tmp_path).words


def test_a_trace_may_be_as_deep_as_it_likes(tmp_path: Path):
    write_run(tmp_path)
    trace: dict[str, object] = {"condition": "bottom"}
    for _ in range(400):
        trace = {"condition": "deeper", "result": True, "children": [trace]}
    line = json.loads((tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines()[0])
    dump(tmp_path / "events.jsonl", [{**line, "trace": trace}])
    assert 10 < report(tmp_path).words.count("deeper") < 100


def test_snapshots_are_inside_the_page_until_it_grows_too_large_then_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    events = write_run(tmp_path)
    first = tmp_path / "snapshots" / f"{events[0].id}.jpg"
    (tmp_path / "snapshots" / f"{events[1].id}.jpg").write_bytes(first.read_bytes())
    monkeypatch.setattr(evidence_module, "_BUDGET", first.stat().st_size + 1)
    sources = [image["src"] for image in report(tmp_path).all("img")]
    assert sources[0].startswith("data:image/jpeg;base64,/9j/")
    assert sources[1] == f"snapshots/{events[1].id}.jpg"


def test_an_event_id_cannot_reach_out_of_the_folder(tmp_path: Path):
    out = tmp_path / "out"
    write_run(out)
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    line = json.loads((out / "events.jsonl").read_text(encoding="utf-8").splitlines()[0])
    dump(out / "events.jsonl", [{**line, "id": "../../secret"}])
    (tmp_path / "secret.mp4").write_bytes(b"secret")
    page = report(out)
    assert page.all("img") == []
    assert not [link for link in page.all("a") if "secret" in link.get("href", "")]


def test_a_clip_is_linked_from_its_event(tmp_path: Path):
    _, second = write_run(tmp_path)
    assert "Watch the clip" not in report(tmp_path).words
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips" / f"{second.id}.mp4").write_bytes(b"a film")
    page = report(tmp_path)
    assert page.words.count("Watch the clip") == 1
    assert [link["href"] for link in page.all("a") if "clips" in link["href"]] == [f"clips/{second.id}.mp4"]


def test_every_picture_and_graphic_has_words_for_those_who_cannot_see_it(tmp_path: Path):
    write_run(tmp_path, video=True)
    page = report(tmp_path)
    assert all(image["alt"] for image in page.all("img"))
    assert all(graphic.get("aria-label") or graphic.get("aria-hidden") for graphic in page.all("svg"))
    assert all(video["aria-label"] for video in page.all("video"))
    assert next(tag for tag, _ in page.tags if re.fullmatch(r"h\d", tag)) == "h1"
    assert page.all("html") == [{"lang": "en"}]


def test_each_of_several_sources_has_its_own_timeline_and_video(tmp_path: Path):
    sources = {"front door": {"seconds": 5.0}, "yard": {"seconds": 9.0}}
    (tmp_path / "summary.json").write_text(json.dumps(summary(sources=sources)), encoding="utf-8")
    for name in sources:
        (tmp_path / f"annotated-{name}.mp4").write_bytes(b"")
    page = report(tmp_path)
    assert [video["src"] for video in page.all("video")] == ["annotated-front%20door.mp4", "annotated-yard.mp4"]
    assert [box["data-seconds"] for box in page.all("div") if box.get("class") == "timeline"] == ["5.0", "9.0"]


def test_thousands_of_events_and_labels_leave_a_page_that_loads(tmp_path: Path):
    write_run(tmp_path)
    line = json.loads((tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines()[0])
    dump(tmp_path / "events.jsonl", [{**line, "id": f"{k:012x}", "start": k, "end": k + 1} for k in range(5000)])
    seen = json.loads((tmp_path / "observations.jsonl").read_text(encoding="utf-8").splitlines()[0])
    dump(tmp_path / "observations.jsonl", [{**seen, "data": {"labels": [f"label {k}"]}} for k in range(5000)])
    page = report(tmp_path)
    assert "5,000 events" in page.words
    assert "4,800 more are in events.jsonl" in page.words
    assert "(other labels)" in page.words
    assert len(page.raw) < 2_000_000


def test_observations_of_any_length_take_bounded_memory(tmp_path: Path):
    line = json.dumps({"v": 1, "id": "yard/people/0", "kind": "detections", "source": "yard", "by": "people", "time": 0.0, "end": 0.0, "frame": 0, "data": {"boxes": [[0.1, 0.2, 0.3, 0.4]] * 12, "scores": [0.9] * 12, "labels": ["person"] * 12}})  # fmt: skip

    def peak(count: int) -> int:
        out = tmp_path / str(count)
        out.mkdir()
        with (out / "observations.jsonl").open("w", encoding="utf-8") as file:
            for k in range(count):
                file.write(line.replace('"time": 0.0, "end": 0.0', f'"time": {k / 10}, "end": {k / 10}') + "\n")
        script = (
            "import resource, sys; from pathlib import Path; from instantreact_sdk.report import write_report;"
            "write_report(Path(sys.argv[1])); print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        return int(
            subprocess.run([sys.executable, "-c", script, out], capture_output=True, text=True, check=True).stdout
        )

    few, many = peak(200), peak(200_000)
    assert (tmp_path / "200000" / "observations.jsonl").stat().st_size > 90_000_000
    assert many < few + 8_000, "kilobytes"


def test_says_where_a_report_could_not_be_written(tmp_path: Path):
    (tmp_path / "report.html").mkdir()
    with pytest.raises(InstantReactError, match=r"IR4020: .*report\.html could not be written"):
        write_report(tmp_path)
