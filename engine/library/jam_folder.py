# SPDX-License-Identifier: GPL-3.0-or-later
"""A jam's project is a folder: “jam.json”, and beside it each loop as a file of its own, which carries its recipe.

A loop's file is named by its content, and never written twice; files that no loop of the project needs any more are
removed once the project is written. The folder can be moved, copied, or opened on another machine.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from engine.errors import CannotRead, FileMissing, NotAJam, StudioError, cannot_write
from engine.library.atomic import write_bytes
from engine.library.audiofile import read_clip, writing_audio
from engine.library.carried import said_of
from engine.library.soundfiles import opened
from engine.values import ChannelParameter, Curve, Effects, MusicFacts, Recipe
from engine.values.asked import content_hash
from engine.values.channels import BOUNDS, LfoShape
from engine.values.checked import Fields, fraction_of
from engine.values.held import Gate
from engine.values.jam import (
    HIGHEST_JAM_BPM,
    LONGEST_SWAP_MS,
    LOWEST_JAM_BPM,
    N_SLOTS,
    SHORTEST_SWAP_MS,
    Groove,
    LayerMix,
    LayerName,
    LayerPrompt,
    SwapAt,
    Wah,
)
from engine.values.jam_project import JamProject, KeptLayer, KeptLoop
from engine.values.jam_recording import BarRun, JamTake
from engine.values.takes import MOST_SEED

PROJECT = "jam.json"
"""Name of a project's file in its folder."""
FORMAT = 1
"""Version of that file's form."""
_LOOPS = "loops"
_ENDING = ".wav"
_OWN_NAME = re.compile(rf"[0-9a-f]{{16}}{re.escape(_ENDING)}")
"""Names that a project gives to files."""
_MOST_BYTES = 16_000_000
_MOST_SAMPLES = 2**26
"""Number of samples of the longest loop that is read."""
_MOST_BARS = 64
_MOST_BEATS = 64
_MOST_TAKE_BARS = 1e7
_MOST_TAKE_SAMPLES = 2**40
_LEAST_BAR_SAMPLES, _MOST_BAR_SAMPLES = 1e3, 1e8
_TAKE_ENDINGS = (".flac", ".opus")
_MOST_VALUES = 100


def write_project(folder: Path, project: JamProject) -> None:
    """Write a project into its folder, which is made where there is none.

    What was there stays as it was until all is written; where there was no project, nothing is left if that fails.
    Raises CannotWrite.
    """
    loops = folder / _LOOPS
    made: list[Path] = []
    new_folders = [one for one in (loops, *loops.parents) if not one.exists()]
    try:
        loops.mkdir(parents=True, exist_ok=True)
        needed = _write(folder, project, made)
    except OSError as error:
        raise cannot_write(loops, error) from error
    except BaseException:
        with contextlib.suppress(OSError):
            for path in () if (folder / PROJECT).exists() else made:
                path.unlink()
            for path in new_folders:
                path.rmdir()
        raise
    _tidy(loops, needed)


def _write(folder: Path, project: JamProject, made: list[Path]) -> set[str]:
    """Write a project's files, of which ``made`` takes the new loops, and return the names of those that it needs."""
    loops, needed = folder / _LOOPS, set[str]()

    def told(loop: KeptLoop | None) -> dict[str, Any] | None:
        if loop is None:
            return None
        name = content_hash(loop.clip)[:16] + _ENDING
        if name not in needed and not (loops / name).exists():
            _write_loop(loops / name, loop)
            made.append(loops / name)
        needed.add(name)
        facts = loop.facts
        return {
            "file": f"{_LOOPS}/{name}",
            "bars": loop.bars,
            "tempo_bpm": facts.tempo_bpm,
            "beats_per_bar": facts.beats_per_bar,
            "clip_bars": facts.bars,
            "recipe": loop.recipe.as_dict(),
        }

    layers = {
        str(name): {
            "prompt": layer.prompt.prompt,
            "generator": layer.prompt.generator,
            "model": layer.prompt.model,
            "seed": layer.prompt.seed,
            "style": layer.style,
            "values": dict(layer.values),
            "mix": _mix_as_dict(layer.mix),
            "playing": told(layer.playing),
            "slots": {str(number): told(loop) for number, loop in sorted(layer.slots.items())},
        }
        for name, layer in project.layers.items()
    }
    text = {
        "format": FORMAT,
        "bpm": project.groove.bpm,
        "metre": project.groove.metre,
        "key": project.groove.key,
        "bars": project.bars,
        "swap": str(project.swap_at),
        "fade_ms": project.fade_ms,
        "mix": _mix_as_dict(project.mix),
        "layers": layers,
        "takes": [_take_as_dict(folder, take) for take in project.takes],
    }
    # A file's name that is no UTF-8 has halves of letters, which JSON can spell, too.
    data = json.dumps(text, ensure_ascii=False, indent=1, allow_nan=False).encode(errors="backslashreplace")
    write_bytes(folder / PROJECT, data)
    return needed


