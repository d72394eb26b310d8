# SPDX-License-Identifier: GPL-3.0-or-later
"""Pieces whose beats, bars, chords and key are known: what hears music learns from some, and is judged by others."""
