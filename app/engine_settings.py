# SPDX-License-Identifier: GPL-3.0-or-later
"""This module gives the engine its share of the settings, in the engine's own values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app import paths
from engine.generators.base import GeneratorSettings
from engine.values import Entry, FadeCurve, MetricWeights, Parameters, TransitionWish

if TYPE_CHECKING:
    from app.settings import Settings


def transition_wish(settings: Settings) -> TransitionWish:
    """Return how one loop is to give way to the next."""
    return TransitionWish(
        entry=Entry(settings.transition_entry),
        overlap_ms=settings.overlap_ms,
        bars=settings.transition_bars,
        curve=FadeCurve(settings.transition_curve),
        beat_match=settings.beat_match,
        reach=settings.tempo_reach,
        bass_swap=settings.bass_swap,
    )


def metric_weights(settings: Settings) -> MetricWeights:
    """Return how much each metric counts in the order of candidates."""
    return MetricWeights(
        spectral=settings.weight_spectral,
        waveform=settings.weight_waveform,
        beat=settings.weight_beat,
        phase=settings.weight_phase,
    )


def with_wish(settings: Settings, wish: TransitionWish) -> Settings:
    """Return the settings with all of a transition but its overlap and its reach, which are set elsewhere."""
    return replace(
        settings,
        transition_entry=str(wish.entry),
        transition_bars=wish.bars,
        transition_curve=str(wish.curve),
        beat_match=wish.beat_match,
        bass_swap=wish.bass_swap,
    )


def generator_settings(settings: Settings) -> GeneratorSettings:
    """Return the generators' share of the settings."""
    return GeneratorSettings(
        data_folder=settings.data_folder or str(paths.data_folder()),
        models_folder=settings.models_folder,
        is_offline=settings.offline,
        parameters={name: Parameters(values) for name, values in settings.generator_parameters.items()},
    )
