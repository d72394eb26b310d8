# SPDX-License-Identifier: GPL-3.0-or-later
"""Fragments for live improvisation: a station makes short sounds, which take turns in the slots of a folder."""
