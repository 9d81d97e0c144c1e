"""Verification of a batch: every QR code read back from its file, a sample also after wear."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from address_model.codes import format_code
from qr.worn_proof import CONFIDENCE, SHARE, find_limit
from service.batches.queries.batches import BatchRow, ItemRow
from service.core.sheets import Cell
from service.runs.commands import RunBlocked

COLUMNS = ("短码", "地址编码", "文件", "应为", "读出", "抽检", "抽检未读项")
WEAR_NAMES = {
    "dirt": "污损", "fading": "褪色", "glare": "反光", "scratch": "划痕", "screw": "螺钉",
    "tilt": "斜看", "blur": "模糊", "together": "综合",
}  # fmt: skip
"""Chinese names of the kinds of wear in ``qr.wear``."""

_NAMED = 20
"""How many bad plates an error names."""


@dataclass(frozen=True, slots=True)
class Check:
    """One plate: the expected payload of its QR code, and the one read from its file.

    ``unread`` are the kinds of wear after which it could not be read; None outside the sample.
    """

    item: ItemRow
    expected: str
    read: str
    unread: tuple[str, ...] | None

    @property
    def cells(self) -> list[Cell]:
        """The row of the verification report."""
        sampled = "" if self.unread is None else "是"
        kinds = "、".join(WEAR_NAMES[kind] for kind in self.unread or ())
        item = self.item
        return [item.token, item.code, item.file, self.expected, self.read, sampled, kinds]


@dataclass(frozen=True, slots=True)
class Verification:
    """All plates of a batch, in plate order, and the addresses that were left out."""

    checks: tuple[Check, ...]
    left_out: tuple[ItemRow, ...]

    @property
    def failed(self) -> list[Check]:
        """Plates whose QR code reads as something else than expected, or not at all."""
        return [check for check in self.checks if check.read != check.expected]

    @property
    def sample(self) -> list[Check]:
        """Plates that were also read after simulated wear."""
        return [check for check in self.checks if check.unread is not None]

    @property
    def worn_out(self) -> list[Check]:
        """Plates of the sample that some kind of wear made unreadable."""
        return [check for check in self.checks if check.unread]

    @property
    def report(self) -> dict[str, object]:
        """The numbers of the verification report."""
        unread = Counter(kind for check in self.worn_out for kind in check.unread or ())
        return {
            "decoded": sum(bool(check.read) for check in self.checks),
            "failed": len(self.failed),
            "worn": {
                "tried": len(self.sample),
                "with_a_failure": len(self.worn_out),
                "unread_after": dict(sorted(unread.items())),
                "blocks_from": find_limit(len(self.sample)),
                "share": SHARE,
                "confidence": CONFIDENCE,
            },
        }


def verify_batch(
    batch: BatchRow, items: Sequence[ItemRow], files: Sequence[dict[str, Any]]
) -> Verification:
    """Compare what was read from the files with the expected payloads of a batch."""
    read = {token: text for file in files for token, text in file["read"].items()}
    worn = {token: tuple(kinds) for file in files for token, kinds in file["worn"].items()}
    checks = tuple(
        Check(
            item,
            f"{batch.payload_prefix}{item.token}",
            read.get(item.token or "", ""),
            worn.get(item.token or ""),
        )
        for item in items
        if item.file
    )
    return Verification(checks, tuple(item for item in items if item.left_out))


def require_sound(found: Verification) -> None:
    """Block a batch with a misread plate, or with a sample that fails after wear.

    One misread plate is enough. Unreadable after wear must be so many of the sample that more than
    ``SHARE`` of all plates would fail, at ``CONFIDENCE``.

    Raises:
        RunBlocked: the batch fails; names the plates.
    """
    if found.failed:
        raise RunBlocked(
            f"{len(found.failed)} 块门牌的二维码与登记不一致：{_name_plates(found.failed)}",
            hint="取消本批次，重新选择后再制作",
        )
    limit = find_limit(len(found.sample))
    if len(found.worn_out) >= limit:
        raise RunBlocked(
            f"抽检 {len(found.sample)} 块，磨损后读不出 {len(found.worn_out)} 块，"
            f"达到 {limit} 块即停：{_name_plates(found.worn_out)}",
            hint="换用二维码更大的样式，或使用更短的域名，重新选择后再制作",
        )


def _name_plates(checks: Sequence[Check]) -> str:
    names = []
    for check in checks[:_NAMED]:
        kinds = "、".join(WEAR_NAMES[kind] for kind in check.unread or ())
        name = f"{format_code(check.item.code)} {check.item.text}"
        names.append(f"{name}（{kinds}）" if kinds else name)
    return "；".join(names) + (" 等" if len(checks) > _NAMED else "")
