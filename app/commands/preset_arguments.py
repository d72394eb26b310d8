# SPDX-License-Identifier: GPL-3.0-or-later
"""This module settles what a command line that makes music asks for: what it says, else its preset, else the usual."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from app.commands.remote_arguments import settle_remote
from app.settings import Settings
from engine.errors import EmptyPrompt

if TYPE_CHECKING:
    from engine.values import Parameters, Preset

_ARGUMENTS = {
    "prompt": "prompt",
    "generator": "generator",
    "model": "model",
    "duration": "duration_s",
    "overlap_ms": "overlap_ms",
    "min_play": "min_play_s",
    "min_loop": "min_loop_s",
    "algorithm": "algorithm",
    "misfit": "misfit",
}
"""Arguments of the commands, and the settings that they are."""


def add_preset_argument(parser: argparse.ArgumentParser) -> None:
    """Declare ``--preset``, which ``settled`` reads."""
    parser.add_argument(
        "--preset",
        metavar="NAME",
        help="prompt and settings of one that “presets” lists; what else the command line says comes before it",
    )


def settled(arguments: argparse.Namespace) -> tuple[Settings, Parameters]:
    """Return the settings that a command line asks for, and what its preset sets of the generator.

    A preset's model and parameters are its generator's: with another one they are left out.

    Raises
    ------
    EmptyPrompt
        There is neither a prompt nor a preset.
    UnknownPreset, PresetUnusable
    WrongKind, GivenTwice, NeedsOption, TokenUnusable
        The other machines cannot be asked like this.
    """
    from engine.values import Parameters

    settle_remote(arguments)
    settings, parameters = Settings(generator_parameters={}), Parameters()
    if arguments.preset is not None:
        preset = _preset(arguments.preset)
        settings, parameters = _with(preset, settings, arguments)
    elif arguments.prompt is None:
        raise EmptyPrompt
    given = {
        setting: value
        for name, setting in _ARGUMENTS.items()
        if (value := getattr(arguments, name, None)) is not None and not (value == "" and name != "prompt")
    }
    return replace(settings, **given), parameters


def _preset(name: str) -> Preset:
    from app.presets import known_presets

    return known_presets().named(name)


def _with(preset: Preset, settings: Settings, arguments: argparse.Namespace) -> tuple[Settings, Parameters]:
    from app.presets import with_preset
    from engine.values import Parameters

    settings = with_preset(settings, preset)
    if arguments.generator and arguments.generator != preset.generator:
        return replace(settings, model="", generator_parameters={}), Parameters()
    # A length in seconds that is asked for would be of no use beside the preset's bars.
    left_out = {"bars"} if arguments.duration is not None else set()
    return settings, Parameters({name: one for name, one in preset.parameters.items() if name not in left_out})
