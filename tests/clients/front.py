"""The front of a town: TLS by a certificate of our own, for libraries that speak to nothing else."""

import asyncio
import ssl
import threading
from contextlib import suppress
from pathlib import Path

import trustme

PIECE = 65_536


class Front:
    """Takes TLS at `port` and hands what it says to the town at `inner`; `bundle` is a file of whom to trust."""

    def __init__(self, port: int, inner: int, folder: Path) -> None:
        self.port, self.inner, self.bundle = port, inner, folder / "authority.pem"
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(self.bundle))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(self.context)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self) -> "Front":
        self.thread.start()
        return self

    def __exit__(self, *_ended: object) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)

    def run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(asyncio.start_server(self.serve, "127.0.0.1", self.port, ssl=self.context))
        self.loop.run_forever()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self.inner)
        await asyncio.gather(pour(reader, back), pour(there, writer))


async def pour(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await source.read(PIECE):
            target.write(piece)
            await target.drain()
    with suppress(OSError):
        target.close()
