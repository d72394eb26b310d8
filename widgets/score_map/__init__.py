# SPDX-License-Identifier: GPL-3.0-or-later
"""These widgets are the map of every start against every end, and the weights that colour it."""
