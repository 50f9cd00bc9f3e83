"""A mail server on loopback that answers as a test tells it to."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

HANG_UP = "hang up"


class MailServer(socketserver.ThreadingTCPServer):
    """`answers` holds what is said instead of "250 OK": verb or recipient → answer, HANG_UP.
    `answers_once` goes before it, the first time only.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.answers_once: dict[str, str] = {}
        self.connection_count = 0
        self.letters_per_connection = 1_000
        self.letters: list[str] = []
        """Recipients of what was taken."""
        super().__init__(("127.0.0.1", 0), _Talk)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def go_away(self) -> None:
        self.shutdown()
        self.server_close()

    def go_away_after_a_connection(self) -> None:
        self.shutdown()
        threading.Thread(target=self._take_the_last, daemon=True).start()

    def _take_the_last(self) -> None:
        self.handle_request()
        self.server_close()


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.server.connection_count += 1
        self.recipient, self.letter_count, self.in_letter = "", 0, False
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(":")[0].split(" ")[0].upper()
            if verb == "RCPT":
                self.recipient = line.split("<")[1].split(">")[0]
            answer = self._answer(self.recipient if verb == "RCPT" else verb)
            if answer == HANG_UP or verb == "QUIT":
                return
            self._say(answer or ("354 go on" if verb == "DATA" else "250 OK"))
            if answer.startswith("421"):
                return
            if verb == "DATA" and not answer and not self._take():
                return

    def _answer(self, verb: str) -> str:
        if verb == "MAIL" and self.in_letter:
            return "503 nested MAIL command"
        self.in_letter = verb in ("MAIL", "DATA") or (self.in_letter and verb != "RSET")
        return self.server.answers_once.pop(verb, "") or self.server.answers.get(verb, "")

    def _take(self) -> bool:
        """The letter itself; whether the talk goes on after it."""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            pass
        if not line:
            return False
        end = self.server.answers.get("END", "")
        if end == HANG_UP:
            return False
        self.server.letters.append(self.recipient)
        self.letter_count += 1
        self.in_letter = False
        self._say(end or "250 taken")
        return self.letter_count < self.server.letters_per_connection

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
