from scripts.settings_page import PAGE, render
from service.core.settings import Settings


def test_the_page_of_settings_equals_the_class() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "run: python -m scripts.settings_page"


def test_every_setting_has_its_row() -> None:
    for name in Settings.model_fields:
        assert f"| `MENPAI_{name.upper()}` |" in render()