def read_project(folder: Path, lost: list[StudioError] | None = None) -> JamProject:
    """Return a folder's project; of what the file says nothing is believed that is out of bounds.

    Parameters
    ----------
    folder
        Of the project.
    lost
        Takes why a loop cannot be read, each of which the project is then without; None: that is raised.

    Raises
    ------
    NotAJam
        There is none, or it holds what no jam has.
    StudioError
        A loop cannot be read: what ``read_clip`` raises.
    """
    try:
        return _project(folder, Fields.of(json.loads(_content_of(folder))), lost)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise NotAJam(path=str(folder), detail=f"{PROJECT}: {error}") from error


def _content_of(folder: Path) -> str:
    path = folder / PROJECT
    try:
        with opened(path) as handle:
            content = handle.read(_MOST_BYTES + 1)
    except FileMissing as error:
        raise NotAJam(path=str(folder), detail=f"it has no {PROJECT}") from error
    except OSError as error:
        raise CannotRead(path=str(path), detail=error.strerror or str(error)) from error
    if len(content) > _MOST_BYTES:
        raise NotAJam(path=str(folder), detail=f"{PROJECT} is too long")
    return content.decode("utf-8")


def set_aside(folder: Path) -> Path:
    """Move a folder whose project cannot be read to a free name beside it, and return that. Raises CannotWrite."""
    numbers = itertools.count(1)
    aside = next(one for n in numbers if not os.path.lexists(one := folder.with_name(f"{folder.name} unread {n}")))
    try:
        folder.rename(aside)
    except OSError as error:
        raise cannot_write(aside, error) from error
    return aside


def _project(folder: Path, data: Fields, lost: list[StudioError] | None) -> JamProject:
    data.whole("format", 1, FORMAT)
    groove = Groove(
        float(data.number("bpm", LOWEST_JAM_BPM, HIGHEST_JAM_BPM)),
        _metre(data.text("metre")),
        data.text("key"),
    )
    layers = data.part("layers")
    return JamProject(
        groove,
        data.whole("bars", 1, _MOST_BARS),
        SwapAt(data.text("swap")),
        data.number("fade_ms", SHORTEST_SWAP_MS, LONGEST_SWAP_MS),
        {name: _layer(folder, name, layers.part(name), lost) for name in LayerName if layers.has(name)},
        _mix_from(data.part("mix")),
        tuple(_take_from(folder, one) for one in data.parts("takes")) if data.has("takes") else (),
    )


def _take_as_dict(folder: Path, take: JamTake) -> dict[str, Any]:
    """Return a take; its file is named from the folder on where it lies within, and else by its whole path."""
    path = Path(take.path)
    within = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else take.path
    runs = [[run.bar, run.frame, run.bar_samples] for run in take.runs]
    return {"file": within, "n_samples": take.n_samples, "bars": runs}


def _take_from(folder: Path, data: Fields) -> JamTake:
    runs = []
    for run in data.data.get("bars", ()):
        bar, frame, bar_samples = (float(one) for one in run)
        is_believed = bar.is_integer() and 0.0 <= bar < _MOST_TAKE_BARS
        is_believed = is_believed and _LEAST_BAR_SAMPLES <= bar_samples < _MOST_BAR_SAMPLES
        if not (is_believed and abs(frame) < _MOST_TAKE_BARS * _MOST_BAR_SAMPLES):
            raise ValueError(f"“{run}” is no run of bars")
        runs.append(BarRun(int(bar), frame, bar_samples))
    # What is listed as a recording can be renamed and thrown away.
    if not (file := data.text("file")).endswith(_TAKE_ENDINGS):
        raise ValueError(f"“{file}” is no recording of a jam")
    return JamTake(str(folder / file), tuple(runs), data.whole("n_samples", 0, _MOST_TAKE_SAMPLES))


def _metre(text: str) -> str:
    beats, _, unit = text.partition("/")
    if not (beats.isdecimal() and unit.isdecimal() and 1 <= int(beats) <= 16):
        raise ValueError(f"“{text}” is no metre")
    return text


def _layer(folder: Path, name: LayerName, data: Fields, lost: list[StudioError] | None) -> KeptLayer:
    slots = data.part("slots")
    told = {int(number): slots.part(number) for number in slots.data if number.isdecimal()}
    if any(not 1 <= number <= N_SLOTS for number in told):
        raise ValueError(f"a slot of “{name}” is none from 1 to {N_SLOTS}")
    in_slots = {number: _loop(folder, name, one, lost) for number, one in told.items()}
    if not (prompt := data.text("prompt")).strip():
        raise ValueError(f"the prompt of “{name}” is empty")
    return KeptLayer(
        LayerPrompt(
            prompt,
            data.text("generator"),
            data.text("model"),
            data.whole("seed", 0, MOST_SEED) if data.has("seed") else None,
        ),
        _mix_from(data.part("mix")),
        _loop(folder, name, data.part("playing"), lost) if data.has("playing") else None,
        {number: loop for number, loop in in_slots.items() if loop is not None},
        # Projects of before know neither.
        data.number("style", 0.0, 1.0) if data.has("style") else None,
        _values(data.part("values")) if data.has("values") else {},
    )


