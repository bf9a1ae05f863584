"""What a worker handed in and when can be proved with the receipt, the published key, and no server."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from server.cli import main
from server.fieldsync.receipts import Receipts
from sync.canonical import digest
from sync.receipt import check, from_jwk, items_sha256
from tests.integration.sync.pushing import an_item

if TYPE_CHECKING:
    from tests.integration.fieldsync.conftest import World


def keys(world: World) -> Any:
    answer = world.client.get("/sync/v1/receipt-key")
    assert answer.status_code == 200
    return answer.json


def on_paper(world: World, folder: Path, receipt: str) -> tuple[Path, Path]:
    paper, key = folder / "receipt.txt", folder / "key.json"
    paper.write_text(receipt + "\n")
    key.write_bytes(orjson.dumps(keys(world)))
    return paper, key


def checked(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["sync", "check-receipt", *map(str, words)])


def test_a_push_is_answered_with_a_receipt_over_what_it_carried(world: World) -> None:
    tablet, items = world.tablet(), [an_item(1), an_item(2)]

    answer = tablet.push(items).json

    told = check(answer["receipt"], [from_jwk(keys(world)["keys"][0])])
    assert (told.device_id, told.batch_id) == (tablet.device_id, "b")
    assert (told.first_seq, told.last_seq, told.acked_through) == (1, 2, 2)
    assert told.items_sha256 == items_sha256([digest(item) for item in items])
    assert told.received_at == datetime.fromisoformat(answer["received_at"])


def test_a_replay_gives_a_receipt_for_the_same_items(world: World) -> None:
    tablet, items = world.tablet(), [an_item(1), an_item(2)]
    public = [from_jwk(keys(world)["keys"][0])]

    first, again = (check(tablet.push(items).json["receipt"], public) for _ in range(2))

    assert again.items_sha256 == first.items_sha256
    assert again.acked_through == first.acked_through
    assert again.received_at > first.received_at


def test_the_keys_are_for_everybody_and_may_be_kept(world: World) -> None:
    answer = world.client.get("/sync/v1/receipt-key")

    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert [set(key) for key in answer.json["keys"]] == [{"kty", "crv", "kid", "use", "alg", "x"}]


def test_another_secret_makes_another_key_and_the_old_one_stays_published(world: World) -> None:
    before = keys(world)["keys"]

    Receipts("another secret, thirty-two characters").publish(world.db, datetime.now(UTC))

    assert len(keys(world)["keys"]) == 2
    assert keys(world)["keys"][1:] == before


def test_the_application_can_neither_change_nor_forget_a_key(world: World) -> None:
    keys(world)

    for sql in ("DELETE FROM sync.receipt_key", "UPDATE sync.receipt_key SET first_used_at = now()"):
        with pytest.raises(ProgrammingError, match="permission denied"), world.db.transaction() as session:
            session.execute(text(sql))


def test_a_receipt_is_checked_without_the_server(world: World, tmp_path: Path) -> None:
    tablet, items = world.tablet(), [an_item(1), an_item(2)]
    paper, key = on_paper(world, tmp_path, tablet.push(items).json["receipt"])
    batch = tmp_path / "batch.json"
    batch.write_bytes(orjson.dumps(tablet.envelope(items)))

    said = checked(paper, "--key", key, "--batch", batch)

    assert said.exit_code == 0
    assert f"Device {tablet.device_id} handed in 2 items (seq 1 to 2)" in said.output
    assert "everything up to seq 2 had a stored result" in said.output
    assert "回执真实" in said.output


def test_the_whole_answer_of_a_push_will_do_as_file(world: World, tmp_path: Path) -> None:
    answer = world.tablet().push([an_item(1)]).json
    paper, key = on_paper(world, tmp_path, orjson.dumps(answer).decode())

    assert checked(paper, "--key", key).exit_code == 0


def test_a_receipt_proves_nothing_about_other_items(world: World, tmp_path: Path) -> None:
    tablet = world.tablet()
    paper, key = on_paper(world, tmp_path, tablet.push([an_item(1)]).json["receipt"])
    batch = tmp_path / "batch.json"
    batch.write_bytes(orjson.dumps(tablet.envelope([an_item(1)])))

    said = checked(paper, "--key", key, "--batch", batch)

    assert (said.exit_code, "other items than these" in said.output) == (1, True)


BAD = {
    "cut": lambda text: text[:-30],
    "only two parts": lambda text: text.rsplit(".", 1)[0],
    "altered": lambda text: text[:100] + ("A" if text[100] != "A" else "B") + text[101:],
    "empty": lambda text: "",
    "another paper": lambda text: "{}",
}


@pytest.mark.parametrize("spoil", BAD.values(), ids=BAD)
def test_a_bad_receipt_ends_with_one_and_the_reason(world: World, tmp_path: Path, spoil: Any) -> None:
    paper, key = on_paper(world, tmp_path, spoil(world.tablet().push([an_item(1)]).json["receipt"]))

    said = checked(paper, "--key", key)

    assert said.exit_code == 1
    assert said.output.startswith("Error: ")
    assert "Traceback" not in said.output


def test_without_a_key_file_the_running_product_is_asked(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper, _ = on_paper(world, tmp_path, world.tablet().push([an_item(1)]).json["receipt"])
    monkeypatch.setenv("DATABASE_URL", world.settings.database_url)
    monkeypatch.setenv("SECRET_KEY", world.settings.secret_key)

    said = checked(paper)

    assert said.exit_code == 0
    assert "handed in 1 item (" in said.output
