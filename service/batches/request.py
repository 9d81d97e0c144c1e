"""The request for a batch: which addresses, which design, on which sheets."""

import hashlib
from dataclasses import asdict, dataclass, field

import orjson

from address_model.lifecycle import GONE, AddressStatus
from qr.designs import get_design
from qr.imposition import Sheet, make_grid
from service.core.errors import BadRequest
from service.plates.host_length import require_host_fits
from service.plates.print_content import AUTO

LARGEST = 200_000
"""The most addresses that one batch may have."""

PER_FILE = 500


@dataclass(frozen=True, slots=True)
class Selection:
    """Selects addresses by division (a prefix of its code), by street, or by code.

    All criteria given must hold; ``statuses`` are states of addresses. A reprint selects only
    addresses that have a plate, any other batch only those that have none.
    """

    division: str = ""
    street: str = ""
    codes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ("active",)
    reprint: bool = False


@dataclass(frozen=True, slots=True)
class PrintOptions:
    """How files are made: sheet size in mm (0: one plate per page), crop marks, plates per file.

    ``per_file`` is rounded down to whole sheets.
    """

    width: float = 0.0
    height: float = 0.0
    margin: float = 15.0
    gap: float = 6.0
    marks: bool = False
    per_file: int = PER_FILE
    authority: str = ""

    @property
    def sheet(self) -> Sheet | None:
        """The maker's sheet, or None for one plate per page."""
        if not self.width:
            return None
        return Sheet(self.width, self.height, self.margin, self.gap)

    def plates_in_file(self, design: str) -> int:
        """How many plates of a design go into one file: whole sheets, at least one."""
        grid = make_grid(get_design(design).face, self.sheet, marks=self.marks)
        return max(self.per_file // len(grid.faces), 1) * len(grid.faces)


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """A batch as an officer asks for it.

    Raises:
        BadRequest: the name or the selection is empty, plates are not made for a state given, a
            reprint has no reason, ``per_file`` is out of range, or the host is too long for the
            design.
    """

    name: str
    payload_prefix: str
    design: str = AUTO
    choice: Selection = field(default_factory=Selection)
    make: PrintOptions = field(default_factory=PrintOptions)
    reprint_reason: str = ""
    is_trial: bool = False

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise BadRequest(
                "a batch needs a name",
                hint="for example 河坊街 2026 第一批",
                zh="请填批次名称，例如：河坊街 2026 年第一批。",
            )
        if not (self.choice.division or self.choice.codes):
            raise BadRequest(
                "no addresses are selected",
                hint="give a division or a list of codes",
                zh="还没有选地址：请填区划，或者给出编码名单。",
            )
        if self.choice.reprint != bool(self.reprint_reason.strip()):
            raise BadRequest(
                "a reprint needs a reason, and only a reprint has one",
                hint="say why the plates are made again",
                zh="重新制作已有的门牌，要写明原因。",
            )
        for status in self.choice.statuses:
            if status in GONE or status not in set(AddressStatus):
                raise BadRequest(
                    f"plates are not made for addresses in the state {status!r}",
                    hint="use planned, active, frozen or to_replace",
                    zh="替换、消亡、无效的地址不能制作门牌。",
                )
        if not 1 <= self.make.per_file <= 2000:
            raise BadRequest(
                f"{self.make.per_file} plates per file is out of range",
                hint="use 1 to 2,000",
                zh="每个文件 1 至 2,000 块。",
            )
        require_host_fits(self.payload_prefix, self.design)

    @property
    def digest(self) -> str:
        """The SHA-256 of all fields, in hex."""
        return hashlib.sha256(orjson.dumps(asdict(self))).hexdigest()
