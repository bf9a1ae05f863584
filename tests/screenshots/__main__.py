"""`make screenshots`: load a demo county into a product of its own and picture every view of it.

The pictures and `index.html`, which shows them all, go to var/screenshots; `--view NAME` pictures one view.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import click
import requests
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from server.auth.rules import COUNTY_UNIT
from server.local import front_end
from server.local.browser import chromium
from server.local.places import CHECKOUT
from tests.benchmarks.product import Product, product
from tests.screenshots import tablet
from tests.screenshots.tablet import TABLET_LOOKS, TABLET_VIEWS
from tests.screenshots.views import BOARD, LOOKS, VIEWS, Look, View
from tests.web.conftest import DRAWING

PICTURES = CHECKOUT / "var" / "screenshots"
A_BOARD = f"""
INSERT INTO server.board_code (community_id, code, made_by, made_at)
SELECT c.community_id, '{BOARD}', (SELECT user_id FROM server."user" ORDER BY user_id LIMIT 1), now()
  FROM server."case" c WHERE c.state = 'closed' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1
"""
A_STAND_IN = """
INSERT INTO server.stand_in (stand_in_id, absent_id, deputy_id, from_on, to_on, reason, named_by, named_at)
SELECT gen_random_uuid(), a.user_id, d.user_id, current_date - 1, current_date + 5, '外出培训',
       a.user_id, now()
  FROM server."user" d
  JOIN server."user" a ON a.unit_code = d.unit_code AND a.role = 'shift_leader' AND a.active
 WHERE d.role = 'dispatcher' AND d.active ORDER BY d.username, a.username LIMIT 1
"""
PASSWORD = re.compile(r"sign in with (\S+)")


@click.command()
@click.option("--view", "names", multiple=True, help="Only this view; may be given again.")
@click.option("--communities", default=24, show_default=True)
def main(names: Sequence[str], communities: int) -> None:
    """Picture every view, each in both languages, light, dark and as wide as a phone."""
    views = [view for view in VIEWS if not names or view.name in names]
    in_hand = tuple(view for view in TABLET_VIEWS if not names or view.name in names)
    program = chromium()
    if program is None:
        raise click.ClickException("Chromium is missing: python -m server.local.browser installs it.")
    front_end.build()
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    with product() as running, sync_playwright() as playwright:
        password = _filled(running, communities)
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", *DRAWING])
        for view in views:
            _picture(browser, running, view, password)
        if in_hand:
            tablet.picture(browser, running, PICTURES, in_hand)
        browser.close()
    shown = {view.name: LOOKS for view in views} | {view.name: TABLET_LOOKS for view in in_hand}
    (PICTURES / "index.html").write_text(_sheet(shown), encoding="utf-8")
    click.echo(f"{sum(map(len, shown.values()))} pictures: {PICTURES / 'index.html'}")


def _filled(running: Product, communities: int) -> str:
    """Load a county with a year of history and open the product; return the password of its people."""
    running.wangge("migrate")
    running.wangge("load-county", "--no-demo")
    told = running.wangge("demo", "load", "--communities", str(communities), "--years", "1")
    running.open()
    running.as_superuser(A_BOARD)
    running.as_superuser(A_STAND_IN)
    found = PASSWORD.search(told)
    assert found is not None, told
    return found[1]


def _picture(browser: Browser, running: Product, view: View, password: str) -> None:
    tokens = None if view.role is None else _signed_in(running, view.role, password)
    path = view.path if view.first_of is None else _path_of_first(running, view, tokens)
    if path is None:
        click.echo(f"{view.name}: there is no record to show")
        return
    for look in LOOKS:
        context = _context(browser, look, tokens)
        page = context.new_page()
        page.goto(f"{running.address.url}{path}")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(view.settle_ms)
        page.screenshot(path=PICTURES / f"{view.name}-{look.name}.png")
        context.close()
    click.echo(view.name)


def _context(browser: Browser, look: Look, tokens: str | None) -> BrowserContext:
    context = browser.new_context(
        locale=look.language,
        viewport={"width": look.width, "height": look.height},
        reduced_motion="reduce",
        ignore_https_errors=True,
    )
    remembered = {"wangge.theme": look.theme, "wangge.language": look.language}
    if tokens is not None:
        remembered["wangge.tokens"] = tokens
    lines = [f"localStorage.setItem({name!r}, {value!r});" for name, value in remembered.items()]
    context.add_init_script("".join(lines))
    return context


def _signed_in(running: Product, role: str, password: str) -> str:
    """Return what the browser keeps after somebody of this role signed in."""
    name = running.as_superuser(
        f"SELECT username FROM server.\"user\" WHERE role = '{role}' AND active ORDER BY username LIMIT 1"
    )
    if not name:
        name = f"look_{role}"
        _hire(running, name, role, password)
    body = {"username": name, "password": password}
    answer = requests.post(f"{running.address.url}/api/v1/auth/login", json=body, timeout=30)
    answer.raise_for_status()
    return answer.text


def _hire(running: Product, name: str, role: str, password: str) -> None:
    words = ("user", "create", name, "--role", role, "--unit", COUNTY_UNIT, "--password-stdin")
    command = [sys.executable, "-m", "server.cli", *words]
    subprocess.run(command, input=password, text=True, check=True, cwd=CHECKOUT, env=running.environ)


def _path_of_first(running: Product, view: View, tokens: str | None) -> str | None:
    assert tokens is not None
    headers = {"Authorization": f"Bearer {json.loads(tokens)['access_token']}"}
    answer = requests.get(f"{running.address.url}{view.first_of}", headers=headers, timeout=30)
    items: list[dict[str, Any]] = answer.json().get("items", [])
    return view.path.format(items[0][view.id_name]) if items else None


def _sheet(shown: Mapping[str, Sequence[Look]]) -> str:
    """Return a page on which all pictures stand side by side."""
    rows = [
        f"<h2>{escape(name)}</h2><div>"
        + "".join(
            f'<a href="{file}"><img src="{file}" height="420" alt="{escape(look.name)}" loading="lazy"></a> '
            for look in looks
            if (PICTURES / (file := f"{name}-{look.name}.png")).exists()
        )
        + "</div>"
        for name, looks in shown.items()
    ]
    style = "<style>body{font:14px sans-serif;background:#888}img{margin:4px;background:#fff}</style>"
    return f"<!doctype html><meta charset=utf-8><title>wangge</title>{style}{''.join(rows)}"


if __name__ == "__main__":
    main()
