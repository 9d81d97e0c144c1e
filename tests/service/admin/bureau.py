"""An officer at the desk of batches, as tests act in their name."""

from service.core.database import Database
from service.core.settings import Settings
from tests.factories.hosts import PUBLIC_URL
from tests.factories.staff import SignedIn, open_browser, sign_in

COUNTY = "330102000000"


def enter(street: Database, name: str) -> SignedIn:
    settings = Settings(
        batch_approval_above=2, operator="示例市地名管理部门", public_url=PUBLIC_URL
    )
    return sign_in(street, name, open_browser(street, settings))


def choose(officer: SignedIn, key: str = "once", **fields: str) -> str:
    """Send the form of a new batch; the path of the batch."""
    asked = {"name": "河坊街第一批", "request_key": key, "division": COUNTY} | fields
    answer = officer.post("/admin/batches/new", **asked)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def press(person: SignedIn, path: str, action: str) -> int:
    return int(person.post(f"{path}/{action}").status_code)
