"""A random walk of many cases through the ledger: days pass, people order what the states allow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from checklists.deadlines import SHANGHAI
from server.auth.actor import Actor
from server.ledger.levels import raise_levels
from server.ledger.resuming import resume_due
from server.ledger.terms import local_day
from server.problems import DomainError
from tests.build import a_person
from tests.integration.ledger.acting import Cast, a_digest, column
from tests.integration.ledger.test_turns import by_a_resident

KINDS = (("parking_disorderly", "C"), ("fire_lane_blocked", "A"), ("parking_disorderly", "B"))


@dataclass
class Walk:
    """Draws what happens; the same seed draws the same, apart from ids."""

    cast: Cast
    draw: Random
    cases: list[UUID] = field(default_factory=list)
    second: Actor | None = None
    leads: dict[str, Actor] = field(default_factory=dict)

    def begin(self, reports: int = 3) -> None:
        """Report some cases."""
        for _ in range(reports):
            category, severity = self.draw.choice(KINDS[:2])
            self.cases.append(self.cast.report(category, severity)[0])

    def day(self, deeds: int) -> datetime:
        """Let a day pass with so many deeds and the jobs of its morning; return its end."""
        self._jobs()
        for _ in range(deeds):
            self.cast.later(minutes=self.draw.randint(5, 90))
            self.deed()
        day = local_day(self.cast.clock)
        end = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + timedelta(days=1)
        self.cast.clock = end + timedelta(hours=8, minutes=self.draw.randint(0, 50))
        return end

    def deed(self) -> None:
        """Do one thing that a case takes, or report a new one."""
        if self.draw.random() < 0.08:
            self.begin(1)
            return
        if self.draw.random() < 0.03:
            self.cases.append(by_a_resident(self.cast, self.cases[0]))
            return
        case_id = self.draw.choice(self.cases)
        state = column(self.cast.county, case_id, "state")
        step = self.draw.choice(self._steps().get(state, [self._nothing]))
        try:
            step(case_id)
        except DomainError:
            # What may not be now is left; the guards have tests of their own.
            return

    def _jobs(self) -> None:
        with self.cast.county.transaction() as session:
            resume_due(session, self.cast.clock)
            raise_levels(session, self.cast.clock)

    def _steps(self) -> dict[str, list[Callable[[UUID], None]]]:
        return {
            "reported": [self._ask_verification, self._file, self._decline, self._merge],
            "verifying": [self._verify],
            "filed": [self._dispatch, self._dispatch, self._note],
            "dispatched": [self._accept, self._accept, self._return],
            "in_progress": [
                *(8 * [self._claim]),
                self._extend,
                self._suspend,
                self._return,
                self._refuse,
                self._note,
                self._void,
                self._transfer,
            ],
            "suspended": [self._nothing, self._resume],
            "closeout_requested": [self._assign, self._assign, self._withdraw],
            "checking": [self._pass, self._pass, self._fail],
            "check_passed": [self._close],
            "closed": [*(3 * [self._nothing]), self._reopen, self._dispose, self._note],
        }

    def _nothing(self, case_id: UUID) -> None:
        return

    def _ask_verification(self, case_id: UUID) -> None:
        worker = str(self.cast.checker.user_id)
        self.cast.order(self.cast.shift_leader, "case.ask_verification", case_id, worker=worker)

    def _verify(self, case_id: UUID) -> None:
        photo, finding = a_digest(), self.draw.choice(("true", "false", "not_found"))
        data: dict[str, Any] = {"finding": finding, "photos": [photo], "location": self.cast.location()}
        self.cast.order(self.cast.checker, "case.verify", case_id, **data)
        self.cast.arrive(photo)

    def _file(self, case_id: UUID) -> None:
        category, severity = self.draw.choice(KINDS)
        self.cast.order(self.cast.shift_leader, "case.file", case_id, category=category, severity=severity)

    def _decline(self, case_id: UUID) -> None:
        self.cast.order(self.cast.shift_leader, "case.decline", case_id, reason="查无此事")

    def _merge(self, case_id: UUID) -> None:
        into = str(self.draw.choice(self.cases))
        self.cast.order(self.cast.shift_leader, "case.merge", case_id, into=into)

    def _dispatch(self, case_id: UUID) -> None:
        data: dict[str, Any] = {"unit": self.cast.fixer.unit_code, "demand": f"限期{self.draw.random():.3f}"}
        if self.draw.random() < 0.4:
            data["due_at"] = (self.cast.clock + timedelta(days=self.draw.uniform(0.5, 9))).isoformat()
        self.cast.order(self.cast.dispatcher, "case.dispatch", case_id, **data)

    def _accept(self, case_id: UUID) -> None:
        self.cast.order(self.cast.fixer, "case.accept", case_id)

    def _asked(self, actor: Actor, name: str, case_id: UUID, **data: Any) -> str:
        case = self.cast.order(actor, name, case_id, reason="原因", **data)
        newest: str = case["requests"][0]["request_id"]
        return newest

    def _decided(self, actor: Actor, case_id: UUID, request: str, granted: bool = True) -> None:
        self.cast.order(actor, "case.decide", case_id, request_id=request, granted=granted)

    def _return(self, case_id: UUID) -> None:
        request = self._asked(self.cast.fixer, "case.return", case_id)
        luck = self.draw.random()
        if luck < 0.8:  # else it waits while the case goes on
            self._decided(self.cast.dispatcher, case_id, request, luck < 0.6)

    def _extend(self, case_id: UUID) -> None:
        due = column(self.cast.county, case_id, "due_at")
        until = (due + timedelta(days=self.draw.uniform(1, 5))).isoformat()
        request = self._asked(self.cast.fixer, "case.request_extension", case_id, until=until)
        granted = self.draw.random() < 0.7
        self._decided(self.cast.shift_leader, case_id, request, granted)
        self._decided(self._lead(case_id), case_id, request, granted)

    def _suspend(self, case_id: UUID) -> None:
        day = local_day(self.cast.clock) + timedelta(days=self.draw.randint(1, 12))
        request = self._asked(self.cast.fixer, "case.suspend", case_id, resume_on=day.isoformat())
        self._decided(self.cast.shift_leader, case_id, request)
        self._decided(self._lead(case_id), case_id, request)

    def _resume(self, case_id: UUID) -> None:
        self.cast.order(self.cast.dispatcher, "case.resume", case_id)

    def _refuse(self, case_id: UUID) -> None:
        photo = a_digest()
        self.cast.order(self.cast.worker, "case.record_refusal", case_id, note="拒绝", photos=[photo])
        self.cast.arrive(photo)

    def _note(self, case_id: UUID) -> None:
        self.cast.order(self.cast.worker, "case.note", case_id, text="看过")

    def _dispose(self, case_id: UUID) -> None:
        self.cast.order(self._lead(case_id), "case.record_disposition", case_id, none_because="已当场改正")

    def _void(self, case_id: UUID) -> None:
        if self.draw.random() < 0.6:
            request = self._asked(self.cast.shift_leader, "case.void", case_id)
            self._decided(self._second(), case_id, request)

    def _transfer(self, case_id: UUID) -> None:
        if self.draw.random() < 0.3:
            data: dict[str, Any] = {"unit": "public_security_bureau", "photos": [a_digest()]}
            self.cast.order(self.cast.shift_leader, "case.transfer", case_id, **data)

    def _claim(self, case_id: UUID) -> None:
        photo = a_digest()
        data: dict[str, Any] = {"done": "已清走", "paid_by": "物业", "photos": [photo]}
        self.cast.order(self.cast.fixer, "case.claim_fixed", case_id, **data)
        self.cast.arrive(photo)

    def _assign(self, case_id: UUID) -> None:
        checker = str(self.cast.checker.user_id)
        self.cast.order(self.cast.dispatcher, "case.assign_check", case_id, checker=checker)

    def _withdraw(self, case_id: UUID) -> None:
        self.cast.order(self.cast.fixer, "case.withdraw_claim", case_id, reason="还没好")

    def _pass(self, case_id: UUID) -> None:
        self.cast.check(case_id)

    def _fail(self, case_id: UUID) -> None:
        self.cast.check(case_id, passed=False)

    def _close(self, case_id: UUID) -> None:
        grave = column(self.cast.county, case_id, "severity") == "A"
        signer = self.cast.headquarters if grave else self.cast.shift_leader
        self.cast.order(signer, "case.close", case_id)

    def _reopen(self, case_id: UUID) -> None:
        photo = a_digest()
        self.cast.order(
            self.cast.worker, "case.reopen", case_id, photos=[photo], location=self.cast.location()
        )
        self.cast.arrive(photo)

    def _second(self) -> Actor:
        if self.second is None:
            with self.cast.county.transaction() as session:
                self.second = a_person(session, "shift_leader", self.cast.shift_leader.unit_code)
        return self.second

    def _lead(self, case_id: UUID) -> Actor:
        unit = column(self.cast.county, case_id, "lead_unit")
        if unit not in self.leads:
            with self.cast.county.transaction() as session:
                self.leads[unit] = a_person(session, "department", unit)
        return self.leads[unit]
