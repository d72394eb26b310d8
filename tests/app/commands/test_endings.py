# SPDX-License-Identifier: GPL-3.0-or-later
"""A command that is asked to end leaves nothing behind and prints no traceback, whenever and however it is asked."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from app.commands import endings
from engine.values import Clip
from tests.app.commands.running import RATE, ROOT, command, write
from tests.engine.playback.material import noise
from tests.sampling import some
from tests.standins import install_musicgpt

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


def start(folder: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    (folder / "out").mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(scratch), "XDG_STATE_HOME": str(folder / "state"), **environment}
    return subprocess.Popen(command(*arguments), cwd=ROOT, stderr=subprocess.PIPE, text=True, env=environment)


def wait_for_part(process: subprocess.Popen[str], folder: Path) -> Path:
    give_up = time.monotonic() + 30.0
    while not (parts := list((folder / "out").glob(".infiniloop-*.part"))):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < give_up
        time.sleep(0.005)
    return parts[0]


def left(folder: Path) -> list[str]:
    places = ("out", "scratch", "state/infiniloop/unfinished")
    return [str(one) for place in places for one in (folder / place).glob("*") if not one.name.startswith("pulse-")]


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("name", some(["render", "generate", "extend"], every=2))
def test_a_signal_while_it_writes(tmp_path: Path, name: str, number: signal.Signals) -> None:
    out = str(tmp_path / "out/x.flac")
    arguments = {
        "generate": ("generate", "house", "--duration", "30", "-o", out),
        "render": ("render", "house", "--minutes", "60", "-o", out),
        "extend": ("extend", str(tmp_path / "long.wav"), "--loop", "1", "50", "--length", "20h", "-o", out),
    }[name]
    if name == "extend":
        write(tmp_path / "long.wav", Clip(np.clip(noise(RATE * 60, n_channels=1), -1, 1), RATE))
    process = start(tmp_path, *arguments)
    wait_for_part(process, tmp_path)
    process.send_signal(number)
    _, told = process.communicate(timeout=30.0)
    assert (process.returncode, told) == (128 + number, "infiniloop: stopped.\n")
    assert left(tmp_path) == []


# They have one handler, as the test above shows.
@pytest.mark.parametrize("number", some(SIGNALS))
def test_musicgpt_ends_with_its_command(tmp_path: Path, number: signal.Signals) -> None:
    musicgpt = install_musicgpt(tmp_path / "bin", misdeed="hang")
    arguments = ("generate", "rock", "--generator", "musicgpt", "-o", str(tmp_path / "out/x.wav"))
    process = start(tmp_path, *arguments, INFINILOOP_MUSICGPT=str(musicgpt))
    wait_for_part(process, tmp_path)
    while not (children := psutil.Process(process.pid).children(recursive=True)):
        time.sleep(0.01)
    process.send_signal(number)
    _, told = process.communicate(timeout=30.0)
    assert (process.returncode, told) == (128 + number, "infiniloop: stopped.\n")
    assert psutil.wait_procs(children, timeout=5.0)[1] == []
    assert left(tmp_path) == []


def catches(pid: int, number: signal.Signals) -> bool:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> number - 1 & 1)


@pytest.mark.parametrize("after_s", [0.0, 0.05, 0.1, 0.2, 0.3])
def test_ctrl_c_before_it_has_begun_prints_no_traceback(tmp_path: Path, after_s: float) -> None:
    process = start(tmp_path, "generate", "house", "-o", str(tmp_path / "out/x.wav"), "--duration", "30")
    # Not before our first line has run: Python's own start no programme can look after.
    while not catches(process.pid, signal.SIGTERM):
        time.sleep(0.001)
    time.sleep(after_s)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30.0)
    assert process.returncode == 130
    assert told in ("", "infiniloop: stopped.\n")
    assert left(tmp_path) == []


@pytest.mark.soak
def test_what_a_killed_one_left_is_swept_by_the_next(tmp_path: Path) -> None:
    process = start(tmp_path, "render", "house", "--minutes", "60", "-o", str(tmp_path / "out/x.flac"))
    part = wait_for_part(process, tmp_path)
    while not list((tmp_path / "state/infiniloop/unfinished").glob("*")):
        time.sleep(0.005)
    # A living one's is left alone.
    start(tmp_path, "devices").communicate(timeout=30.0)
    assert part.exists()
    process.kill()
    process.communicate()
    assert part.exists()
    start(tmp_path, "devices").communicate(timeout=30.0)
    assert left(tmp_path) == []


@pytest.mark.soak
def test_under_nohup_a_closed_terminal_is_not_noticed(tmp_path: Path) -> None:
    def ignore() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    arguments = command("generate", "house", "--duration", "8", "-o", str(tmp_path / "x.wav"))
    process = subprocess.Popen(arguments, cwd=ROOT, stderr=subprocess.DEVNULL, preexec_fn=ignore)  # noqa: PLW1509
    while not list(tmp_path.glob(".infiniloop-*.part")):
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGHUP)
    assert process.wait(30.0) == 0
    assert (tmp_path / "x.wav").exists()


def test_one_that_hangs_is_ended_all_the_same(tmp_path: Path) -> None:
    target = tmp_path / "file"
    code = (
        "import os, time\n"
        "from app.commands import endings\n"
        "from engine.library.atomic import replacing\n"
        "endings.LIMIT_S = 0.2\n"
        f"with endings.watching(), replacing({str(target)!r}):\n"
        "    endings.begin()\n"
        "    while True:\n"
        "        try:\n"
        "            print('ready', flush=True)\n"
        "            time.sleep(60)\n"
        "        except BaseException:\n"
        "            pass\n"
    )
    arguments = [*command()[:1], "-c", code]
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(30.0) == 143
    assert list(tmp_path.iterdir()) == []


def test_held_back_it_comes_at_the_end_of_the_block() -> None:
    done = []
    with pytest.raises(endings.Ended) as caught, endings.watching():  # noqa: PT012
        endings.begin()
        with endings.held():
            signal.raise_signal(signal.SIGTERM)
            done.append("all of it")
        done.append("not this")
    assert caught.value.exit_code == 143
    assert done == ["all of it"]


def test_a_second_one_does_not_wait() -> None:
    with pytest.raises(endings.Ended), endings.watching():  # noqa: PT012
        endings.begin()
        with endings.held():
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            pytest.fail("it waited")


def test_lost_in_a_callback_it_comes_at_the_next_checkpoint() -> None:
    class Lost:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGTERM)

    with pytest.raises(endings.Ended), endings.watching():  # noqa: PT012
        endings.begin()
        lost = Lost()
        del lost
        endings.checkpoint()
        pytest.fail("it was lost")


def test_the_handlers_that_were_there_are_back() -> None:
    before = [signal.getsignal(number) for number in SIGNALS]
    with endings.watching():
        assert [signal.getsignal(number) for number in SIGNALS] != before
    assert [signal.getsignal(number) for number in SIGNALS] == before


TAKES = """
import signal, sys, time
from app.commands import endings
with endings.watching():
    endings.begin()
    say = lambda word: print(word, file=open(sys.argv[1], "a"), flush=True)
    try:
        with endings.taken(signal.SIGHUP, lambda: say("taken")):
            say("ready")
            while True:
                time.sleep(0.05)
    except endings.Ended as ended:
        say(f"ended {ended.exit_code}")
