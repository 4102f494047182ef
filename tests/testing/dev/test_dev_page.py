"""``plugins dev`` as people use it: its page in a real browser, its screen, its end."""

from __future__ import annotations

import http.client
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from components_at_work import PROGRAM, blob, started
from deadline import until
from needs import need
from report.browser import Browser

BOXES = "document.getElementById('picture').alt"


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    need(shutil.which("chromium") is not None, "the page is looked at in chromium; install the Debian package chromium")
    with Browser(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    chromium.new_page()
    return chromium


def address(process: subprocess.Popen[str]) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
    assert found
    return found[0]


def ask(url: str, path: str, host: str | None = None) -> tuple[int, bytes]:
    where = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", where.port, timeout=20)
    try:
        connection.request("GET", path, headers={"Host": host or where.netloc})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def visit(browser: Browser, url: str) -> None:
    browser.ask("Page.navigate", url=url)
    browser.wait_for(f"document.readyState === 'complete' && location.href === '{url}'")


def message(browser: Browser) -> str:
    return browser.run("document.getElementById('wrong').hidden ? '' : document.getElementById('message').textContent")


def test_the_page_follows_each_save(browser: Browser, tmp_path: Path):
    blob(tmp_path)
    with started(tmp_path, "./blob.py:Blob") as process:
        url = address(process)
        visit(browser, url)
        browser.wait_for(f"{BOXES} === 'left 0.75'")
        # The box is the picture's left half, so its right edge goes through the middle of both.
        drawn = (
            "(() => { const c = document.getElementById('boxes'); const [x, y] = [c.width / 2, c.height / 2];"
            " return c.getContext('2d').getImageData(Math.round(x), Math.round(y), 1, 1).data[3] > 0; })()"
        )
        browser.wait_for(drawn)
        browser.wait_for("document.getElementById('picture').naturalWidth === 320")
        browser.wait_for("document.getElementById('score').textContent.match(/^0 failed, [0-9]+ passed$/) !== null")

        blob(tmp_path, "        return [Detections([[0, 0, 1, 1]], [0.5], [1]) for frame in frames]")
        browser.wait_for(f"{BOXES} === 'right 0.50'")
        blob(tmp_path, before="def (:\n")
        browser.wait_for("!document.getElementById('wrong').hidden")
        assert "syntax error" in message(browser)
        assert "(blob.py, line 1)" in message(browser)
        blob(tmp_path, "        import ctypes; ctypes.string_at(0)")
        browser.wait_for(
            "document.getElementById('message').textContent.startsWith('detect killed the process (SIGSEGV)')"
        )
        browser.wait_for("document.querySelector('#checks li')?.dataset.status === 'failed'")
        blob(tmp_path)
        browser.wait_for(f"{BOXES} === 'left 0.75' && document.getElementById('wrong').hidden")
        assert browser.problems == []
        assert all(request.startswith((url, "about:", "data:")) for request in browser.requests)


def test_a_box_under_the_pointer_tells_what_it_is(browser: Browser, tmp_path: Path):
    blob(tmp_path)
    with started(tmp_path, "./blob.py:Blob") as process:
        visit(browser, address(process))
        browser.wait_for(f"{BOXES} === 'left 0.75'")
        browser.wait_for("document.getElementById('picture').naturalWidth === 320")
        x, y = browser.run(
            "(() => { const area = document.getElementById('boxes').getBoundingClientRect();"
            " return [area.left + area.width * 0.4, area.top + area.height * 0.5]; })()"
        )
        browser.ask("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        browser.wait_for("document.getElementById('tip').textContent === 'left 0.75: 0.000, 0.250, 0.500, 0.750'")


@pytest.mark.parametrize("width", [320, 768, 1400])
def test_the_page_never_scrolls_sideways(browser: Browser, tmp_path: Path, width: int):
    blob(tmp_path, "        return [1 / 0]")
    with started(tmp_path, "./blob.py:Blob") as process:
        browser.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=width < 500
        )
        visit(browser, address(process))
        browser.wait_for("document.querySelector('#checks li') !== null")
        browser.run("document.querySelectorAll('details').forEach(part => { part.open = true })")
        assert browser.run("document.documentElement.scrollWidth") <= width


def test_only_browsers_of_this_machine_that_ask_for_it_are_answered(tmp_path: Path):
    blob(tmp_path)
    with started(tmp_path, "./blob.py:Blob") as process:
        url = address(process)
        assert ask(url, "/")[0] == 200
        port = urlsplit(url).port
        assert ask(url, "/", f"localhost:{port}")[0] == 200
        for path in ("/", "/facts", "/picture/1/0"):
            assert ask(url, path, f"evil.example:{port}")[0] == 403
        for path in ("/../../etc/passwd", "/picture/1/..%2f..", "/picture/1/-1", "/picture/x/0", "/blob.py"):
            assert ask(url, path)[0] == 404
        others = {
            found.address for each in psutil.net_if_addrs().values() for found in each if found.family == socket.AF_INET
        } - {"127.0.0.1"}
        for other in others:
            with pytest.raises(OSError, match="refused"):
                socket.create_connection((other, port), timeout=5)


def test_a_taken_port_is_told(tmp_path: Path):
    blob(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [PROGRAM, "plugins", "dev", "./blob.py:Blob", "--port", port]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr[:6]) == (1, "IR2051")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("./none.py:Blob",), "IR2010"),
        (("nothing/blob",), "IR2015"),
        (("./blob.py:Blob", "--options", "colour=red"), "IR2052"),
        (("./blob.py:Blob", "--options", "[1]"), "IR2052"),
    ],
)
def test_what_cannot_begin_is_the_callers_mistake(tmp_path: Path, arguments: tuple[str, ...], code: str):
    blob(tmp_path)
    command = [PROGRAM, "plugins", "dev", *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr[:6]) == (2, code)


@pytest.mark.parametrize("way", [(), ("--terminal",)])
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_all_at_once_and_leaves_nothing(tmp_path: Path, way: tuple[str, ...], sign: signal.Signals):
    blob(tmp_path, "        import time; time.sleep(60)")
    with started(tmp_path, "./blob.py:Blob", *way) as process:
        assert "work" in process.stdout.readline() or way
        until(lambda: psutil.Process(process.pid).children(recursive=True))
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(sign)
        assert process.wait(20) == 130
        until(lambda: not any(child.is_running() for child in family))
        assert process.stderr.read() == ""
        assert [path.name for path in tmp_path.iterdir()] == ["blob.py"]


def test_processes_end_with_the_command_even_where_it_is_killed(tmp_path: Path):
    blob(tmp_path, "        import time; time.sleep(60)")
    with started(tmp_path, "./blob.py:Blob") as process:
        until(lambda: psutil.Process(process.pid).children(recursive=True))
        family = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        until(lambda: not any(child.is_running() for child in family))


def test_the_terminal_shows_a_screen_for_each_save(tmp_path: Path):
    blob(tmp_path)
    with started(tmp_path, "./blob.py:Blob", "--terminal") as process:
        lines = iter(process.stdout.readline, "")
        assert "when all checks are done" in next(lines)  # it is silent until then
        assert any(line == "4 boxes in 4 of 4 frames\n" for line in lines)
        assert any(line.startswith("Checks: ") for line in lines)
        blob(tmp_path, before="def (:\n")
        assert any(line.startswith("IR2011: The file ./blob.py cannot be imported") for line in lines)
