# SPDX-License-Identifier: GPL-3.0-or-later
"""These widgets are the spectrogram, its cursor and its scales."""