"""


def said(path: Path, words: str) -> None:
    give_up = time.monotonic() + 30.0
    while not (path.exists() and path.read_text("utf-8") == words):
        assert time.monotonic() < give_up, path.read_text("utf-8")
        time.sleep(0.02)


@pytest.mark.started
def test_a_signal_may_have_another_meaning_unless_the_terminal_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "said"
    pid, terminal = pty.fork()
    if not pid:
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-c", TAKES, str(path)])
    said(path, "ready\n")
    for n in (1, 2):
        os.kill(pid, signal.SIGHUP)
        said(path, "ready\n" + n * "taken\n")
    os.close(terminal)
    said(path, "ready\ntaken\ntaken\nended 129\n")
    assert os.waitpid(pid, 0)[0] == pid


@pytest.mark.started
def test_a_signal_with_another_meaning_does_not_end_the_process_later(tmp_path: Path) -> None:
    path = tmp_path / "said"
    code = TAKES.replace("endings.begin()", "endings.begin(); endings.LIMIT_S = 0.2")
    with subprocess.Popen([sys.executable, "-c", code, str(path)], cwd=ROOT, start_new_session=True) as process:
        said(path, "ready\n")
        process.send_signal(signal.SIGHUP)
        said(path, "ready\ntaken\n")
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1.0)
        process.send_signal(signal.SIGTERM)
        process.wait(30.0)
    said(path, "ready\ntaken\nended 143\n")
