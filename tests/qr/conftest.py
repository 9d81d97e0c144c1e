from collections.abc import Callable
from typing import Any

import pytest

from qr.content import PlateContent
from qr.designs import Design, get_design
from qr.fonts import Fonts, find_fonts
from qr.payload import make_payload

TOKENS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@pytest.fixture(scope="session")
def fonts() -> Fonts:
    return find_fonts()


@pytest.fixture(scope="session")
def medium() -> Design:
    return get_design("medium")


@pytest.fixture(scope="session")
def plate() -> Callable[..., PlateContent]:
    def build(serial: int = 0, **changes: Any) -> PlateContent:
        token = "K7QX3M9T" + TOKENS[serial // 32] + TOKENS[serial % 32]
        texts = {
            "plate_id": token,
            "payload": make_payload("https://menpai.cn", token),
            "name": "中山中路",
            "pinyin": "ZHONGSHAN ZHONGLU",
            "number": str(serial + 1),
            "code": "3301061234567833",
            "authority": "杭州市上城区民政局",
            "note": "示例数据",
        }
        return PlateContent(**{**texts, **changes})

    return build
