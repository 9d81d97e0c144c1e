"""URLs of databases: as operators write them for libpq, and as SQLAlchemy and libpq both take them.

A URL may name several hosts, of which with ``target_session_attrs=read-write`` the one that takes
writes is found. libpq's own way to write them (``@one:5432,two:5432/``) is unknown to SQLAlchemy;
both take them as parameters (``@/…?host=one,two&port=5432,5432``).
"""

from urllib.parse import quote

from sqlalchemy import make_url

SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
CONNECT_S = 5
_PORT = "5432"


def read_database_url(url: str) -> str:
    """Return a PostgreSQL URL in the form that both take, with the scheme of our driver.

    Raises:
        ValueError: it is no URL of PostgreSQL.
    """
    scheme, mark, rest = url.partition("://")
    if not mark or scheme not in SCHEMES:
        raise ValueError("must begin with postgresql:// (PostgreSQL is the only database)")
    place, slash, path = rest.partition("/")
    account, at, hosts = place.rpartition("@")
    if "," not in hosts or ":" not in hosts:
        return f"postgresql+psycopg://{rest}"
    parts = [_split(host) for host in hosts.split(",")]
    several = "&".join(
        f"{name}={quote(','.join(values), safe=',:')}"
        for name, values in zip(("host", "port"), zip(*parts, strict=True), strict=True)
    )
    joint = "&" if "?" in path else "?"
    return f"postgresql+psycopg://{account}{at}{slash}{path}{joint}{several}"


def connect_timeout_of(url: str) -> int:
    """The seconds that each host of a URL may take to let us in, as it says or as we do."""
    said = make_url(url).query.get("connect_timeout", "")
    return int(said) if isinstance(said, str) and said.isdecimal() else CONNECT_S


def _split(host: str) -> tuple[str, str]:
    name, colon, port = host.rpartition(":")
    if not colon or host.endswith("]"):
        return host.strip("[]"), _PORT
    return name.strip("[]"), port or _PORT
