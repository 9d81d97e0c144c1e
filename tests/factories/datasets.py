"""Datasets marked as examples: 基本情况 for everybody, 消防钥匙箱 for those on duty."""

from dataclasses import replace
from itertools import count

from sqlalchemy import update
from sqlalchemy.orm import Session

from address_model.datasets.definition import DatasetDefinition, DatasetState
from address_model.datasets.fields import DatasetField, ValueType
from address_model.sensitivity import FieldClass
from address_model.tables import Dataset
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.datasets.commands import push_rows, register_dataset, submit_dataset
from service.datasets.pushed_rows import PushedRows, read_pushed_bytes
from tests.factories.batches import make_member
from tests.factories.office import COUNTIES, Office

BUILT = DatasetField(
    "built_in", "建成年份", ValueType.YEAR, FieldClass.PUBLIC, label_en="Year of construction"
)
FLOORS = DatasetField(
    "floors", "层数", ValueType.INTEGER, FieldClass.PUBLIC, minimum=1, maximum=120, unit="层"
)
USE = DatasetField(
    "main_use", "用途", ValueType.CHOICE, FieldClass.PUBLIC, words=("住宅", "商业", "办公", "其他")
)
BOX = DatasetField(
    "box",
    "钥匙箱编号",
    ValueType.CODE,
    FieldClass.INTERNAL,
    roles=("officer",),
    pattern="XF-[0-9]{4}",
)
PLACE = DatasetField(
    "place", "位置", ValueType.TEXT, FieldClass.REGISTER, roles=("officer", "grid_worker")
)
FACTS = DatasetDefinition(
    "演示：基本情况", "示例住建局", fields=(BUILT, FLOORS, USE), is_sample=True
)
KEY_BOX = DatasetDefinition("演示：消防钥匙箱", "示例消防站", fields=(BOX, PLACE), is_sample=True)


def make_dataset(
    session: Session,
    definition: DatasetDefinition = FACTS,
    *,
    division: str = "",
    state: DatasetState = DatasetState.APPROVED,
    code_hosts: tuple[str, ...] = (),
) -> int:
    """A dataset in a state, as if a second person had approved it."""
    number = register_dataset(session, division, definition, COMMAND_LINE, code_hosts=code_hosts)
    session.execute(update(Dataset).where(Dataset.id == number).values(state=state))
    return number


def read_lines(definition: DatasetDefinition, *lines: str) -> PushedRows:
    """Rows of a CSV file, its headings first."""
    return read_pushed_bytes("\n".join([*lines, ""]).encode(), ".csv", definition.fields)


_numbers = count(1)


def make_draft_dataset(office: Office, side: str) -> dict[str, str]:
    """A draft of a county of the office."""
    with office.database.session() as session:
        named = replace(FACTS, name=f"演示：基本情况 {next(_numbers)}")
        number = make_dataset(session, named, division=COUNTIES[side], state=DatasetState.DRAFT)
    return {"number": str(number), "push": "0"}


def make_submitted_dataset(office: Office, side: str) -> dict[str, str]:
    """One that somebody else has submitted."""
    made = make_draft_dataset(office, side)
    with office.database.session() as session:
        name = f"submitter-{next(_numbers)}"
        author = make_member(session, name, Role.OFFICER, division=COUNTIES[side])
        submit_dataset(session, int(made["number"]), author, seen=None)
    return made


def make_pushed_dataset(office: Office, side: str) -> dict[str, str]:
    """One with a push of a row at the office's address, and of one that was refused."""
    made = make_draft_dataset(office, side)
    rows = read_lines(FACTS, "code,built_in", f"{office.codes[side]},1998", "1234,1998")
    with office.database.session() as session:
        report = push_rows(session, int(made["number"]), rows, COMMAND_LINE)
    return made | {"push": str(report.push)}
