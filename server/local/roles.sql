-- The two roles and the database of the product; psql runs this as superuser on an empty cluster.
-- wangge_owner migrates and owns every table; wangge_app is what the product runs as and owns nothing.
-- Passwords are taken from the environment where there are any (containers), a private cluster trusts loopback.
\set ON_ERROR_STOP on
\set owner_password ''
\set app_password ''
\getenv owner_password WANGGE_OWNER_PASSWORD
\getenv app_password WANGGE_APP_PASSWORD

CREATE ROLE wangge_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE wangge_app LOGIN PASSWORD :'app_password';
-- Compiling the short queries of a page costs more than running them.
ALTER ROLE wangge_app SET jit = off;

CREATE DATABASE wangge OWNER wangge_owner;
\connect wangge
CREATE EXTENSION postgis;
