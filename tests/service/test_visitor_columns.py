"""No column can hold what a visitor's browser or network says of itself."""

import re
from collections.abc import Iterator

from sqlalchemy import LargeBinary
from sqlalchemy.dialects.postgresql import CIDR, INET, MACADDR

from address_model.tables import Table

SAYS_WHO = re.compile(
    r"(^|_)(ips?|inet|mac|agents?|browser|cookie|device|visitor|scanner|accept|languages?|who"
    r"|hosts?|networks?|forwarded|remote|peer|headers?|referr?er|session|fingerprint|salt|hash"
    r"|digest|locale)(_|$)"
)
NETWORK_TYPES = (INET, CIDR, MACADDR)
STAFF, PROGRAMS, OURS = "of staff who sign in", "of programs with a key", "of what we wrote"
REASONS = {
    "request_count.who": "a keyed hash of the network, for an hour, to limit",
    "request_count.salt": "the key of that hash, for a day",
    "report.follow_hash": "of a token that we draw for the report, nothing about the reporter",
    "report.language": "zh or en: the page on which the answer is read",
    "heritage_claim.language": "of a text in the catalogue",
    "audit_entry.hash": OURS,
    "feed_counter.last_hash": OURS,
    "import_seen.digest": OURS,
    "approval.digest": OURS,
    "import_waiting.digest": OURS,
    "plate_event.digest": "of a visit as staff or a program sent it",
    "idempotency_key.digest": PROGRAMS,
    "idempotency_key.headers": "those of the answer",
    "client_grant.networks": PROGRAMS,
    "client_key.secret_hash": PROGRAMS,
    "client_token.hash": PROGRAMS,
    "webhook.salt": PROGRAMS,
    "webhook.former_salt": PROGRAMS,
    "staff_account.password_hash": STAFF,
    "recovery_code.code_hash": STAFF,
    "staff_browser.token_hash": STAFF,
    "staff_session.token_hash": STAFF,
    "staff_session.browser": STAFF,
    "code_space.key": OURS,
    "import_seen.places": OURS,
    "kept_body.made_by": OURS,
    "kept_body.body": "the page of a plate, the same for everybody",
    "second_factor.secret": STAFF,
    "address.street_order": OURS,
}
"""The columns whose name or type could hold what a visitor says of itself, and what they hold."""


def columns() -> Iterator[tuple[str, str, object]]:
    for table in Table.metadata.sorted_tables:
        for column in table.columns:
            yield f"{table.name}.{column.name}", column.name, column.type


def test_every_column_that_could_hold_a_visitor_has_its_reason() -> None:
    suspect = {
        where
        for where, name, kind in columns()
        if SAYS_WHO.search(name) or isinstance(kind, (LargeBinary, *NETWORK_TYPES))
    }
    assert suspect == set(REASONS)


def test_no_column_is_a_network_address() -> None:
    assert [where for where, _, kind in columns() if isinstance(kind, NETWORK_TYPES)] == []
