from pathlib import Path

import pytest

from service.core.faults import EnvironmentFault
from service.core.settings import Settings, load_settings


def test_nothing_must_be_set() -> None:
    settings = load_settings()
    assert settings.database_url is None
    assert settings.env == "production"
    assert settings.public_url == ""
    assert settings.home.is_absolute()


def test_every_setting_has_a_sentence() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENPAI_DATABASE_URL", "")
    assert load_settings().database_url is None


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_postgresql_scheme_becomes_psycopg(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MENPAI_DATABASE_URL", f"{scheme}://menpai_app:x@db/menpai")
    assert load_settings().database_url == "postgresql+psycopg://menpai_app:x@db/menpai"


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("DATABASE_URL", "mysql://u:geheim@db/menpai", "postgresql://"),
        ("DATABASE_URL", "geheim", "postgresql://"),
        ("PUBLIC_URL", "mp.zj.gov.cn", "scheme and a host"),
        ("PUBLIC_URL", "https://mp.zj.gov.cn/plates", "no path"),
        ("PUBLIC_URL", "http://mp.zj.gov.cn", "must be https"),
        ("PUBLIC_URL", "http://8.8.8.8", "must be https"),
        ("SECRET_KEY", "geheim", "32 characters"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, nonsense", "nonsense"),
        ("TIMEZONE", "Asia/Hangzhou", "IANA"),
        ("ENV", "staging", "demo"),
        ("QR_CASE", "title", "scheme"),
    ],
)
def test_a_bad_value_names_its_variable_and_hides_secrets(
    name: str, value: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"MENPAI_{name}", value)
    with pytest.raises(EnvironmentFault) as caught:
        load_settings()
    assert f"MENPAI_{name}" in caught.value.what
    assert reason in caught.value.what
    assert "geheim" not in str(caught.value)
    assert "docs/settings.md" in caught.value.hint


def test_passwords_do_not_show_in_a_printed_settings_object(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MENPAI_DATABASE_URL", "postgresql://menpai_app:geheim@db/menpai")
    monkeypatch.setenv("MENPAI_SECRET_KEY", "geheim" * 8)
    assert "geheim" not in repr(load_settings())


def test_proxies_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENPAI_TRUSTED_PROXIES", "10.0.0.0/8, 192.168.1.7")
    assert load_settings().trusted_proxies == ("10.0.0.0/8", "192.168.1.7/32")


def test_a_home_may_be_written_with_a_tilde(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENPAI_HOME", "~/plates")
    assert load_settings().home == Path.home() / "plates"


def test_http_is_allowed_for_a_phone_on_the_same_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENPAI_PUBLIC_URL", "http://192.168.1.5:8000/")
    assert load_settings().public_url == "http://192.168.1.5:8000"
