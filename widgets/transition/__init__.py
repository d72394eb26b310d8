# SPDX-License-Identifier: GPL-3.0-or-later
"""These widgets show how the next loop takes over, before it is heard."""
