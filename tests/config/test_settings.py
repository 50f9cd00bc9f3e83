"""What the environment may and may not say."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment
from config.checks import production_is_safe
from config.settings import database_from_url


@pytest.fixture
def production(settings):
    settings.PRODUCTION = True
    settings.PUBLIC_URL = "https://settle.example.com"
    settings.ALLOWED_HOSTS = ["settle.example.com"]
    settings.SECRET_KEY_IS_GIVEN = True
    settings.FIELD_KEYS_ARE_GIVEN = True
    settings.EMBEDDED_DATABASE = False
    settings.EMAIL_HOST = "smtp.example.com"
    settings.HOLDER_CHECK = "bank"
    settings.BUSINESS_REGISTRY = "nts"
    return settings


def found() -> list[str]:
    return [message.id for message in production_is_safe()]


def test_a_well_made_production_has_no_complaint(production):
    assert found() == []


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("DEBUG", True, "jeongsan.E001"),
        ("SECRET_KEY_IS_GIVEN", False, "jeongsan.E002"),
        ("PUBLIC_URL", "http://settle.example.com", "jeongsan.E003"),
        ("ALLOWED_HOSTS", ["*"], "jeongsan.E004"),
        ("ALLOWED_HOSTS", ["other.example.com"], "jeongsan.E004"),
        ("FIELD_KEYS_ARE_GIVEN", False, "jeongsan.W001"),
        ("EMBEDDED_DATABASE", True, "jeongsan.W002"),
        ("EMAIL_HOST", "", "jeongsan.W003"),
        ("HOLDER_CHECK", "sandbox", "jeongsan.W004"),
        ("BUSINESS_REGISTRY", "sandbox", "jeongsan.W004"),
    ],
)
def test_each_danger_is_named(production, name, value, complaint):
    setattr(production, name, value)
    assert found() == [complaint]


def test_one_machine_for_oneself_is_not_production(production):
    production.PRODUCTION = False
    production.SECRET_KEY_IS_GIVEN = False
    assert found() == []


def test_a_generated_secret_is_the_same_for_all_and_readable_by_one(tmp_path):
    path = tmp_path / "var" / "secret-key"
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(environment.generated_secret, [path] * 8))
    assert secrets == {path.read_text()}
    assert len(path.read_text()) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_wrong_value_is_refused_by_name(monkeypatch):
    monkeypatch.setenv("WEB_WORKERS", "many")
    with pytest.raises(ImproperlyConfigured, match="WEB_WORKERS"):
        environment.number("WEB_WORKERS", 1)
    monkeypatch.setenv("DEBUG", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="DEBUG"):
        environment.flag("DEBUG")


def test_secrets_may_come_from_files(monkeypatch, tmp_path):
    (tmp_path / "key").write_text("from a file\n")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    assert environment.text("SECRET_KEY") == "from a file"


def test_database_urls_are_read_whole():
    database = database_from_url("postgresql://u%40:p%2F@db.example:6432/money?sslmode=require")
    assert {name: database[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "NAME": "money",
        "USER": "u@",
        "PASSWORD": "p/",
        "HOST": "db.example",
        "PORT": "6432",
    }
    assert database["OPTIONS"] == {
        "options": "-c lock_timeout=10s",
        "prepare_threshold": 2,
        "sslmode": "require",
    }
    assert database_from_url("postgresql://postgres@/money?host=/run/pg")["HOST"] == "/run/pg"
