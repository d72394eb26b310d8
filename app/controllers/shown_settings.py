# SPDX-License-Identifier: GPL-3.0-or-later
"""This module shows in the window what was set otherwise than by its controls: undone, or told from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.engine_settings import transition_wish
from engine.values import Algorithm
from engine.values.volume import volume_to_gain

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from app.settings import Settings
    from app.settings_store import SettingsStore


def show_settings(window: MainWindow, store: SettingsStore, before: Settings) -> None:
    """Show the settings of the session, which were others before."""
    settings, generate = store.settings, window.generate_panel
    if settings.prompt != before.prompt:
        _show_prompt(window, store, before.prompt)
    generate.set_parameter_values(settings.generator_parameters)
    if settings.generator != before.generator:
        generate.set_generator(settings.generator)
    generate.set_model(settings.model)
    generate.set_algorithm(Algorithm(settings.algorithm))
    generate.set_duration(settings.duration_s)
    generate.set_min_play(settings.min_play_s)
    generate.set_variations(settings.variations)
    window.overlap_panel.set_overlap(settings.overlap_ms)
    window.overlap_panel.set_wish(transition_wish(settings))
    window.output_panel.set_volume(volume_to_gain(settings.volume_db))


def _show_prompt(window: MainWindow, store: SettingsStore, before: str) -> None:
    bar, prompt = window.prompt_bar, store.settings.prompt
    if bar.prompt().strip() in (before, prompt):
        # As a prompt that was set: the field's own undo would only lead back to what was undone.
        bar.set_prompt(prompt)
        store.set_draft("")
    else:
        # What is being typed can be had back in the field.
        bar.edit.change_to(prompt)
