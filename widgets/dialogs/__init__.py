# SPDX-License-Identifier: GPL-3.0-or-later
"""These widgets ask something in a window of their own: SALVA's sheet, SETUP, recipes, names."""
