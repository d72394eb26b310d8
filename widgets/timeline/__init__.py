# SPDX-License-Identifier: GPL-3.0-or-later
"""These widgets are the pictures that lie under the clip's time axis, and what they share: axes, zoom, items, edges."""
