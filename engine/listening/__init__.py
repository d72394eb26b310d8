# SPDX-License-Identifier: GPL-3.0-or-later
"""Listening tells what a recording plays: its beats and bars as they were played, its chords and its key."""
