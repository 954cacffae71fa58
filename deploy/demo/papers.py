"""Documents to attach: a page of text as a PDF that one can select, search and read aloud."""

import textwrap
from pathlib import Path

FOLDER = Path(__file__).parent / "content" / "documents"
WIDTH, HEIGHT, MARGIN = 595, 842, 64
COLUMNS = 92


def paper(key: str) -> tuple[str, bytes]:
    """The file name and the PDF of one of our texts."""
    title, *rows = (FOLDER / f"{key}.txt").read_text().splitlines()
    return f"{title}.pdf", pdf(title, rows)


def pdf(title: str, rows: list[str]) -> bytes:
    """One A4 page: the first row is under the title, rows in capitals are headings."""
    page = content(title, rows)
    fonts = " ".join(f"/{name} {number} 0 R" for name, number in (("F1", 5), ("F2", 6)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents 4 0 R"
        f" /Resources << /Font << {fonts} >> >> >>".encode(),
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        b"<< /Title (%b) >>" % escaped(title),
    ]
    return assembled(objects)


def content(title: str, rows: list[str]) -> bytes:
    out, y = [drawn("F2", 18, HEIGHT - MARGIN, title)], HEIGHT - MARGIN - 24
    for row in rows:
        heading = row.isupper()
        for line in textwrap.wrap(row, COLUMNS) or [""]:
            out.append(drawn("F2" if heading else "F1", 11, y, line))
            y -= 16
        y -= 0 if heading else 2
    return b"\n".join(out)


def drawn(font: str, size: int, y: int, text: str) -> bytes:
    return b"BT /%b %d Tf %d %d Td (%b) Tj ET" % (font.encode(), size, MARGIN, y, escaped(text))


def escaped(text: str) -> bytes:
    return text.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def assembled(objects: list[bytes]) -> bytes:
    """The file: objects, where each begins, and where that list is (ISO 32000-1, 7.5)."""
    out, offsets = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, each in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (len(objects) + 1, len(objects))
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)
