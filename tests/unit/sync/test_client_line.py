"""An answer that was cut, wherever it was, is a broken line and is asked for again."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

import pytest

from sync.client import Line

BODY = b'{"done": true}'
TOLD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\nConnection: close\r\n\r\n"
    + BODY
)
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    b"e\r\n" + BODY + b"\r\n0\r\n\r\n"
)
MADE = b"HTTP/1.1 201 Created\r\nLocation: /uploads/7\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
OFFSET = b"HTTP/1.1 200 OK\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 512\r\nConnection: close\r\n\r\n"


class Eager(random.Random):
    """Draws no pause."""

    def uniform(self, a: float, b: float) -> float:
        return 0.0


@contextmanager
def answering(answers: Sequence[bytes]) -> Iterator[str]:
    """Yield the address of a server that gives these answers, one a connection."""

    def serve() -> None:
        for answer in answers:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        serving.join(20)


@pytest.mark.parametrize("whole", [TOLD, CHUNKED], ids=["with its length", "in chunks"])
def test_json_that_was_cut_at_any_byte_is_asked_for_again(whole: bytes) -> None:
    for cut in range(whole.index(BODY) + len(BODY)):
        with answering([whole[:cut], whole]) as url:
            line = Line(url, draw=Eager())
            assert line.call("GET", "/x").json() == {"done": True}, whole[:cut]
            line.http.close()
            assert line.retries == 1


def test_the_address_of_an_upload_is_known_whole_wherever_the_answer_was_cut() -> None:
    for cut in range(len(MADE)):
        with answering([MADE[:cut], MADE]) as url:
            line = Line(url, draw=Eager())
            assert line.call("POST", "/x", needs=("Location",)).headers["Location"] == "/uploads/7", MADE[
                :cut
            ]
            line.http.close()


def test_an_offset_is_known_whole_wherever_the_answer_was_cut() -> None:
    for cut in range(len(OFFSET)):
        with answering([OFFSET[:cut], OFFSET]) as url:
            line = Line(url, draw=Eager())
            assert line.call("HEAD", "/x", needs=("Upload-Offset",)).headers["Upload-Offset"] == "512"
            assert line.retries == 1
            line.http.close()
