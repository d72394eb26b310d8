# SPDX-License-Identifier: GPL-3.0-or-later
"""A STAND-IN for MusicGPT 0.3.28, for tests: the same options, log, exit codes, WAV and server.

It misbehaves on request, by the environment variable INFINILOOP_STANDIN, several with commas between them:
exit-1, exit-2, crash-101, exit-0-error, hang, ignore-term, truncate, silent, nan, no-file, die-half-way,
slow:SECONDS, download:SECONDS, short, rubbish, empty, chatty,
leave-behind (a process in a session of its own that ignores SIGTERM; then it hangs), leave-and-end (then it works),
flood (a line without end), log-pipe (every log in its folder becomes a pipe), endless (its file grows without end),
long:SECONDS, sparse:BYTES (as long as that, though it takes no room), channels:N, rate:HZ,
output-link, output-pipe, output-folder, output-socket, data-too-long, data-empty, locked-folder (and it hangs),
beep (no misdeed: a tone for music, at once).

As a server also: load:SECONDS (before its port answers), old (it has no server), no-server (it does not start),
port-taken (somebody else has its port), other-model, other-device, and all ``Switches`` of ``musicgpt_server.py``:
token_s:SECONDS, decode_s:SECONDS, forget:N, lag:N, mute:N, freeze:N, die:N, drop:N, refuse, nonsense, deaf, times:FILE.
once:FILE has the first process alone misbehave: it makes that file.
"""

from __future__ import annotations

import argparse
import errno
import importlib.util
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

MODELS = {
    "small": "MusicGen Small",
    "small-fp16": "MusicGen Small Fp16",
    "small-quant": "MusicGen Small Quantized",
    "medium": "MusicGen Medium",
    "medium-fp16": "MusicGen Medium Fp16",
    "medium-quant": "MusicGen Medium Quantized",
    "large": "MusicGen Large",
}

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
    parser.add_argument("--model", choices=tuple(MODELS), default="small")
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
        other.write_bytes(GROOVE.wav_bytes(GROOVE.groove("a link", 3)))
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
        file.write(GROOVE.wav_bytes(GROOVE.groove("endless", 2)))
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


