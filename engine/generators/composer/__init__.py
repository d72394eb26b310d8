# SPDX-License-Identifier: GPL-3.0-or-later
"""The built-in composer writes and plays short pieces by rule; this module is its public door."""

from engine.generators.composer.composer import COMPOSER_SAMPLE_RATE, Composer
from engine.generators.composer.prompt import understand

__all__ = ["COMPOSER_SAMPLE_RATE", "Composer", "understand"]
