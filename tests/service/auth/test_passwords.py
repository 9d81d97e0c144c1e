import pytest

from service.auth.passwords import draw_password, require_good
from service.core.errors import BadRequest

TRIED_FIRST = """
P@ssw0rd2026 Passw0rd!! password12 admin@12345 Menpai@2026 qwertyuiop 1qaz2wsx3edc iloveyou520
woaini1314 5201314520 a123456789 zw19900101 ZW_19900101 19900101zw 13800001111 2026-11-30
hangzhou2026! zhejiang123 Wangge@2026 abcabcabcabc abcdefghijk 1111122222 ｐａｓｓｗｏｒｄ１２
"""
GOOD = [
    "河坊街上的七把雨伞都开",
    "correct horse battery staple",
    "西湖断桥残雪2026",
    "kx7-mmq2-wpz",
]


@pytest.mark.parametrize("password", TRIED_FIRST.split())
def test_what_guessers_try_first_is_refused(password: str) -> None:
    with pytest.raises(BadRequest, match="easy to guess"):
        require_good(password, "li.na")


def test_what_nobody_tries_is_taken() -> None:
    for password in [*GOOD, *(draw_password() for _ in range(200))]:
        require_good(password, "li.na")


def test_neither_the_own_name_nor_a_short_one_is_taken() -> None:
    for password in ("wo shi li.na ya", "短短的", "x" * 129):
        with pytest.raises(BadRequest):
            require_good(password, "li.na")
