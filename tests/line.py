"""A poor line in front of a server: a rate, a round trip, and cuts, as a tablet in a courtyard has it.

with Line(port, rate_bytes_s=1_000_000, round_trip_s=0.1, cut_every_s=2.0) as line:
    requests.get(f"http://127.0.0.1:{line.port}/…")
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

PIECE_BYTES = 8 * 1024
Writer = asyncio.StreamWriter


class Line:
    """A TCP proxy to a local port; both directions share their rate among all connections.

    Attributes:
        port: where to connect.
        forwarded: bytes handed on to the server so far, headers included.
        cuts: how often the line broke; every connection ends then, by a reset.
    """

    def __init__(
        self,
        server_port: int,
        *,
        rate_bytes_s: float = float("inf"),
        round_trip_s: float = 0.0,
        cut_every_s: float | None = None,
        cut_every_bytes: int | None = None,
        most_cuts: int = 10**9,
    ) -> None:
        self.port = self.forwarded = self.cuts = 0
        self._server_port, self._rate, self._delay = server_port, rate_bytes_s, round_trip_s / 2
        self._cut_every_s, self._cut_every_bytes, self._most_cuts = cut_every_s, cut_every_bytes, most_cuts
        self._since_cut = 0
        self._busy_until = {"up": 0.0, "down": 0.0}
        self._open: set[Writer] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=PIECE_BYTES)
        self.port = self._server.sockets[0].getsockname()[1]
        self._cutter = self._loop.create_task(self._cut_by_the_clock())

    async def _stop(self) -> None:
        self._server.close()
        self._cutter.cancel()
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            self._break()
            await asyncio.wait(others, timeout=0.05)

    async def _cut_by_the_clock(self) -> None:
        while self._cut_every_s is not None and self.cuts < self._most_cuts:
            await asyncio.sleep(self._cut_every_s)
            self._cut()

    async def _serve(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        await asyncio.sleep(2 * self._delay)  # the three steps of connecting
        with suppress(OSError):
            there, onward = await asyncio.open_connection("127.0.0.1", self._server_port, limit=PIECE_BYTES)
            self._open |= {writer, onward}
            await asyncio.gather(
                self._carry(reader, onward, "up", self._count), self._carry(there, writer, "down", len)
            )
            self._open -= {writer, onward}

    async def _carry(
        self, source: asyncio.StreamReader, target: Writer, way: str, told: Callable[[bytes], object]
    ) -> None:
        """Carry one direction: bytes take their turn on the line, then travel for half a round trip."""
        travelling: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        arriving = self._loop.create_task(self._hand_on(travelling, target, told))
        with suppress(OSError):
            while piece := await source.read(PIECE_BYTES):
                await self._take_turn(way, len(piece))
                travelling.put_nowait((self._loop.time() + self._delay, piece))
        travelling.put_nowait((self._loop.time() + self._delay, b""))
        await arriving

    async def _hand_on(
        self, travelling: asyncio.Queue[tuple[float, bytes]], target: Writer, told: Callable[[bytes], object]
    ) -> None:
        with suppress(OSError):
            while True:
                arrives_at, piece = await travelling.get()
                await asyncio.sleep(arrives_at - self._loop.time())
                if target.transport.is_closing():
                    return
                if not piece:
                    target.close()
                    return
                target.write(piece)
                await target.drain()
                told(piece)

    async def _take_turn(self, way: str, size: int) -> None:
        begins = max(self._busy_until[way], self._loop.time())
        self._busy_until[way] = begins + size / self._rate
        await asyncio.sleep(self._busy_until[way] - self._loop.time())

    def _count(self, piece: bytes) -> None:
        self.forwarded += len(piece)
        self._since_cut += len(piece)
        if self._cut_every_bytes and self._since_cut >= self._cut_every_bytes and self.cuts < self._most_cuts:
            self._cut()

    def _cut(self) -> None:
        self.cuts += 1
        self._since_cut = 0
        self._break()

    def _break(self) -> None:
        for writer in self._open:
            writer.transport.abort()
        self._open.clear()
