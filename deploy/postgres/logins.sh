#!/bin/sh
# Makes Minori's two logins and its database, once, as PostgreSQL's superuser (psql's usual PG… variables say where).
# MINORI_OWNER_PASSWORD and MINORI_APP_PASSWORD must be set. The official image runs it when its volume is new.
set -eu
: "${MINORI_OWNER_PASSWORD:?is not set}" "${MINORI_APP_PASSWORD:?is not set}"
export PGUSER="${POSTGRES_USER:-${PGUSER:-postgres}}" PGDATABASE="${PGDATABASE:-postgres}"

# read from the environment: arguments can be seen by everybody on the machine
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 <<'SQL'
\getenv owner_password MINORI_OWNER_PASSWORD
\getenv app_password MINORI_APP_PASSWORD
CREATE ROLE minori_owner LOGIN PASSWORD :'owner_password' CREATEROLE;
CREATE ROLE minori_app LOGIN PASSWORD :'app_password' NOINHERIT;
GRANT minori_app TO minori_owner WITH ADMIN OPTION;
CREATE DATABASE minori OWNER minori_owner TEMPLATE template0;
SQL
