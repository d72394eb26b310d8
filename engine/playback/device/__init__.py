# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices: the audio process, its streams, and what keeps them going."""
