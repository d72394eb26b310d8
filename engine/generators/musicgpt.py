# SPDX-License-Identifier: GPL-3.0-or-later
"""MusicGPT, the real binary (https://github.com/gabotechs/MusicGPT), run as a child for each clip.

Facts it is built on, of version 0.3.28: it logs, errors included, to stdout; without a terminal it tells no progress;
it downloads its model at first use; its WAV is mono 32 kHz 32-bit float WAVE_FORMAT_EXTENSIBLE, not clipped at 1, and
0.06 s shorter than asked; it takes no seed; it exits 0 (older versions even after an error), 1 on an error, 2 on flags
it does not know, 101 on a crash.
"""

from __future__ import annotations

import logging
import math
import os
import platform
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator as Steps
from pathlib import Path

import soundfile

from engine.errors import (
    CannotWrite,
    EmptyPrompt,
    GeneratorError,
    GeneratorFailed,
    GeneratorHung,
    GeneratorMissing,
    GeneratorOutputBad,
)
from engine.generators.base import Capabilities, Generation, GeneratorSettings
from engine.values import Clip, ClipRequest, ClipResult, MusicFacts, Progress

log = logging.getLogger(__name__)

TITLE = "MusicGPT"
MODELS = ("small", "small-fp16", "small-quant", "medium", "medium-fp16", "medium-quant", "large")
MIN_DURATION_S, MAX_DURATION_S = 1.0, 30.0
SHORT_BY_S = 0.06
"""Its clips are this much shorter than asked."""

POLL_S = 0.05
TERMINATE_WAIT_S = 0.3
KILL_WAIT_S = 0.5
VERSION_LIMIT_S = 5.0
LOG_TAIL_BYTES = 65_536
DETAIL_CHARACTERS = 300

ENVIRONMENT_VARIABLE = "INFINILOOP_MUSICGPT"
RELEASE_PREFIX = "musicgpt-"
"""As in ``musicgpt-x86_64-unknown-linux-gnu``."""

_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_ERROR_LINE = re.compile(r"^\S+ \S+ +ERROR (.*)$")
_DOWNLOAD_STARTS = re.compile(r"need to be downloaded|Downloading them from")
_DOWNLOAD_ENDS = re.compile(r"downloaded (correctly|successfully)|libraries downloaded$")


class MusicGPT:
    """Runs ``musicgpt`` once for each clip.

    Attributes
    ----------
    start_limit_s, limit_per_second_s
        A run is given up after ``start_limit_s`` plus ``limit_per_second_s`` for each second of audio; the slowest
        model on a slow machine stays far below.
    download_limit_s
        And after this long of downloading its model, which happens once and is not counted in the limit above.
    """

    name = "musicgpt"
    title = TITLE

    def __init__(self) -> None:
        self.start_limit_s = 60.0
        self.limit_per_second_s = 60.0
        self.download_limit_s = 3 * 3600.0
        self._pace: dict[str, float] = {}  # of the last run with each model: seconds of work per second of audio
        self._versions: dict[Path, str] = {}

    def capabilities(self) -> Capabilities:
        return Capabilities(
            models=MODELS,
            min_duration_s=MIN_DURATION_S,
            max_duration_s=MAX_DURATION_S,
            seeds=False,
            stereo=False,
            progress=False,
        )

    def check(self, settings: GeneratorSettings) -> None:
        find_musicgpt(settings)

    def generate(self, request: ClipRequest, settings: GeneratorSettings) -> Generation:
        executable = find_musicgpt(settings)
        prompt = _prompt(request.prompt, settings)
        model = request.model or MODELS[0]
        # One more second costs little and leaves room for the missing 0.06 s.
        secs = min(math.ceil(request.duration_s + SHORT_BY_S), int(MAX_DURATION_S))
        with _scratch_folder() as name:
            folder = Path(name)
            output, log_file = folder / "clip.wav", folder / "musicgpt.log"
            options = ["--model", model, "--secs", str(secs), "--output", str(output), "--no-playback"]
            # "--" ends the options: a prompt may begin with a dash.
            command = [str(executable), *options, "--no-interactive", "--", prompt]
            yield Progress(request.job_id, None, "starting")
            exit_code = yield from self._watch(request.job_id, command, model, secs, log_file)
            lines = _log_lines(log_file)
            if exit_code != 0:
                raise GeneratorFailed(generator=TITLE, exit_code=exit_code, detail=_failure(exit_code, lines))
            clip = _read(output, lines)
            version = yield from self._version(request.job_id, executable, folder)
        versions = {TITLE: version} if version else {}
        return ClipResult(request.job_id, clip, MusicFacts(), seed=None, versions=versions)

    def _watch(
        self, job_id: int, command: list[str], model: str, secs: int, log_file: Path
    ) -> Steps[Progress, None, int]:
        """Run to the end, with progress; returns the exit code. Raises GeneratorHung beyond the limits."""
        limit_s = self.start_limit_s + self.limit_per_second_s * secs
        pace = self._pace.get(model)
        downloading_s = last_s = 0.0
        run = _run(command, log_file)
        try:
            while True:
                elapsed_s = next(run)
                downloading = _is_downloading(_log_lines(log_file))
                if downloading:
                    downloading_s += elapsed_s - last_s
                last_s = elapsed_s
                work_s = elapsed_s - downloading_s
                if work_s > limit_s:
                    raise GeneratorHung(generator=TITLE, limit_s=limit_s)
                if downloading_s > self.download_limit_s:
                    raise GeneratorHung(generator=TITLE, limit_s=self.download_limit_s)
                left_s = None if pace is None or downloading else pace * secs - work_s
                yield Progress(
                    job_id,
                    fraction=None,
                    stage="downloading" if downloading else "generating",
                    left_s=left_s if left_s is not None and left_s > 0.0 else None,
                )
        except StopIteration as end:
            exit_code: int = end.value
            if exit_code == 0:
                self._pace[model] = (last_s - downloading_s + POLL_S) / secs
            return exit_code
        finally:
            run.close()

    def _version(self, job_id: int, executable: Path, folder: Path) -> Steps[Progress, None, str]:
        """What ``--version`` says, asked once for each executable; "" when it says nothing of use."""
        if executable not in self._versions:
            log_file = folder / "version.log"
            run = _run([str(executable), "--version"], log_file)
            self._versions[executable] = ""
            try:
                for elapsed_s in run:
                    if elapsed_s > VERSION_LIMIT_S:
                        break
                    yield Progress(job_id, None, "finishing")
            finally:
                run.close()
            lines = _log_lines(log_file)
            # "MusicGPT 0.3.28"
            if lines and lines[0].startswith(f"{TITLE} "):
                self._versions[executable] = lines[0].removeprefix(f"{TITLE} ").strip()
        return self._versions[executable]


