"""Pictures of pages for people to look at; tests take them where ``SCREENS=1`` is set."""

import os
from pathlib import Path

from playwright.sync_api import FloatRect, Page

SCREENS = Path(__file__).resolve().parents[2] / "artefacts" / "screens"
IS_TAKING = bool(os.environ.get("SCREENS"))
"""Taking them adds a third to the time of the browser's tests."""


def photograph(page: Page, name: str, *, clip: FloatRect | None = None) -> None:
    """Take the whole page, or what ``clip`` names of it, as ``artefacts/screens/NAME.png``."""
    if IS_TAKING:
        SCREENS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENS / f"{name}.png", full_page=True, clip=clip)
