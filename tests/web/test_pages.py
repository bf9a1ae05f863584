"""The built pages over HTTP: what is served where, how long it may be kept, and what is left to the API."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.web import routes


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<p>office</p>")
    (tmp_path / "assets" / "office-BgK1.js").write_text("let office")
    (tmp_path / "tablet").mkdir()
    (tmp_path / "tablet" / "index.html").write_text("<p>tablet</p>")
    (tmp_path / "tablet" / "sw.js").write_text("let worker")
    return tmp_path


def client_of(dist: Path) -> FlaskClient:
    app = Flask("pages", static_folder=None)
    app.register_blueprint(routes.blueprint(dist))
    app.add_url_rule("/api/v1/me", view_func=lambda: {"who": "me"})
    return app.test_client()


def fetch(client: FlaskClient, path: str) -> TestResponse:
    """Return the whole answer, its file closed."""
    return client.get(path, buffered=True)


@pytest.fixture
def client(dist: Path) -> FlaskClient:
    return client_of(dist)


@pytest.mark.parametrize("path", ["/", "/ledger", "/cases/0198-a", "/map", "/apiary", "/docs"])
def test_an_address_that_the_pages_route_themselves_gets_the_index(client: FlaskClient, path: str) -> None:
    answer = fetch(client, path)

    assert answer.status_code == 200
    assert answer.text == "<p>office</p>"
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/tablet/", "/tablet/today", "/tablet/cases/0198-a"])
def test_the_tablet_has_an_index_of_its_own(client: FlaskClient, path: str) -> None:
    assert fetch(client, path).text == "<p>tablet</p>"


def test_the_tablets_address_ends_with_a_slash_as_its_service_workers_scope_does(client: FlaskClient) -> None:
    answer = fetch(client, "/tablet")

    assert (answer.status_code, answer.headers["Location"]) == (308, "/tablet/")


def test_an_asset_whose_name_holds_its_hash_may_be_kept_for_ever(client: FlaskClient) -> None:
    answer = fetch(client, "/assets/office-BgK1.js")

    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_built_file_below_an_entry_is_served_as_it_is(client: FlaskClient) -> None:
    answer = fetch(client, "/tablet/sw.js")

    assert answer.text == "let worker"
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["/api/v1/me", "/api/v1/nothing", "/sync/v1/x", "/tiles/1/2/3", "/ogc", "/healthz"]
)
def test_what_belongs_to_an_api_never_gets_a_page(client: FlaskClient, path: str) -> None:
    answer = fetch(client, path)

    assert "office" not in answer.text
    assert answer.status_code == (200 if path == "/api/v1/me" else 404)


def test_an_unknown_call_of_the_api_is_not_found_whatever_its_method(client: FlaskClient) -> None:
    assert client.post("/api/v1/nothing").status_code == 404


@pytest.mark.parametrize(
    "path", ["/assets/gone.js", "/favicon.ico", "/wp-login.php", "/../pyproject.toml", "/assets/../../x.py"]
)
def test_a_file_that_was_not_built_is_not_found(client: FlaskClient, path: str) -> None:
    assert fetch(client, path).status_code == 404


def test_a_page_may_load_nothing_from_other_hosts(client: FlaskClient) -> None:
    policy = fetch(client, "/").headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "worker-src 'self' blob:" in policy
    assert "http" not in policy
    assert "unsafe-eval" not in policy


def test_while_nothing_is_built_the_answer_says_how_to_build(tmp_path: Path) -> None:
    answer = fetch(client_of(tmp_path / "never"), "/ledger")

    assert answer.status_code == 503
    assert "make run" in answer.text
    assert answer.content_type.startswith("text/plain")
