# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine computes: generators, loop finding, playback, the library; it is free of Qt but for ``engine.qt``."""
