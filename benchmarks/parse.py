"""Measures address texts parsed per second on one core, beside JioNLP and cpca if installed.

Run: ``.venv/bin/python -m benchmarks.parse [--seconds 3]``. The texts are the real ones of
``../shared/data`` beside the repository, or standard texts of the register when it is absent:
distinct, in random order, and each round reads others, as long as they last.
"""

import argparse
import importlib
import random
import statistics
import time
from collections.abc import Callable
from itertools import cycle, islice

from address_model.gazetteer import Gazetteer, load_gazetteer
from address_model.normal_form import normalise
from address_model.parsing import parse
from benchmarks.accuracy.real_data import find_data, read_addresses

ROUNDS = 5
BEFORE = 200
"""Number of warm-up texts."""
CHUNK = 100


def main() -> None:
    """Print texts per second: median and best of the rounds, processor time only."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=1.0, help="length of a round")
    seconds = options.parse_args().seconds
    started = time.perf_counter()
    gazetteer = load_gazetteer()
    print(f"gazetteer loaded in {time.perf_counter() - started:.2f} s")
    texts = sample_texts(gazetteer)
    mean = statistics.mean(map(len, texts))
    print(f"{len(texts)} texts, {mean:.1f} characters on average")
    ours = rate("menpai parse", lambda text: parse(text, gazetteer), texts, seconds)
    rate("menpai normalise", normalise, texts, seconds)
    for name, load in (("jionlp", _jionlp), ("cpca", _cpca)):
        read = load()
        if read is None:
            print(f"{name}: not installed")
            continue
        theirs = rate(name, read, texts[:2000], seconds)
        print(f"{'':<18}menpai is {ours / theirs:.1f} times as fast")


def sample_texts(gazetteer: Gazetteer) -> list[str]:
    """Every real address once, or standard texts made from the register, in random order."""
    path = find_data("addresses/zj_enterprise_addresses_1980_2004.csv.gz")
    if path is not None:
        texts = list(dict.fromkeys(read_addresses(path)))
    else:
        names = [d for d in gazetteer.divisions.values() if d.level == "community"]
        texts = [
            "".join(a.name for a in d.lineage if a) + f"{d.name}{n % 90}号"
            for n, d in enumerate(names)
        ]
    random.Random(3).shuffle(texts)
    return texts


def rate(name: str, read: Callable[[str], object], texts: list[str], seconds: float) -> float:
    """Print and return the median rate of the rounds."""
    source = cycle(texts)
    for text in islice(source, BEFORE):
        read(text)
    rates = []
    for _ in range(ROUNDS):
        count = 0
        started = time.process_time()
        while (spent := time.process_time() - started) < seconds:
            for text in islice(source, CHUNK):
                read(text)
            count += CHUNK
        rates.append(count / spent)
    median = statistics.median(rates)
    print(f"{name:<18}{median:10,.0f} texts/s (best round {max(rates):,.0f})")
    return median


def _jionlp() -> Callable[[str], object] | None:
    try:
        module = importlib.import_module("jionlp")
    except ImportError:
        return None
    read: Callable[[str], object] = module.parse_location
    return read


def _cpca() -> Callable[[str], object] | None:
    try:
        module = importlib.import_module("cpca")
    except ImportError:
        return None
    return lambda text: module.transform([text])


if __name__ == "__main__":
    main()
