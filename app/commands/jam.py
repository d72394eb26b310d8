# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``jam``: play a jam by a script into a file, with no window and no device."""

from __future__ import annotations

import argparse
import contextlib
import math
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands import dry_run, endings, terminal
from app.commands.jam_stems import StemFiles, stem_paths
from app.commands.numbers import number
from app.commands.output_files import add_force_argument, refuse_to_replace
from app.commands.text_input import text_of
from engine.errors import NothingToPlay, OutOfRange, UnknownFormat
from engine.library.unwritten import make_folder
from engine.values.jam_forms import FORMS, MEANINGS, form_of

if TYPE_CHECKING:
    from collections.abc import Generator

    from engine.errors import StudioError
    from engine.generators.jobs import GenerateJob
    from engine.session.jam.jam import Jam
    from engine.session.jam.script import ScriptLine
    from engine.values import ClipResult, FloatArray, Lead
    from engine.values.jam import JamLoop, LayerName
    from engine.values.jam_project import JamProject

LEAST_BARS, MOST_BARS = 1, 10_000
USUAL_BARS = 16
"""Bars that are rendered at least, and 4 after the script's last line."""
_AFTER = 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    lines = [f"  BAR {form_of(verb)}" for verb in FORMS]
    meanings = [f"  {word}: {meaning}" for word, meaning in MEANINGS.items()]
    parser.epilog = "\n".join(["a script's lines (BAR: how many bars are over, from 0):", *lines, "", *meanings])
    parser.add_argument("project", nargs="?", metavar="PROJECT", help="a jam's folder; without one it begins empty")
    parser.add_argument("--render", required=True, metavar="OUT", help="a .wav, .flac, .ogg or .opus file to write")
    parser.add_argument(
        "--script",
        metavar="FILE",
        help="what is done at which bar, a line each (below), “0 make drums boom bap”; “-” is stdin",
    )
    parser.add_argument(
        "--bars",
        type=number,
        metavar="N",
        help=f"how many bars are rendered (default {USUAL_BARS}, or {_AFTER} after the script's last line)",
    )
    parser.add_argument(
        "--input",
        metavar="FILE",
        help="a recording that comes in while the jam plays, from its first bar on, for “record” and “overdub”",
    )
    parser.add_argument("--seed", type=int, metavar="N", help="the first clip's seed; each one after it has the next")
    parser.add_argument("--save", metavar="FOLDER", help="keep the jam as it is at the end, to be opened again")
    parser.add_argument(
        "--stems",
        metavar="FOLDER",
        help="write what each layer plays there too, as long as OUT: the sum is the mix without its own effects",
    )
    add_force_argument(parser)
    parser.add_argument("--json", action="store_true", help="print what was rendered as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Render the jam. Raises StudioError; then no file is left."""
    from engine.library.audiofile import WRITTEN_FORMATS
    from engine.library.jam_folder import PROJECT, read_project, write_project
    from engine.recording.opus import ENDING as OPUS_ENDING
    from engine.session.jam.script import read_script
    from engine.values.audio import STUDIO_SAMPLE_RATE

    script = read_script(text_of(arguments.script)) if arguments.script is not None else []
    n_bars = _bars(arguments.bars, script)
    inputs = [one for one in (arguments.script, arguments.input) if one is not None]
    endings_known = (*WRITTEN_FORMATS, OPUS_ENDING)
    if Path(arguments.render).suffix.lower() not in endings_known:
        raise UnknownFormat(path=arguments.render, choices=", ".join(endings_known))
    targets = [Path(arguments.render), *(() if arguments.stems is None else stem_paths(arguments.stems).values())]
    if arguments.save is not None and not _is_same_folder(arguments.save, arguments.project):
        targets.append(Path(arguments.save) / PROJECT)
    refuse_to_replace(targets, force=arguments.force, may_ask=True, inputs=inputs)
    project = None if arguments.project is None else read_project(Path(arguments.project))
    if project is None and not script:
        raise NothingToPlay
    dry_run.stop(targets[0])
    player = _Playing(arguments, script, n_bars, project)
    n_samples = player.render()
    if arguments.save is not None and player.kept is not None:
        make_folder(Path(arguments.save))
        write_project(Path(arguments.save), player.kept)
    if arguments.json:
        terminal.print_json(
            {
                "file": arguments.render,
                "sample_rate": STUDIO_SAMPLE_RATE,
                "n_samples": n_samples,
                "bars": float(n_bars),
                "loops": player.began,
                **({"project": arguments.save} if arguments.save is not None else {}),
                **({"stems": arguments.stems} if arguments.stems is not None else {}),
            }
        )
    else:
        n_began = len(player.began)
        print(
            f"{arguments.render}: {float(n_bars):g} bars, {n_began} loop{'' if n_began == 1 else 's'} began",
            file=sys.stderr,
        )
    return 0


class _Playing:
    """A jam on its way into a file."""

    def __init__(
        self, arguments: argparse.Namespace, script: list[ScriptLine], n_bars: Fraction, project: JamProject | None
    ) -> None:
        self._arguments, self._script, self._n_bars, self._project = arguments, script, n_bars, project
        self._line = terminal.ProgressLine()
        self._jam: Jam | None = None
        self._leads: list[Lead] = []
        self._failures: list[StudioError] = []
        self._n_made = 0
        self.began: list[dict[str, Any]] = []
        self.kept: JamProject | None = None

    def render(self) -> int:
        """Render to the end; return how many samples there are. Raises StudioError; then no file is left."""
        from engine.library.audiofile import writing_audio
        from engine.library.carried import said_of_mix
        from engine.recording.opus import ENDING, writing_opus
        from engine.recording.opus_pages import OPUS_RATE
        from engine.session.jam.keeping import project_of
        from engine.values import MixKind, MixRecipe, leads_within
        from engine.values.audio import STUDIO_SAMPLE_RATE
        from engine.values.mixes import at_rate

        path: str = self._arguments.render
        is_opus = path.lower().endswith(ENDING)
        to = self._arguments.stems
        with (
            writing_opus(path, STUDIO_SAMPLE_RATE, 2) if is_opus else writing_audio(path, STUDIO_SAMPLE_RATE, 2) as out,
            contextlib.nullcontext() if to is None else StemFiles(to) as stems,
        ):
            self._finish(self._music(out.write, None if stems is None else stems.write))
            n_samples = max(1, out.n_samples)
            leads = leads_within(self._leads, 0, n_samples)
            mix = MixRecipe(MixKind.JAM, STUDIO_SAMPLE_RATE, n_samples, leads)
            out.metadata = said_of_mix(at_rate(mix, OPUS_RATE) if is_opus else mix)
            if stems is not None:
                stems.say(leads)
            if self._jam is not None:
                self.kept = project_of(self._jam)
            return int(out.n_samples)

    def _music(self, write: Any, on_stem: Any) -> Generator[float, None, None]:
        from engine.session.jam.rendering import render_jam
        from engine.values.options import TARGET_LUFS

        return render_jam(
            self._set_up,
            self._script,
            self._make,
            terminal.own_generator_settings(),
            n_bars=self._n_bars,
            write=write,
            target_lufs=TARGET_LUFS.default_number,
            on_failed=self._failures.append,
            on_began=self._note,
            on_rested=self._note_rest,
            on_stem=on_stem,
            played=self._played(),
        )

    def _played(self) -> FloatArray | None:
        """Return what comes in while the jam plays, at the studio's rate. Raises AudioFileError, NonFiniteClip."""
        from engine.library.importing import LONGEST_S, fitted
        from engine.library.soundfiles import open_sound
        from engine.values import Clip

        path: str | None = self._arguments.input
        if path is None:
            return None
        with open_sound(path) as sound:
            n_samples = min(sound.n_samples, round(LONGEST_S * sound.sample_rate))
            return fitted(Clip(sound.read(0, n_samples), sound.sample_rate)).samples

    def _set_up(self, jam: Jam) -> None:
        from engine.session.jam.keeping import open_project

        self._jam = jam
        if self._project is not None:
            open_project(jam, self._project)

    def _make(self, job: GenerateJob) -> ClipResult:
        from engine.generators.service import make_clip

        request, seed = job.request, self._arguments.seed
        if request.seed is None and seed is not None:
            request = replace(request, seed=seed + self._n_made)
        self._n_made += 1
        return terminal.finish(make_clip(request, job.settings), self._line, f"loop {self._n_made}: ")

    def _note(self, loop: JamLoop, frame: int) -> None:
        from engine.values import Lead

        self._leads.append(Lead(max(0, frame), loop.recipe, loop.layer))
        self.began.append({"at": max(0, frame), "layer": str(loop.layer), "title": loop.title, "bars": loop.bars})

    def _note_rest(self, layer: LayerName, frame: int) -> None:
        from engine.values.mixes import with_rest

        self._leads = with_rest(self._leads, max(0, frame), layer)

    def _finish(self, music: Generator[float, None, None]) -> None:
        with endings.held(), contextlib.closing(music):
            for fraction in music:
                endings.checkpoint()
                self._line.show(f"rendering {fraction:.0%}")
                self._tell_failures()
        self._line.clear()

    def _tell_failures(self) -> None:
        """Tell what could not be done: the jam goes on without it. Raises the first one where nothing was heard yet."""
        # The list stays the one that takes what fails.
        failures = list(self._failures)
        self._failures.clear()
        if failures and not self.began:
            raise failures[0]
        for error in failures:
            self._line.clear()
            print(f"infiniloop: {error}", file=sys.stderr)


def _is_same_folder(folder: str, project: str | None) -> bool:
    """Return whether a jam is kept where it was opened."""
    return project is not None and Path(folder).resolve() == Path(project).resolve()


def _bars(given: float | None, script: list[ScriptLine]) -> Fraction:
    from engine.session.jam.script import last_bar

    if given is None:
        last = last_bar(script)
        return Fraction(max(USUAL_BARS, math.ceil(last) + _AFTER))
    if not LEAST_BARS <= given <= MOST_BARS:
        raise OutOfRange(name="--bars", value=given, low=LEAST_BARS, high=MOST_BARS)
    return Fraction(str(given))
