"""An agent at another machine of the network: opens the link she was given, over TLS that is verified, and reads home.

ip netns exec SPACE python tests/deploy/visitor.py CA LINK      prints the title of the page she lands on
"""

import re
import ssl
import sys
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, HTTPSHandler, Request, build_opener


def main(authority: str, link: str) -> None:
    tls = ssl.create_default_context(cafile=authority)
    browser = build_opener(HTTPSHandler(context=tls), HTTPCookieProcessor(CookieJar()))
    page = browser.open(link).read().decode()
    if "/.well-known/" in link:
        return
    (token,) = set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page))
    home = urljoin(link, "/")
    form = urlencode({"csrfmiddlewaretoken": token}).encode()
    browser.open(Request(link, form, {"Referer": link, "Origin": home.rstrip("/")}))
    with browser.open(home) as answer:
        title = re.search(r"<title>(.*?)</title>", answer.read().decode(), re.DOTALL)
        print(answer.url, title[1].strip() if title else "", sep="\t")


if __name__ == "__main__":
    main(*sys.argv[1:])
