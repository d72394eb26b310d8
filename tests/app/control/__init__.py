# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests mirror ``app.control``: a running studio is steered by other programs."""
