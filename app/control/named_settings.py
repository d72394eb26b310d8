# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings that a studio can be told in words, by the names that people type."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.generator_parameters import usable_value, with_value
from app.session_settings import FIELDS
from engine.errors import EmptyPrompt, OutOfRange, UnknownChoice, UnknownSetting, UserError, WrongKind
from engine.generators.registry import generator_named, generators
from engine.generators.standard import all_parameters
from engine.values import Kind, Parameter, ParameterValue
from engine.values.options import DURATION, OPTIONS, TRANSITION_BARS
from engine.values.transitions import TRANSITION_LENGTHS

if TYPE_CHECKING:
    from app.settings import Settings

SHORT = {
    "prompt": "prompt",
    "generator": "generator",
    "model": "model",
    "duration": "duration_s",
    "algorithm": "algorithm",
    "minplay": "min_play_s",
    "maxplay": "max_play_s",
    "minloop": "min_loop_s",
    "maxloop": "max_loop_s",
    "overlap": "overlap_ms",
    "volume": "volume_db",
    "variations": "variations",
    "driver": "driver",
}
"""Names of settings that are typed most, and of the settings that they are; ``driver`` is a sound output."""
OTHERS = {
    "minduration": "min_play_s",
    "min-play": "min_play_s",
    "max-play": "max_play_s",
    "minlength": "min_loop_s",
    "min-loop": "min_loop_s",
    "max-loop": "max_loop_s",
    "device": "driver",
    "tempo": "bpm",
}
"""Further names by which people know them."""
DRIVER = "driver"
_ALGORITHMS = {"avanzato": "advanced", "classico": "classic"}


def names_of(settings: Settings) -> list[str]:
    """Return every name by which something can be set now, the short ones first."""
    taken = set(SHORT.values())
    others = (name for name in FIELDS if name not in taken)
    return list(dict.fromkeys([*SHORT, *others, *_own(settings)]))


def field_of(name: str, settings: Settings) -> str:
    """Return the setting of a name, or the name of a parameter of the generator that is chosen.

    Raises UnknownSetting, which names the nearest.
    """
    plain, own = name.strip().lower(), _own(settings)
    # What a generator itself calls so goes before further names of other settings.
    found = plain if plain in own else SHORT.get(plain) or OTHERS.get(plain) or plain.replace("-", "_")
    if found in (DRIVER, *FIELDS) or found in own:
        return found
    import difflib

    near = difflib.get_close_matches(plain, names_of(settings), 1, 0.6)
    hint = f"perhaps “{near[0]}”" if near else "“get” lists all"
    raise UnknownSetting(value=name.strip()[:40], hint=hint)


def _own(settings: Settings) -> dict[str, Parameter]:
    """Return the parameters of the generator that is chosen: one that is called like a setting stands for it."""
    chosen = [one for one in generators() if one.name == settings.generator]
    return {each.name: each for one in chosen for each in all_parameters(one.capabilities())}


def choices_of(name: str, settings: Settings) -> tuple[str, ...]:
    """Return what a setting can be, where that is a choice; nothing for numbers and texts. Raises UnknownSetting."""
    field, own = field_of(name, settings), _own(settings)
    if field == "generator":
        return tuple(one.name for one in generators())
    if field == "model" and field not in own:
        return generator_named(settings.generator).capabilities().models
    if field == DRIVER:
        return ("pulse", "pipewire", "alsa", "jack", "default")
    option = own.get(field) or OPTIONS.get(field)
    if option is None:
        return ()
    return ("on", "off") if option.kind is Kind.SWITCH else tuple(one for one in option.choices if one)


def value_of(name: str, settings: Settings) -> ParameterValue:
    """Return how something is set. Raises UnknownSetting."""
    field = field_of(name, settings)
    if field == DRIVER:
        return ": ".join(settings.device) if settings.device is not None else "default"
    if parameter := _own(settings).get(field):
        return settings.generator_parameters.get(settings.generator, {}).get(field, parameter.default)
    value: ParameterValue = getattr(settings, field)
    return value


