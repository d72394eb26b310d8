# SPDX-License-Identifier: GPL-3.0-or-later
"""The fragments panel: the slots of a folder as tiles, what is asked for them, and how all of that is set."""
