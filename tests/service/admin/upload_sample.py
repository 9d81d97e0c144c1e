"""An uploaded list as the routes of imports need one, in the state that a step asks for."""

from itertools import count

from sqlalchemy import select

from address_model.tables import ListUpload, ListUploadRow, StaffAccount
from service.approvals.commands import request_approval
from service.approvals.drafts import Author, RequestDraft
from service.auth.permissions import Role
from service.auth.queries import has_accounts
from service.core.actor import COMMAND_LINE
from service.imports.commands.upload_review import KIND
from service.imports.row_log import RowOutcome
from service.imports.uploads.queries import get_upload
from service.imports.uploads.reading import Found
from tests.factories.batches import make_member
from tests.factories.office import COUNTIES, Office, insert_account

NUMBERS = count(1)
_CHECKED = {"rows": 1, "counts": dict.fromkeys(RowOutcome, 0), "warning": "", "notes": []}


def make_upload(office: Office, side: str, state: str = "read") -> dict[str, str]:
    """An uploaded list whose file is lost, with a row that is in order."""
    with office.database.session() as session:
        if not has_accounts(session):
            insert_account(session, "uploader", Role.OFFICER, COUNTIES["own"])
        account = session.scalars(select(StaffAccount.id).limit(1)).one()
        if state == "awaiting":
            name = f"uploader-{next(NUMBERS)}"
            author = make_member(session, name, Role.OFFICER, division=COUNTIES[side])
            account = author.account_id
        held = ListUpload(
            account_id=account,
            division=COUNTIES[side],
            file_name="登记表.csv",
            size=1,
            sha256="0" * 64,
            source="登记表",
            columns={},
            reading=Found(heading="1").as_values(),
            result=_CHECKED if state != "read" else {},
            state=state,
        )
        session.add(held)
        session.flush()
        session.add(ListUploadRow(upload_id=held.id, number=2, part=0, outcome="new"))
        if state == "awaiting":
            session.flush()
            digest = get_upload(session, held.id).digest
            draft = RequestDraft(KIND, str(held.id), held.division, 1, digest)
            asking = Author(COMMAND_LINE, held.account_id)
            request_approval(session, draft, asking, approval_above=0)
        return {"number": str(held.id), "row": "2"}
