"""Addresses of servers: what they look like in the environment, in Django's settings and for Celery. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from minori.problems import Problem

_GIVE_ALL = (
    "Set DATABASE_URL (the owner's login), DATABASE_APP_URL (the app's login) and REDIS_URL together,"
    " or none of them to use the embedded servers."
)
_POSTGRES_FORM = "It should look like postgresql://user:password@host:5432/database."
_VALKEY_FORM = "It should look like redis://host:6379/0 or unix:///path/to/valkey.sock?db=0."


@dataclass(frozen=True)
class Servers:
    """Where PostgreSQL and Valkey answer. `database_url` is None in a process that must not be the owner."""

    database_url: str | None
    database_app_url: str
    redis_url: str

    def environment(self, *, owner: bool = True) -> dict[str, str]:
        """Environment variables for a process; without the owner's login where `owner` is false."""
        variables = {"DATABASE_APP_URL": self.database_app_url, "REDIS_URL": self.redis_url}
        if owner and self.database_url:
            variables["DATABASE_URL"] = self.database_url
        return variables


def servers_given(environment: Mapping[str, str]) -> Servers | None:
    """The servers named in an environment, or None where it names none.

    The web process has the app's login and the queue only, so DATABASE_URL alone may be missing. Raises
    Problem when only a part of the rest is set: half of one server and half of another would be worse.
    """
    owner, app, queue = (
        environment.get(name, "").strip() for name in ("DATABASE_URL", "DATABASE_APP_URL", "REDIS_URL")
    )
    if not (owner or app or queue):
        return None
    if not (app and queue):
        named = (("DATABASE_URL", owner), ("DATABASE_APP_URL", app), ("REDIS_URL", queue))
        given = [name for name, value in named if value]
        missing = [name for name, value in named[1:] if not value]
        msg = f"{_are(given, 'set')}, but {_are(missing, 'not')}."
        raise Problem(msg, _GIVE_ALL, exit_code=2)
    return Servers(database_url=owner or None, database_app_url=app, redis_url=queue)


def _are(names: list[str], what: str) -> str:
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} {what}"


def postgres_url(*, user: str, password: str, database: str, socket_dir: str) -> str:
    """Address of a PostgreSQL on a unix socket, as libpq, psycopg and `database_settings` read it."""
    login = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return f"postgresql://{login}@/{quote(database, safe='')}?host={quote(socket_dir)}"


def valkey_url(*, socket: str, number: int = 0) -> str:
    """Address of a Valkey on a unix socket in redis-py's form."""
    return f"unix://{quote(socket)}?db={number}"


def database_settings(url: str) -> dict[str, Any]:
    """A PostgreSQL address as NAME, USER, PASSWORD, HOST, PORT, OPTIONS of Django's DATABASES.

    `?host=/folder` names a unix socket; every other parameter of the query (sslmode, connect_timeout …)
    becomes an option of libpq. Raises Problem when it is no PostgreSQL address or names no database.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("postgresql", "postgres"):
        msg = f"“{_hide_password(url)}” is not a PostgreSQL address."
        raise Problem(msg, _POSTGRES_FORM, exit_code=2)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    name = unquote(parts.path.removeprefix("/"))
    if not name:
        msg = f"“{_hide_password(url)}” names no database."
        raise Problem(msg, _POSTGRES_FORM, exit_code=2)
    return {
        "NAME": name,
        "USER": unquote(parts.username or "") or options.pop("user", ""),
        "PASSWORD": unquote(parts.password or "") or options.pop("password", ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": options.pop("port", "") or (str(port) if port else ""),
        "OPTIONS": options,
    }


def celery_broker_url(redis_url: str) -> str:
    """A redis-py address as Celery's transport wants it; raises Problem for any other kind of address.

    redis-py says `unix:///path?db=0`, Celery `redis+socket:///path?virtual_host=0`; with TLS Celery insists
    on being told whether to check the certificate, and it is told to.
    """
    parts = urlsplit(redis_url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.scheme == "redis":
        return redis_url
    if parts.scheme == "rediss":
        query.setdefault("ssl_cert_reqs", "required")
        return urlunsplit(parts._replace(query=urlencode(query)))
    if parts.scheme == "unix":
        query["virtual_host"] = query.pop("db", "0")
        return f"redis+socket://{parts.netloc}{parts.path}?{urlencode(query)}"
    msg = f"“{_hide_password(redis_url)}” is not an address of Redis or Valkey."
    raise Problem(
        msg, "It should look like redis://host:6379/0 or unix:///path/to/valkey.sock?db=0.", exit_code=2
    )


def _hide_password(url: str) -> str:
    """An address fit to be shown: the password is replaced by ***."""
    before, at, after = url.rpartition("@")
    scheme, colon, login = before.partition("://")
    user = login.partition(":")[0]
    return f"{scheme}{colon}{user}:***{at}{after}" if at else url
