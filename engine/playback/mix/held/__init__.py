# SPDX-License-Identifier: GPL-3.0-or-later
"""Held effects are heard while a key is down; beneath them the music and its clock go on."""
