#!/bin/sh
# The engine's sessions: a database and a user of their own, who may not enter ours.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$ENGINE_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE engine LOGIN PASSWORD :'password';
CREATE DATABASE engine OWNER engine;
REVOKE CONNECT ON DATABASE rightline FROM PUBLIC;
SQL