def words_of(name: str, settings: Settings) -> str:
    """Return how something is set, as people read it. Raises UnknownSetting."""
    field, value = field_of(name, settings), value_of(name, settings)
    option = _own(settings).get(field) or OPTIONS.get(field)
    if isinstance(value, bool):
        return "on" if value else "off"
    if option is not None and option.unset and value == option.default:
        return option.unset
    if isinstance(value, float):
        # The text reads back as the value, and its unit is the one that people see in the window.
        shown = value if option is None else value / option.shown_in
        return f"{shown:g} {option.unit if option is not None else ''}".strip()
    if value == "":
        return "(its own default)" if field == "model" else "(nothing)"
    return f"{value} {option.unit if option is not None and isinstance(value, int) else ''}".strip()


def with_setting(settings: Settings, name: str, text: str) -> Settings:
    """Return the settings with one of them as a person wrote it; ``driver`` is not set so.

    Raises
    ------
    UnknownSetting, UserError
        The sentence names the value and the range.
    """
    field = field_of(name, settings)
    try:
        return _with_field(settings, field, text)
    except UserError as error:
        if error.fields.get("name") != field:
            raise
        # By the name that was typed.
        raise type(error)(**{**error.fields, "name": name.strip().lower()}) from error


def _with_field(settings: Settings, field: str, text: str) -> Settings:
    parameter = _own(settings).get(field)
    if parameter is None:
        changes: dict[str, Any] = _read(field, text.strip(), settings)
        return replace(settings, **changes)
    is_number = parameter.kind in (Kind.NUMBER, Kind.INTEGER)
    value = usable_value(parameter, _number(parameter, text.strip()) if is_number else parameter.read(text))
    values = with_value(settings.generator_parameters, settings.generator, parameter, value)
    return replace(settings, generator_parameters=values)


def _read(field: str, text: str, settings: Settings) -> dict[str, Any]:
    if field == "prompt":
        if not text:
            raise EmptyPrompt
        return {"prompt": OPTIONS["prompt"].checked(text)}
    if field == "generator":
        return _with_generator(text.lower(), settings)
    capabilities = generator_named(settings.generator).capabilities()
    if field == "model":
        if text.lower() in ("", "default"):
            return {"model": ""}
        if text not in capabilities.models:
            choices = ", ".join(capabilities.models) or "none: it has none"
            raise UnknownChoice(name="model", value=text[:40], choices=choices)
        return {"model": text}
    option = OPTIONS[field]
    if option.kind is Kind.CHOICE:
        text = _ALGORITHMS.get(text.lower(), text.lower())
    value = _number(option, text) if option.kind in (Kind.NUMBER, Kind.INTEGER) else option.read(text)
    if option is DURATION and not capabilities.min_duration_s <= float(value) <= capabilities.max_duration_s:
        low, high = capabilities.min_duration_s, capabilities.max_duration_s
        raise OutOfRange(name=option.name, value=float(value), low=f"{low:g}", high=f"{high:g}")
    if option is TRANSITION_BARS and value not in TRANSITION_LENGTHS:
        raise WrongKind(name=field, value=value, kind=f"one of {', '.join(map(str, TRANSITION_LENGTHS))}")
    return {field: value}


def _with_generator(text: str, settings: Settings) -> dict[str, Any]:
    """Return what changes with the generator: its own default model, and a duration that it can make."""
    name = generator_named(text).name
    if name == settings.generator:
        return {}
    able = generator_named(name).capabilities()
    duration_s = min(max(settings.duration_s, able.min_duration_s), able.max_duration_s)
    return {"generator": name, "model": "", "duration_s": duration_s}


def _number(option: Parameter, text: str) -> ParameterValue:
    """Return the number that was written: as it is kept, or in the unit that people see if that stands after it."""
    plain = text.lower()
    unit = option.unit.lower()
    if unit and plain.endswith(unit):
        bare = text[: -len(unit)]
        return option.read(bare) if option.shown_in == 1.0 else _scaled(option, bare)
    # What is kept in seconds may be said so, even if it is shown in minutes.
    if option.name.endswith("_s") and plain.endswith("s"):
        text = text[:-1]
    return option.read(text)


def _scaled(option: Parameter, text: str) -> ParameterValue:
    try:
        return option.checked(float(text.strip().replace(",", ".")) * option.shown_in)
    except ValueError:
        return option.read(text)
