# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares how much each metric may count for the person; ``options`` declares all else."""

from __future__ import annotations

from engine.values.parameters import Kind, Parameter

WEIGHT_SPECTRAL, WEIGHT_WAVEFORM, WEIGHT_BEAT, WEIGHT_PHASE = (
    Parameter(name, Kind.NUMBER, 1.0, title, tip, low=0.0, high=2.0, step=0.1)
    for name, title, tip in (
        (
            "weight_spectral",
            "Weight of the sound",
            "How much it counts, among loops, that the sound is alike on both sides of the seam",
        ),
        (
            "weight_waveform",
            "Weight of the wave",
            "How much it counts, among loops, that the wave itself runs smoothly across the seam",
        ),
        (
            "weight_beat",
            "Weight of the beat",
            "How much it counts, among loops, that the beat goes on across the seam",
        ),
        (
            "weight_phase",
            "Weight of the phases",
            "How much it counts, among loops, that the strongest partials meet in phase at the seam",
        ),
    )
)
METRIC_WEIGHTS = (WEIGHT_SPECTRAL, WEIGHT_WAVEFORM, WEIGHT_BEAT, WEIGHT_PHASE)
"""Options of the metrics' weights, in the order of the metrics."""