def _values(data: Fields) -> dict[str, str]:
    if len(data.data) > _MOST_VALUES:
        raise ValueError("a layer sets more values than a generator has")
    return {str(name): data.text(name) for name in data.data}


def _loop(folder: Path, layer: LayerName, data: Fields, lost: list[StudioError] | None) -> KeptLoop | None:
    path = Path(os.path.realpath(folder / data.text("file")))
    if not path.is_relative_to(os.path.realpath(folder)):
        raise ValueError(f"“{data.text('file')}” lies outside the project")
    facts = MusicFacts(
        float(data.number("tempo_bpm", 1.0, 2000.0)) if data.has("tempo_bpm") else None,
        None,
        data.whole("beats_per_bar", 1, 16) if data.has("beats_per_bar") else None,
        data.whole("clip_bars", 1, 1024) if data.has("clip_bars") else None,
    )
    recipe, bars = Recipe.from_dict(data.part("recipe").data), data.whole("bars", 1, _MOST_BARS)
    try:
        clip = read_clip(path, wraps=True, most_samples=_MOST_SAMPLES)
    except StudioError as error:
        if lost is None:
            raise
        lost.append(error)
        return None
    return KeptLoop(layer, clip, facts, recipe, bars)


def _mix_as_dict(mix: LayerMix) -> dict[str, Any]:
    wah = mix.wah
    return {
        "gain": mix.gain,
        "muted": mix.is_muted,
        "solo": mix.is_solo,
        "effects": effects_as_dict(mix.effects),
        "wah": None if wah is None else {"depth": wah.depth, "beats": str(wah.beats), "shape": str(wah.shape)},
        "gate": {"levels": mix.gate.levels, "bars": str(mix.gate.bars)},
        "curves": {
            str(parameter): {"bars": str(curve.bars), "values": [float(f"{value:.6g}") for value in curve.values]}
            for parameter, curve in mix.curves.items()
        },
    }


def _mix_from(data: Fields) -> LayerMix:
    wah = None
    if data.has("wah"):
        part = data.part("wah")
        wah = Wah(part.number("depth", 0.0, 1.0), _fraction(part, "beats", 1 / 16), LfoShape(part.text("shape")))
    return LayerMix(
        data.number("gain", 0.0, 1.0),
        data.flag("muted"),
        data.flag("solo"),
        effects_from(data.part("effects")),
        wah,
        _gate_from(data.part("gate")) if data.has("gate") else Gate(),
        _curves_from(data.part("curves")) if data.has("curves") else {},
    )


def _curves_from(data: Fields) -> dict[ChannelParameter, Curve]:
    return {ChannelParameter(name): _curve_from(ChannelParameter(name), data.part(name)) for name in data.data}


def _curve_from(parameter: ChannelParameter, data: Fields) -> Curve:
    low, high = BOUNDS[parameter.value]
    values = data.numbers("values")
    if not all(low <= one <= high for one in values):
        raise ValueError(f"a value of “{parameter}” is not from {low:g} to {high:g}")
    return Curve(tuple(map(float, values)), _fraction(data, "bars"))


def _gate_from(data: Fields) -> Gate:
    return Gate(tuple(data.numbers("levels")), _fraction(data, "bars"))


def _fraction(data: Fields, name: str, low: float = 0.0, high: float = _MOST_BEATS) -> Fraction:
    value = fraction_of(data.text(name))
    if not (value > 0 and low <= value <= high):
        raise ValueError(f"“{name}” is not from {low:g} to {high:g}")
    return value


def effects_as_dict(effects: Effects) -> dict[str, Any]:
    """Return effects ready for JSON: exact fractions as text."""
    values = {one.name: getattr(effects, one.name) for one in fields(Effects)}
    return {name: str(one) if isinstance(one, Fraction) else one for name, one in values.items()}


def effects_from(data: Fields) -> Effects:
    """Return the inverse of ``effects_as_dict``; what is not there is as if it were not set. Raises ValueError."""
    effects = Effects()
    for one in fields(Effects):
        if not data.has(one.name):
            continue
        if isinstance(getattr(effects, one.name), Fraction):
            value: Any = _fraction(data, one.name, *BOUNDS[one.name])
        else:
            value = float(data.number(one.name, *BOUNDS[one.name]))
        effects = replace(effects, **{one.name: value})
    return effects


def _write_loop(path: Path, loop: KeptLoop) -> None:
    """Write a loop's clip as it is, to the bit: what is read again has the same name."""
    clip = loop.clip
    said = said_of(loop.recipe)
    with writing_audio(path, clip.sample_rate, clip.n_channels, bits="32f", metadata=said) as out:
        out.write(clip.samples)


def _tidy(loops: Path, needed: set[str]) -> None:
    """Remove loops that the project does not need; one that cannot be removed stays, and so do files of others.

    A project may be kept in a folder that had loops of a person's own before, or damaged ones, which may be mended.
    """
    for path in loops.glob(f"*{_ENDING}"):
        if path.name not in needed and _OWN_NAME.fullmatch(path.name):
            try:
                if content_hash(read_clip(path, most_samples=_MOST_SAMPLES))[:16] == path.stem:
                    path.unlink()
            except (OSError, StudioError):
                continue
