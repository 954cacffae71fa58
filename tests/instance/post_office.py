"""A mail server on loopback, which takes what it is given, or refuses it."""

import socketserver
import threading
from email import message_from_bytes
from email.policy import default


class PostOffice:
    """`letters` are those that it took."""

    def __init__(self, takes=True):
        self.takes, self.letters = takes, []
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self.handler())
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def handler(office):  # noqa: N805
        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                self.say("220 poste.example")
                for line in self.rfile:
                    word = line.split()[0].upper() if line.split() else b""
                    if word == b"QUIT":
                        self.say("221 au revoir")
                        return
                    if word == b"DATA":
                        self.say("354 ecrivez")
                        office.letters.append(message_from_bytes(self.letter(), policy=default))
                    refused = word == b"MAIL" and not office.takes
                    self.say("550 non" if refused else "250 bien")

            def letter(self):
                lines = []
                for line in self.rfile:
                    if line == b".\r\n":
                        break
                    lines.append(line.removeprefix(b"."))
                return b"".join(lines)

            def say(self, words):
                self.wfile.write(f"{words}\r\n".encode())

        return Handler
