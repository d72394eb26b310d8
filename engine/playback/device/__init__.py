# SPDX-License-Identifier: GPL-3.0-or-later
"""The device room holds the audio process, its streams, and what keeps them going."""
