# SPDX-License-Identifier: GPL-3.0-or-later
"""Computes: generators, loop finding, playback, the library. Qt-free but for ``engine.qt``."""
