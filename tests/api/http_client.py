"""Requests to the API, and what a problem looks like."""

import asyncio

TOKEN = "4f0c2a9d7be14c55a1d3e8f7c6b5a490"
API = "/api/v1"


def get(client, path, **options):
    """One request in an event loop of its own."""
    return _ask(client, "GET", path, options)


def post(client, path, **options):
    """One request that changes something."""
    return _ask(client, "POST", path, options)


def _ask(client, method, path, options):
    async def ask():
        async with client:
            return await client.request(method, path, **options)

    return asyncio.run(ask())


def problem(response, status, code):
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert (body["code"], body["status"], body["type"]) == (code, status, f"urn:diting:problem:{code}")
    return body
