import pytest
from sqlalchemy.orm import Session

from service.audit.queries import verify_chain
from service.core.actor import COMMAND_LINE as ME
from service.core.database import finish
from service.core.errors import BadRequest, DivisionNotFound
from service.divisions.commands import set_imprint
from service.divisions.imprints import Imprint
from service.divisions.queries import Imprints, get_division
from tests.factories import make_place

COUNTY, TOWNSHIP = "330102000000", "330102001000"


def test_an_imprint_is_inherited_by_divisions_without_one(session: Session) -> None:
    make_place(session)
    township = get_division(session, TOWNSHIP).id
    assert Imprints(session).of(township) == Imprint()
    set_imprint(session, COUNTY, Imprint("示例区地名办公室监制", "310002"), ME)
    assert Imprints(session).of(township) == Imprint("示例区地名办公室监制", "310002")
    set_imprint(session, TOWNSHIP, Imprint(postcode="310009"), ME)
    assert Imprints(session).of(township) == Imprint("示例区地名办公室监制", "310009")
    assert Imprints(session).of_code(COUNTY).postcode == "310002"
    set_imprint(session, COUNTY, Imprint(), ME)
    assert Imprints(session).of(township) == Imprint("", "310009")


def test_setting_an_imprint_is_audited(session: Session) -> None:
    make_place(session)
    set_imprint(session, "上城区", Imprint("示例区地名办公室监制"), ME)
    finish(session)
    assert verify_chain(session).entries >= 1


def test_an_imprint_of_an_unknown_division_is_refused(session: Session) -> None:
    with pytest.raises(DivisionNotFound):
        set_imprint(session, "999999000000", Imprint("示例"), ME)


@pytest.mark.parametrize(
    "given", [("", "31000"), ("", "31000a"), ("", "３１０００２"), ("示" * 21, "")]
)
def test_an_imprint_that_fits_no_plate_is_refused(given: tuple[str, str]) -> None:
    with pytest.raises(BadRequest):
        Imprint(*given)
