"""Programs of departments: their keys, revoked, expired and rotated ones."""

from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from address_model.tables import ClientKey
from service.auth import commands, queries
from service.auth.keys import ApiKey, draw_key, find_key
from service.auth.permissions import Permission
from service.core.actor import COMMAND_LINE as ME
from service.core.clock import now_utc
from service.core.errors import BadRequest, Conflict, Outdated
from tests.factories.programs import grant_program


def name_of(session: Session, key: ApiKey) -> str | None:
    found = queries.find_program(session, key)
    return found.name if found else None


def test_a_key_leads_to_its_client(session: Session) -> None:
    police, post = (commands.create_client(session, name, ME) for name in ("police", "post"))
    assert name_of(session, police) == "police"
    assert name_of(session, post) == "post"


def test_a_key_with_another_secret_or_prefix_is_nobodys(session: Session) -> None:
    police, post = (commands.create_client(session, name, ME) for name in ("police", "post"))
    assert name_of(session, ApiKey(police.prefix, post.secret)) is None
    assert name_of(session, ApiKey(draw_key().prefix, police.secret)) is None


def test_the_database_does_not_hold_the_secret(session: Session) -> None:
    key = commands.create_client(session, "police", ME)
    held = session.scalar(text("select cast(k as text) from client_key k"))
    assert key.prefix in held
    assert key.secret not in held


def test_a_name_is_given_once(session: Session) -> None:
    commands.create_client(session, "police", ME)
    with pytest.raises(Conflict, match="police"):
        commands.create_client(session, "police", ME)
    for act in (
        lambda: commands.add_key(session, "nobody", ME),
        lambda: grant_program(session, "nobody", {Permission.PLATES_READ}),
        lambda: commands.close_client(session, "nobody", ME),
    ):
        with pytest.raises(queries.ClientNotFound, match="nobody"):
            act()
    for name in ("", " ", "x" * 65):
        with pytest.raises(BadRequest, match="characters"):
            commands.create_client(session, name, ME)


def test_a_rotation_has_both_keys_for_a_while(session: Session) -> None:
    old = commands.create_client(session, "police", ME)
    new = commands.add_key(session, "police", ME)
    assert name_of(session, old) == name_of(session, new) == "police"
    assert commands.revoke_key(session, old.prefix, ME)
    assert name_of(session, old) is None
    assert name_of(session, new) == "police"
    assert not commands.revoke_key(session, old.prefix, ME)
    assert not commands.revoke_key(session, "0" * 12, ME)


def test_revoking_all_keys_of_a_client_spares_those_of_others(session: Session) -> None:
    keys = [commands.create_client(session, "police", ME), commands.add_key(session, "police", ME)]
    post = commands.create_client(session, "post", ME)
    commands.revoke_key(session, keys[0].prefix, ME)
    assert commands.revoke_keys_of(session, "police", ME) == 1
    assert [name_of(session, key) for key in keys] == [None, None]
    assert name_of(session, post) == "post"
    assert commands.revoke_keys_of(session, "nobody", ME) == 0


@pytest.mark.parametrize(
    "end",
    [
        "update client_key set expires_at = clock_timestamp() - interval '1 second'",
        "update client set is_active = false",
    ],
)
def test_an_expired_key_or_an_inactive_client_is_refused(session: Session, end: str) -> None:
    key = commands.create_client(session, "police", ME)
    session.execute(text("update client_key set expires_at = now() + interval '1 day'"))
    assert name_of(session, key) == "police"
    session.execute(text(end))
    assert name_of(session, key) is None


def test_at_a_rotation_the_other_keys_end_at_the_hour_said(session: Session) -> None:
    old = commands.create_client(session, "police", ME)
    until = now_utc() + timedelta(hours=1)
    new = commands.add_key(session, "police", ME, others_until=until)
    listed = queries.get_client(session, "police").keys
    assert [(one.prefix, one.until) for one in listed] == [(old.prefix, until), (new.prefix, None)]
    assert name_of(session, old) == name_of(session, new) == "police"
    with pytest.raises(BadRequest, match="ended already"):
        commands.add_key(session, "police", ME, others_until=now_utc())
    session.execute(update(ClientKey).values(expires_at=now_utc() - timedelta(seconds=1)))
    assert name_of(session, old) is name_of(session, new) is None


def test_a_closed_program_has_no_key_and_gets_none(session: Session) -> None:
    key = commands.create_client(session, "police", ME, owner="市公安局", note="一标三实")
    seen = queries.get_client(session, "police")
    assert (seen.owner, seen.note, seen.version) == ("市公安局", "一标三实", 1)
    with pytest.raises(Outdated):
        commands.close_client(session, "police", ME, 7)
    commands.close_client(session, "police", ME, seen.version)
    assert name_of(session, key) is None
    for act in (
        lambda: commands.add_key(session, "police", ME),
        lambda: grant_program(session, "police", {Permission.PLATES_READ}),
        lambda: commands.close_client(session, "police", ME),
    ):
        with pytest.raises(Conflict, match="closed"):
            act()


def test_clients_are_listed_with_their_keys_in_force(session: Session) -> None:
    old = commands.create_client(session, "police", ME)
    new = commands.add_key(session, "police", ME)
    commands.create_client(session, "fire", ME)
    commands.revoke_key(session, old.prefix, ME)
    listed = {one.name: [key.prefix for key in one.keys] for one in queries.list_clients(session)}
    assert list(listed) == ["fire", "police"]
    assert listed["police"] == [new.prefix]


def test_a_key_is_read_as_it_is_written() -> None:
    key = draw_key()
    assert find_key(f" {key} ") == key
    assert key.matches(key.secret_hash)
    assert not key.matches(draw_key().secret_hash)


@pytest.mark.parametrize(
    "text",
    ["", "mp", f"mp_{'a' * 12}", f"mp_{'a' * 11}_{'b' * 64}", f"xx_{'a' * 12}_{'b' * 64}",
     f"mp_{'a' * 12}_{'b' * 63}", f"mp_{'a' * 12}_{'b' * 64}_c"],
)  # fmt: skip
def test_a_text_of_another_form_is_no_key(text: str) -> None:
    assert find_key(text) is None
