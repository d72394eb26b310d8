# SPDX-License-Identifier: GPL-3.0-or-later
"""These widgets stand in the window in little alone: Mini and the small window."""
