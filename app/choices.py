# SPDX-License-Identifier: GPL-3.0-or-later
"""What the person can choose from, and their choices as the engine takes them."""

from __future__ import annotations

from dataclasses import asdict, replace

from PySide6.QtCore import QCoreApplication

from app import paths
from app.path_check import expanded_folder, folder_refusal, is_folder, is_other_than_folder, path_refusal
from app.settings import Settings, generator_settings, transition_wish
from app.translations import sentence
from engine.errors import PathCannotBe, StudioError
from engine.generators.registry import generators
from engine.session.options import StudioOptions
from engine.units import GB
from engine.values import Algorithm, Room
from widgets.figures import key_name
from widgets.output_panel import volume_to_gain
from widgets.settings_values import GeneratorChoice, SettingsValues

NO_FOLDER = "it is a file, not a folder"


def studio_options(settings: Settings) -> StudioOptions:
    """The settings as the engine takes them."""
    return StudioOptions(
        prompt=settings.prompt,
        algorithm=Algorithm(settings.algorithm),
        generator=settings.generator,
        model=settings.model,
        duration_s=settings.duration_s,
        min_loop_s=settings.min_loop_s,
        min_play_s=settings.min_play_s,
        max_play_s=settings.max_play_s,
        make_again=settings.make_again,
        transition=transition_wish(settings),
        target_lufs=settings.target_lufs,
        sleep_fade_s=settings.sleep_fade_s,
        volume=volume_to_gain(settings.volume_db),
        device=settings.device,
        latency_s=settings.latency_ms / 1000.0,
        library_folder=settings.data_folder or str(paths.data_folder()),
        is_library_known=bool(settings.data_folder) and settings.data_folder == settings.known_data_folder,
        room=Room(GB * settings.room_gb, settings.room_days),
        generators=generator_settings(settings),
    )


def dialog_values(settings: Settings) -> SettingsValues:
    """The settings dialog's share of the settings."""
    shared = SettingsValues.__dataclass_fields__
    return SettingsValues(**{name: value for name, value in asdict(settings).items() if name in shared})


def dialog_refusal(values: SettingsValues) -> str:
    """Why these values cannot be kept, in the person's language; "" where they can."""
    checks = (
        (values.musicgpt_path, "MusicGPT", path_refusal(values.musicgpt_path), is_folder, "it is a folder"),
        (values.data_folder, "the data folder", folder_refusal(values.data_folder), is_other_than_folder, NO_FOLDER),
        (values.save_folder, "the music folder", folder_refusal(values.save_folder), is_other_than_folder, NO_FOLDER),
    )
    for text, name, refusal, is_wrong, words in checks:
        detail = refusal or (words if text and is_wrong(text) else "")
        if detail:
            return sentence(PathCannotBe(path=text, name=name, detail=detail))
    return ""


def with_whole_paths(values: SettingsValues) -> SettingsValues:
    """The values with the home folder's name in the place of “~”, where folders begin so."""
    return replace(
        values,
        data_folder=expanded_folder(values.data_folder),
        save_folder=expanded_folder(values.save_folder),
    )


def generator_choices(settings: Settings) -> tuple[GeneratorChoice, ...]:
    """Every generator, with a note on those that cannot run here."""
    choices = []
    for one in generators():
        capabilities = one.capabilities()
        note = ""
        try:
            one.check(generator_settings(settings))
        except StudioError:
            note = QCoreApplication.translate("choices", "not found: see SETUP")
        choices.append(
            GeneratorChoice(
                name=one.name,
                title=QCoreApplication.translate("choices", one.title),
                models=capabilities.models,
                min_duration_s=capabilities.min_duration_s,
                max_duration_s=capabilities.max_duration_s,
                note=note,
            )
        )
    return tuple(choices)


def musicgpt_status(settings: Settings) -> str:
    """Where MusicGPT was found, or why it was not, in the person's language."""
    from engine.generators.musicgpt import find_musicgpt

    try:
        found = find_musicgpt(generator_settings(settings))
    except StudioError as error:
        return sentence(error)
    return QCoreApplication.translate("choices", "Found at {path}").format(path=found)


def understood(settings: Settings) -> tuple[str, ...]:
    """What the built-in composer reads in the prompt; other generators do not tell."""
    if settings.generator != "composer" or not settings.prompt:
        return ()
    from engine.generators.composer import understand

    return tuple(map(key_name, understand(settings.prompt)))
