"""The only reader of the environment. Each reader stops the start on nonsense rather than guess."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class BadSetting(SystemExit):
    """A setting that cannot be used; the process ends and says which one."""


def text(name: str, default: str) -> str:
    """The variable's text without the blanks around it, or the default where it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    """`1`, `true`, `yes`, `on` or `0`, `false`, `no`, `off`, in any case; anything else stops the start."""
    value = text(name, "true" if default else "false").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    message = f"{name} is {value!r}; it must be one of 1, true, yes, on, 0, false, no, off"
    raise BadSetting(message)


def number(name: str, default: int, *, low: int, high: int) -> int:
    """A whole number from `low` to `high`; anything else stops the start."""
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        message = f"{name} is {value!r}; it must be a whole number from {low} to {high}"
        raise BadSetting(message)
    return int(value)


def address(name: str, scheme: str) -> str:
    """An address such as `https://host:8443`, without anything behind its port; empty where it is unset."""
    value = text(name, "").rstrip("/")
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        whole = bool(parts.hostname) and parts.port != 0 and value == f"{scheme}://{parts.netloc}" and "@" not in value
    except ValueError:
        whole = False
    if not whole:
        message = f"{name} is {value!r}; it must look like {scheme}://host:port"
        raise BadSetting(message)
    return value


def host_of(address: str) -> str:
    """The host of an address or of `host:port`, an IPv6 one in its brackets, as Django lists those it allows."""
    name = address.rpartition("://")[2]
    return name if name.endswith("]") else name.rpartition(":")[0] or name


def certificate() -> tuple[Path, Path] | None:
    """TANGHULU_CERT and TANGHULU_KEY: the PEM files with which the web server itself speaks HTTPS; both or neither."""
    found = [text(name, "") for name in ("TANGHULU_CERT", "TANGHULU_KEY")]
    if not any(found):
        return None
    if not all(found):
        message = "TANGHULU_CERT and TANGHULU_KEY belong together; one of them is not set"
        raise BadSetting(message)
    return Path(found[0]), Path(found[1])


def dingtalk() -> list[dict[str, Any]]:
    """The application at DingTalk, as the sign-in library wants it: none, or one. Id and secret belong together."""
    client, secret = (text(name, "") for name in ("TANGHULU_DINGTALK_CLIENT_ID", "TANGHULU_DINGTALK_SECRET"))
    places = {
        "sign_in": address("TANGHULU_DINGTALK_SIGN_IN", "https") or "https://login.dingtalk.com",
        "api": address("TANGHULU_DINGTALK_API", "https") or "https://api.dingtalk.com",
    }
    if not client and not secret:
        return []
    if not client or not secret:
        message = "TANGHULU_DINGTALK_CLIENT_ID and TANGHULU_DINGTALK_SECRET belong together; one of them is not set"
        raise BadSetting(message)
    return [{"client_id": client, "secret": secret, "settings": places}]


def data_path() -> Path:
    """TANGHULU_DATA: where everything is kept, whether it is there or not."""
    return Path(text("TANGHULU_DATA", "data")).expanduser().absolute()


def data_directory() -> Path:
    """TANGHULU_DATA: where everything is kept; made when it is not there."""
    path = data_path()
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        message = f"TANGHULU_DATA: {path} cannot be made: {error.strerror}"
        raise BadSetting(message) from error
    return path


def database(data: Path) -> dict[str, Any]:
    """TANGHULU_DATABASE as Django wants it: empty for SQLite in the data directory, or a `postgresql://` address."""
    address = text("TANGHULU_DATABASE", "")
    return _postgresql(address) if address else _sqlite(data / "tanghulu.sqlite3")


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        # A connection stays with its thread: closing the last one would checkpoint the write-ahead log each time.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # A transaction that reads first and then writes fails at once when another has written in between,
            # whatever the timeout; taking the write lock at the start waits instead.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def _postgresql(address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    name = parts.path.lstrip("/")
    if parts.scheme not in {"postgresql", "postgres"} or not name:
        # The address may hold a password, so it is not repeated.
        message = "TANGHULU_DATABASE must look like postgresql://user:password@host:5432/name"
        raise BadSetting(message)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(name),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A socket's directory comes as ?host=/run/postgresql, as libpq writes it.
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def secret_key(data: Path) -> str:
    """The key that signs sessions: made once, kept in the data directory, readable by its owner only."""
    path = data / "secret_key"
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    value = path.read_text(encoding="ascii").strip()
    if len(value) < 48:  # noqa: PLR2004 - half of a key, left by a start that was cut off
        message = f"{path} is too short to be a key; delete it to have a new one (everybody signs in again)"
        raise BadSetting(message)
    return value


def for_demo(*, data: Path, port: int) -> dict[str, str]:
    """The environment of the demo's own processes: a data directory and port of its own, everything else as it is."""
    own = {"TANGHULU_DATA": str(data), "TANGHULU_DEMO": "1", "TANGHULU_HOST": f"localhost:{port}"}
    return {**for_child(), **own}


def for_network(
    *, phones: str, welcome: str, shown: Path, certificate: tuple[Path, Path] | None = None
) -> dict[str, str]:
    """The environment of the parts of `up --lan`: everything as it is, and how phones reach the server.

    `shown` is the certificate that phones are shown, whichever part shows it.
    """
    own = {"TANGHULU_PHONES": phones, "TANGHULU_WELCOME": welcome, "TANGHULU_PHONES_CERT": str(shown)}
    files = {"TANGHULU_CERT": str(certificate[0]), "TANGHULU_KEY": str(certificate[1])} if certificate else {}
    kept = {name: value for name, value in os.environ.items() if name not in {"TANGHULU_CERT", "TANGHULU_KEY"}}
    return {**kept, **own, **files}


def for_child() -> dict[str, str]:
    """The environment of a command that needs none of our settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TANGHULU_")}


def for_postgresql(*, password: str) -> dict[str, str]:
    """The environment of PostgreSQL's programs: the password, and the rows of every tenant (row-level security)."""
    own = {"PGOPTIONS": "-c tanghulu.tenant=*", **({"PGPASSWORD": password} if password else {})}
    return {**for_child(), **own}


def is_public() -> bool:
    """Say whether browsers reach the server by a name of its own, which TANGHULU_HOST gives."""
    return bool(text("TANGHULU_HOST", ""))


def backup_passphrase() -> str:
    """TANGHULU_BACKUP_PASSPHRASE: what keys are encrypted with when they are saved; empty where a person is asked."""
    return text("TANGHULU_BACKUP_PASSPHRASE", "")