def sibling(name: str) -> ModuleType:
    """Return a module beside this one, without the package around it, which would take a second to import."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


GROOVE = sibling("groove")


def misdeeds() -> dict[str, str]:
    """Return what it is to do wrong, with the values."""
    asked = os.environ.get("INFINILOOP_STANDIN", "")
    found = {name: value for name, _, value in (one.partition(":") for one in asked.split(",") if one)}
    marker = found.pop("once", "")
    if marker:
        try:
            Path(marker).touch(exist_ok=False)
        except FileExistsError:
            return {}
    return found


def clip(prompt: str, secs: int, asked: dict[str, str]) -> bytes:
    """Return the bytes of a clip, bent as asked for."""
    if "beep" in asked:
        return bent_by(asked, GROOVE.beep(secs))
    samples = GROOVE.groove(prompt, int(asked["long"]) if "long" in asked else secs)
    if "silent" in asked:
        samples[:] = 0.0
    if "nan" in asked:
        samples[1000:1010] = float("nan")
    if "short" in asked:
        samples = samples[: len(samples) // 4]
    if "channels" in asked:
        samples = samples[:, None].repeat(int(asked["channels"]), axis=1)
    return bent_by(asked, GROOVE.wav_bytes(samples, int(asked.get("rate", GROOVE.SAMPLE_RATE))))


def bent_by(asked: dict[str, str], data: bytes) -> bytes:
    for name, value in asked.items():
        data = bent(data, name, value)
    return data


def disturb(asked: dict[str, str]) -> None:
    """Do what is wrong before there is any music."""
    if "download" in asked:
        say("INFO", "Some AI models need to be downloaded, this only needs to be done once")
        time.sleep(float(asked["download"]))
        say("INFO", "AI models downloaded correctly")
    if "leave-behind" in asked or "leave-and-end" in asked:
        leave_behind()
    if "locked-folder" in asked:
        (Path.cwd() / "models" / "inner").mkdir(parents=True)
        (Path.cwd() / "models").chmod(0)
    if "log-pipe" in asked:
        for log in Path.cwd().glob("*.log"):
            log.unlink()
        for name in ("musicgpt.log", "version.log"):
            os.mkfifo(Path.cwd() / name)
    if "ignore-term" in asked:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if asked.keys() & {"hang", "ignore-term", "leave-behind", "locked-folder"} and "token_s" not in asked:
        say("INFO", "hanging")
        Path("hanging").touch()  # its folder's owner can see it
        while True:
            time.sleep(60)
    if "chatty" in asked:
        for _ in range(20_000):
            sys.stdout.write("x" * 99 + "\n")
    while "flood" in asked:
        sys.stdout.write("x" * (1 << 20))


def make_once(args: argparse.Namespace, asked: dict[str, str]) -> int:
    """Make a clip and end."""
    if "slow" in asked:
        time.sleep(float(asked["slow"]))
    if "no-file" in asked:
        return 0
    output = Path(args.output if args.output.endswith(".wav") else args.output + ".wav")
    for name in asked:
        if name.startswith("output-"):
            misplace(name, output)
            return 0
    if "endless" in asked:
        grow(output)
    output.write_bytes(clip(args.prompt, args.secs, asked))
    if "sparse" in asked:
        os.truncate(output, int(asked["sparse"]))
    if "die-half-way" in asked:
        os.kill(os.getpid(), signal.SIGKILL)
    return 0


def data_folder(args: argparse.Namespace) -> Path:
    told = os.environ.get("XDG_DATA_HOME", "")
    share = Path(told) if told.startswith("/") else Path.home() / ".local" / "share"
    return Path(args.data_path) if args.data_path else share / "musicgpt"


def run_server(args: argparse.Namespace, asked: dict[str, str]) -> int:
    """Serve until it is ended."""
    import asyncio

    module = sibling("musicgpt_server")
    kinds: dict[str, Callable[[str], object]] = {"float": float, "int": int, "bool": lambda _: True, "str": str}
    fields = module.Switches.__annotations__.items()
    values = {name: kinds[kind](asked[name]) for name, kind in fields if name in asked}
    if "slow" in asked:
        values["decode_s"] = float(asked["slow"])
    if "die-half-way" in asked:
        values["die"] = 20
    server = module.StandInServer(
        data_folder(args),
        MODELS["large" if "other-model" in asked else args.model],
        "Cpu" if args.gpu == ("other-device" in asked) else "Cuda",
        lambda prompt, secs: None if "no-file" in asked else clip(prompt, secs, asked),
        module.Switches(**values),
    )
    time.sleep(float(asked.get("load", "0")))
    if "no-server" in asked:
        say("ERROR", "Permission denied (os error 13)")
        return 1
    if "port-taken" in asked:
        say("ERROR", "Address already in use (os error 98)")
        return 1
    try:
        # --ui-no-open is understood, and not heeded.
        asyncio.run(server.run(args.ui_port, lambda: module.open_browser(args.ui_port)))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        say("ERROR", "Address already in use (os error 98)")
    return 1


def main() -> int:
    args = parse(sys.argv[1:])
    asked = misdeeds()
    say("INFO", "stand-in for MusicGPT: the music is a groove of its own, no model is run")
    if "old" in asked and not args.prompt:
        sys.stderr.write("error: unexpected argument '--ui-port' found\n\nUsage: musicgpt [OPTIONS] [PROMPT]\n")
        return 2
    if not 1 <= args.secs <= 30:
        say("ERROR", "--secs must > 0" if args.secs < 1 else "--secs must <= 30")
        return 1
    if not args.prompt and args.no_interactive:
        say("ERROR", "A prompt must be provided when not in interactive mode")
        return 1
    for name in asked.keys() & EXITS.keys():
        code, level, words = EXITS[name]
        if level:
            say(level, words)
            say("INFO", "bye")
        else:
            sys.stderr.write(words)
        return code
    disturb(asked)
    return make_once(args, asked) if args.prompt else run_server(args, asked)


if __name__ == "__main__":
    sys.exit(main())
