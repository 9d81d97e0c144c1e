"""Precision, recall and F1 of labelled spans, and the confusions between them."""

from collections import Counter
from dataclasses import dataclass, field

Span = tuple[str, int, int]


@dataclass
class Score:
    """Counts of spans by label: correct, given, wanted."""

    right: Counter[str] = field(default_factory=Counter)
    given: Counter[str] = field(default_factory=Counter)
    wanted: Counter[str] = field(default_factory=Counter)
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)
    samples: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def add(self, wanted: set[Span], given: set[Span], text: str) -> None:
        """Count one sentence; a span is correct if label, start and end agree."""
        for label, _, _ in wanted & given:
            self.right[label] += 1
        for label, _, _ in given:
            self.given[label] += 1
        for label, _, _ in wanted:
            self.wanted[label] += 1
        for kind, found in _confusions(wanted - given, given - wanted, text):
            self.confusions[kind] += 1
            self.samples.setdefault(kind, []).append(found)

    def f1(self, label: str | None = None) -> tuple[float, float, float]:
        """Precision, recall and F1 in percent, of one label or of all together."""
        if label is None:
            right, given, wanted = (sum(c.values()) for c in (self.right, self.given, self.wanted))
        else:
            right, given, wanted = self.right[label], self.given[label], self.wanted[label]
        precision = 100 * right / given if given else 0.0
        recall = 100 * right / wanted if wanted else 0.0
        both = precision + recall
        return precision, recall, 2 * precision * recall / both if both else 0.0

    def table(self) -> str:
        """One line per label, then the total."""
        lines = [f"{'label':<12}{'P':>7}{'R':>7}{'F1':>7}{'spans':>7}"]
        for label in [*self.wanted, None]:
            precision, recall, f1 = self.f1(label)
            count = self.wanted[label] if label else sum(self.wanted.values())
            name = label or "together"
            lines.append(f"{name:<12}{precision:7.2f}{recall:7.2f}{f1:7.2f}{count:7}")
        return "\n".join(lines)


def _confusions(
    missed: set[Span], invented: set[Span], text: str
) -> list[tuple[tuple[str, str], str]]:
    """Pair each missed span with the wrong spans that overlap it."""
    found = []
    paired: set[Span] = set()
    for label, start, end in sorted(missed, key=lambda span: span[1]):
        overlaps = [span for span in invented if span[1] < end and span[2] > start]
        paired.update(overlaps)
        names = sorted(f"{other} {_shift(start, end, s, e)}" for other, s, e in overlaps) or [
            "nothing"
        ]
        shown = " + ".join(f"{text[s:e]}/{other}" for other, s, e in sorted(overlaps))
        found.append(
            ((label, " + ".join(names)), f"{text[start:end]}/{label} read {shown or '-'} in {text}")
        )
    found += [
        (("nothing", label), f"read {text[start:end]}/{label} in {text}")
        for label, start, end in invented - paired
    ]
    return found


def _shift(start: int, end: int, other_start: int, other_end: int) -> str:
    if (start, end) == (other_start, other_end):
        return "same span"
    left = "begins early" if other_start < start else "begins late" if other_start > start else ""
    right = "ends late" if other_end > end else "ends early" if other_end < end else ""
    return " ".join(part for part in (left, right) if part)
