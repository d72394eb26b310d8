# SPDX-License-Identifier: GPL-3.0-or-later
"""``play`` runs on a real sound server and a real terminal: what is heard is the sound, its loop, and what keys did."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import tempfile
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.dsp.seam import Seam
from engine.playback.file.extend import Extension
from engine.values import Clip, FloatArray, LoopRegion
from tests.app.commands.running import ROOT, command, fails, infiniloop, music, read, works, write
from tests.e2e.hearing import heard_anything
from tests.engine.playback.material import noise
from tests.listening import find_faults
from tests.soundserver import SAMPLE_RATE, SoundServer

pytestmark = pytest.mark.audio

WAIT_S = 30.0


class Terminal:
    """This terminal runs ``infiniloop play``: keys in, words out."""

    def __init__(self, *arguments: str | Path) -> None:
        self._master, self._slave = pty.openpty()
        self.before = termios.tcgetattr(self._slave)
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("4H", 25, 120, 0, 0))
        self._words = b""
        self.process = subprocess.Popen(
            command("play", *map(str, arguments)),
            cwd=ROOT,
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, name="terminal")
        self._reader.start()

    def press(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    @property
    def words(self) -> str:
        return self._words.decode(errors="replace")

    def until(self, word: str, after: int = 0) -> None:
        give_up = time.monotonic() + WAIT_S
        while word not in self.words[after:]:
            assert time.monotonic() < give_up, (word, self.words)
            assert self.process.poll() is None, self.words
            time.sleep(0.02)

    @property
    def settings(self) -> list[object]:
        return termios.tcgetattr(self._slave)

    def wait(self) -> int:
        return self.process.wait(WAIT_S)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._slave)
        self._reader.join()
        os.close(self._master)

    def _read(self) -> None:
        try:
            while data := os.read(self._master, 4096):
                self._words += data
        except OSError:
            return


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def open_terminal(*arguments: str | Path) -> Terminal:
        opened.append(Terminal(*arguments))
        return opened[-1]

    yield open_terminal
    for one in opened:
        one.close()


@contextmanager
def playing(*arguments: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``play`` without a terminal."""
    process = subprocess.Popen(
        command("play", *map(str, arguments)), cwd=ROOT, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def quiet_noise(seconds: float, *, n_channels: int = 2, rate: int = SAMPLE_RATE) -> Clip:
    # The limiter leaves every bit as it is.
    samples = noise(round(seconds * rate), n_channels=n_channels, level=0.1)
    samples[0] = 0.3
    return Clip(samples, rate)


def heard_of(recording: FloatArray) -> FloatArray:
    """Return what was heard from the first sample that is not silence."""
    assert heard_anything(recording)
    return recording[int(np.flatnonzero(recording.any(axis=1))[0]) :]


@pytest.mark.alone
def test_what_is_heard_is_the_intro_then_what_export_writes(sound_server: SoundServer, tmp_path: Path) -> None:
    # In floats, which a file keeps to the last bit, as the sound server does.
    clip = quiet_noise(6.0)
    path = write(tmp_path / "noise.wav", clip, "FLOAT")
    loop = ("--loop", "1.0", "@150001", "--overlap", "100")
    with sound_server.recording() as recording:
        with playing(path, *loop, "--seconds", "7") as process:
            process.wait(WAIT_S)
            recording.wait(0.5)
        heard = heard_of(recording.samples)
    seam = Seam(clip, LoopRegion(44_100, 150_001), overlap_ms=100.0)
    wanted = Extension(seam).read(0, 6 * SAMPLE_RATE)
    n_wrong = int((heard[: len(wanted)] != wanted).any(axis=1).sum())
    assert n_wrong == 0
    works("export", path, "-o", tmp_path / "loop.wav", *loop)
    turn = heard[150_001 : 150_001 + seam.n_samples]
    np.testing.assert_allclose(turn, read(tmp_path / "loop.wav"), atol=2.0**-24)


@pytest.mark.soak
def test_what_the_audio_process_says_is_in_the_log(sound_server: SoundServer, tmp_path: Path) -> None:
    path = write(tmp_path / "music.wav", music())
    log = tmp_path / "state/infiniloop/log/infiniloop.log"
    for arguments in (("play", path, "--loop", "1", "3", "--seconds", "0.5"), ("doctor", "--json")):
        done = infiniloop(*arguments, XDG_STATE_HOME=str(tmp_path / "state"))
        assert done.returncode == 0, done.stderr
        assert "audio" not in done.stderr
        assert "INFO audio: " in log.read_text()
        log.unlink()


@pytest.mark.soak
@pytest.mark.parametrize(("rate", "n_channels"), [(8_000, 1), (96_000, 6)])
def test_other_rates_and_channels_are_heard(
    sound_server: SoundServer, tmp_path: Path, rate: int, n_channels: int
) -> None:
    t = np.arange(rate * 4) / rate
    tone = (0.3 * np.sin(2 * np.pi * 440.0 * t)).astype(np.float32)
    soundfile.write(tmp_path / "tone.wav", np.repeat(tone[:, None], n_channels, axis=1), rate)
    with sound_server.recording() as recording:
        with playing(tmp_path / "tone.wav", "--loop", "1", "2", "--seconds", "2.5") as process:
            process.wait(WAIT_S)
            recording.wait(0.5)
        heard = heard_of(recording.samples)[:, 0]
    stretch = heard[SAMPLE_RATE // 4 : SAMPLE_RATE * 9 // 4]
    spectrum = np.abs(np.fft.rfft(stretch * np.hanning(len(stretch))))
    assert np.argmax(spectrum) * SAMPLE_RATE / len(stretch) == pytest.approx(440.0, abs=0.4)
    assert find_faults(stretch[:, None], SAMPLE_RATE) == []


@pytest.mark.alone
def test_keys_change_what_is_heard_without_a_fault(
    sound_server: SoundServer, tmp_path: Path, terminal: Callable[..., Terminal]
) -> None:
    path = write(tmp_path / "music.wav", music())
    with sound_server.recording() as recording:
        here = terminal(path)
        here.until("loop 1 of")
        for keys, word in (("n", "loop 2"), ("n", "loop 3"), ("p", "loop 2"), ("+", "overlap 960 ms"), ("-", "480 ms")):
            before = len(here.words)
            here.press(keys)
            here.until(word, before)
            recording.wait(0.6)
        before = len(here.words)
        here.press("j")
        here.until("turn 2", before)
        recording.wait(0.5)
        before = len(here.words)
        here.press("q")
        here.until("heard last: --loop @", before)
        assert here.wait() == 0
        samples = heard_of(recording.samples)
    assert here.settings == here.before
    last = int(np.flatnonzero(samples.any(axis=1))[-1])
    assert find_faults(samples[: last - SAMPLE_RATE // 2], SAMPLE_RATE) == []


def test_space_pauses_and_goes_on(sound_server: SoundServer, tmp_path: Path, terminal: Callable[..., Terminal]) -> None:
    path = write(tmp_path / "music.wav", music())
    with sound_server.recording() as recording:
        here = terminal(path, "--loop", "1", "9")
        here.until("turn 1")
        recording.wait(0.5)
        here.press(" ")
        here.until("paused")
        recording.wait(1.5)
        quiet = recording.samples[-SAMPLE_RATE // 2 :]
        here.press(" ")
        recording.wait(1.0)
        loud = recording.samples[-SAMPLE_RATE // 2 :]
        here.press("q")
        assert here.wait() == 0
    assert not heard_anything(quiet)
    assert heard_anything(loud)


@pytest.mark.soak
def test_the_terminal_is_left_as_it_was(
    sound_server: SoundServer, tmp_path: Path, terminal: Callable[..., Terminal]
) -> None:
    path = write(tmp_path / "music.wav", music())
    ends = {signal.SIGINT: 0, signal.SIGTERM: 143, signal.SIGHUP: 129}
    for number, here in {number: terminal(path, "--loop", "1", "9") for number in ends}.items():
        here.until("turn 1")
        assert here.settings != here.before
        here.process.send_signal(number)
        assert here.wait() == ends[number]
        assert here.settings == here.before


@pytest.mark.soak
def test_suspended_it_is_silent_and_the_terminal_is_the_shells(
    sound_server: SoundServer, tmp_path: Path, terminal: Callable[..., Terminal]
) -> None:
    path = write(tmp_path / "music.wav", music())
    with sound_server.recording() as recording:
        here = terminal(path, "--loop", "1", "9")
        here.until("turn 1")
        here.process.send_signal(signal.SIGTSTP)
        give_up = time.monotonic() + WAIT_S
        while here.settings != here.before:
            assert time.monotonic() < give_up
            time.sleep(0.02)
        recording.wait(1.5)
        assert not heard_anything(recording.samples[-SAMPLE_RATE // 2 :])
        before = len(here.words)
        here.process.send_signal(signal.SIGCONT)
        here.until("turn 1", before)
        recording.wait(1.5)
        assert heard_anything(recording.samples[-SAMPLE_RATE:])
        here.press("q")
        assert here.wait() == 0
    assert here.settings == here.before


def test_without_a_terminal_it_plays_until_it_is_interrupted(sound_server: SoundServer, tmp_path: Path) -> None:
    path = write(tmp_path / "music.wav", music())
    with sound_server.recording() as recording, playing(path, "--loop", "1", "9") as process:
        give_up = time.monotonic() + WAIT_S
        while not heard_anything(recording.samples):
            assert time.monotonic() < give_up
            recording.wait(0.1)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=WAIT_S)
    assert process.returncode == 0
    assert b"heard last: --loop @22050 @198450 --overlap 480" in told
    assert b"keys" not in told


def test_a_device_that_goes_and_comes_is_told_and_heard_again(
    tmp_path: Path, terminal: Callable[..., Terminal], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "music.wav", music())
    # Not under pytest's own folder: a socket's path has room for about 100 characters.
    with tempfile.TemporaryDirectory(prefix="mortal-") as home:
        server = SoundServer(Path(home))
        server.start()
        try:
            for name, value in server.environment.items():
                monkeypatch.setenv(name, value)
            here = terminal(path, "--loop", "1", "9")
            here.until("turn 1")
            server.stop()
            here.until("infiniloop: Sound cannot be played")
            server.start()
            here.until("infiniloop: sound is back")
            assert heard_anything(server.record(1.5))
            here.press("q")
            assert here.wait() == 0
        finally:
            server.stop()


def test_without_a_device_it_says_so(no_sound: None, tmp_path: Path) -> None:
    path = write(tmp_path / "music.wav", music())
    fails("play", path, "--loop", "1", "9", "--seconds", "1", words=("sound",))


def test_a_device_that_is_not_there_is_told_with_those_that_are(sound_server: SoundServer, tmp_path: Path) -> None:
    path = write(tmp_path / "music.wav", music())
    fails("play", path, "--loop", "1", "9", "--device", "nowhere", words=("nowhere", "choose one of"))
