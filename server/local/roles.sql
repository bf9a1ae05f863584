-- The two roles and the database of the product; psql runs this as superuser, any number of times.
-- wangge_owner migrates and owns every table; wangge_app is what the product runs as and owns nothing.
-- Passwords are taken from the environment where there are any (containers); a private cluster trusts loopback.
\set ON_ERROR_STOP on
\getenv owner_password WANGGE_OWNER_PASSWORD
\getenv app_password WANGGE_APP_PASSWORD

SELECT format('CREATE ROLE %I LOGIN', name)
FROM unnest(ARRAY['wangge_owner', 'wangge_app']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec
\if :{?owner_password}
ALTER ROLE wangge_owner PASSWORD :'owner_password';
\endif
\if :{?app_password}
ALTER ROLE wangge_app PASSWORD :'app_password';
\endif
-- Compiling the short queries of a page costs more than running them.
ALTER ROLE wangge_app SET jit = off;

SELECT 'CREATE DATABASE wangge OWNER wangge_owner'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'wangge')
\gexec
\connect wangge
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS postgis;
