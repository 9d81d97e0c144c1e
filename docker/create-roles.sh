#!/bin/sh
# Run once by the PostGIS image on an empty volume: the two roles, and the database of the owner.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    -v owner_password="$(cat /run/secrets/owner_password)" \
    -v app_password="$(cat /run/secrets/app_password)" <<'SQL'
CREATE ROLE menpai_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE menpai_app LOGIN PASSWORD :'app_password';
CREATE DATABASE menpai OWNER menpai_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE menpai FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE menpai TO menpai_app;
\connect menpai
CREATE EXTENSION postgis;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION btree_gist;
SQL
