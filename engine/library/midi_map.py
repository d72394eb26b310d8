# SPDX-License-Identifier: GPL-3.0-or-later
"""MIDI maps are TOML files that say what notes and controls do: the studio's ``resources/midi.toml``, and one's own."""

from __future__ import annotations

import json
from pathlib import Path

from engine.errors import MidiMapWrong
from engine.library import toml_text
from engine.library.atomic import write_bytes
from engine.library.toml_text import Place, WrongValueError, at
from engine.values.midi import MOST_BINDINGS, Bindings, MidiControl

TABLE = "controls"
MOST_CHARACTERS = 200
"""Length of the longest words that a control is bound to."""
_HEAD = """\
# What notes and controls of MIDI do in a jam, before what the studio has: “Learn” in its window writes this file too.
# resources/midi.toml in the studio's folder tells what can stand here. "" has a control do nothing.

"""


def read_map(path: Path) -> dict[MidiControl, str]:
    """Return the bindings of a file. Raises MidiMapWrong, with the line."""
    text = ""
    try:
        text = toml_text.read_text(path, "a map of MIDI")
        return _bindings(toml_text.parsed(text))
    except WrongValueError as error:
        line = toml_text.line_of(text, error.place)
        raise MidiMapWrong(file=path.name, line=line, detail=str(error)) from error


def write_map(path: Path, bindings: Bindings) -> None:
    """Write a file of bindings; the old one stays whole if that fails. Raises OSError."""
    lines = (f"{_quoted(str(control))} = {_quoted(does)}\n" for control, does in bindings.items())
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, (_HEAD + f"[{TABLE}]\n" + "".join(lines)).encode())


def _bindings(tables: dict[str, object]) -> dict[MidiControl, str]:
    for name in tables:
        if name != TABLE:
            raise WrongValueError(f"“{name}” is not a table here; all stands in [{TABLE}].", Place(name))
    controls = tables.get(TABLE, {})
    place = Place(TABLE)
    if not isinstance(controls, dict) or len(controls) > MOST_BINDINGS:
        raise WrongValueError(f"[{TABLE}] holds at most {MOST_BINDINGS} controls.", place)
    bindings = {}
    for name, does in controls.items():
        try:
            control = MidiControl.read(name)
        except ValueError as error:
            reason = f"“{name}” is not a control: it is “cc 20”, “note 36 channel 10” or “pitch”."
            raise WrongValueError(reason, at(place, name)) from error
        if not isinstance(does, str) or len(does) > MOST_CHARACTERS:
            raise WrongValueError(f"“{name}” must be a text in quotes.", at(place, name))
        bindings[control] = " ".join(does.split())
    return bindings


def _quoted(text: str) -> str:
    """Return a text as a basic string of TOML, which JSON's is too."""
    return json.dumps(text, ensure_ascii=False)
