"""Checking a receipt at the command line, without the server if the keys are at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
import orjson

from server.console import Console, pass_console
from server.fieldsync.receipts import published
from sync.envelope import read
from sync.errors import ReceiptInvalid
from sync.receipt import Receipt, check, from_jwk, items_sha256

COUNTY_TIME = ZoneInfo("Asia/Shanghai")
MANY = 2**31
File = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("check-receipt")
@click.argument("file", type=File)
@click.option(
    "--key", "key_file", type=File, help="The answer of /sync/v1/receipt-key; then no server is asked."
)
@click.option(
    "--batch", "batch_file", type=File, help="The envelope (JSON) that is said to have been handed in."
)
@pass_console
def check_receipt(console: Console, file: Path, key_file: Path | None, batch_file: Path | None) -> None:
    """Say what a receipt proves; end with 1 and the reason when it proves nothing.

    FILE holds the receipt itself or the whole answer of a push.
    """
    keys = _keys(key_file.read_bytes()) if key_file else _published(console)
    receipt = check(_receipt_in(file.read_bytes()), keys)
    if batch_file:
        _same_items(receipt, batch_file.read_bytes())
    click.echo(_in_words(receipt))


def _receipt_in(content: bytes) -> str:
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError:
        return content.decode("utf-8", "replace").strip()
    found = document.get("receipt") if isinstance(document, dict) else document
    if not isinstance(found, str):
        raise ReceiptInvalid("There is no receipt in this file.", "文件中没有回执。")
    return found


def _keys(content: bytes) -> list[bytes]:
    try:
        document: Any = orjson.loads(content)
    except orjson.JSONDecodeError:
        document = None
    if not isinstance(document, dict):
        raise ReceiptInvalid("The key file is no JSON object.", "公钥文件不是 JSON 对象。")
    return [from_jwk(one) for one in document.get("keys", [document])]


def _published(console: Console) -> list[bytes]:
    with console.transaction() as session:
        return _keys(orjson.dumps(published(session)))


def _same_items(receipt: Receipt, body: bytes) -> None:
    envelope = read(body, max_mutations=MANY)
    digests = [item.digest for item in envelope.items]
    if envelope.device_id != receipt.device_id or items_sha256(digests) != receipt.items_sha256:
        raise ReceiptInvalid(
            "The receipt is genuine, but it was given for other items than these.",
            "回执真实，但对应的不是这些条目。",
        )


def _in_words(receipt: Receipt) -> str:
    when = receipt.received_at.astimezone(COUNTY_TIME)
    count = receipt.last_seq - receipt.first_seq + 1
    noun = "item" if count == 1 else "items"
    items = f"{count} {noun} (seq {receipt.first_seq} to {receipt.last_seq})" if count else "no items"
    items_zh = f"{count} 条（序号 {receipt.first_seq} 至 {receipt.last_seq}）" if count else "0 条"
    return (
        f"Genuine. Device {receipt.device_id} handed in {items} at {when:%Y-%m-%d %H:%M:%S} (UTC+8);"
        f" everything up to seq {receipt.acked_through} had a stored result by then.\n"
        f"回执真实。设备 {receipt.device_id} 于 {when:%Y-%m-%d %H:%M:%S} 提交{items_zh}；"
        f"截至序号 {receipt.acked_through} 的条目均已有结果。\n"
        f"items_sha256 {receipt.items_sha256}"
    )
