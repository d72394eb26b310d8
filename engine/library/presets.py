# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads presets: those of ``resources/presets/*.toml`` (the README there says how), and a person's own."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import PresetUnusable, UnknownPreset, UserError
from engine.library import toml_text
from engine.library.toml_text import Place, WrongValueError
from engine.values import Kind, Parameter, Parameters, ParameterValue, Preset, PresetWords
from engine.values.options import LANGUAGE, OF_PRESETS, PROMPT, TRANSITION_BARS
from engine.values.transitions import TRANSITION_LENGTHS

FORMAT = 1
"""Number of the format that is read; a later one is refused, not guessed at."""
LANGUAGES = tuple(one for one in LANGUAGE.choices if one != LANGUAGE.default)
MOST_PRESETS = 2000
"""Number of a person's own files that are looked at."""

_HEAD = ("format", "category", "prompt", "generator", "model")
_TABLES = (*LANGUAGES, "parameters")


@dataclass(frozen=True, slots=True)
class Declared:
    """A generator declares these to presets: its models, the bounds of a clip's seconds, and its parameters by name."""

    models: tuple[str, ...]
    duration_s: tuple[float, float]
    parameters: Mapping[str, Parameter]


@dataclass(frozen=True, slots=True)
class Presets:
    """These presets are all that can be used, by name in order, with a sentence for each file that cannot be."""

    usable: Mapping[str, Preset]
    problems: Mapping[str, PresetUnusable]

    def named(self, name: str) -> Preset:
        """Return the preset of a name or a title, in whatever case and punctuation.

        Raises
        ------
        PresetUnusable
            The file of that name cannot be used.
        UnknownPreset
            There is none; the sentence names the nearest.
        """
        wanted = _plain(name)
        by_title = {_plain(told.title): one for one in self.usable.values() for told in one.texts.values()}
        by_name = {_plain(one.name): one for one in self.usable.values()}
        if found := by_name.get(wanted):
            return found
        for stem, problem in self.problems.items():
            if _plain(stem) == wanted:
                raise problem
        if found := by_title.get(wanted):
            return found
        every = by_title | by_name
        near = difflib.get_close_matches(wanted, every, 1, 0.6) or [one for one in every if wanted and wanted in one]
        raise UnknownPreset(value=name, hint=f"perhaps “{every[near[0]].name}”" if near else "“presets” lists them")


def read_presets(factory: Path, own: Path, declared: Mapping[str, Declared], *, usual_generator: str) -> Presets:
    """Return the presets of two folders; a person's ``own`` come over the factory's of the same names.

    Parameters
    ----------
    own
        A folder that need not be there.
    declared
        By the generators' names.
    usual_generator
        Name of the generator of a preset that names none.

    Raises
    ------
    PresetUnusable
        One of the factory's cannot be used.
    """
    usable: dict[str, Preset] = {}
    for path in sorted(factory.glob("*.toml")):
        usable[path.stem] = read_preset(path, declared, usual_generator=usual_generator, is_factory=True)
    problems: dict[str, PresetUnusable] = {}
    for path in _files_in(own):
        try:
            usable[path.stem] = read_preset(path, declared, usual_generator=usual_generator)
        except PresetUnusable as error:
            problems[path.stem] = error
    return Presets(dict(sorted(usable.items())), problems)


def _files_in(folder: Path) -> list[Path]:
    try:
        # Not a pipe or a device, which could be waited for.
        return sorted(path for path in folder.glob("*.toml") if path.is_file() or path.is_symlink())[:MOST_PRESETS]
    except OSError:
        return []


def read_preset(
    path: Path, declared: Mapping[str, Declared], *, usual_generator: str, is_factory: bool = False
) -> Preset:
    """Return the preset of a file; see ``read_presets``. Raises PresetUnusable, which names file and line."""
    text = ""
    try:
        text = toml_text.read_text(path, "a preset")
        head = _head(toml_text.parsed(text))
        generator = head.get("generator", usual_generator)
        toml_text.known("generator", (generator,), declared, Place(key="generator"))
        of_generator = declared[generator]
        return Preset(
            name=path.stem,
            texts={language: _told(head[language], language) for language in LANGUAGES if language in head},
            prompt=_value("prompt", PROMPT, head["prompt"], Place()),
            generator=generator,
            category=head.get("category", ""),
            model=_model(head.get("model", ""), of_generator),
            options=_options(head, of_generator),
            parameters=_parameters(head.get("parameters", {}), of_generator),
            file=str(path),
            is_factory=is_factory,
        )
    except WrongValueError as error:
        line = toml_text.line_of(text, error.place)
        raise PresetUnusable(file=path.name, line=line, detail=str(error)) from error


