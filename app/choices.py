# SPDX-License-Identifier: GPL-3.0-or-later
"""This module offers what a person can choose from, and gives the engine what was chosen."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from PySide6.QtCore import QCoreApplication

from app import paths
from app.engine_settings import generator_settings, metric_weights, transition_wish
from app.generator_parameters import declared
from app.path_check import expanded_folder, folder_refusal, is_folder, is_other_than_folder, path_refusal
from app.settings import Settings
from app.translations import sentence, spoken
from engine.errors import PathCannotBe, StudioError
from engine.generators.licences import is_fetched
from engine.generators.registry import generator_named, generators
from engine.generators.standard import all_parameters
from engine.session.options import StudioOptions
from engine.units import GB
from engine.values import Algorithm, Kind, Misfit, ParameterValue, Reading, Room, SpectrogramWindow
from engine.values.model_options import MODELS_FOLDER
from engine.values.options import DATA_FOLDER, SAVE_FOLDER
from engine.values.volume import volume_to_gain
from widgets.figures import key_name
from widgets.generator_choice import GeneratorChoice

NO_FOLDER = "it is a file, not a folder"
FOLDERS = {DATA_FOLDER: "the data folder", SAVE_FOLDER: "the music folder", MODELS_FOLDER: "the models folder"}
"""Folders that a person may choose, with what sentences call them."""


def studio_options(settings: Settings) -> StudioOptions:
    """Return the settings as the engine takes them."""
    return StudioOptions(
        prompt=settings.prompt,
        algorithm=Algorithm(settings.algorithm),
        generator=settings.generator,
        model=settings.model,
        duration_s=settings.duration_s,
        min_loop_s=settings.min_loop_s,
        max_loop_s=settings.max_loop_s,
        weights=metric_weights(settings),
        min_play_s=settings.min_play_s,
        max_play_s=settings.max_play_s,
        make_again=settings.make_again,
        keep_up=settings.keep_up,
        mend_seams=settings.mend_seams,
        misfit=Misfit(settings.misfit),
        variations=settings.variations,
        transition=transition_wish(settings),
        target_lufs=settings.target_lufs,
        sleep_fade_s=settings.sleep_fade_s,
        volume=volume_to_gain(settings.volume_db),
        device=settings.device,
        latency_s=settings.latency_ms / 1000.0,
        library_folder=settings.data_folder or str(paths.data_folder()),
        is_library_known=bool(settings.data_folder) and settings.data_folder == settings.known_data_folder,
        keep_dropped=settings.keep_dropped,
        room=Room(GB * settings.room_gb, settings.room_days),
        spectrogram_window=SpectrogramWindow(settings.spectrogram_window),
        generators=generator_settings(settings),
    )


def dialog_values(settings: Settings) -> dict[str, Any]:
    """Return the settings by their names, as the settings dialog takes them."""
    return {one.name: getattr(settings, one.name) for one in fields(settings)}


def dialog_refusal(values: Mapping[str, Any]) -> str:
    """Return why these values cannot be kept, in the person's language; "" where they can."""
    checks = (
        *(
            (path, title, path_refusal(path), is_folder, "it is a folder")
            for path, title in _files_of(values["generator_parameters"])
        ),
        *(
            (values[option.name], name, folder_refusal(values[option.name]), is_other_than_folder, NO_FOLDER)
            for option, name in FOLDERS.items()
        ),
    )
    for text, name, refusal, is_wrong, words in checks:
        detail = refusal or (words if text and is_wrong(text) else "")
        if detail:
            return sentence(PathCannotBe(path=text, name=name, detail=detail))
    return ""


def _files_of(values: Mapping[str, Mapping[str, ParameterValue]]) -> Iterator[tuple[str, str]]:
    """Yield each file that is named for a generator, and what it is called."""
    for generator, parameters in declared().items():
        for name, parameter in parameters.items():
            if parameter.kind is Kind.FILE:
                yield str(values.get(generator, {}).get(name, "")), parameter.title


def with_whole_paths(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with the home folder's name in the place of “~”, where folders begin so."""
    return {**values, **{one.name: expanded_folder(values[one.name]) for one in FOLDERS}}


def generator_choices(settings: Settings) -> tuple[GeneratorChoice, ...]:
    """Return every generator, with a note on those that cannot run here."""
    choices = []
    for one in generators():
        capabilities = one.capabilities()
        note = ""
        try:
            one.check(generator_settings(settings))
        except StudioError:
            note = QCoreApplication.translate("choices", "not found: see SETUP")
            if is_fetched(one.name):
                note = QCoreApplication.translate("choices", "not found: see Models")
        choices.append(
            GeneratorChoice(
                name=one.name,
                title=QCoreApplication.translate("choices", one.title),
                models=capabilities.models,
                min_duration_s=capabilities.min_duration_s,
                # The panel asks for whole seconds, and reads them as such.
                max_duration_s=float(math.floor(capabilities.max_duration_s)),
                note=note,
                default_model=capabilities.default_model,
                parameters=all_parameters(capabilities),
            )
        )
    return tuple(choices)


def jam_choices(choices: Sequence[GeneratorChoice]) -> tuple[GeneratorChoice, ...]:
    """Return the generators with what a layer of a jam can set of each: its own parameters, as the jam sets others."""
    own = {one.name: one.capabilities().parameters for one in generators()}
    return tuple(replace(one, parameters=tuple(each for each in own[one.name] if not each.setup)) for one in choices)


def generator_titles() -> dict[str, str]:
    """Return what each generator is called in the person's language, by its name."""
    return {one.name: QCoreApplication.translate("choices", one.title) for one in generators()}


def generator_status(settings: Settings, generator: str, values: Mapping[str, ParameterValue]) -> str:
    """Return in the person's language where a generator's program was found, or why not; "" where it needs none."""
    one, chosen = generator_named(generator), generator_settings(settings).with_only(generator, values)
    try:
        found = one.check(chosen)
    except StudioError as error:
        return sentence(error)
    if problems := one.problems(chosen):
        return "\n".join(sentence(said) if isinstance(said, StudioError) else said for said in problems)
    return QCoreApplication.translate("choices", "Found at {path}").format(path=found) if found else ""


def readings_of(settings: Settings) -> tuple[Reading, ...]:
    """Return what the chosen generator reads in the prompt; nothing where it does not tell. For any thread."""
    if not settings.prompt.strip():
        return ()
    said = generator_named(settings.generator).understand(settings.prompt, generator_settings(settings))
    return tuple(dict.fromkeys(Reading(one) if isinstance(one, str) else one for one in said))


def in_words(readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Return the readings in the person's language."""
    return tuple(
        replace(
            one,
            text=key_name(one.text if one.phrase is None else spoken(one.phrase)),
            note=one.note if one.why is None else spoken(one.why),
        )
        for one in readings
    )
