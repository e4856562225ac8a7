import psycopg
import pytest
import redis
from kombu import Connection

from minori.local.addresses import (
    Servers,
    celery_broker_url,
    database_settings,
    postgres_url,
    servers_given,
    valkey_url,
)
from minori.problems import Problem

ALL = {
    "DATABASE_URL": "postgresql://owner:o@db/minori",
    "DATABASE_APP_URL": "postgresql://app:a@db/minori",
    "REDIS_URL": "redis://queue:6379/0",
}


def test_an_address_with_a_port_and_options_becomes_djangos_parts():
    assert database_settings("postgres://mi%40nori:p%2Fw@db.example.org:5433/minori?sslmode=require") == {
        "NAME": "minori",
        "USER": "mi@nori",
        "PASSWORD": "p/w",
        "HOST": "db.example.org",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


def test_a_socket_address_reads_the_same_for_django_and_for_psycopg():
    url = postgres_url(user="minori_app", password="a/b@c:d?e", database="minori", socket_dir="/tmp/m x")

    parts = database_settings(url)

    assert parts == {
        "NAME": "minori",
        "USER": "minori_app",
        "PASSWORD": "a/b@c:d?e",
        "HOST": "/tmp/m x",
        "PORT": "",
        "OPTIONS": {},
    }
    assert psycopg.conninfo.conninfo_to_dict(url) == {
        "user": "minori_app",
        "password": "a/b@c:d?e",
        "dbname": "minori",
        "host": "/tmp/m x",
    }


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://u:secret@db/minori", "“mysql://u:***@db/minori” is not a PostgreSQL address."),
        ("postgresql://u:secret@db", "“postgresql://u:***@db” names no database."),
        ("postgresql://u:secret@db:port/minori", "is not a PostgreSQL address."),
        ("", "is not a PostgreSQL address."),
    ],
)
def test_a_wrong_database_address_is_told_without_its_password(url, sentence):
    with pytest.raises(Problem) as caught:
        database_settings(url)

    assert sentence in caught.value.wrong
    assert "secret" not in str(caught.value)
    assert "postgresql://user:password@host:5432/database" in caught.value.advice


def test_a_queue_on_a_socket_is_found_by_redis_and_by_celery():
    url = valkey_url(socket="/tmp/minori-1/valkey.sock", number=3)

    client = redis.Redis.from_url(url)
    kept = client.connection_pool.connection_kwargs
    broker = Connection(celery_broker_url(url))

    assert (kept["path"], kept["db"]) == ("/tmp/minori-1/valkey.sock", 3)
    assert broker.hostname == "socket:///tmp/minori-1/valkey.sock?virtual_host=3"


def test_a_queue_behind_tls_has_its_certificate_checked():
    assert celery_broker_url("redis://h:6379/1") == "redis://h:6379/1"
    assert celery_broker_url("rediss://:p@h/0") == "rediss://:p@h/0?ssl_cert_reqs=required"
    assert celery_broker_url("rediss://h/0?ssl_cert_reqs=none") == "rediss://h/0?ssl_cert_reqs=none"


def test_another_kind_of_queue_is_refused():
    with pytest.raises(Problem, match="is not an address of Redis or Valkey"):
        celery_broker_url("amqp://guest:guest@host")


def test_servers_are_given_all_together_or_not_at_all():
    assert servers_given({"DATABASE_URL": " ", "PATH": "/bin"}) is None
    assert servers_given(ALL) == Servers(
        database_url="postgresql://owner:o@db/minori",
        database_app_url="postgresql://app:a@db/minori",
        redis_url="redis://queue:6379/0",
    )


@pytest.mark.parametrize("missing", ["DATABASE_APP_URL", "REDIS_URL"])
def test_half_a_set_of_servers_is_refused_and_says_which_half_is_missing(missing):
    with pytest.raises(Problem) as caught:
        servers_given({name: url for name, url in ALL.items() if name != missing})

    assert caught.value.wrong.endswith(f"but {missing} is not.")
    assert caught.value.exit_code == 2


def test_the_web_process_is_not_given_the_owners_login():
    servers = servers_given(ALL)

    assert servers.environment() == ALL
    assert "DATABASE_URL" not in servers.environment(owner=False)
    assert servers_given(servers.environment(owner=False)).database_url is None
