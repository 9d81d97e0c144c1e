from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from service.core.settings import Settings
from service.core.signing_keys import KeyRing, SigningKey, find_secrets

NEW, OLD = "n" * 40, "o" * 40
ELSEWHERE = "postgresql://menpai_app@db.example/menpai"


@given(st.text(min_size=32, max_size=60), st.text(max_size=20), st.binary(max_size=200))
def test_a_signature_is_of_one_secret_one_purpose_and_one_content(
    secret: str, purpose: str, content: bytes
) -> None:
    key = SigningKey.derive(secret, purpose)
    signature = key.sign(content)
    assert key.is_signed(content, signature)
    assert not key.is_signed(content + b"x", signature)
    assert not SigningKey.derive(secret + "x", purpose).is_signed(content, signature)
    assert not SigningKey.derive(secret, purpose + "x").is_signed(content, signature)
    assert secret not in repr(key)
    assert repr(key.secret) not in repr(key)


def test_a_ring_signs_with_the_newest_and_knows_the_former() -> None:
    ring = KeyRing.of((NEW, OLD), "audit")
    assert ring.current == SigningKey.derive(NEW, "audit")
    assert ring.find(SigningKey.derive(OLD, "audit").id) == SigningKey.derive(OLD, "audit")
    assert ring.find("00000000") is None


def test_a_private_cluster_draws_its_secret_once(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    (drawn,) = find_secrets(settings)
    assert len(drawn) >= 32
    assert find_secrets(settings) == (drawn,)
    file = settings.home / "secret-keys"
    assert file.stat().st_mode & 0o077 == 0
    assert find_secrets(Settings(home=tmp_path / "other")) != (drawn,)
    file.write_text(f"{NEW}\n{drawn}\n", "utf-8")
    assert find_secrets(settings) == (NEW, drawn)


def test_a_secret_that_is_set_comes_before_that_of_the_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (drawn,) = find_secrets(Settings(home=home))
    former = (SecretStr(OLD),)
    settings = Settings(home=home, secret_key=SecretStr(NEW), former_secret_keys=former)
    assert find_secrets(settings) == (NEW, OLD, drawn)


def test_a_database_of_the_operator_has_no_secret_but_the_one_that_is_set(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert find_secrets(Settings(home=home, database_url=ELSEWHERE)) == ()
    assert not home.exists()
    said = Settings(home=home, database_url=ELSEWHERE, secret_key=SecretStr(NEW))
    assert find_secrets(said) == (NEW,)
    assert not home.exists()
