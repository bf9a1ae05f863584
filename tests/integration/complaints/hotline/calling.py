"""Work orders as the platform sends them, and a desk that takes them in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import text

from server.complaints.hotline.fields import FIELDS
from server.sheets.layout import Layout
from server.sheets.writing import SheetWriter
from tests.integration.ledger.acting import Cast

CALLER, PHONE = "赵晓梅", "13854712345"


def a_block(number: str = "SD2026110001", **told: str) -> str:
    """Return an order as the platform's page shows it; a field told empty is left out."""
    held = {
        "工单编号": number,
        "来电时间": "2026-11-19 09:12",
        "来电人": CALLER,
        "联系电话": PHONE,
        "诉求内容": f"市民{CALLER}来电反映消防通道被私家车堵死，消防车进不去，请回电{PHONE}。",
        "诉求地址": "",
        "承办单位": "",
        "办理时限": "2026-11-26 18:00",
        **told,
    }
    return "\n".join(f"{title}：{words}" for title, words in held.items() if words) + "\n"


@dataclass
class HotlineDesk:
    """A client of the product and the people of a street."""

    client: FlaskClient
    cast: Cast

    @property
    def community(self) -> str:
        """Return the name of the cast's community."""
        with self.cast.county.transaction() as session:
            name: str = session.execute(
                text("SELECT name FROM geo.community WHERE community_id = :id"),
                {"id": self.cast.community_id},
            ).scalar_one()
            return name

    def ask(self, method: str, path: str, actor: Any = None, **more: Any) -> Any:
        """Send a request as somebody, the dispatcher unless told otherwise."""
        headers = self.cast.county.bearer(actor or self.cast.dispatcher)
        return self.client.open(f"/api/v1/hotline{path}", method=method, headers=headers, **more)

    def paste(self, *blocks: str, dry_run: bool = False, actor: Any = None) -> Any:
        """Paste orders."""
        told = {"text": "\n".join(blocks), "dry_run": dry_run}
        return self.ask("POST", "/orders/paste", actor, json=told)

    def taken(self, number: str = "SD2026110001", **told: str) -> dict[str, Any]:
        """Take one order in and return it as its page shows it."""
        answer = self.paste(a_block(number, **told))
        assert answer.status_code == 200, answer.json
        return self.order(number)

    def order(self, number: str) -> dict[str, Any]:
        """Return an order as its page shows it."""
        [found] = self.ask("GET", "/orders", query_string={"text": number}).json["items"]
        shown: dict[str, Any] = self.ask("GET", f"/orders/{found['order_id']}").json
        return shown

    def command(self, order: dict[str, Any], name: str, actor: Any = None, **data: Any) -> Any:
        """Give a command on an order as it was seen."""
        told = {"type": f"hotline.{name}", "base_version": order["version"], "data": data}
        return self.ask("POST", f"/orders/{order['order_id']}/commands", actor, json=told)

    def done(self, order: dict[str, Any], name: str, **data: Any) -> dict[str, Any]:
        """Give a command that must succeed and return the order as it then stands."""
        answer = self.command(order, name, **data)
        assert answer.status_code == 200, answer.json
        found: dict[str, Any] = answer.json
        return found

    def open_case(self, order: dict[str, Any], category: str = "fire_lane_blocked", actor: Any = None) -> Any:
        """Open a case from an order at the cast's community."""
        told = {
            "base_version": order["version"],
            "community_id": str(self.cast.community_id),
            "category": category,
        }
        return self.ask("POST", f"/orders/{order['order_id']}/cases", actor, json=told)


def a_sheet(folder: Path, *rows: dict[str, object], titles: dict[str, str] | None = None) -> Path:
    """Return a workbook in the platform's columns; `titles` are other words over some of them."""
    from dataclasses import replace

    named = titles or {}
    columns = [replace(one, zh=named.get(one.name, one.zh), required=False) for one in FIELDS]
    with SheetWriter(folder / "12345.xlsx", columns, Layout("工单")) as sheet:
        for row in rows:
            sheet.add([row.get(one.name) for one in FIELDS])
    return folder / "12345.xlsx"


def case_of(order: dict[str, Any]) -> UUID:
    """Return the only case of an order."""
    [case] = order["cases_linked"]
    return UUID(case["case_id"])
