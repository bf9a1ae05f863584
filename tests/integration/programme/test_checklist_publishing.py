"""A county's own checklists: checked, published, compared, and safe from the next start of the product."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.orm import Session

from checklists.catalog import catalog
from checklists.errors import TemplateFaulty
from checklists.model import Template
from server.cli import main
from server.programme import publishing, queries, service
from server.programme.tables import ChecklistVersion
from tests.build import County

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)


def own_version() -> dict[str, Any]:
    document = deepcopy(catalog().get("T2").document)
    document["title_en"] = "E-bike charging, our way"
    return document


def publish(county: County, document: object) -> Template:
    with county.transaction() as session:
        return publishing.publish(session, document, file="own.json", actor=None, now=NOW)


def stored(session: Session, named: str) -> ChecklistVersion:
    found = queries.checklist(session, named)
    assert found is not None
    return found


def test_a_published_version_replaces_the_current_one_and_the_old_one_stays_known(county: County) -> None:
    shipped = catalog().get("T2")

    own = publish(county, own_version())

    with county.transaction() as session:
        assert stored(session, "T2").version == own.version
        assert stored(session, shipped.version).retired_at == NOW


def test_tablets_are_told_of_a_published_version(county: County) -> None:
    own = publish(county, own_version())

    with county.transaction() as session:
        told = session.execute(
            text("SELECT alive FROM sync.bucket_entry WHERE entity = 'checklist' AND entity_id = :id"),
            {"id": own.version},
        ).scalar_one()
    assert told


def test_publishing_the_same_document_twice_changes_nothing(county: County) -> None:
    own = publish(county, own_version())
    again = publish(county, own_version())

    with county.transaction() as session:
        lines = session.execute(
            text("SELECT count(*) FROM server.audit_line WHERE action = 'checklist.publish'")
        )
        assert (again.version, lines.scalar_one()) == (own.version, 1)


def test_an_older_version_can_be_made_current_again(county: County) -> None:
    publish(county, own_version())

    shipped = publish(county, catalog().get("T2").document)

    with county.transaction() as session:
        assert stored(session, "T2").version == shipped.version


def test_loading_the_county_again_keeps_the_countys_own_version(county: County) -> None:
    own = publish(county, own_version())

    with county.transaction() as session:
        service.load_county(session, with_demo=None, seed=7, now=NOW, tell=lambda line: None)

    with county.transaction() as session:
        assert stored(session, "T2").version == own.version


def test_a_document_with_a_category_the_county_lacks_is_refused_and_nothing_is_stored(county: County) -> None:
    document = own_version()
    document["items"][1]["judgements"][0]["category"] = "flying_saucers"

    with pytest.raises(TemplateFaulty) as caught:
        publish(county, document)

    assert "/items/1" in caught.value.errors[0]["pointer"]
    with county.transaction() as session:
        assert stored(session, "T2").version == catalog().get("T2").version


def test_lint_names_file_item_and_fault_and_exits_with_one(tmp_path: Path) -> None:
    document = own_version()
    document["items"][3]["type"] = "number"
    file = tmp_path / "own.json"
    file.write_text(json.dumps(document), encoding="utf-8")

    answer = CliRunner().invoke(main, ["checklist", "lint", str(file)])

    assert answer.exit_code == 1
    assert "own.json#/items/3/type" in answer.output


def test_diff_of_two_files_names_what_changed(tmp_path: Path) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(json.dumps(catalog().get("T2").document), encoding="utf-8")
    new.write_text(json.dumps(own_version()), encoding="utf-8")

    answer = CliRunner().invoke(main, ["checklist", "diff", str(old), str(new)])

    assert answer.exit_code == 0
    assert "changed /title_en" in answer.output
    assert "1 differences" in answer.output
