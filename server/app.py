"""The web application: `create_app()` is what the WSGI server loads."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask_smorest import Api
from sqlalchemy import text

from server import answers, questions, queue, request, wiring
from server.db import Database, make_engine
from server.description import DescribedWhenAsked
from server.fieldsync import contract
from server.maps.kept import Kept, hear_commits
from server.maps.tiles.front import KeptTiles
from server.settings import Settings, from_environment

API = {
    "API_TITLE": "wangge",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.0.3",
    "OPENAPI_URL_PREFIX": "/api/v1",
    "OPENAPI_JSON_PATH": "openapi.json",
}


def create_app(settings: Settings | None = None) -> request.App:
    """Return the application, connected to what the settings name (default: the environment)."""
    settings = settings or from_environment()
    app = request.App("server", static_folder=None)
    app.config.update(
        API, MAX_CONTENT_LENGTH=settings.max_body_bytes, MAX_FORM_MEMORY_SIZE=settings.max_body_bytes
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # a setting of Flask's default provider
    engine = make_engine(settings.database_url, pool_size=settings.pool_size)
    app.extensions["wangge.settings"] = settings
    app.extensions["wangge.database"] = Database(engine, wiring.carried(settings))
    app.extensions["wangge.redis"] = queue.connect(settings.redis_url)
    app.extensions["wangge.tiles"] = Kept(app.extensions["wangge.redis"])
    hear_commits(engine, app.extensions["wangge.tiles"])
    _health(app)
    api = DescribedWhenAsked(app, _complete)
    answers.register(app)
    questions.register(app)
    for blueprint in wiring.api_blueprints():
        api.register_blueprint(blueprint)
    for plain in wiring.page_blueprints():
        app.register_blueprint(plain)
    # Flask's documented way to put an application before its own; its stubs know `wsgi_app` as a method only.
    app.wsgi_app = KeptTiles(  # type: ignore[assignment,method-assign]
        app.wsgi_app, wiring.LAYERS, app.extensions, settings.secret_key
    )
    return app


def _complete(described: Api) -> None:
    answers.tell_problems_in(described)
    contract.describe(described, wiring.COMMANDS_DESCRIBED, wiring.RECORDS_DESCRIBED)


def _health(app: request.App) -> None:
    def healthz() -> Response:
        """Answer that the process lives."""
        return jsonify(status="ok")

    def readyz() -> tuple[Response, int]:
        """Answer whether database and Redis answer."""
        database = _answers(lambda: request.session().execute(text("SELECT 1")))
        redis = _answers(request.redis().ping)
        ready = database and redis
        status = "ready" if ready else "not ready"
        return jsonify(status=status, database=database, redis=redis), 200 if ready else 503

    app.add_url_rule("/healthz", view_func=healthz)
    app.add_url_rule("/readyz", view_func=readyz)


def _answers(ask: Any) -> bool:
    try:
        ask()
    except Exception:
        return False
    return True
