"""The documents of a batch: manifest, verification report, proof sheet, and the ZIP of all."""

import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from address_model.codes import format_code
from qr.designs import get_design
from qr.fonts import Fonts
from qr.layout import PlateSpec, Series
from qr.proof_sheet import ProofSheet, Samples, SheetFile, choose_samples, write_proof_sheet
from qr.wear import WEARS
from service.batches.queries.batches import BatchRow, ItemRow
from service.batches.request import PrintOptions
from service.batches.verification import COLUMNS as CHECK_COLUMNS
from service.batches.verification import Verification
from service.core.files import FileStore
from service.core.sheets import write_rows

MANIFEST = ("manifest.csv", "manifest.xlsx")
VERIFICATION = ("verification.json", "verification.csv")
PROOF = "proof.pdf"
COLUMNS = (
    "序号", "地址编码", "地址", "样式", "宽(毫米)", "高(毫米)", "短码", "二维码内容", "版次",
    "代替的门牌", "文件", "页", "页内序号", "文件SHA-256",
)  # fmt: skip
_EPOCH = (1980, 1, 1, 0, 0, 0)
_NOTED = 40
"""How many left-out addresses the proof sheet names."""

_READABLE = 0o644 << 16


def folder_of(batch_id: int) -> str:
    """The folder of a batch in the file store."""
    return f"batches/{batch_id}"


def zip_name(batch_id: int) -> str:
    """The path of the ZIP for the maker, in the file store."""
    return f"{folder_of(batch_id)}/batch-{batch_id}.zip"


def write_lists(
    store: FileStore, batch: BatchRow, files: Sequence[dict[str, Any]], found: Verification
) -> None:
    """Write the manifest (CSV and XLSX) and the verification report (JSON and CSV)."""
    digests = {str(file["name"]): str(file["sha256"]) for file in files}
    made = [check.item for check in found.checks]
    with tempfile.TemporaryDirectory() as folder:
        for name in MANIFEST:
            with write_rows(Path(folder, name), COLUMNS) as sink:
                for item in made:
                    design = get_design(item.design)
                    wide, high = f"{design.face.width:g}", f"{design.face.height:g}"
                    sink.write([
                        item.place, item.code, item.text, design.title, wide, high,
                        item.token, f"{batch.payload_prefix}{item.token}",
                        "试印" if batch.is_trial else item.generation, item.replaces,
                        item.file, item.page, item.spot, digests[item.file],
                    ])  # fmt: skip
        with write_rows(Path(folder, VERIFICATION[1]), CHECK_COLUMNS) as sink:
            for check in found.checks:
                sink.write(check.cells)
        report = {
            "batch": batch.id,
            "name": batch.name,
            "listed": batch.plates,
            **found.report,
            "left_out": [
                {"code": item.code, "text": item.text, "reason": item.left_out}
                for item in found.left_out
            ],
            "files": [
                {k: v for k, v in file.items() if k not in ("read", "worn")} for file in files
            ],
        }
        Path(folder, VERIFICATION[0]).write_text(
            json.dumps(report, ensure_ascii=False, indent=2), encoding="utf-8"
        )
        for name in (*MANIFEST, *VERIFICATION):
            store.write(f"{folder_of(batch.id)}/{name}", Path(folder, name).read_bytes())


def write_proof(
    store: FileStore,
    batch: BatchRow,
    orders: Iterable[tuple[Sequence[PlateSpec], Series]],
    files: Sequence[dict[str, Any]],
    found: Verification,
    *,
    fonts: Fonts,
) -> None:
    """Write the proof sheet that the officer signs; ``orders`` are sample plates by design."""
    make = PrintOptions(**batch.print_options)  # type: ignore[arg-type]
    layout = "一页一块"
    if make.sheet is not None:
        layout = f"拼版 {make.width:g}×{make.height:g} mm，间距 {make.gap:g} mm"
    count, worn = len(found.checks), len(found.sample)
    facts = (
        ("批次", f"{batch.id}　{batch.name}"),
        ("数量", f"{count} 块（名单 {batch.plates} 处）"),
        ("区划", batch.division or "全域"),
        ("版面", layout + ("，带裁切标记" if make.marks else "")),
        ("经办", batch.author or "—"),
        ("审批", batch.approver or "免（未超过审批数量）"),
        ("二维码", f"{batch.payload_prefix}…"),
        ("重制原因", batch.reprint_reason or "—"),
        ("校验", f"{count} 块逐一读回，{len(found.failed)} 块不符"),
        ("抽检", f"{worn} 块经 {len(WEARS)} 种磨损，{len(found.worn_out)} 块有读不出"),
    )
    sheet = ProofSheet(
        title=f"门牌批次校样　{batch.name}",
        subtitle="请核对文字、拼音、尺寸与颜色；签字后将 ZIP 交制作单位。",
        facts=facts,
        samples=tuple(Samples(tuple(choose_samples(some)), series) for some, series in orders),
        files=tuple(
            SheetFile(str(f["name"]), int(f["plates"]), int(f["pages"]), str(f["sha256"]))
            for f in files
        ),
        notes=tuple(_notes(files, found.left_out)),
        opens=batch.opens,
        is_trial=batch.is_trial,
    )
    store.write(f"{folder_of(batch.id)}/{PROOF}", write_proof_sheet(sheet, fonts))


def _notes(files: Sequence[dict[str, Any]], left_out: Sequence[ItemRow]) -> Iterator[str]:
    """Notes on the proof sheet: characters set in the fallback font, addresses left out."""
    borrowed = "".join(sorted({one for file in files for one in str(file.get("borrowed", ""))}))
    if borrowed:
        yield f"生僻字「{borrowed}」没有粗黑体，已用较细的备用字体代替，请核对字形。"
    for item in left_out[:_NOTED]:
        yield f"未制作：{format_code(item.code)}　{item.left_out}"
    if len(left_out) > _NOTED:
        yield f"另有 {len(left_out) - _NOTED} 处未制作，见 verification.json"


def write_package(
    store: FileStore, batch_id: int, files: Sequence[dict[str, Any]]
) -> dict[str, object]:
    """Pack all files of a batch into one ZIP; the same files give the same bytes.

    Raises:
        ValueError: a file in the store has changed since it was proven.
    """
    names = [str(file["name"]) for file in files]
    digests = {str(file["name"]): str(file["sha256"]) for file in files}
    with (
        store.writing(zip_name(batch_id)) as target,
        ZipFile(target, "w") as archive,
    ):
        for name in (PROOF, *MANIFEST, *VERIFICATION, *names):
            data = store.read(f"{folder_of(batch_id)}/{name}")
            if name in digests and hashlib.sha256(data).hexdigest() != digests[name]:
                raise ValueError(f"{name} has changed in the store since it was proven")
            entry = ZipInfo(name, _EPOCH)
            entry.compress_type = ZIP_STORED if name.endswith((".pdf", ".xlsx")) else ZIP_DEFLATED
            entry.external_attr = _READABLE
            archive.writestr(entry, data)
    return {"zip": zip_name(batch_id), "files": len(names)}
