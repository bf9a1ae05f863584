"""Tablets that do anything in any order over a line that breaks, beside a model of what must come of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import text

from server.db import Database
from server.photos.store import PhotoStore
from sync.client import Item
from tests.chaos.fates import FOUND
from tests.chaos.faults import KINDS, STATUSES, Draw, Fault
from tests.chaos.model import judge
from tests.chaos.office import Office
from tests.chaos.proxy import Proxy
from tests.chaos.truth import tablet_of, truth_of
from tests.chaos.writer import Writer

TABLETS = 2
PAUSES = (0.0, 0.02)
CELLS = "SELECT community_id, array_agg(grid_cell_code) FROM geo.community_cell GROUP BY 1"

FAULTS = st.builds(
    Fault,
    st.sampled_from(KINDS),
    st.floats(0, 1, exclude_max=True),
    st.sampled_from(PAUSES),
    st.sampled_from(STATUSES),
    st.booleans(),
)
WEATHER = st.lists(st.none() | FAULTS, max_size=3)
WHO = st.integers(0, TABLETS - 1)
KIND = st.sampled_from(("inspect", "inspect", "report", "note", "work", "work", "work"))


@dataclass(frozen=True)
class Scripted(Draw):
    """Lets the next requests meet these faults, one each; what comes after passes."""

    waiting: list[Fault | None] = field(default_factory=list)

    def fault(self, number: int) -> Fault | None:
        """Return the next fault of the script."""
        return self.waiting.pop(0) if self.waiting else None


@dataclass(frozen=True, slots=True)
class World:
    """What all examples share: a served product with a county, and a folder for tablets' files.

    `release` lets go on what was held, as the product's worker does.
    """

    url: str
    database: Database
    photos: PhotoStore
    folder: Path
    release: Callable[[], object]


@dataclass
class Expected:
    """What the model knows of one tablet.

    Attributes:
        pulled: the cells that its last pull brought home, as far as the tablet knows.
        done: items that must be applied whatever happens, by mid.
        answers: the first answer to each item, by mid.
    """

    name: str
    pulled: frozenset[str] = frozenset()
    done: dict[str, bool] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)


class Tablets(RuleBasedStateMachine):
    """The machine; `world` is set by the test that runs it."""

    world: ClassVar[World]
    numbers = count(1)

    @initialize(seed=st.integers(0, 2**16))
    def employ(self, seed: int) -> None:
        self.office = Office(self.world.database, random.Random(seed))
        with self.world.database.snapshot() as session:
            self.cells = {str(row[0]): frozenset(row[1]) for row in session.execute(text(CELLS))}
        self.expected = [Expected(f"machine{next(self.numbers)}") for _ in range(TABLETS)]
        self.writers = [self._writer(one, f"{seed}/{who}") for who, one in enumerate(self.expected)]
        for who in range(TABLETS):
            self.pull(who, [])

    @rule(who=WHO, kind=KIND)
    def work_offline(self, who: int, kind: str) -> None:
        writer = self.writers[who]
        writer.survive(getattr(writer, kind))

    @rule(who=WHO, weather=WEATHER, most=st.integers(1, 4), along=st.booleans())
    def push(self, who: int, weather: Sequence[Fault | None], most: int, along: bool) -> None:
        self._foresee(who)
        self._meet(who, weather, lambda: self._client(who).push(most=most, with_photos=along))
        self._heard(who)

    @rule(who=WHO, weather=WEATHER, first=st.integers(1, 6), most=st.integers(1, 6))
    def push_again_in_other_batches(
        self, who: int, weather: Sequence[Fault | None], first: int, most: int
    ) -> None:
        items = self._client(who).store.items(first, most)
        if not items or any(item.status is None for item in items):
            return
        self._meet(who, weather, lambda: self._client(who).send(items))
        self._heard(who)

    @rule(who=WHO, at=st.integers(0, 8), same_mid=st.booleans())
    def push_something_else_under_a_used_number(self, who: int, at: int, same_mid: bool) -> None:
        decided = [item for item in self._client(who).store.items() if item.status is not None]
        if not decided:
            return
        item = decided[at % len(decided)]
        forged = item.body | {"device_time": "2026-01-01T00:00:00Z"}
        if not same_mid:
            forged["mid"] = str(UUID(int=UUID(item.mid).int ^ 1))
        self.writers[who].survive(lambda: self._push_alone(who, item.seq, forged))

    def _push_alone(self, who: int, seq: int, item: dict[str, Any]) -> None:
        client = self._client(who)
        envelope = {"batch_id": "x", "device_id": client.device_id, "first_seq": seq, "mutations": [item]}
        answer = client.line.call("POST", "/sync/v1/push", json=envelope).json()
        assert [result["status"] for result in answer["results"]] == ["quarantined"]

    @rule(who=WHO, weather=WEATHER)
    def upload(self, who: int, weather: Sequence[Fault | None]) -> None:
        self._meet(who, weather, lambda: self._client(who).upload())

    @rule(who=WHO, weather=WEATHER)
    def pull(self, who: int, weather: Sequence[Fault | None]) -> None:
        self._meet(who, weather, lambda: self._client(who).pull())
        self.expected[who].pulled = frozenset(self.office.cells_of(self.expected[who].name))

    @rule(who=WHO)
    def lose_the_answer_to_a_pull(self, who: int) -> None:
        self._meet(who, [Fault("lost_after")], lambda: self._ask_for_a_page(who))

    def _ask_for_a_page(self, who: int) -> None:
        client = self._client(who)
        client.line.once(
            "GET", "/sync/v1/pull", params={"cursor": client.store.fact("cursor"), "limit": 2000}
        )

    @rule(who=WHO)
    def move_the_worker(self, who: int) -> None:
        self.office.move(self.expected[who].name)

    @rule(who=WHO)
    def set_the_clock(self, who: int) -> None:
        self.writers[who].jump()

    @rule()
    def publish_a_checklist(self) -> None:
        self.office.publish()

    @rule(who=WHO, chance=st.sampled_from((0.0, 0.3)))
    def start_the_tablet_again(self, who: int, chance: float) -> None:
        self.writers[who].be_mortal(chance)

    def teardown(self) -> None:
        if not hasattr(self, "writers"):
            return
        try:
            self._prove()
        finally:
            for writer in self.writers:
                writer.client.close()
                writer.proxy.__exit__()

    def _prove(self) -> None:
        for who, writer in enumerate(self.writers):
            writer.proxy.calm()
            self._foresee(who)
            writer.finish()
        self.world.release()
        tablets = []
        for who, writer in enumerate(self.writers):
            writer.client.pull()
            self._heard(who)
            buckets = writer.client.line.call("GET", "/sync/v1/pull").json()["checkpoint"]
            wanted = {f"cell:{code}" for code in self.office.cells_of(self.expected[who].name)}
            assert {one for one in buckets if one.startswith("cell:")} == wanted
            walked = self.office.walked[self.expected[who].name]
            tablets.append(
                tablet_of(writer.client, writer.file, frozenset(buckets), self.world.photos, walked)
            )
        with self.world.database.snapshot() as session:
            findings = judge(tablets, truth_of(session))
        assert findings.sound, findings.faults

    def _foresee(self, who: int) -> None:
        """Note which items must be applied: the first under its id, where the tablet pulled last."""
        expected = self.expected[who]
        firsts: dict[str, str] = {}
        for item in self._client(who).store.items():
            firsts.setdefault(item.body["entity_id"], item.mid)
        for item in self._client(who).store.items(pending=True):
            if item.body["type"] in FOUND and firsts[item.body["entity_id"]] == item.mid:
                covered = bool(self.cells[item.body["data"]["community_id"]] & expected.pulled)
                expected.done[item.mid] = expected.done.get(item.mid, True) and covered

    def _heard(self, who: int) -> None:
        """Check the answers: each is the first one for ever, and what must be applied is."""
        expected = self.expected[who]
        for item in self._client(who).store.items():
            if item.result is None:
                continue
            told = _lasting(item)
            assert expected.answers.setdefault(item.mid, told) == told
            if expected.done.get(item.mid):
                assert item.status == "applied", f"item {item.seq} is {item.status}: {item.result['problem']}"

    def _meet(self, who: int, weather: Sequence[Fault | None], act: Callable[[], object]) -> None:
        writer = self.writers[who]
        writer.proxy.draw = Scripted(0, 1.0, waiting=list(weather))
        writer.survive(act)
        writer.proxy.calm()

    def _client(self, who: int) -> Any:
        return self.writers[who].client

    def _writer(self, one: Expected, seed: str) -> Writer:
        proxy = Proxy(self.world.url, Draw(0, 0.0))
        proxy.__enter__()
        file = self.world.folder / f"{one.name}.db"
        writer = Writer(proxy, file, random.Random(seed), crashes=0.0, far=self.office.far)
        writer.enrol(self.office.employ(one.name))
        return writer


def _lasting(item: Item) -> dict[str, Any]:
    """Return what no replay may change."""
    assert item.result is not None
    passing = ("replayed", "missing_photos")
    return {name: value for name, value in item.result.items() if name not in passing}