def _head(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data, whose keys are known, whose texts are texts and whose tables are tables."""
    for key, value in data.items():
        if key not in (*_HEAD, *_TABLES, *OF_PRESETS):
            near = toml_text.perhaps(key, (*_HEAD, *_TABLES, *OF_PRESETS))
            raise WrongValueError(f"“{key}” is not a setting of a preset{near}.", _place_of(key, value))
        if key in _TABLES and not isinstance(value, dict):
            raise WrongValueError(f"“{key}” is a table: [{key}].", Place(key=key))
        if key in _HEAD[1:] and not (isinstance(value, str) and value.strip()):
            raise WrongValueError(f"“{key}” must be a text in quotes.", Place(key=key))
    number = data.get("format")
    if number is None:
        raise WrongValueError(f"“format” is missing: write format = {FORMAT}.", Place(line=1))
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise WrongValueError(f"“format” must be {FORMAT}.", Place(key="format"))
    if number > FORMAT:
        reason = f"the format is {number}, of a later studio; this one reads {FORMAT}."
        raise WrongValueError(reason, Place(key="format"))
    if "prompt" not in data:
        raise WrongValueError("“prompt” is missing.", Place(line=1))
    if not any(language in data for language in LANGUAGES):
        raise WrongValueError("the title is missing: [en], and below it title = “…”.", Place(line=1))
    return data


def _place_of(key: str, value: object) -> Place:
    return Place(key) if isinstance(value, dict) else Place(key=key)


def _told(raw: dict[str, Any], language: str) -> PresetWords:
    place = Place(language)
    found = toml_text.values(PresetWords, raw, place)
    for key, value in found.items():
        if not value.strip() or any(ord(letter) < ord(" ") for letter in value):
            raise WrongValueError(f"“{key}” must be one line of text.", toml_text.at(place, key))
    return PresetWords(**found)


def _model(model: str, declared: Declared) -> str:
    if model:
        toml_text.known("model", (model,), declared.models, Place(key="model"))
    return model


def _options(head: dict[str, Any], declared: Declared) -> Parameters:
    found: dict[str, ParameterValue] = {}
    for name, option in OF_PRESETS.items():
        if name in head:
            value = _value(name, option, head[name], Place())
            if option is TRANSITION_BARS and value not in TRANSITION_LENGTHS:
                lengths = ", ".join(map(str, TRANSITION_LENGTHS))
                raise WrongValueError(f"“{name}” is {value}, and must be one of {lengths}.", Place(key=name))
            found[name] = value
    if (seconds := found.get("duration_s")) is not None:
        toml_text.within("duration_s", float(seconds), declared.duration_s, Place())
    return Parameters(found)


def _parameters(raw: dict[str, Any], declared: Declared) -> Parameters:
    place = Place("parameters")
    # What belongs to a machine, such as where a program is, is nobody else's.
    of_music = {name: one for name, one in declared.parameters.items() if not one.setup}
    for name in raw:
        toml_text.known("parameter", (name,), of_music, toml_text.at(place, name))
    return Parameters({name: _value(name, of_music[name], value, place) for name, value in raw.items()})


def _value(name: str, parameter: Parameter, value: object, place: Place) -> Any:
    here = toml_text.at(place, name)
    if parameter.choices and isinstance(value, str):
        names = [one.strip() for one in value.split(",")] if parameter.kind is Kind.SEVERAL else [value]
        toml_text.known(parameter.title.lower(), names, parameter.choices, here)
    try:
        return parameter.checked(value)
    except UserError as error:
        raise WrongValueError(str(error), here) from error


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-")
