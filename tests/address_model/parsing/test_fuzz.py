"""Random texts for many minutes: a parse never raises, and answers in a bounded time."""

import random
import time
from itertools import pairwise

import pytest

from address_model.gazetteer import load_gazetteer
from address_model.normal_form import MAX_CHARACTERS, normalise
from address_model.parsing import parse
from benchmarks.accuracy.real_data import find_data, read_addresses

pytestmark = pytest.mark.drill
GAZETTEER = load_gazetteer()
SECONDS, ANSWER_S = 300, 0.050
SIGNS = (
    "号弄幢栋座室楼层单元路街巷村社区镇乡县市省之附临甲乙-、,.;和及至到#()0123456789一二十百ABab"
    " 旁对面"
)


def random_text(chance: random.Random, known: list[str]) -> str:
    """Signs of addresses, pieces of real ones, or any characters; now and then ten thousand."""
    length = chance.choice((3, 8, 20, 60)) if chance.random() < 0.99 else MAX_CHARACTERS
    kind = chance.random()
    if kind < 0.4:
        return "".join(chance.choices(SIGNS, k=length))
    if kind < 0.8:
        texts = (chance.choice(known) for _ in range(max(1, length // 12)))
        return "".join(text[: chance.randrange(len(text) + 1)] for text in texts)
    planes = (0x20, 0x3000, 0x4E00, 0x20000, 0x1F300)
    return "".join(chr(chance.choice(planes) + chance.randrange(400)) for _ in range(length))


def best_of_three(text: str) -> float:
    """The time of a text when nothing else disturbs it."""
    times = []
    for _ in range(3):
        started = time.process_time()
        parse(text, GAZETTEER)
        times.append(time.process_time() - started)
    return min(times)


def test_random_texts_never_raise_and_answer_in_fifty_milliseconds() -> None:
    path = find_data("addresses/zj_enterprise_addresses_1980_2004.csv.gz")
    known = read_addresses(path) if path else list(GAZETTEER.forms)
    chance, slow, longest = random.Random(2026), [], 0.0
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        text = random_text(chance, known)
        started = time.process_time()
        elements = parse(text, GAZETTEER).elements
        took = time.process_time() - started
        longest = max(longest, took)
        if took > ANSWER_S and best_of_three(text) > ANSWER_S:
            slow.append(text)
        assert all(text[e.start : e.end] == e.text != "" for e in elements), text
        assert all(one.end <= other.start for one, other in pairwise(elements)), text
        normal = normalise(text).text
        assert normalise(normal).text == normal, text
    assert slow == [], f"{len(slow)} texts take longer than 50 ms; the longest took {longest:.3f} s"
