"""The Chromium of this machine."""

import shutil

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
"""Without its own windows, which takes half the time; or the whole of it; or None."""
