"""What a request comes to, in one word."""

from django.http import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver


def routes() -> dict[str, str]:
    """Every named route of the site as a visitor can reach it: full name → route text."""
    found: dict[str, str] = {}

    def walk(patterns: list[URLPattern | URLResolver], namespace: str, route: str) -> None:
        for pattern in patterns:
            text = route + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                walk(pattern.url_patterns, inner, text)
            else:
                found[f"{namespace}{pattern.name or text}"] = text

    walk(get_resolver().url_patterns, "", "/")
    return found


def outcome(response: HttpResponseBase) -> str:
    """`ok`, `sign-in`, `hidden` (404), `forbidden` (403), or `error N`."""
    if response.status_code == 404:
        return "hidden"
    if response.status_code == 403:
        return "forbidden"
    if response.status_code in (301, 302, 303) and response["Location"].startswith("/sign-in/"):
        return "sign-in"
    if response.status_code == 405:
        return "method"
    if response.status_code in (200, 204, 301, 302, 303, 400, 409, 422):
        return "ok"
    return f"error {response.status_code}"
