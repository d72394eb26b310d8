# SPDX-License-Identifier: GPL-3.0-or-later
"""The built-in composer writes and plays short pieces by rule; this module is its public door, light to open."""

from engine.generators.composer.composer import Composer
from engine.generators.composer.declared import COMPOSER_SAMPLE_RATE

__all__ = ["COMPOSER_SAMPLE_RATE", "Composer"]
