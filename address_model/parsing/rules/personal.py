"""Telephone and identity numbers and postcodes in a text: never an element, and said so."""

from address_model.parsing.draft import Draft
from address_model.personal_numbers import find_personal_numbers

SIGNS = frozenset("0123456789")


def read_personal_numbers(draft: Draft) -> None:
    """Put numbers of persons aside."""
    for number in find_personal_numbers(draft.text):
        draft.put_aside(number.start, number.end)
        draft.reasons.append(f"原文含{number.kind}，不属于地址，已略去")
