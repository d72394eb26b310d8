# SPDX-License-Identifier: GPL-3.0-or-later
"""A STAND-IN for MusicGPT 0.3.28, for tests: the same options, log, exit codes and WAV; its music is a plain groove.

It misbehaves on request, by the environment variable INFINILOOP_STANDIN:
exit-1, exit-2, crash-101, exit-0-error, hang, ignore-term, truncate, silent, nan, no-file, die-half-way,
slow:SECONDS, download:SECONDS, short, rubbish, empty, chatty,
leave-behind (a process in a session of its own that ignores SIGTERM; then it hangs), leave-and-end (then it works),
flood (a line without end), log-pipe (every log in its folder becomes a pipe), endless (its file grows without end),
long:SECONDS, sparse:BYTES (as long as that, though it takes no room), channels:N, rate:HZ,
output-link, output-pipe, output-folder, output-socket, data-too-long, data-empty, locked-folder (and it hangs).
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

# The heavy imports wait until there is something to play: --version and most misdeeds answer at once.
if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mono = npt.NDArray[np.float64]

SAMPLE_RATE = 32_000
SHORT_BY_S = 0.06
MODELS = ("small", "small-fp16", "small-quant", "medium", "medium-fp16", "medium-quant", "large")
TEMPO_BPM = 120.0

EXITS = {
    "exit-0-error": (0, "ERROR", "could not reach the model hub"),
    "exit-1": (1, "ERROR", "could not load the model: no space left on device"),
    "exit-2": (2, "", "error: unexpected argument '--no-interactive' found\n\nUsage: musicgpt [OPTIONS] [PROMPT]\n"),
    "crash-101": (
        101,
        "",
        "thread 'main' panicked at src/cli/mod.rs:12:34:\nindex out of bounds: the len is 0\n"
        "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n",
    ),
}
"""Misdeeds that end at once: exit code, level of the logged line or "" for stderr, words."""


def say(level: str, text: str) -> None:
    """Print a log line as MusicGPT writes it: to stdout, coloured unless NO_COLOR is set."""
    now_s = time.time()
    stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(now_s)) + f".{int(now_s % 1 * 1000):03d}"
    if os.environ.get("NO_COLOR"):
        line = f"{stamp} {level:>5} {text}"
    else:
        colour = {"ERROR": 31, "WARN": 33}.get(level, 32)
        line = f"\x1b[2m{stamp}\x1b[0m \x1b[{colour}m{level:>5}\x1b[0m {text}"
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="MusicGPT", description="A STAND-IN for MusicGPT, for the tests of Infiniloop Studio.", allow_abbrev=False
    )
    parser.add_argument("prompt", nargs="?", default="")
    parser.add_argument("--model", choices=MODELS, default="small")
    parser.add_argument("--use-split-decoder", action="store_true")
    parser.add_argument("--force-download", action="store_true")
    parser.add_argument("--data-path", default="")
    parser.add_argument("--gpu", action="store_true")
    parser.add_argument("--secs", type=int, default=10)
    parser.add_argument("--output", default="musicgpt-generated.wav")
    parser.add_argument("--no-playback", action="store_true")
    parser.add_argument("--no-interactive", action="store_true")
    parser.add_argument("--ui-no-open", action="store_true")
    parser.add_argument("--ui-port", type=int, default=8642)
    parser.add_argument("--ui-expose", action="store_true")
    parser.add_argument("--version", action="version", version="MusicGPT 0.3.28 (stand-in)")
    return parser.parse_args(arguments)


def place(out: Mono, sound: Mono, at_s: float) -> None:
    start = round(at_s * SAMPLE_RATE)
    room = max(0, min(len(sound), len(out) - start))
    out[start : start + room] += sound[:room]


def tone(frequency_hz: float, length_s: float, decay_s: float, harmonics: int) -> Mono:
    import numpy as np

    t = np.arange(round(length_s * SAMPLE_RATE)) / SAMPLE_RATE
    wave = sum(np.sin(2 * np.pi * frequency_hz * k * t) / k**1.5 for k in range(1, harmonics + 1))
    edge = np.minimum(1.0, np.minimum(t / 0.004, (length_s - t) / 0.02))
    faded: Mono = wave * np.exp(-t / decay_s) * edge
    return faded


def groove(prompt: str, secs: int) -> Mono:
    """Return a two-bar groove at 120 bpm, in a key chosen by the prompt: kick, snare, hats, bass and chords."""
    import numpy as np

    digest = hashlib.sha256(prompt.encode()).digest()
    rng = np.random.default_rng(list(digest))
    root_hz = 55.0 * 2 ** (digest[0] % 12 / 12)
    t = np.arange(round(0.25 * SAMPLE_RATE)) / SAMPLE_RATE
    kick = 0.9 * np.sin(2 * np.pi * (45 * t + 6 * (1 - np.exp(-t / 0.03)))) * np.exp(-t / 0.08)
    snare = 0.35 * rng.standard_normal(len(t)) * np.exp(-t / 0.05)
    hat = 0.12 * np.diff(rng.standard_normal(len(t)), prepend=0.0) * np.exp(-t / 0.02)
    beat_s = 60.0 / TEMPO_BPM
    bar = np.zeros((2, round(4 * beat_s * SAMPLE_RATE)))
    for which, steps in enumerate((0, 5)):  # the second bar a fourth higher
        step_hz = root_hz * 2 ** (steps / 12)
        for beat in range(4):
            place(bar[which], kick, beat * beat_s)
            place(bar[which], hat, beat * beat_s)
            place(bar[which], hat, (beat + 0.5) * beat_s)
            place(bar[which], 0.45 * tone(step_hz, 0.9 * beat_s, 0.3, 4), beat * beat_s)
            if beat % 2:
                place(bar[which], snare, beat * beat_s)
        for third in (0, 3, 7):
            place(bar[which], 0.12 * tone(4 * step_hz * 2 ** (third / 12), 4 * beat_s, 2.0, 3), 0.0)
    loop = bar.reshape(-1)
    return np.resize(loop, round((secs - SHORT_BY_S) * SAMPLE_RATE))


def wav_bytes(samples: Mono, sample_rate: int = SAMPLE_RATE) -> bytes:
    import numpy as np
    import soundfile

    memory = io.BytesIO()
    soundfile.write(memory, samples.astype(np.float32), sample_rate, format="WAVEX", subtype="FLOAT")
    return memory.getvalue()


def leave_behind() -> None:
    """Start a process that leaves our session, hears no SIGTERM and holds our output open."""
    if os.fork() == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            time.sleep(60)


def misplace(misdeed: str, output: Path) -> None:
    """Put something that is no regular file in the place of the clip."""
    if misdeed == "output-link":
        other = output.with_name("other.wav")
        other.write_bytes(wav_bytes(groove("a link", 3)))
        output.symlink_to(other)
    elif misdeed == "output-pipe":
        os.mkfifo(output)
    elif misdeed == "output-folder":
        output.mkdir()
    else:
        os.chdir(output.parent)  # a socket's path is short
        socket.socket(socket.AF_UNIX).bind(output.name)


def grow(output: Path) -> None:
    """Write a clip that never ends."""
    with output.open("wb") as file:
        file.write(wav_bytes(groove("endless", 2)))
        while True:
            file.write(bytes(1 << 22))
            time.sleep(0.01)


def bent(data: bytes, misdeed: str, value: str) -> bytes:
    """Return the bytes of a clip, as ``misdeed`` has them."""
    if misdeed in ("truncate", "die-half-way"):
        return data[: len(data) * 2 // 3]
    if misdeed == "rubbish":
        return b"RIFF" + bytes(100)
    if misdeed == "empty":
        return b""
    if misdeed in ("data-too-long", "data-empty"):
        size = data.index(b"data") + 4
        n_bytes = 0x7FFF_0000 if misdeed == "data-too-long" else 0
        return data[:size] + n_bytes.to_bytes(4, "little") + data[size + 4 :]
    if misdeed == "sparse":
        size = data.index(b"data") + 4
        n_bytes = int(value) - size - 4
        head = data[:4] + (int(value) - 8).to_bytes(4, "little") + data[8:size] + n_bytes.to_bytes(4, "little")
        return head + data[size + 4 :]
    return data


def main() -> int:
    args = parse(sys.argv[1:])
    misdeed, _, value = os.environ.get("INFINILOOP_STANDIN", "").partition(":")
    say("INFO", "stand-in for MusicGPT: the music is a groove of its own, no model is run")
    if not 1 <= args.secs <= 30:
        say("ERROR", "--secs must > 0" if args.secs < 1 else "--secs must <= 30")
        return 1
    if not args.prompt:
        say("ERROR", "A prompt must be provided when not in interactive mode")
        return 1
    if misdeed in EXITS:
        code, level, words = EXITS[misdeed]
        if level:
            say(level, words)
            say("INFO", "bye")
        else:
            sys.stderr.write(words)
        return code
    if misdeed == "download":
        say("INFO", "Some AI models need to be downloaded, this only needs to be done once")
        time.sleep(float(value))
        say("INFO", "AI models downloaded correctly")
    if misdeed in ("leave-behind", "leave-and-end"):
        leave_behind()
    if misdeed == "locked-folder":
        (Path.cwd() / "models" / "inner").mkdir(parents=True)
        (Path.cwd() / "models").chmod(0)
    if misdeed == "log-pipe":
        for log in Path.cwd().glob("*.log"):
            log.unlink()
        for name in ("musicgpt.log", "version.log"):
            os.mkfifo(Path.cwd() / name)
    if misdeed == "ignore-term":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if misdeed in ("hang", "ignore-term", "leave-behind", "locked-folder"):
        say("INFO", "hanging")
        Path("hanging").touch()  # its folder's owner can see it
        while True:
            time.sleep(60)
    if misdeed == "chatty":
        for _ in range(20_000):
            sys.stdout.write("x" * 99 + "\n")
    while misdeed == "flood":
        sys.stdout.write("x" * (1 << 20))
    if misdeed == "slow":
        time.sleep(float(value))
    if misdeed == "no-file":
        return 0

    output = Path(args.output if args.output.endswith(".wav") else args.output + ".wav")
    if misdeed.startswith("output-"):
        misplace(misdeed, output)
        return 0
    if misdeed == "endless":
        grow(output)
    samples = groove(args.prompt, int(value) if misdeed == "long" else args.secs)
    if misdeed == "silent":
        samples[:] = 0.0
    if misdeed == "nan":
        samples[1000:1010] = float("nan")
    if misdeed == "short":
        samples = samples[: len(samples) // 4]
    if misdeed == "channels":
        samples = samples[:, None].repeat(int(value), axis=1)
    data = bent(wav_bytes(samples, int(value) if misdeed == "rate" else SAMPLE_RATE), misdeed, value)
    output.write_bytes(data)
    if misdeed == "sparse":
        os.truncate(output, int(value))
    if misdeed == "die-half-way":
        os.kill(os.getpid(), signal.SIGKILL)
    return 0


if __name__ == "__main__":
    sys.exit(main())
