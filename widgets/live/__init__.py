# SPDX-License-Identifier: GPL-3.0-or-later
"""These widgets show the spectrum and the stereo image of what is heard."""