# --- finding it -------------------------------------------------------------------------------------------------------


def find_musicgpt(settings: GeneratorSettings) -> Path:
    """The executable: the setting's, else the environment's, else on the PATH, else in the studio's data folder.

    Raises
    ------
    GeneratorMissing
        There is none, or what the setting or the environment names cannot be run; the sentence says which.
    """
    named = {"the settings": settings.musicgpt_path, ENVIRONMENT_VARIABLE: os.environ.get(ENVIRONMENT_VARIABLE, "")}
    for source, value in named.items():
        if value:
            return _named(value, source)
    plain = shutil.which("musicgpt")
    if plain:
        return Path(plain).absolute()
    data = Path(settings.data_folder) if settings.data_folder else None
    studio_folders = [data / "bin", data] if data else []
    path_folders = [Path(folder) for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if folder]
    for folder in [*path_folders, *studio_folders]:
        candidates = _releases(folder)
        for candidate in candidates:
            if os.access(candidate, os.X_OK):
                return candidate.absolute()
        if candidates and folder in studio_folders:
            # Browsers save without the right to run: say so rather than "not found".
            raise GeneratorMissing(generator=TITLE, hint=_not_executable(candidates[0]))
    hint = (
        "get it from https://github.com/gabotechs/MusicGPT and put it on the PATH, "
        f"or name its file in SETUP or in {ENVIRONMENT_VARIABLE}"
    )
    raise GeneratorMissing(generator=TITLE, hint=hint)


def _named(value: str, source: str) -> Path:
    found = shutil.which(Path(value).expanduser())
    if found:
        return Path(found).absolute()
    path = Path(value).expanduser()
    if path.is_dir():
        hint = f"“{value}”, named in {source}, is a folder"
    elif path.is_file():
        hint = f"{_not_executable(path)} (it is named in {source})"
    else:
        hint = f"there is no “{value}”, which is named in {source}"
    raise GeneratorMissing(generator=TITLE, hint=hint)


def _releases(folder: Path) -> list[Path]:
    """The files in ``folder`` named as MusicGPT or its releases, those for this machine first."""
    try:
        found = [path for path in folder.iterdir() if path.name == "musicgpt" or path.name.startswith(RELEASE_PREFIX)]
    except OSError:  # a PATH may name folders that are not there or may not be read
        return []
    files = (path for path in found if path.is_file())
    return sorted(files, key=lambda path: (path.name != "musicgpt", platform.machine() not in path.name, path.name))


def _not_executable(path: Path) -> str:
    return f"“{path}” is there but is not executable: allow it with “chmod +x”"


# --- running it -------------------------------------------------------------------------------------------------------


def _prompt(text: str, settings: GeneratorSettings) -> str:
    """One line that can be an argument: no NUL, no broken surrogates; with the loop words when they are wanted."""
    printable = text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
    prompt = " ".join(printable.split())
    if not prompt:
        raise EmptyPrompt
    loop_words = " ".join(settings.loop_words.split())
    return f"{prompt}, {loop_words}" if settings.add_loop_words and loop_words else prompt


