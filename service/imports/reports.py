"""The result of an import: counts and reasons, as text for the officer and as JSON."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from service.imports.headings import Columns
from service.imports.rules import Rule

_MOST_NOTES = 20
_MOST_ROWS = 8


@dataclass
class ImportReport:
    """The result of an import, and why rows were refused.

    ``new``, ``changed``, ``same`` and ``conflicts`` count addresses; a row that names several
    plates is ``expanded`` into several. ``waiting`` rows are kept until somebody decides whether
    two namesakes are one place; ``notes`` name places that were taken as one. ``taken`` counts
    rows accepted with reservations. ``parents`` are units, buildings and doors that were entered
    because rows lie in them. ``skipped`` are the rows that are no addresses, by kind.
    ``left_out`` names the columns that the register does not store.
    """

    rows: int = 0
    expanded: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    conflicts: int = 0
    errors: int = 0
    waiting: int = 0
    parents: int = 0
    warnings: int = 0
    reasons: Counter[Rule] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)
    skipped: dict[str, list[int]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """The number of rows that were not stored."""
        return self.conflicts + self.errors

    def as_values(self) -> dict[str, object]:
        """The report as one JSON object; reasons by the codes of their rules, most rows first."""
        return {
            "rows": self.rows,
            "expanded": self.expanded,
            "new": self.new,
            "changed": self.changed,
            "same": self.same,
            "conflicts": self.conflicts,
            "errors": self.errors,
            "waiting": self.waiting,
            "parents": self.parents,
            "warnings": self.warnings,
            "skipped": self.skipped,
            "reasons": [
                {"rule": rule, "rows": count, "reason": rule.summary, "reason_en": rule.english}
                for rule, count in self.reasons.most_common()
            ],
            "taken_with_notes": dict(self.taken.most_common()),
            "notes": self.notes,
            "left_out": self.left_out,
        }

    def as_lines(self, out: Path, *, dry_run: bool) -> list[str]:
        """The report for an officer; ``out`` is the file of refused rows."""
        would = "（试运行，没有入库）" if dry_run else ""
        lines = [
            f"共 {self.rows} 行{would}：新增 {self.new}，变更 {self.changed}，相同 {self.same}，"
            f"矛盾 {self.conflicts}，错误 {self.errors}，待定 {self.waiting}"
        ]
        for kind, rows in self.skipped.items():
            shown = "、".join(map(str, rows[:_MOST_ROWS])) + ("…" if len(rows) > _MOST_ROWS else "")
            lines.append(f"  跳过{kind} {len(rows)} 行（第 {shown} 行）")
        if self.waiting:
            lines.append(
                f"  {self.waiting} 行要等人定：两处同名的是不是一处，见 menpai placenames namesakes"
            )
        if self.expanded:
            lines.append(f"  {self.expanded} 行写了几块门牌，每块各成一个地址")
        if self.parents:
            lines.append(f"  另外登记了户室所在的单元、楼幢和门牌 {self.parents} 个")
        if self.warnings:
            lines.append(f"  {self.warnings} 个坐标在县界外 2 公里以内，照收并注明")
        lines += [f"  {line}" for line in self.left_out]
        counted = [f"{count} 行：{note}" for note, count in self.taken.most_common()]
        notes = [*counted, *self.notes]
        lines += [f"  注意 {note}" for note in notes[:_MOST_NOTES]]
        if len(notes) > _MOST_NOTES:
            lines.append(f"  还有 {len(notes) - _MOST_NOTES} 条，见 --json")
        lines += [f"  {count:>8}  {rule.summary}" for rule, count in self.reasons.most_common()]
        if self.refused:
            lines.append(f"退回的行，各有原因和改法：{out}")
        return lines


def list_left_out(columns: Columns) -> list[str]:
    """The columns of a list that the register does not store, in Chinese."""
    lines = [f"「{column}」一列没有入库" for column in columns.unknown]
    if "grid" in columns.by_field:
        column = columns.by_field["grid"]
        lines.append(f"「{column}」（网格）一列没有入库：网格按坐标挂接，不按清单的文字")
    return lines
