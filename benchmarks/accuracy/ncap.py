"""Measures the parser on the hand-labelled sentences of NCAP (Li et al., NAACL 2019)."""

import gzip
import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from address_model.gazetteer import Gazetteer
from address_model.parsing import Element, parse
from benchmarks.accuracy.scoring import Score, Span

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Mapping:
    """The mapping of our levels to NCAP labels; see ``ncap.toml``."""

    places: tuple[str, ...]
    labels: dict[str, str]
    lane: dict[str, str]
    after: frozenset[str]
    either: frozenset[str]

    def spans(self, elements: Iterable[Element], wanted: set[Span]) -> set[Span]:
        """Return our elements as labelled spans, in the wanted label where either is accepted."""
        spans: set[Span] = set()
        elements = [e for e in elements if e.text]
        lane_open = False
        before = ""
        for index, element in enumerate(elements):
            label = self.labels.get(element.level, "")
            if element.level == "lane" and self._number_follows(elements[index + 1 :]):
                label, lane_open = self.lane["lane"], True
            elif element.level == "number" and lane_open:
                label = self.lane["number"]
            elif element.level == "number" and before in self.after:
                for other in self.either:
                    if (other, element.start, element.end) in wanted:
                        label = other
            if label:
                spans.add((label, element.start, element.end))
            before = element.level
        return spans

    def _number_follows(self, rest: list[Element]) -> bool:
        return any(element.level == "number" for element in rest)


def load_mapping(*, every_label: bool = False) -> Mapping:
    """Read ``ncap.toml``; optionally map the whole label set instead of ten labels."""
    data: dict[str, Any] = tomllib.loads((HERE / "ncap.toml").read_text(encoding="utf-8"))
    labels = data["ten"] | data["all"] if every_label else data["ten"]
    either = data["either"]
    return Mapping(
        tuple(data["places"]), labels, data["lane"], frozenset(either["after"]),
        frozenset(either["labels"]),
    )  # fmt: skip


def read_sentences(path: Path, places: tuple[str, ...]) -> list[tuple[str, set[Span]]]:
    """Return text and labelled spans of the sentences that name one of the places."""
    sentences = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if any(place in row["text"] for place in places):
                sentences.append((row["text"], _labelled(row)))
    return sentences


def _labelled(row: dict[str, Any]) -> set[Span]:
    spans: set[Span] = set()
    at = 0
    for label, text in row["spans"]:
        start = row["text"].index(text, at)
        at = start + len(text)
        spans.add((label.lower(), start, at))
    return spans


def measure(path: Path, gazetteer: Gazetteer, *, every_label: bool = False) -> Score:
    """Score the parser on one file."""
    mapping = load_mapping(every_label=every_label)
    labels = set(mapping.labels.values())
    score = Score()
    for text, spans in read_sentences(path, mapping.places):
        wanted = {span for span in spans if every_label or span[0] in labels}
        score.add(wanted, mapping.spans(parse(text, gazetteer).elements, wanted), text)
    return score