def _scratch_folder() -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory(prefix="infiniloop-musicgpt-", ignore_cleanup_errors=True)
    except OSError as error:
        raise CannotWrite(path=tempfile.gettempdir(), detail=error.strerror) from error


def _run(command: list[str], log_file: Path) -> Steps[float, None, int]:
    """Run ``command`` in the log file's folder; yields the seconds since its start, returns its exit code.

    Closing it ends the child. The child stays in our process group, so that whoever ends us ends it too.
    """
    with log_file.open("wb") as sink:
        try:
            # Its output goes to a file: a pipe that nobody reads fast enough would stall it.
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                cwd=log_file.parent,
                env=_environment(),
            )
        except OSError as error:
            detail = f"“{command[0]}” cannot be run ({error.strerror})"
            raise GeneratorError(generator=TITLE, detail=detail) from error
    started_s = time.monotonic()
    try:
        while True:
            try:
                return process.wait(POLL_S)
            except subprocess.TimeoutExpired:
                yield time.monotonic() - started_s
    finally:
        _end(process)


def _environment() -> dict[str, str]:
    # PYTHONPATH is how our own processes find the studio: a wrapper script in Python must not inherit it.
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"NO_COLOR": "1"}


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask, wait a bounded time, kill."""
    for ask, wait_s in ((process.terminate, TERMINATE_WAIT_S), (process.kill, KILL_WAIT_S)):
        if process.poll() is None:
            ask()
            try:
                process.wait(wait_s)
            except subprocess.TimeoutExpired:
                continue
    if process.poll() is None:
        log.error("MusicGPT (process %d) does not end", process.pid)


# --- what it said and made --------------------------------------------------------------------------------------------


def _log_lines(log_file: Path) -> list[str]:
    """The last lines of the log, plain: no colours, no control characters, no empty lines."""
    with log_file.open("rb") as source:
        source.seek(max(0, log_file.stat().st_size - LOG_TAIL_BYTES))
        text = _ANSI.sub("", source.read().decode("utf-8", "replace"))
    lines = ("".join(c if c.isprintable() else " " for c in line).strip() for line in text.splitlines())
    return [line for line in lines if line]


def _is_downloading(lines: list[str]) -> bool:
    for line in reversed(lines):
        if _DOWNLOAD_ENDS.search(line):
            return False
        if _DOWNLOAD_STARTS.search(line):
            return True
    return False


def _last_error(lines: list[str]) -> str | None:
    """The last line logged as an error, without its time stamp."""
    errors = [match[1] for line in lines if (match := _ERROR_LINE.match(line))]
    return _shorten(errors[-1]) if errors else None


def _shorten(text: str) -> str:
    text = text if len(text) <= DETAIL_CHARACTERS else text[: DETAIL_CHARACTERS - 1] + "…"
    return text.rstrip(". ")


def _failure(exit_code: int, lines: list[str]) -> str:
    """Why it failed, in words that fit a sentence."""
    if exit_code < 0:
        return _killed(-exit_code)
    last_words = _shorten(lines[-1]) if lines else "it said nothing"
    if exit_code == 2:
        refusals = [_shorten(line.removeprefix("error: ")) for line in lines if line.startswith("error: ")]
        return f"it does not know the studio's options ({(refusals or [last_words])[0]}); version 0.3.28 does"
    if exit_code == 101:
        # "thread 'main' panicked at src/main.rs:1:2:", and what happened on the line after it.
        panic = next((i for i, line in enumerate(lines) if "panicked at" in line), None)
        return f"it crashed ({_shorten(' '.join(lines[panic : panic + 2])) if panic is not None else last_words})"
    return _last_error(lines) or last_words


def _killed(number: int) -> str:
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = f"signal {number}"
    why = ", often a sign that memory ran out" if number == signal.SIGKILL else ""
    return f"the system ended it ({name}){why}"


def _read(output: Path, lines: list[str]) -> Clip:
    """The clip it wrote. Raises GeneratorOutputBad if there is none, or a torn one."""
    if not output.is_file():
        error = _last_error(lines)
        raise GeneratorOutputBad(generator=TITLE, detail="it wrote no audio file" + (f" ({error})" if error else ""))
    with output.open("rb") as source:
        head = source.read(8)
    # The header tells the file's length; libsndfile would read a torn file as a shorter one.
    if len(head) < 8 or int.from_bytes(head[4:8], "little") + 8 > output.stat().st_size:
        raise GeneratorOutputBad(generator=TITLE, detail="its audio file is cut short")
    try:
        samples, sample_rate = soundfile.read(output, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise GeneratorOutputBad(generator=TITLE, detail=f"its audio file cannot be read ({error})") from error
    if not len(samples):
        raise GeneratorOutputBad(generator=TITLE, detail="its audio file is empty")
    return Clip(samples, int(sample_rate))
