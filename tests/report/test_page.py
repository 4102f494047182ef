"""The report in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser
from needs import need
from run_folder import write_run

from instantreact_sdk.report import write_report


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    need(
        shutil.which("chromium") is not None, "the report is looked at in chromium; install the Debian package chromium"
    )
    with Browser(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run")
    write_run(
        out,
        rule="a_rule_with_a_very_long_name_that_has_no_room_on_a_telephone_anywhere",
        label="person " * 9,
        text="help " * 80,
        video=True,
    )
    return write_report(out)


@pytest.mark.parametrize("width", [320, 360, 390, 768, 1200, 2560])
def test_never_scrolls_sideways(browser: Browser, page: Path, width: int):
    browser.visit(page, width, 800)
    browser.run("document.querySelectorAll('details').forEach(part => { part.open = true })")
    assert browser.run("document.documentElement.scrollWidth") <= width


def test_loads_only_files_of_its_own_folder_and_complains_of_nothing(browser: Browser, page: Path):
    browser.problems.clear()
    browser.requests.clear()
    browser.visit(page, 1200, 900)
    browser.wait_for("document.querySelector('video').readyState >= 1")
    asked = {url for url in browser.requests if not url.startswith("data:") and url != "about:blank"}
    assert asked == {page.as_uri(), page.with_name("annotated.mp4").as_uri()}
    assert browser.problems == []


def test_hostile_words_run_no_script(browser: Browser, tmp_path: Path):
    evil = (
        "</script><script>window.evil = 1</script><img src=x onerror='window.evil = 1'><svg onload='window.evil = 1'>"
    )
    write_run(tmp_path, rule=evil, label=evil, text=evil)
    browser.problems.clear()
    browser.visit(write_report(tmp_path), 1200, 900)
    assert browser.run("window.evil === undefined")
    assert browser.problems == []


def test_its_policy_stops_a_script_that_got_in(browser: Browser, page: Path):
    browser.visit(page, 1200, 900)
    browser.run(
        "const s = document.createElement('script'); s.textContent = 'window.evil = 1'; document.body.append(s)"
    )
    assert browser.run("window.evil === undefined")
    browser.problems.clear()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_words_stand_out_from_their_ground_in_both_themes(browser: Browser, page: Path, theme: str):
    browser.visit(page, 1200, 900, f"#{theme}")
    browser.run("document.querySelectorAll('details').forEach(part => { part.open = true })")
    weak = browser.run("""
        (() => {
          const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
          const rgb = (colour) => {
            canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
            return [...canvas.getImageData(0, 0, 1, 1).data];
          };
          const luminance = (colour) => {  // WCAG 2.2
            const [r, g, b] = rgb(colour).slice(0, 3).map((v) => v / 255).map((v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
            return .2126 * r + .7152 * g + .0722 * b;
          };
          const ground = (node) => {
            for (; node; node = node.parentElement) {
              const colour = getComputedStyle(node).backgroundColor;
              if (rgb(colour)[3] === 255) return colour;
            }
          };
          const weak = [];
          for (const node of document.querySelectorAll('body *:not(script)')) {
            if (![...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim())) continue;
            const [a, b] = [luminance(getComputedStyle(node).color), luminance(ground(node))].sort((x, y) => y - x);
            if ((a + .05) / (b + .05) < 4.5) weak.push(node.outerHTML.slice(0, 80));
          }
          return weak;
        })()
    """)
    assert weak == []
    dark = browser.run("getComputedStyle(document.body).backgroundColor") == "rgb(16, 20, 19)"
    assert dark == (theme == "dark")


def test_the_button_changes_the_theme(browser: Browser, page: Path):
    browser.visit(page, 1200, 900, "#light")
    before = browser.run("getComputedStyle(document.body).backgroundColor")
    browser.run("document.getElementById('theme').click()")
    assert browser.run("getComputedStyle(document.body).backgroundColor") != before


def test_a_click_on_an_events_time_shows_that_moment_of_the_video(browser: Browser, page: Path):
    browser.visit(page, 1200, 900)
    browser.run("document.querySelector('.card .time').click()")
    browser.wait_for("Math.abs(document.querySelector('video').currentTime - 6.2) < 0.01")
    assert browser.run("document.querySelector('.over').getAttribute('aria-valuetext')") == "0:06.2"


def test_a_click_on_the_timeline_shows_that_moment_and_tells_what_is_there(browser: Browser, page: Path):
    browser.visit(page, 1200, 2000)
    x, y = browser.run(
        "(() => { const area = document.querySelector('.over').getBoundingClientRect();"
        " return [area.left + area.width * 0.62, area.top + 5]; })()"
    )
    for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
        browser.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
    browser.wait_for("Math.abs(document.querySelector('video').currentTime - 6.2) < 0.05")
    assert browser.run("document.querySelector('.readout').textContent").startswith("0:06.2  ·  a_rule_with")


def test_the_timeline_works_with_the_keyboard_alone(browser: Browser, page: Path):
    browser.visit(page, 1200, 900)
    browser.run("document.querySelector('.over').focus()")
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft"):
        browser.ask("Input.dispatchKeyEvent", type="keyDown", key=key)
        browser.ask("Input.dispatchKeyEvent", type="keyUp", key=key)
    assert browser.run("document.querySelector('.over').getAttribute('aria-valuenow')") == "1.0"
    browser.ask("Input.dispatchKeyEvent", type="keyDown", key="End")
    assert browser.run("document.querySelector('.over').getAttribute('aria-valuenow')") == "10.0"


def test_a_picture_grows_on_a_click_and_shrinks_on_the_next(browser: Browser, page: Path):
    browser.visit(page, 1200, 900)
    width = "document.querySelector('.picture img').getBoundingClientRect().width"
    small = browser.run(width)
    browser.run("document.querySelector('.picture').click()")
    assert browser.run(width) > 2 * small
    browser.run("document.querySelector('.picture').click()")
    assert browser.run(width) == small


def test_zooming_shows_a_part_around_the_position(browser: Browser, page: Path):
    browser.visit(page, 1200, 900)
    browser.run("document.querySelector('.card .time').click()")
    browser.run("document.querySelector('[data-zoom=\"2\"]').click()")
    # Five of ten seconds around 6.2 s: from 3.7 to 8.7.
    assert browser.run("document.querySelector('.track').getAttribute('viewBox')") == "3.7 0 5 1"
    ticks = browser.run("[...document.querySelectorAll('.axis span')].map(tick => tick.textContent)")
    assert ticks == ["0:03.7", "0:04.7", "0:05.7", "0:06.7", "0:07.7", "0:08.7"]
    browser.run("document.querySelector('[data-zoom=\".5\"]').click()")
    assert browser.run("document.querySelector('.track').getAttribute('viewBox')") == "0 0 10 1"
