"""Which fault meets which request: drawn from a seed, so that a failure can be called up again."""

from __future__ import annotations

import random
from dataclasses import dataclass

KINDS = (
    "lost_before",
    "lost_after",
    "request_cut",
    "answer_cut",
    "repeated",
    "together",
    "late",
    "delayed",
    "refused",
    "refused_after",
)
LONGEST_PAUSE_S = 0.3
STATUSES = (500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one request.

    Attributes:
        kind: lost before or after the server acted; request or answer cut; sent twice, one after the other
            or together; delivered late, after others; delayed; answered by a status of the proxy's own,
            before or after the server acted.
        share: where a cut falls, from 0 to 1.
        pause_s: how long a delay is.
        status: the proxy's own status.
        abrupt: whether a broken connection is reset instead of closed.
    """

    kind: str
    share: float = 0.0
    pause_s: float = 0.0
    status: int = 503
    abrupt: bool = False


@dataclass(frozen=True, slots=True)
class Draw:
    """Draws faults; the same seed and the same number draw the same fault.

    Attributes:
        rate: the chance that a request meets a fault.
    """

    seed: object
    rate: float
    longest_pause_s: float = LONGEST_PAUSE_S

    def fault(self, number: int) -> Fault | None:
        """Return what meets the request of this number; None lets it pass."""
        draw = random.Random(f"{self.seed}/{number}")
        if draw.random() >= self.rate:
            return None
        pause_s = draw.uniform(0, self.longest_pause_s)
        return Fault(
            draw.choice(KINDS), draw.random(), pause_s, draw.choice(STATUSES), abrupt=draw.random() < 0.5
        )
