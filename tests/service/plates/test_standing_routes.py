"""What a maintenance program is told of plates that do not stand to their address."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.addresses.commands import correct_address, retire_address
from service.addresses.queries import AddressRow, get_address
from service.app import create_app
from service.auth.permissions import Permission
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.core.settings import Settings
from service.plates.commands import follow_addresses
from service.plates.queries import get_plate
from tests.database import migrated_database
from tests.factories import make_draft, make_place
from tests.factories.plates import make_plates
from tests.factories.programs import make_program


@pytest.fixture
def sound_other_ended(tmp_path: Path) -> Iterator[tuple[TestClient, list[str]]]:
    """Three plates that wait to be hung: of a sound, a corrected and an ended address."""
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            place = make_place(session)
            tokens = make_plates(session, 3, place=place)
            before: list[AddressRow] = [
                get_address(session, get_plate(session, token).code) for token in tokens
            ]
            correct_address(session, before[1], make_draft(place, "29"), ME)
            retire_address(session, before[2].code, ME, reason="拆除")
            follow_addresses(session, before, ME)
            needed = (Permission.PLATES_READ, Permission.PLATES_INSTALL)
            key = make_program(session, "maintenance", needed, "330102")
        headers = {"Authorization": f"Bearer {key}"}
        with TestClient(create_app(database, Settings(home=tmp_path)), headers=headers) as client:
            yield client, tokens
        database.dispose()


def test_a_program_is_told_before_it_hangs_a_plate_and_stopped(
    sound_other_ended: tuple[TestClient, list[str]],
) -> None:
    client, tokens = sound_other_ended
    seen = [client.get(f"/api/v1/plates/{token}").json() for token in tokens]
    assert [one["standing"] for one in seen] == ["sound", "other_text", "address_ended"]
    assert [one["printed_text"] for one in seen] == [None, "河坊街2号", None]

    def hang(token: str, **more: object) -> tuple[int, str]:
        body = {"id": "e-1", "kind": "installed"} | more
        sent = client.post(f"/api/v1/plates/{token}/events", json=body)
        return sent.status_code, sent.json().get("detail", "")

    assert hang(tokens[0]) == (201, "")
    assert hang(tokens[1]) == (409, "文字不符：牌上是“河坊街2号”，地址现在是“河坊街29号”")
    assert hang(tokens[1], accepts_text=True) == (201, "")
    status, why = hang(tokens[2])
    assert (status, "已终止（消亡，原因：拆除）" in why) == (409, True)
    assert hang(tokens[2], accepts_text=True)[0] == 409
    assert hang(tokens[2], kind="taken_down")[0] == 201
    assert hang(tokens[0], kind="taken_down", id="e-2")[0] == 409
