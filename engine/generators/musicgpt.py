# SPDX-License-Identifier: GPL-3.0-or-later
"""MusicGPT is the real binary (https://github.com/gabotechs/MusicGPT), run as a child for each clip.

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
import time
from collections.abc import Generator as Steps
from pathlib import Path

from engine.errors import (
    EmptyPrompt,
    GeneratorError,
    GeneratorFailed,
    GeneratorHung,
    GeneratorMissing,
    GeneratorOutputBad,
)
from engine.generators.base import Capabilities, Generation, GeneratorSettings
from engine.generators.delivered import check_size, read_delivered
from engine.outside.program import Program
from engine.outside.scratch import ScratchFolder, sweep
from engine.values import ClipRequest, ClipResult, Kind, MusicFacts, Parameter, Parameters, Progress

log = logging.getLogger(__name__)

TITLE = "MusicGPT"
MODELS = ("small", "small-fp16", "small-quant", "medium", "medium-fp16", "medium-quant", "large")
BY_SIZE = ("small-quant", "small-fp16", "small", "medium-quant", "medium-fp16", "medium", "large")
MIN_DURATION_S, MAX_DURATION_S = 1.0, 30.0
SAMPLE_RATE = 32_000
"""Sample rate of MusicGPT's clips, Hz."""
SHORT_BY_S = 0.06
"""Seconds by which its clips are shorter than asked."""

CLIP = "clip.wav"
"""Name of its audio file in the scratch folder."""
POLL_S = 0.05
VERSION_LIMIT_S = 5.0
DETAIL_CHARACTERS = 300

ENVIRONMENT_VARIABLE = "INFINILOOP_MUSICGPT"
RELEASE_PREFIX = "musicgpt-"
"""Start of a release's file name, as in ``musicgpt-x86_64-unknown-linux-gnu``."""

PARAMETERS = (
    Parameter(
        "path",
        Kind.FILE,
        "",
        "MusicGPT",
        "Where the MusicGPT program is; empty looks for it in the usual places",
        setup=True,
    ),
    Parameter(
        "add_loop_words",
        Kind.SWITCH,
        True,
        "Add words that help a model make loops",
        "Add these words to the prompt that a model reads",
        setup=True,
    ),
    Parameter(
        "loop_words",
        Kind.TEXT,
        "seamless loop, 8 measures, 4/4, no intro",
        "Words",
        "The words added to the prompt",
        setup=True,
        needs="add_loop_words",
    ),
)

_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_ERROR_LINE = re.compile(r"^\S+ \S+ +ERROR (.*)$")
_DOWNLOAD_STARTS = re.compile(r"need to be downloaded|Downloading them from")
_DOWNLOAD_ENDS = re.compile(r"downloaded (correctly|successfully)|libraries downloaded$")


