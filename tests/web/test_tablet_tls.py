"""A tablet on the network: over https it sees, knows its place and works on without a line."""

from __future__ import annotations

import base64
import hashlib
import re
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, expect
from sqlalchemy import text

from server.local.certificate import Certificate, certificate
from server.web.trust import fingerprint
from tests.build import County
from tests.web import office as offices
from tests.web.axe import serious_faults
from tests.web.conftest import DRAWING
from tests.web.office import Visitor
from tests.web.tablet import CAMERA, TAKEN_CHARGE, Tablet

# Not the machine itself, which browsers trust by http as well.
HOST = "wangge.test"


def trusting(made: Certificate) -> list[str]:
    """Return the options of a browser on which the certificate was installed, and which finds the host."""
    key = x509.load_pem_x509_certificate(made.certificate.read_bytes()).public_key()
    spki = hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    pin = base64.b64encode(spki).decode()
    return [f"--ignore-certificate-errors-spki-list={pin}", f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]


def test_over_https_a_tablet_is_told_whom_to_trust_and_has_all_that_it_needs_on_the_spot(
    built: None, browser: Browser, chromium: Path, county: County, tmp_path: Path
) -> None:
    made = certificate(tmp_path / "tls", [HOST], datetime.now(UTC))
    args = ["--no-sandbox", *DRAWING, *CAMERA, *trusting(made)]
    known = fingerprint(made.authority.read_bytes())
    with (
        offices.opened(county, made) as office,
        closing(browser.browser_type.launch(executable_path=chromium, args=args)) as launched,
    ):
        office.url = f"https://{HOST}:{urlsplit(office.url).port}"

        # The office shows the way beside the code that it makes, and at its door.
        visitor = Visitor(launched.new_context(locale="zh-CN"), office)
        visitor.open("/")
        expect(visitor.page.get_by_role("link", name="安装本服务器的证书")).to_have_attribute(
            "href", "/trust"
        )
        desk = visitor.sign_in(office.cast.shift_leader, "/desks")
        desk.get_by_role("button", name="登记平板").click()
        desk.get_by_role("combobox", name="给谁").fill(office.cast.worker.username)
        desk.get_by_role("option", name=re.compile(office.cast.worker.username)).click()
        desk.locator("[data-run]").click()
        told = desk.locator("[data-invitation] [data-trust]")
        expect(told).to_contain_text(known)
        expect(told.get_by_role("link", name=f"{office.url}/trust")).to_be_visible()
        assert serious_faults(desk) == []
        assert visitor.complaints == []

        # The tablet learns it before it enrols, then stands where it stands, sees, and outlives its network.
        with closing(Tablet(launched, office)) as tablet:
            page = tablet.page
            page.goto(f"{office.url}/tablet/enrol")
            page.locator("[data-trust]").click()
            expect(page.get_by_text(known)).to_be_visible()
            tablet.enrol(office.cast.worker)
            page.evaluate(TAKEN_CHARGE)
            assert page.evaluate("isSecureContext && location.protocol") == "https:"
            tablet.go("巡查")
            tablet.choose("T0")
            page.get_by_role("button", name="拍照，报一个问题").click()
            tablet.shoot()
            page.get_by_role("button", name="小广告未清理").click()
            page.get_by_role("button", name="其余均正常").click()
            page.get_by_role("button", name="交出巡查").click()
            expect(page.locator("[data-fate]")).to_have_attribute("data-fate", "accepted")
            tablet.context.set_offline(True)
            page.goto(f"{office.url}/tablet/inspect")
            expect(page.locator("[data-checklist=T0]")).to_be_visible()
            assert tablet.complaints == []
        where = tablet.place
    with county.transaction() as session:
        found = session.execute(text('SELECT ST_X(geom), ST_Y(geom), accuracy_m FROM server."case"')).one()
    assert found == pytest.approx((where["longitude"], where["latitude"], where["accuracy"]))
