# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says what a listener notices at a seam, from its metrics and its proof."""

from __future__ import annotations

from engine.values import Jump, LoopCandidate, SeamProof

LOUD_STEP, LOUD_SLOPE = 1.25, 1.5
"""Ratios of a jump of the wave, and of its slope, to the music's own, from which on it is heard as a click."""
LOUD_ONSET, FEW_BEATS = 1.5, 0.05
"""Ratio of the seam's onset to the clip's beats from which on it is heard, if this share of them at most is louder."""
OFF_BEAT = 0.35
"""Value of the metric *beat* below which the pulse stumbles where the loop starts again."""
DEEP_DIP_DB = 3.0
"""Decibels of the deepest dip that unlike waves make at times; more is heard as a hole."""


def jumps_at(candidate: LoopCandidate, proof: SeamProof) -> tuple[Jump, ...]:
    """Return what a listener notices at the seam; nothing where it is not heard."""
    found = {
        Jump.CLICK: proof.step > LOUD_STEP or proof.slope > LOUD_SLOPE,
        Jump.BUMP: proof.onset > LOUD_ONSET and proof.quieter_than < FEW_BEATS,
        Jump.DIP: proof.dip_db > DEEP_DIP_DB,
        Jump.BEAT: candidate.metrics.beat < OFF_BEAT,
    }
    return tuple(jump for jump, is_heard in found.items() if is_heard)
