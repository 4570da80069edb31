"""Who asks, and about what: an account of its own, with a session and a snapshot that are there."""

import secrets
import zlib

import requests
import schemathesis

PASSWORD = "correct horse battery"

# A file is its bytes.
schemathesis.serializer.alias("application/zip", "application/octet-stream")


@schemathesis.deserializer("text/csv")
def read_table(context, response):
    """A table is its text."""
    return response.text


class Person:
    """An account with something in it. What is tried may sign it out, delete its sessions or the whole of it."""

    def __init__(self, url):
        self.url = url
        email = f"{secrets.token_hex(8)}@example.org"
        tokens = self.post("/api/accounts", {"email": email, "password": PASSWORD})
        self.token = tokens["access_token"]
        self.session = self.post("/api/sessions", {"name": "Lofoten"})["id"]
        self.post(f"/api/sessions/{self.session}/context", {"notes": "ferry", "days": 8})
        snapshots = f"/api/sessions/{self.session}/snapshots"
        self.snapshot = self.post(snapshots, {"name": "Before"})["id"]
        self.post(f"/api/sessions/{self.session}/context", {"notes": "ferry, stove"})

    def post(self, path, body):
        headers = {"Authorization": f"Bearer {self.token}"} if hasattr(self, "token") else {}
        answer = requests.post(self.url + path, json=body, headers=headers, timeout=10)
        answer.raise_for_status()
        return answer.json()


person = None


# Somebody new every second, so that one who was signed out does not stand for all that follow.
@schemathesis.auth(refresh_interval=1)
class Auth:
    def get(self, case, context):
        global person
        person = Person(case.operation.base_url.rstrip("/"))
        return person.token

    def set(self, case, token, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {token}"


def is_chosen(given):
    """Half of them, and the same ones each time: what is tried can be tried again."""
    return zlib.crc32(str(given).encode()) % 2 == 0


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Half of the ids are of what is there."""
    if path_parameters and person:
        if "id" in path_parameters and is_chosen(path_parameters["id"]):
            path_parameters["id"] = person.session
        path = context.operation.path if context.operation else ""
        if "snapshots/{sid}" in path and is_chosen(path_parameters.get("sid")):
            path_parameters["sid"] = person.snapshot
    return path_parameters
