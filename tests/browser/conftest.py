"""A headless Chromium, and people who sit before it."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.towns import two_towns  # noqa: F401  the towns that these people work in

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


class Person:
    """Someone signed in to her own town, by a link, as an agent first enters."""

    def __init__(self, browser: Browser, town, name: str, **options) -> None:
        self.town = town
        self.context: BrowserContext = browser.new_context(locale="fr-FR", **({"viewport": DESK} | options))
        self.page: Page = self.context.new_page()
        self.trouble: list[str] = []
        self.page.on("console", self.note)
        self.page.goto(town.sign_in_link(name))
        self.page.get_by_role("button", name="Entrer").click()
        self.page.wait_for_url(f"{town.url}/")

    def note(self, message) -> None:
        if message.type == "error":
            self.trouble.append(f"{message.text} {message.location.get('url')} on {self.page.url}")

    def goes_to(self, path: str) -> Page:
        self.page.goto(f"{self.town.url}{path}")
        return self.page

    def sees(self, path: str, text: str, seconds: float = 5) -> None:
        """Reload a page until it shows `text`: what a colleague next door wrote is there within five seconds."""
        self.until(lambda: self.goes_to(path).get_by_text(text).count() > 0, seconds, f"{text!r} on {path}")

    def no_longer_sees(self, path: str, text: str, seconds: float = 5) -> None:
        self.until(lambda: self.goes_to(path).get_by_text(text).count() == 0, seconds, f"no {text!r} on {path}")

    def until(self, holds, seconds: float, what: str) -> None:
        import time

        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
            time.sleep(0.2)


@pytest.fixture(scope="module")
def sits_down(chromium):
    """Open a browser for a person of a town; closed at the end of the module."""
    people: list[Person] = []

    def open_browser(town, name, **options):
        people.append(Person(chromium, town, name, **options))
        return people[-1]

    yield open_browser
    for person in people:
        person.context.close()
