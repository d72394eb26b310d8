# SPDX-License-Identifier: GPL-3.0-or-later
"""These widgets show a seam at sample level."""
