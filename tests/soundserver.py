# SPDX-License-Identifier: GPL-3.0-or-later
"""A private PulseAudio server has null sinks, and records their monitors: what a listener would have heard.

The server has a home of its own and touches nobody else's. No sound server, no skip: the test fails. ``tests.pipewire``
has the other server that distributions ship.
"""

from __future__ import annotations

import contextlib
import math
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import numpy as np
import pytest

from engine.values import FloatArray
from tests import unpacked

SAMPLE_RATE = 44_100
"""Sample rate in Hz of the sink and of every recording."""
N_CHANNELS = 2
START_WAIT_S = 20.0

_ASOUNDRC = "pcm.!default {\n    type pulse\n}\nctl.!default {\n    type pulse\n}\n"
SINK = "ears"
_SINK_FORMAT = f"channels={N_CHANNELS} format=float32le norewinds=1"


class SoundServer:
    """A ``pulseaudio`` with one null sink is ALSA's default device for processes with its ``environment``.

    Gentle, it waits for no core and works nothing ahead, so that what is heard is the studio's doing alone; otherwise
    it is as distributions ship it: default arguments, ordinary priority.
    """

    def __init__(self, home: Path, *, sample_rate: int = SAMPLE_RATE, is_gentle: bool = True) -> None:
        self.home = home
        self.sample_rate = sample_rate
        self.runtime = home / "run"
        self._is_gentle = is_gentle
        self.processes: list[subprocess.Popen[bytes]] = []
        self.runtime.mkdir(parents=True, exist_ok=True)
        self.runtime.chmod(0o700)
        (home / ".asoundrc").write_text(_ASOUNDRC)

    @property
    def socket(self) -> Path:
        """Return the socket at which PulseAudio's clients reach the server."""
        return self.runtime / "native"

    @property
    def environment(self) -> dict[str, str]:
        """Return variables that bring a process's sound, played through ALSA, to the server."""
        return self.pulse_environment

    @property
    def pulse_environment(self) -> dict[str, str]:
        """Return the variables for PulseAudio's own programs (``parec``, ``pactl``)."""
        return {
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "PULSE_SERVER": f"unix:{self.socket}",
            "PULSE_COOKIE": str(self.home / "cookie"),
        }

    def start(self) -> None:
        """Start the server (again) and wait until it answers."""
        for name in ("parec", "pactl"):
            assert shutil.which(name), f"{name} is not installed: see resources/setup/apt-test.txt"
        self.socket.unlink(missing_ok=True)
        self._launch()
        give_up = time.monotonic() + START_WAIT_S
        while not self._answers():
            assert self.is_running, (self.home / "server.log").read_text()
            assert time.monotonic() < give_up, "the private sound server does not answer"
            time.sleep(0.05)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the server's processes: to have it stand still, say, and go on."""
        for process in self.processes:
            process.send_signal(number)

    def stop(self) -> None:
        """End the server at once, as when the device vanishes."""
        while self.processes:
            process = self.processes.pop()
            process.kill()
            process.wait()

    @property
    def is_running(self) -> bool:
        return bool(self.processes) and all(one.poll() is None for one in self.processes)

    def _launch(self) -> None:
        hasty = ["--realtime=yes", "--high-priority=yes", "--disable-shm=yes"] if self._is_gentle else []
        sink = f"sink_name={SINK} rate={self.sample_rate} {_SINK_FORMAT if self._is_gentle else ''}"
        self._run(
            "pulseaudio", "-n", *unpacked.pulse_options(), "--daemonize=no", "--use-pid-file=no",
            "--exit-idle-time=-1", *hasty, "--log-target=stderr", "--log-level=error",
            f"--load=module-null-sink {sink}",
            f"--load=module-native-protocol-unix auth-anonymous=1 socket={self.socket}",
        )  # fmt: skip
        # A device waits for no core: where the server may not go first either, what is heard is the machine's load.
        if self._is_gentle:
            with contextlib.suppress(OSError):
                os.sched_setscheduler(self.processes[-1].pid, os.SCHED_RR, os.sched_param(5))

    def _run(self, *command: str, **environment: str) -> None:
        """Start one of the server's processes, which ends with it.

        Sound servers ask for niceness -11. Linux weighs sessions first, then niceness within each: the session gets it.
        """
        with (self.home / "server.log").open("ab") as log:
            process = subprocess.Popen(
                [unpacked.program(command[0]), *command[1:]],
                env={**os.environ, **self.pulse_environment, **unpacked.variables(), **environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        with contextlib.suppress(OSError):
            Path(f"/proc/{process.pid}/autogroup").write_text("-11", encoding="ascii")

    def _answers(self) -> bool:
        return self.pactl("info").returncode == 0

    def n_streams(self) -> int:
        """Return the number of streams open to play into the sink, but for those that rest for good (anchors)."""
        # What was opened and not started rests too: an anchor holds 16 bits, what plays holds floats.
        return sum("s16le" not in one for one in self.streams().split("Sink Input #")[1:])

    def streams(self) -> str:
        """Return the server's words on all streams that play into it."""
        return self.pactl("list", "sink-inputs").stdout.decode()

    @contextlib.contextmanager
    def another_sink(self, name: str) -> Iterator[None]:
        """Add a second sink, which ALSA and so PortAudio lists as a device of this name; the first stays default."""
        config = self.home / ".asoundrc"
        before = config.read_text()
        sink = [f"sink_name={name}", f"rate={self.sample_rate}", *_SINK_FORMAT.split()]
        loaded = self.pactl("load-module", "module-null-sink", *sink)
        assert loaded.returncode == 0, loaded.stderr
        assert self.pactl("set-default-sink", SINK).returncode == 0
        config.write_text(f'{before}pcm.{name} {{\n    type pulse\n    device "{name}"\n}}\n')
        try:
            yield
        finally:
            config.write_text(before)
            self.pactl("unload-module", loaded.stdout.decode().strip())

    def recording(self, sink: str = SINK, *, is_patient: bool = False) -> Recording:
        """Return a context manager that records a sink's monitor while it is open.

        ``is_patient``: it takes what comes whenever it comes, and so has the server work no sooner than it would.
        """
        assert self.is_running, "the private sound server is not running"
        return Recording(self, sink, is_patient=is_patient)

    def record(self, seconds: float) -> FloatArray:
        """Return the sound of the next ``seconds``: float32, shape ``(n_samples, 2)``."""
        with self.recording() as recording:
            recording.wait(seconds)
        return recording.samples[: round(seconds * self.sample_rate)]

    def pactl(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ["pactl", *arguments],
            env={**os.environ, **self.pulse_environment},
            capture_output=True,
            check=False,
            timeout=20,
        )


class Recording:
    """A recording is ``parec`` on a sink's monitor, read by a thread so that its pipe never fills."""

    def __init__(self, server: SoundServer, sink: str = SINK, *, is_patient: bool = False) -> None:
        self._server = server
        self._is_patient = is_patient
        self._sink = sink
        self.sample_rate = server.sample_rate
        self._chunks: list[bytes] = []
        self._n_bytes = 0
        self._begun_s = math.inf

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [
                "parec", f"--device={self._sink}.monitor", "--format=float32le", f"--rate={self._server.sample_rate}",
                f"--channels={N_CHANNELS}", "--raw",
                *([] if self._is_patient else ["--latency-msec=50"]),
            ],
            env={**os.environ, **self._server.pulse_environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._thread = threading.Thread(target=self._read, name="recording")
        self._thread.start()
        self.wait(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._thread.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    @property
    def seconds(self) -> float:
        """Return how many seconds have been recorded."""
        return self._n_bytes / (4 * N_CHANNELS * self._server.sample_rate)

    def place_s(self, at_s: float) -> float:
        """Return the second of the recording at which sound of ``at_s`` (monotonic clock) stands, or will stand.

        By the quickest deliveries so far, as a busy machine delays some.
        """
        return at_s - self._begun_s

    def wait(self, seconds: float) -> None:
        """Wait until ``seconds`` more have been recorded."""
        wanted = self.seconds + seconds
        give_up = time.monotonic() + seconds + START_WAIT_S
        while self.seconds < wanted:
            assert time.monotonic() < give_up, "the sink's monitor gives no samples"
            assert self._process.poll() is None, "parec ended"
            time.sleep(0.01)

    @property
    def samples(self) -> FloatArray:
        """Return everything recorded so far: float32, shape ``(n_samples, 2)``."""
        data = b"".join(list(self._chunks))
        whole = len(data) - len(data) % (4 * N_CHANNELS)
        return np.frombuffer(data[:whole], dtype="<f4").reshape(-1, N_CHANNELS)

    def _read(self) -> None:
        assert self._process.stdout is not None
        while chunk := os.read(self._process.stdout.fileno(), 1 << 16):
            self._chunks.append(chunk)
            self._n_bytes += len(chunk)
            self._begun_s = min(self._begun_s, time.monotonic() - self.seconds)


@pytest.fixture(scope="session")
def _session_server() -> Iterator[SoundServer]:
    # Not under pytest's own folder: a socket's path has room for about 100 characters.
    home = Path(tempfile.mkdtemp(prefix="sound-"))
    server = SoundServer(home)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(home)


@pytest.fixture
def sound_server(_session_server: SoundServer, monkeypatch: pytest.MonkeyPatch) -> SoundServer:
    """Start the session's private sound server, into which this process's children play."""
    if not _session_server.is_running:
        _session_server.start()
    for name, value in _session_server.environment.items():
        monkeypatch.setenv(name, value)
    return _session_server


@pytest.fixture
def mortal_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    """Start a sound server of the test's own, to be killed, as the system's default."""
    # Not under pytest's own folder: a socket's path has room for about 100 characters.
    with tempfile.TemporaryDirectory(prefix="mortal-") as home:
        server = SoundServer(Path(home))
        server.start()
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server
        server.stop()


@pytest.fixture
def no_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the sound devices away from this process's children."""
    (tmp_path / ".asoundrc").write_text(_ASOUNDRC)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path / 'nobody'}")
