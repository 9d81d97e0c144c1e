"""Prints the accuracy figures of the parser: NCAP by level, prefectures inferred, hard strings.

Run: ``.venv/bin/python -m benchmarks.accuracy [--train] [--confusions 50]``.
"""

import argparse

from address_model.gazetteer import Gazetteer, load_gazetteer
from benchmarks.accuracy import ccks, nasty, ncap, prefectures
from benchmarks.accuracy.real_data import find_data


def main() -> None:
    """Print every figure whose data is available."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--train", action="store_true", help="measure on the train sentences")
    options.add_argument("--confusions", type=int, default=50, help="how many to print")
    chosen = options.parse_args()
    gazetteer = load_gazetteer()
    _print_ncap(gazetteer, "train" if chosen.train else "dev", chosen.confusions)
    _print_prefectures(gazetteer)
    _print_nasty(gazetteer)
    _print_pairs(gazetteer)


def _print_pairs(gazetteer: Gazetteer) -> None:
    path = find_data("corpora/ccks2021_match/round2_train.jsonl.gz")
    if path is None:
        print("the CCKS2021 pairs are not on this machine")
        return
    print("\nCCKS2021 pairs (train part), decided by comparing two parses")
    for line in ccks.measure(path, gazetteer).lines():
        print(line)


def _print_ncap(gazetteer: Gazetteer, part: str, confusions: int) -> None:
    path = find_data(f"corpora/ncap_naacl2019/{part}.jsonl.gz")
    if path is None:
        print("NCAP is not on this machine")
        return
    score = ncap.measure(path, gazetteer)
    print(f"NCAP {part}, sentences that name Zhejiang, ten levels\n{score.table()}\n")
    every = ncap.measure(path, gazetteer, every_label=True)
    print("NCAP {}, the whole label set: P {:.2f} R {:.2f} F1 {:.2f}\n".format(part, *every.f1()))
    for (wanted, read), count in score.confusions.most_common(confusions):
        print(f"{count:5}  {wanted} read as {read}: {score.samples[wanted, read][0]}")
    print()


def _print_prefectures(gazetteer: Gazetteer) -> None:
    path = find_data("addresses/zj_enterprise_addresses_1980_2004.csv.gz")
    if path is None:
        print("the enterprise addresses are not on this machine")
        return
    print("Prefecture inferred for addresses that name none")
    for group in prefectures.measure(path, gazetteer):
        print(group.line())
    print()


def _print_nasty(gazetteer: Gazetteer) -> None:
    path = find_data("nasty.txt")
    if path is None:
        print("nasty.txt is not on this machine")
        return
    outcomes = nasty.measure(path, gazetteer)
    verdicts = sum(outcome.verdict_is_right for outcome in outcomes)
    whole = sum(outcome.whole_is_right for outcome in outcomes)
    print(f"Hard strings: verdict {verdicts} of {len(outcomes)}, whole line {whole}")
    for outcome in outcomes:
        if not outcome.whole_is_right:
            wrong = "; ".join(outcome.wrong)
            print(f"  {outcome.line.verdict}/{outcome.verdict} {outcome.line.text}: {wrong}")


if __name__ == "__main__":
    main()
