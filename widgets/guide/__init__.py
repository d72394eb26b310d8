# SPDX-License-Identifier: GPL-3.0-or-later
"""These widgets guide a person: the pages of help, the tour, the welcome page."""
