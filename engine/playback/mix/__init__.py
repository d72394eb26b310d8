# SPDX-License-Identifier: GPL-3.0-or-later
"""The mix: decks, takeovers, effects and the limiter, a pure core that renders blocks."""
