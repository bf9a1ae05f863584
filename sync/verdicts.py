"""What can be said of an item before its command is looked at: known already, used twice, waiting, or new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sync import gaps
from sync.clock import Measured
from sync.envelope import Envelope
from sync.errors import SeqGap
from sync.items import Item
from sync.mutations import Mutation, Outcome, Sender, Status
from sync.problem import at, problem

DONE: frozenset[str] = frozenset({"applied", "merged"})


@dataclass(frozen=True, slots=True)
class Prior:
    """An item that already has a stored result."""

    seq: int
    mid: UUID
    digest: bytes
    clash: bool
    status: Status
    result: Mapping[str, Any]


@dataclass(slots=True)
class Known:
    """What the inbox holds about a device: how far it got, what it pulled, the priors that a push touches.

    `elsewhere` has the statuses of mids that items depend on and that came from other devices;
    `clock` is what the device's clock showed at its last push.
    """

    acked_through: int
    pulled_scope: frozenset[str]
    priors: Sequence[Prior]
    elsewhere: Mapping[UUID, str] = field(default_factory=dict)
    clock: Measured | None = None
    statuses: dict[UUID, str] = field(init=False)

    def __post_init__(self) -> None:
        own = {prior.mid: prior.status for prior in self.priors if not prior.clash}
        self.statuses = {**self.elsewhere, **own}


def refuse_gap(envelope: Envelope, acked_through: int) -> None:
    """Raise SeqGap when seqs before the first one have no result and no `device.gap` closes the hole."""
    expected = acked_through + 1
    if not envelope.items or envelope.first_seq <= expected or _closes_hole(envelope, expected):
        return
    raise SeqGap(
        f"The items {expected} to {envelope.first_seq - 1} have not arrived; send from {expected}.",
        f"序号 {expected} 至 {envelope.first_seq - 1} 的条目尚未到达，请从 {expected} 开始发送。",
        errors=[
            at("/first_seq", f"expected at most {expected}", f"最大应为 {expected}"),
            *_faults_of_gap(envelope),
        ],
        extra={"expected_seq": expected},
    )


def _closes_hole(envelope: Envelope, expected: int) -> bool:
    gap = _read_gap(envelope)[0]
    return gap is not None and gap.first <= expected and gap.last >= envelope.first_seq - 1


def _faults_of_gap(envelope: Envelope) -> list[dict[str, str]]:
    return [{**fault, "pointer": f"/mutations/0{fault['pointer']}"} for fault in _read_gap(envelope)[1]]


def _read_gap(envelope: Envelope) -> tuple[gaps.Gap | None, list[dict[str, str]]]:
    first = envelope.items[0].mutation
    return gaps.read(first) if first is not None and first.type == gaps.GAP else (None, [])


@dataclass(frozen=True, slots=True)
class Sorted:
    """The items of a push by what they need: a stored result, a clash, or a decision."""

    replayed: Mapping[int, Prior]
    clashes: Sequence[Item]
    fresh: Sequence[Item]


def sort_items(items: Iterable[Item], known: Known) -> Sorted:
    """Tell items that have a result from those whose mid or seq is taken and from new ones."""
    by_identity = {(prior.seq, prior.mid, prior.digest): prior for prior in known.priors}
    taken_seqs = {prior.seq for prior in known.priors}
    taken_mids = {prior.mid for prior in known.priors if not prior.clash}
    replayed: dict[int, Prior] = {}
    clashes: list[Item] = []
    fresh: list[Item] = []
    for item in items:
        prior = by_identity.get((item.seq, item.mid, item.digest))
        if prior is not None:
            replayed[item.seq] = prior
        elif item.seq in taken_seqs or item.mid in taken_mids:
            clashes.append(item)
        else:
            fresh.append(item)
            taken_mids.add(item.mid)
    return Sorted(replayed, clashes, fresh)


CLASH = Outcome(
    "quarantined",
    problem=problem(
        "used-twice",
        "This mid or seq was already used for another item; the office looks at both.",
        "该编号或序号已用于另一条目，由办公室核对。",
    ),
)
CRASHED = Outcome(
    "quarantined",
    problem=problem(
        "item-fault",
        "The server failed on this item; it is kept for the office.",
        "服务器处理该条目时出错，已保存并交办公室处理。",
    ),
)
_ESCROW = {
    "device-revoked": ("The device was revoked", "设备已停用"),
    "device-unknown": ("The device was never enrolled here", "设备未在此注册"),
    "file-damaged": ("The file that it came in is damaged", "所在文件已损坏"),
    "device-foreign": ("The device belongs to another person", "设备属于他人"),
}


def escrow(reason: str) -> Outcome:
    """Return the outcome of everything that such a device hands in: it is kept for the office."""
    why, why_zh = _ESCROW[reason]
    told = f"{why}; the item is kept for the office.", f"{why_zh}，条目已保存并交办公室处理。"
    return Outcome("quarantined", problem=problem(reason, *told))


def verdict(item: Item, sender: Sender, types: Iterable[str], statuses: Mapping[UUID, str]) -> Outcome | None:
    """Return what is decided without the item's command; None when its handler must be asked."""
    if sender.revoked:
        return escrow(sender.escrow)
    if item.mutation is None:
        return Outcome("rejected", problem=item.problem)
    waiting = _dependencies(item.mutation, statuses)
    if waiting is not None:
        return waiting
    if item.mutation.type == gaps.GAP:
        return gaps.verdict(item.mutation)
    if item.mutation.type not in types:
        name = item.mutation.type
        return Outcome(
            "held",
            problem=problem(
                "unknown-type", f"This server does not know {name} yet.", f"本服务器尚不认识 {name}。"
            ),
            waits_for=(f"type:{name}",),
        )
    return None


def _dependencies(mutation: Mutation, statuses: Mapping[UUID, str]) -> Outcome | None:
    found = {mid: statuses.get(mid) for mid in mutation.depends_on}
    refused = [str(mid) for mid, status in found.items() if status == "rejected"]
    if refused:
        text = "It depends on an item that was rejected.", "所依赖的条目已被拒绝。"
        return Outcome("rejected", problem=problem("dependency-failed", *text, mids=refused))
    missing = [str(mid) for mid, status in found.items() if status not in DONE]
    if missing:
        text = "It waits for items that have not been applied yet.", "等待尚未完成的条目。"
        keys = tuple(f"mid:{mid}" for mid in missing)
        return Outcome("held", problem=problem("dependency-missing", *text, mids=missing), waits_for=keys)
    return None
