"""What a browser complains about: errors of scripts, errors in its console, and what the content policy refused."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

# What is said while the server is away: by the browser, and by the library that asks for what is new on a page.
AWAY = (
    "net::ERR_CONNECTION_REFUSED",
    "net::ERR_CONNECTION_RESET",
    "net::ERR_EMPTY_RESPONSE",
    "net::ERR_INCOMPLETE_CHUNKED_ENCODING",
    "net::ERR_SOCKET",
    # What goes by way of the service worker.
    "net::ERR_FAILED",
    "htmx:sendError",
    "htmx:afterRequest",
)


_TELL = """document.addEventListener("securitypolicyviolation", (event) => {
  const place = `${event.sourceFile}:${event.lineNumber}`;
  console.error(`policy violated: ${event.violatedDirective} by ${event.blockedURI || "inline"} at ${place}`);
});"""


class Watch:
    """Everything that the browsers of one journey said. A complaint that a journey expects is named beforehand."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self._expected: list[str] = []

    def over(self, context: BrowserContext, who: str) -> None:
        """Listen to every page of a browser."""
        # Not every violation is an error in the console; the event is.
        context.add_init_script(_TELL)
        context.on("console", lambda message: self._heard(who, message))
        context.on("weberror", lambda error: self._failed(who, error))
        context.on("requestfailed", lambda request: self._lost(who, request))

    def expect(self, *texts: str) -> None:
        """From now on what holds one of these texts is no trouble."""
        self._expected += texts

    @property
    def troubles(self) -> list[str]:
        """Errors that nobody expected."""
        loud = [line for line in self.said if line.startswith(("error ", "page error "))]
        return [line for line in loud if not any(text in line for text in self._expected)]

    def _heard(self, who: str, message: ConsoleMessage) -> None:
        place = message.location.get("url", "")
        self.said.append(f"{message.type} {who}: {message.text} ({place})")

    def _failed(self, who: str, error: WebError) -> None:
        self.said.append(f"page error {who}: {error.error}")

    def _lost(self, who: str, request: Request) -> None:
        self.said.append(f"lost {who}: {request.method} {request.url} {request.failure}")
