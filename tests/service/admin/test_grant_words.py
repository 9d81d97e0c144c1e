"""The words of grants: one for each permission that a program can have, offered if a call asks."""

from service.admin.clients.grant_words import OFFERED, PERMISSION_WORDS
from service.auth.permissions import PROGRAM_PERMISSIONS
from tests.service.test_grant_matrix import GRANTED


def test_every_permission_of_programs_has_words_of_its_own() -> None:
    assert PERMISSION_WORDS.keys() == PROGRAM_PERMISSIONS
    assert len(set(PERMISSION_WORDS.values())) == len(PERMISSION_WORDS)


def test_the_desk_offers_what_calls_ask_for() -> None:
    offered = {**OFFERED.common, **OFFERED.others}
    assert set(GRANTED.values()) <= offered.keys()
    assert offered.items() <= PERMISSION_WORDS.items()
