"""Database URLs: converts libpq's form with several hosts into one that SQLAlchemy takes too.

A URL may name several hosts; ``target_session_attrs=read-write`` selects the primary. SQLAlchemy
does not know libpq's syntax (``@one:5432,two:5432/``), but both accept parameters
(``@/…?host=one,two&port=5432,5432``).
"""

from urllib.parse import quote

from sqlalchemy import make_url

SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
CONNECT_S = 5
_PORT = "5432"


def read_database_url(url: str) -> str:
    """Return a PostgreSQL URL in the form that both accept, for the psycopg driver.

    Raises:
        ValueError: it is not a PostgreSQL URL.
    """
    scheme, mark, rest = url.partition("://")
    if not mark or scheme not in SCHEMES:
        raise ValueError("must begin with postgresql:// (PostgreSQL is the only database)")
    place, slash, path = rest.partition("/")
    account, at, hosts = place.rpartition("@")
    if "," not in hosts or ":" not in hosts:
        return f"postgresql+psycopg://{rest}"
    names, ports = [], []
    for host in hosts.split(","):
        name, colon, port = host.rpartition(":")
        if not colon or host.endswith("]"):  # the colon, if any, is one of an IPv6 address
            name, port = host, _PORT
        names.append(name.strip("[]"))
        ports.append(port or _PORT)
    several = f"host={quote(','.join(names), safe=',:')}&port={quote(','.join(ports), safe=',:')}"
    joint = "&" if "?" in path else "?"
    return f"postgresql+psycopg://{account}{at}{slash}{path}{joint}{several}"


def connect_timeout_of(url: str) -> int:
    """The connect timeout per host in seconds: that of the URL, else ``CONNECT_S``."""
    value = make_url(url).query.get("connect_timeout", "")
    return int(value) if isinstance(value, str) and value.isdecimal() else CONNECT_S
