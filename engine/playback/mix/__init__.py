# SPDX-License-Identifier: GPL-3.0-or-later
"""This package mixes: decks, takeovers, effects and the limiter are a pure core that renders blocks."""
