"""The office as a browser meets it: the product on a port, people who can sign in, cases with real photos."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any
from uuid import UUID

import requests
from playwright.sync_api import BrowserContext, Page
from werkzeug.serving import WSGIRequestHandler, make_server

from server.app import create_app
from server.auth.actor import Actor
from server.local.certificate import Certificate
from server.wiring import COMMAND_TYPES
from sync.entity import cell_bucket
from sync.mutations import Outcome
from tests.build import PASSWORD, County
from tests.integration.ledger.acting import Cast, a_cast, a_mutation, a_sender, an_id
from tests.pictures import jpeg, sha256
from tests.serving import closing_answers


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing: the test's own words matter."""


@dataclass
class Office:
    """The product on a port of its own, with the people around one community."""

    url: str
    cast: Cast
    shots: int = field(default=0)

    def photo(self, actor: Actor) -> str:
        """Upload a photo that nobody has seen before; return its digest in hex."""
        self.shots += 1
        content = jpeg(1000 + self.shots, (320, 240))
        digest = sha256(content).hex()
        told = {"sha256": digest, "filetype": "image/jpeg"}
        answer = requests.post(
            f"{self.url}/sync/v1/uploads",
            data=content,
            headers={
                **self.cast.county.bearer(actor),
                "Tus-Resumable": "1.0.0",
                "Upload-Length": str(len(content)),
                "Upload-Metadata": ",".join(
                    f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in told.items()
                ),
                "Content-Type": "application/offset+octet-stream",
            },
            timeout=20,
        )
        answer.raise_for_status()
        return digest

    def report(self, category: str = "parking_disorderly", severity: str = "C") -> UUID:
        """Let the worker report a problem with a photo; it files itself."""
        case_id, worker = an_id(), self.cast.worker
        data = {
            "category": category,
            "severity": severity,
            "community_id": str(self.cast.community_id),
            "location": self.cast.location(),
            "description": "三辆车停在单元门前",
            "photos": [self.photo(worker)],
        }
        [outcome] = self.cast.push(worker, a_mutation("case.report", case_id, data))
        assert outcome.status == "applied", outcome
        return case_id

    def push(self, actor: Actor, name: str, entity_id: UUID, data: Mapping[str, Any]) -> Outcome:
        """Let somebody hand in a command about a place in the cell."""
        with self.cast.county.transaction() as session:
            sender = a_sender(actor, [cell_bucket(self.cast.cell)])
            told = [a_mutation(name, entity_id, data)]
            [outcome] = COMMAND_TYPES[name].handler(session, sender, told, self.cast.later())
        assert outcome.status == "applied", outcome
        return outcome

    def facility(self, name: str = "1号梯") -> UUID:
        """Let another worker add a lift to the community."""
        facility_id, community_id = an_id(), str(self.cast.community_id)
        data = {"community_id": community_id, "kind": "lift", "name": name, "location": self.cast.location()}
        self.push(self.cast.checker, "facility.create", facility_id, data)
        return facility_id

    def to_check(self) -> UUID:
        """Take a case to the worker who reported it, to be checked; photos before and after are there."""
        cast = self.cast
        case_id = self.dispatched()
        cast.order(cast.fixer, "case.accept", case_id)
        shown: dict[str, Any] = {"photos": [self.photo(cast.fixer)], "location": cast.location()}
        cast.order(cast.fixer, "case.claim_fixed", case_id, done="已清走", paid_by="物业", **shown)
        cast.order(cast.dispatcher, "case.assign_check", case_id, checker=str(cast.worker.user_id))
        return case_id

    def dispatched(self, **report: str) -> UUID:
        """Report a problem and dispatch it to the company."""
        case_id = self.report(**report)
        unit = self.cast.fixer.unit_code
        self.cast.order(self.cast.dispatcher, "case.dispatch", case_id, unit=unit, demand="立即清走")
        return case_id


@contextmanager
def opened(county: County, tls: Certificate | None = None) -> Iterator[Office]:
    """Yield the office on a port, and close it afterwards.

    Args:
        tls: what it proves itself by, as `make run TLS=1` does; its address is then https.
    """
    settings = replace(county.settings, tls_authority=str(tls.authority)) if tls else county.settings
    app = create_app(settings)
    proof = (str(tls.certificate), str(tls.key)) if tls else None
    server = make_server(
        "127.0.0.1", 0, closing_answers(app), threaded=True, request_handler=_Quiet, ssl_context=proof
    )
    serving = Thread(target=server.serve_forever, daemon=True)
    serving.start()
    cast = a_cast(county)
    cast.clock = datetime.now(UTC) - timedelta(hours=2)
    yield Office(f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}", cast)
    server.shutdown()
    serving.join()
    server.server_close()
    app.extensions["wangge.database"].engine.dispose()
    app.extensions["wangge.redis"].close()


class Visitor:
    """A person before the browser."""

    def __init__(self, context: BrowserContext, office: Office) -> None:
        self.office = office
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page.on(
            "console", lambda told: self.complaints.append(told.text) if told.type == "error" else None
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def open(self, path: str) -> Page:
        """Open an address of the office."""
        self.page.goto(self.office.url + path)
        return self.page

    def sign_in(self, actor: Actor, path: str = "/") -> Page:
        """Ask for a page and sign in at the door."""
        self.open(path)
        self.page.fill("#username", actor.username)
        self.page.fill("#password", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector("#content")
        return self.page

    def leave(self) -> None:
        """Sign out."""
        self.page.get_by_role("button", name="退出登录").click()
        self.page.wait_for_selector("#username")