class MusicGPT:
    """This generator runs ``musicgpt`` once for each clip.

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
        self._has_swept = False

    def capabilities(self) -> Capabilities:
        return Capabilities(
            min_duration_s=MIN_DURATION_S,
            max_duration_s=MAX_DURATION_S,
            sample_rate=SAMPLE_RATE,
            n_channels=1,
            models=MODELS,
            by_size=BY_SIZE,
            parameters=PARAMETERS,
        )

    def check(self, settings: GeneratorSettings) -> str:
        return str(find_musicgpt(settings))

    def problems(self, _settings: GeneratorSettings, /) -> tuple[str, ...]:
        return ()

    def understand(self, _prompt: str, _settings: GeneratorSettings, /) -> tuple[str, ...]:
        return ()

    def generate(self, request: ClipRequest, settings: GeneratorSettings) -> Generation:
        executable = find_musicgpt(settings)
        prompt = _prompt(request.prompt, request.parameters)
        model = request.model or MODELS[0]
        # One more second costs little and leaves room for the missing 0.06 s.
        secs = min(math.ceil(request.duration_s + SHORT_BY_S), int(MAX_DURATION_S))
        if not self._has_swept:
            self._has_swept = True
            sweep()
        with ScratchFolder("musicgpt") as scratch:
            options = ["--model", model, "--secs", str(secs), "--output", str(scratch.path / CLIP), "--no-playback"]
            # "--" ends the options: a prompt may begin with a dash.
            command = [str(executable), *options, "--no-interactive", "--", prompt]
            yield Progress(request.job_id, None, "starting")
            exit_code, lines = yield from self._watch(request, command, model, secs, scratch)
            if exit_code != 0:
                raise GeneratorFailed(generator=TITLE, exit_code=exit_code, detail=_failure(exit_code, lines))
            try:
                clip = read_delivered(scratch, CLIP, generator=TITLE, requested_s=request.duration_s)
            except FileNotFoundError:
                error = _last_error(lines)
                detail = "it wrote no audio file" + (f" ({error})" if error else "")
                raise GeneratorOutputBad(generator=TITLE, detail=detail) from None
            version = yield from self._version(request.job_id, executable, scratch)
        versions = {TITLE: version} if version else {}
        return ClipResult(request.job_id, clip, MusicFacts(), seed=None, versions=versions)

    def _watch(
        self, request: ClipRequest, command: list[str], model: str, secs: int, scratch: ScratchFolder
    ) -> Steps[Progress, None, tuple[int, list[str]]]:
        """Run to the end, with progress; return the exit code and the last lines it said.

        Raises GeneratorHung, GeneratorFileTooLarge or GeneratorError when it takes too long, writes or says too much.
        """
        limit_s = self.start_limit_s + self.limit_per_second_s * secs
        pace = self._pace.get(model)
        downloading_s = last_s = 0.0
        said, downloading = b"", False
        run = _run(command, scratch)
        try:
            while True:
                elapsed_s, output = next(run)
                if output is not said:
                    said, downloading = output, _is_downloading(_lines_of(output))
                if downloading:
                    downloading_s += elapsed_s - last_s
                last_s = elapsed_s
                work_s = elapsed_s - downloading_s
                if work_s > limit_s:
                    raise GeneratorHung(generator=TITLE, limit_s=limit_s)
                if downloading_s > self.download_limit_s:
                    raise GeneratorHung(generator=TITLE, limit_s=self.download_limit_s)
                check_size(scratch.size_of(CLIP), generator=TITLE, requested_s=request.duration_s)
                left_s = None if pace is None or downloading else pace * secs - work_s
                yield Progress(
                    request.job_id,
                    fraction=None,
                    stage="downloading" if downloading else "generating",
                    left_s=left_s if left_s is not None and left_s > 0.0 else None,
                )
        except StopIteration as end:
            exit_code, output = end.value
            if exit_code == 0:
                self._pace[model] = (last_s - downloading_s + POLL_S) / secs
            return exit_code, _lines_of(output)
        finally:
            run.close()

    def _version(self, job_id: int, executable: Path, scratch: ScratchFolder) -> Steps[Progress, None, str]:
        """Return what ``--version`` says, asked once for each executable; "" when that is of no use."""
        if executable not in self._versions:
            self._versions[executable] = ""
            run = _run([str(executable), "--version"], scratch)
            output = b""
            try:
                while True:
                    elapsed_s, output = next(run)
                    if elapsed_s > VERSION_LIMIT_S:
                        break
                    yield Progress(job_id, None, "finishing")
            except StopIteration as end:
                _, output = end.value
            except GeneratorError:
                # The clip is made: that it cannot say its version is no reason to lose it.
                log.exception("MusicGPT does not say its version")
            finally:
                run.close()
            lines = _lines_of(output)
            # "MusicGPT 0.3.28"
            if lines and lines[0].startswith(f"{TITLE} "):
                self._versions[executable] = _shorten(lines[0].removeprefix(f"{TITLE} ").strip())
        return self._versions[executable]


# --- finding it -------------------------------------------------------------------------------------------------------


def find_musicgpt(settings: GeneratorSettings) -> Path:
    """Return the executable: the setting's, else the environment's, else on the PATH, else in the studio's data folder.

    Raises
    ------
    GeneratorMissing
        There is none, or what the setting or the environment names cannot be run; the sentence says which.
    """
    path = settings.of(MusicGPT.name).text("path")
    named = {"the settings": path, ENVIRONMENT_VARIABLE: os.environ.get(ENVIRONMENT_VARIABLE, "")}
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
    named = f"“{_shorten(value)}”, which is named in {source}"
    try:
        path = Path(value).expanduser()
        found = shutil.which(path)
        if found:
            return Path(found).absolute()
        if path.is_dir():
            hint = f"{named}, is a folder"
        elif path.is_file():
            hint = f"{_not_executable(path)} (it is named in {source})"
        else:
            hint = f"there is no {named}"
    except RuntimeError:
        hint = f"there is no user whose home is meant by {named}"
    except (OSError, ValueError) as error:
        # Longer than a name may be, a folder that may not be looked into, a NUL.
        hint = f"{named}, cannot be looked for ({getattr(error, 'strerror', None) or error})"
    raise GeneratorMissing(generator=TITLE, hint=hint)


def _releases(folder: Path) -> list[Path]:
    """Return the files in ``folder`` named as MusicGPT or its releases, those for this machine first."""
    try:
        found = [path for path in folder.iterdir() if path.name == "musicgpt" or path.name.startswith(RELEASE_PREFIX)]
        files = [path for path in found if path.is_file()]
    except (OSError, ValueError):  # a PATH may name folders that are not there or may not be read
        return []
    return sorted(files, key=lambda path: (path.name != "musicgpt", platform.machine() not in path.name, path.name))


def _not_executable(path: Path) -> str:
    return f"“{path}” is there but is not executable: allow it with “chmod +x”"


# --- running it -------------------------------------------------------------------------------------------------------


def _prompt(text: str, parameters: Parameters) -> str:
    """Return the prompt as one argument: no NUL, no broken surrogates; with the loop words where they are to be."""
    printable = text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
    prompt = " ".join(printable.split())
    if not prompt:
        raise EmptyPrompt
    loop_words = " ".join(parameters.text("loop_words").split())
    return f"{prompt}, {loop_words}" if parameters.flag("add_loop_words") and loop_words else prompt


def _run(command: list[str], scratch: ScratchFolder) -> Steps[tuple[float, bytes], None, tuple[int, bytes]]:
    """Run ``command`` in the scratch folder; yield the seconds since its start and the last line that it said.

    Returns its exit code and the last it said; closing it ends the program and all that it started. Raises
    GeneratorError when it cannot be run or says too much.
    """
    started_s = time.monotonic()
    try:
        program = Program(command, scratch, environment={"NO_COLOR": "1"})
    except OSError as error:
        raise GeneratorError(generator=TITLE, detail=f"no process can be started for it ({error.strerror})") from error
    try:
        while True:
            try:
                exit_code = program.poll(POLL_S)
            except OSError as error:
                detail = f"“{command[0]}” cannot be run ({error.strerror})"
                raise GeneratorError(generator=TITLE, detail=detail) from error
            if program.has_flooded:
                raise GeneratorError(generator=TITLE, detail="it wrote more than 256 MB of messages and was stopped")
            if exit_code is not None:
                return exit_code, program.output
            yield time.monotonic() - started_s, program.output
    finally:
        program.close()


# --- what it said --------------------------------------------------------------------------------------------


def _lines_of(output: bytes) -> list[str]:
    """Return the last lines of the program's words, plain: no colours, no control characters, no empty lines."""
    text = _ANSI.sub("", output.decode("utf-8", "replace"))
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
    """Return the last line logged as an error, without its time stamp."""
    errors = [match[1] for line in lines if (match := _ERROR_LINE.match(line))]
    return _shorten(errors[-1]) if errors else None


def _shorten(text: str) -> str:
    text = text if len(text) <= DETAIL_CHARACTERS else text[: DETAIL_CHARACTERS - 1] + "…"
    return text.rstrip(". ")


def _failure(exit_code: int, lines: list[str]) -> str:
    """Return why the program failed, in words that fit a sentence."""
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
