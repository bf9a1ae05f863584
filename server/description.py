"""The OpenAPI file, written when somebody first asks for it.

Describing some three hundred operations takes longer than building the rest of the application, and most
processes are never asked.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

from flask import Flask, Response, current_app, json
from flask_smorest import Api, Blueprint


class DescribedWhenAsked(Api):  # type: ignore[misc]  # flask-smorest ships no types
    """Registers routes at once, and describes them when the file is asked for.

    Args:
        finish: what to do to the described Api before the file is given out.
    """

    def __init__(self, app: Flask, finish: Callable[[Api], None]) -> None:
        self._finish = finish
        self._registered: list[Blueprint] = []
        self._file: str | None = None
        self._describing = Lock()
        super().__init__(app)

    def register_blueprint(self, blp: Blueprint, **options: Any) -> None:
        """Register the routes of a blueprint; what Api does beside, `_describe` does later."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp, **options)
        self._registered.append(blp)

    def _openapi_json(self) -> Response:
        with self._describing:
            if self._file is None:
                self._file = self._describe()
        return current_app.response_class(self._file, mimetype="application/json")

    def _describe(self) -> str:
        for blp in self._registered:
            blp.register_views_in_doc(self, self._app, self.spec, name=blp.name, parameters=None)
            self.spec.tag({"name": blp.name, "description": blp.description})
        self._finish(self)
        return json.dumps(self.spec.to_dict())
