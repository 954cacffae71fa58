"""What no parameter should be, by kind; each has broken a server somewhere."""

import orjson

DEEP = "[" * 900 + "]" * 900
NUMBERS = (
    "", "0", "-0", "-1", "--5", "-", "+5", "5-", "1.5", "1e9", "NaN", "Infinity", "٣", "²", " 7 ", "0x10", "9" * 25,
    "9" * 5000, "0" * 5000, "9223372036854775807", "9223372036854775808", "-9223372036854775809", "true", "null",
)  # fmt: skip
WORDS = (
    "\0", "a\0b", "\ufffe", "\u202e", "\x1b[31m", "é" * 40_000, "%", "_", "\\", "'; --", "(" * 3000, "[" * 3000,
    "*" * 3000, "<" * 3000, "#" * 2000, ":x:" * 500, "@", "@@", "@a@", "@a@b@c", "@julien.mercier@localhost:8000",
    "@a@127.0.0.1:1", "http://[", "https://[::1", "https://localhost:8000/ap/objects/", "https:///", "xn--a",
    "{{ 7 }}", "%00", "%s%n", "../../etc", "a" * 100_001,
)  # fmt: skip
MOMENTS = (
    "1970-01-01", "0001-01-01T00:00:00+23:59", "0001-01-01T00:00:00", "9999-12-31T23:59:59-23:59",
    "9999-12-31T23:59:59", "2026-02-30T00:00:00Z", "2026-13-45", "2026-11-25T10:00:00+99:99", "2026-11-25T25:61",
    "24:00", "2026-W01-1", "1e400",
)  # fmt: skip
# As they stand in JSON, valid or not.
JSON = (
    b"null", b"true", b"[]", b"{}", b"[[]]", b"[{}]", b"[null]", b'{"a":{"b":{}}}', DEEP.encode(), b"-1", b"1.5",
    b"1e308", b"1e400", b"9223372036854775808", b"18446744073709551616", b"123456789012345678901234567890",
    b'"\\ud800"', b'"\\u0000"', b'["\\u0000"]', b'{"\\u0000": "\\u0000"}', b'{"0": "1", "x": "2"}', b'[1, "a", {}]',
    b'[{"id": {}, "name": [], "value": null}]', b'[{"keyword": 5, "id": "9223372036854775808"}]',
    b'[{"keyword": "\\u0000"}]', b"[" + b'"1",' * 5000 + b'"1"]', b"[" + b"[1]," * 2000 + b"[1]]", b"\xff", b"nan",
)  # fmt: skip
IN_PLACE_OF_AN_ID = (
    "0", "-1", "9999999999999999999", "9223372036854775807", "9" * 60, "%00", "1%00", "%D9%A1", "abc", "1.5", "%2e%2e",
    "%FF", "1;2", "'", "%F0%9F%98%80", "%20", "%0d%0a",
)  # fmt: skip
IN_PLACE_OF_A_WORD = (
    *IN_PLACE_OF_AN_ID, "x" * 3000, "%ED%A0%80", "%25", "a%5Cb", "ungrouped-99999999999999999999",
    "ungrouped-999999999999999999", "favourite-9999999999999999999-1", "favourite-1-9999999", "favourite-1-0",
    "follow-3652059", "follow-3652058", "follow-1", "mention-1", "%E2%80%AE", "%C2%B2", "%D9%A3",
)  # fmt: skip
CONTENT_TYPES = (
    "", "application/json; charset=utf-16", "application/json; charset=nothing", "text/plain", "application/xml",
    "application/x-www-form-urlencoded; charset=base64", "application/x-www-form-urlencoded; charset=utf-7",
    "application/x-www-form-urlencoded; charset=idna", "multipart/form-data", "multipart/form-data; boundary=",
    "multipart/form-data; boundary=x", "multipart/form-data; boundary=\xe9",
    "multipart/form-data; boundary=" + "x" * 300,
    "multipart/form-data; boundary=x; charset=base64", "multipart/form-data; boundary=x; charset=utf-16",
    "image/png", "a" * 300, "/", ";", "application/json; charset=\xff",
)  # fmt: skip
PART = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n%s\r\n%s\r\n'
BODIES = (
    b"", b"{", b"\xff\xfe",
    b"%", b"=", b"&&&", b"a[b][c][d][e][f][g]=1", b"a[=1", b"]=1", b"[]=1", b"[a]=1",
    b"a[]=1&a=2", b"a=1&a[b]=2&a[]=3", b"a[][b]=1&a[][b]=2", b"%00=%00", b"%FF=%FF",
    b"&".join(b"a%d=1" % each for each in range(3000)),
    b"--x\r\n", b"--x--\r\n", PART % (b"status", b"", b"", b"\xff\xfe") + b"--x--\r\n",
    PART % (b"status", b"", b"Content-Transfer-Encoding: base64\r\n", b"!") + b"--x--\r\n",
    PART % (b"file", b'; filename=""', b"", b"") + b"--x--\r\n",
    PART % (b"file", b'; filename="\x00../a.png"', b"Content-Type: \x00\r\n", b"\x89PNG") + b"--x--\r\n",
    PART % (b"file", b"; filename*=nothing'%%", b"", b"x") + b"--x--\r\n",
    PART % (b"file", b'; filename="a.png"', b"Content-Type: image/png\r\n", b"\x89PNG\r\n\x1a\n" + b"\0" * 9)
    + b"--x--\r\n",
    PART % (b"avatar", b'; filename="a.gif"', b"Content-Type: image/gif\r\n", b"GIF89a" + b"\xff" * 99) + b"--x--\r\n",
    PART % (b"", b"", b"", b"") * 3000 + b"--x--\r\n",
    b'["x"]', b'"x"', b"5", b"null", b"{}" * 2, DEEP.encode(), b'{"a":' * 900 + b"1" + b"}" * 900,
)  # fmt: skip


def strings(kind):
    """For a parameter of this kind, as a string."""
    return {"moment": MOMENTS + NUMBERS[:8], "text": WORDS + NUMBERS[-12:], "choice": WORDS[:9] + NUMBERS[:5]}.get(
        kind, (*NUMBERS, *WORDS[:8], "x" * 3000) if kind in ("integer", "id", "ids", "flag") else WORDS + NUMBERS
    )


def in_json(others, name, value):
    """A body in which one parameter is this, byte for byte, beside those that are as they should be."""
    whole = orjson.dumps({**others, name: 0})
    return whole.replace(orjson.dumps({name: 0})[1:-1], orjson.dumps(name) + b":" + value)
