# SPDX-License-Identifier: GPL-3.0-or-later
"""The band plays along while somebody plays: it hears beats, chords and level, foresees them, and plans ahead."""
