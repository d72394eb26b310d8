# SPDX-License-Identifier: GPL-3.0-or-later
"""These widgets make visible what is heard, over a whole screen."""
