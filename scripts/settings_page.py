"""Writes docs/settings.md from the settings class: ``python -m scripts.settings_page``."""

import sys
from pathlib import Path
from typing import get_args, get_origin

from service.core.settings import Settings

PAGE = Path(__file__).resolve().parents[1] / "docs" / "settings.md"

_HEAD = """\
# Settings

Menpai needs no settings: without any it creates its own database in its home and serves on
this machine. Each setting is an environment variable; an empty one counts as unset. A value that
cannot be used stops the command with exit code 3 and names the variable.

This page is made from `service/core/settings.py` by `python -m scripts.settings_page`; a test
keeps the two equal.

| variable | default | what it is |
| --- | --- | --- |
"""
_SHOWN_DEFAULTS = {"home": "`~/.local/share/menpai`, for root `/var/lib/menpai`"}


def render() -> str:
    """Return the page: one row per setting, in the order of the class."""
    page = _HEAD
    for name, field in Settings.model_fields.items():
        plain = f"`{field.default}`" if field.default else "unset"
        default = _SHOWN_DEFAULTS.get(name, plain)
        sentence = (field.description or "").replace("|", "\\|")
        choices = get_args(field.annotation) if get_origin(field.annotation) is not None else ()
        words = [f"`{choice}`" for choice in choices if isinstance(choice, str)]
        if words:
            sentence += f" One of: {', '.join(words)}."
        page += f"| `MENPAI_{name.upper()}` | {default} | {sentence} |\n"
    return page


def main() -> int:
    """Write the page."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(render(), encoding="utf-8")
    sys.stderr.write(f"wrote {PAGE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
