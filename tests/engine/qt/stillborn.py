# SPDX-License-Identifier: GPL-3.0-or-later
"""A child process for tests of links that ends as soon as it is started."""
