import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import make_url
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from service.core.async_pool import conninfo_of
from service.core.connection_urls import CONNECT_S, connect_timeout_of, read_database_url


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("postgresql://a@one,two/menpai?target_session_attrs=read-write", "one,two", None),
        ("postgresql://a@one:5433,two/menpai", "one,two", "5433,5432"),
        ("postgres://a@one:1,two:2/menpai?connect_timeout=2", "one,two", "1,2"),
        ("postgresql://a@[::1]:5433,[fe80::2]/menpai", "::1,fe80::2", "5433,5432"),
        ("postgresql://a@/menpai?host=/one,/two&port=5432,5432", "/one,/two", "5432,5432"),
        ("postgresql://a:…%40@one/menpai", "one", None),
    ],
)
def test_sqlalchemy_and_libpq_read_the_same_hosts(url: str, host: str, port: str | None) -> None:
    read = read_database_url(url)
    _, taken = PGDialect_psycopg().create_connect_args(make_url(read))
    by_libpq = conninfo_to_dict(conninfo_of(read))
    for found in (taken, by_libpq):
        assert found["host"] == host
        assert found["dbname"] == "menpai"
        assert found["user"] == "a"
    for name in ("password", "target_session_attrs", "connect_timeout"):
        assert taken.get(name) == by_libpq.get(name)
    if port is not None:
        assert taken["port"] == by_libpq["port"] == port


def test_a_url_says_how_long_a_host_is_waited_for() -> None:
    assert connect_timeout_of("postgresql+psycopg://one/menpai?connect_timeout=2") == 2
    for silent in ("one/menpai", "one/menpai?connect_timeout=soon"):
        assert connect_timeout_of(f"postgresql+psycopg://{silent}") == CONNECT_S


@pytest.mark.parametrize("url", ["mysql://a@one/menpai", "one/menpai", ""])
def test_what_is_no_url_of_postgresql_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="postgresql://"):
        read_database_url(url)
