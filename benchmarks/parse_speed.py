"""Measures how many address texts a second one core parses, beside JioNLP and cpca if installed.

Run: ``.venv/bin/python -m benchmarks.parse_speed [--seconds 3]``. The texts are the real ones of
``../shared/data`` beside the repository, or standard texts of the register when it is absent.
"""

import argparse
import importlib
import statistics
import time
from collections.abc import Callable
from itertools import cycle, islice

from address_model.gazetteer import Gazetteer, load_gazetteer
from address_model.normalising import normalise
from address_model.parsing import parse
from benchmarks.accuracy.real_data import find_data, read_addresses

ROUNDS = 5


def main() -> None:
    """Print texts a second: median and best of the rounds, processor time only."""
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
    """Every 18th real address, or standard texts made from the register."""
    path = find_data("addresses/zj_enterprise_addresses_1980_2004.csv.gz")
    if path is not None:
        return read_addresses(path)[::18]
    names = [d for d in gazetteer.divisions.values() if d.level == "community"]
    return [
        "".join(filter(None, (a.name if a else "" for a in d.lineage))) + f"{d.name}{n % 90}号"
        for n, d in enumerate(names[::6])
    ]


def rate(name: str, read: Callable[[str], object], texts: list[str], seconds: float) -> float:
    """Print and return the median rate of the rounds."""
    for text in texts[:200]:
        read(text)
    rates = []
    for _ in range(ROUNDS):
        count = 0
        started = time.process_time()
        while (spent := time.process_time() - started) < seconds:
            for text in islice(cycle(texts), count % len(texts), count % len(texts) + 200):
                read(text)
            count += 200
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
