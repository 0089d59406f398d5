"""Who is let in, as whom: tokens, passwords, organizations, and everybody else."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from orchestration.errors import UsageError
from orchestration.home import Home
from serving.app import create_app
from serving.callers.hashing import password_hash, token_hash
from serving.settings import Settings, from_environment
from tests.serving.running import KEY, bearer, served_home, token

ME = "/api/v1/users/me"


def who(response: httpx.Response) -> tuple[Any, ...]:
    assert response.status_code == 200, response.text
    said = response.json()
    return said["id"], said["role"], said["org"]


def refusal(response: httpx.Response) -> tuple[int, str]:
    said = response.json()
    assert said["status"] == response.status_code
    return said["status"], said["message"]


# Bearer tokens


def test_a_token_says_who_calls(client: httpx.Client) -> None:
    assert who(client.get(ME, headers=bearer("worker", "1", "9"))) == ("9", "worker", "1")
    assert who(client.get(ME, headers=bearer("admin"))) == ("1", "admin", None)
    # Some who sign write ids as numbers.
    assert who(client.get(ME, headers=bearer("owner", 2, "8"))) == ("8", "owner", "2")


def test_a_stranger_is_told_how_to_come_in(client: httpx.Client) -> None:
    response = client.get(ME)
    assert refusal(response) == (401, "Say who you are: send an Authorization header")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def good_claims() -> dict[str, Any]:
    return {"sub": "1", "role": "admin", "exp": time.time() + 60}


def signed(key: str | None, algorithm: str) -> str:
    return jwt.encode(good_claims(), key, algorithm)


NOT_GOOD: dict[str, Callable[[], str]] = {
    "no token": lambda: "x",
    "no JSON": lambda: "a.b.c",
    "unsigned": lambda: signed(None, "none"),
    "another key": lambda: signed("another key that is as long as it must be", "HS256"),
    "another algorithm": lambda: signed(KEY * 3, "HS512"),
    "ended": lambda: token(exp=time.time() - 60),
    "without an end": lambda: token(exp=None),
    "an end that is no time": lambda: token(exp="soon"),
    "nobody": lambda: token(user=None),
    "an empty name": lambda: token(user=""),
    "not yet": lambda: token(nbf=time.time() + 600),
    "a list of organizations": lambda: token(org_id=["1"]),
    "a role that is no text": lambda: token(role=True),
    "cut off": lambda: token()[:-2],
}
"""What is wrong with a token -> the token, made when it is tried: tokens end."""


@pytest.mark.parametrize("wrong", NOT_GOOD)
def test_a_token_that_is_not_good_is_nobodys(client: httpx.Client, wrong: str) -> None:
    given = NOT_GOOD[wrong]()
    status, message = refusal(client.get(ME, headers={"Authorization": f"Bearer {given}"}))
    assert status == 401
    assert message
    assert given == "x" or given not in message


def test_a_role_must_be_known(client: httpx.Client) -> None:
    assert refusal(client.get(ME, headers=bearer("king"))) == (
        403,
        "Unknown role 'king'; known are admin, owner, maintainer, supervisor, worker",
    )
    status, message = refusal(client.get(ME, headers=bearer(None)))
    assert (status, "no role" in message) == (403, True)


def test_audience_and_issuer_are_checked_where_they_are_set(published_home: Home) -> None:
    settings = Settings(jwt_key=KEY, jwt_audience="warehouse", jwt_issuer="https://id.example")
    good = {"aud": "warehouse", "iss": "https://id.example"}
    with served_home(published_home, settings) as url:
        assert httpx.get(url + ME, headers=bearer(**good)).status_code == 200
        for wrong in ({"aud": "other"}, {"iss": "https://other"}, {"aud": None}, {"iss": None}):
            assert httpx.get(url + ME, headers=bearer(**good | wrong)).status_code == 401


# Public keys

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
ODD_CURVE = ec.generate_private_key(ec.SECP384R1())


def jwks(**more: Any) -> str:
    keys = [
        {**RSAAlgorithm.to_jwk(RSA.public_key(), as_dict=True), "kid": "r"},
        {**ECAlgorithm.to_jwk(EC.public_key(), as_dict=True), "kid": "e"},
        {**ECAlgorithm.to_jwk(ODD_CURVE.public_key(), as_dict=True), "kid": "odd"},
        {"kty": "oct", "k": base64.urlsafe_b64encode(KEY.encode()).decode(), "kid": "o"},
    ]
    return json.dumps({"keys": keys, **more})


@pytest.fixture(scope="module")
def keys_by_http() -> Iterator[str]:
    class Keys(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(jwks().encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Keys)
    threading.Thread(target=server.serve_forever).start()
    yield f"http://127.0.0.1:{server.server_port}/keys"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("place", ["file", "address"])
def test_public_keys_are_used_for_their_own_algorithm_only(
    place: str, published_home: Home, tmp_path: Path, keys_by_http: str
) -> None:
    file = tmp_path / "keys.json"
    file.write_text(jwks())
    pem = RSA.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    # What the libraries refuse to sign is what an attacker signs.
    confused = _signed_with_hmac(good_claims(), pem, "r")
    settings = Settings(jwks=str(file) if place == "file" else keys_by_http)
    with served_home(published_home, settings) as url:

        def status(given: str) -> int:
            return httpx.get(url + ME, headers={"Authorization": f"Bearer {given}"}).status_code

        assert status(jwt.encode(good_claims(), RSA, "RS256", headers={"kid": "r"})) == 200
        assert status(jwt.encode(good_claims(), EC, "ES256", headers={"kid": "e"})) == 200
        assert status(jwt.encode(good_claims(), RSA, "RS512", headers={"kid": "r"})) == 401
        assert status(jwt.encode(good_claims(), RSA, "RS256", headers={"kid": "e"})) == 401
        assert status(jwt.encode(good_claims(), RSA, "RS256", headers={"kid": "unknown"})) == 401
        assert status(jwt.encode(good_claims(), ODD_CURVE, "ES384", headers={"kid": "odd"})) == 401
        assert status(jwt.encode(good_claims(), KEY, "HS256", headers={"kid": "o"})) == 401
        assert status(jwt.encode(good_claims(), KEY, "HS256")) == 401
        assert status(confused) == 401
        assert status(signed(None, "none")) == 401


def _signed_with_hmac(claims: dict[str, Any], key: bytes, kid: str) -> str:
    import hashlib
    import hmac

    def part(value: bytes) -> bytes:
        return base64.urlsafe_b64encode(value).rstrip(b"=")

    header = json.dumps({"alg": "HS256", "typ": "JWT", "kid": kid}).encode()
    signed = part(header) + b"." + part(json.dumps(claims).encode())
    return (signed + b"." + part(hmac.digest(key, signed, hashlib.sha256))).decode()


def test_keys_that_cannot_be_fetched_are_no_fault_of_the_caller(published_home: Home) -> None:
    with served_home(published_home, Settings(jwks="http://127.0.0.1:9/keys")) as url:
        given = jwt.encode(good_claims(), RSA, "RS256", headers={"kid": "r"})
        response = httpx.get(url + ME, headers={"Authorization": f"Bearer {given}"})
        assert response.status_code == 503


# The users file

USERS = f"""
users:
  - id: 9
    name: Zoë
    email: zoe@example.org
    role: worker
    org_id: 1
    org_slug: acme
    password: {password_hash("correct horse: battery")}
    token: {token_hash("t" * 40)}
  - id: "8"
    role: owner
    org_id: "2"
"""


@pytest.fixture(scope="module")
def users_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("users") / "users.yml"
    file.write_text(USERS, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def with_users(published_home: Home, users_file: Path) -> Iterator[str]:
    with served_home(published_home, Settings(jwt_key=KEY, users=users_file)) as url:
        yield url + ME


def basic(login: str, password: str) -> dict[str, str]:
    both = base64.b64encode(f"{login}:{password}".encode()).decode()
    return {"Authorization": f"Basic {both}"}


def test_a_password_or_a_token_of_the_users_file_lets_in(with_users: str) -> None:
    for headers in (
        basic("Zoë", "correct horse: battery"),
        basic("zoe@example.org", "correct horse: battery"),
        basic("ZOE@example.org", "correct horse: battery"),
        {"Authorization": f"Token {'t' * 40}"},
        {"Authorization": f"token {'t' * 40}"},
    ):
        assert who(httpx.get(with_users, headers=headers)) == ("9", "worker", "1")


def test_anything_else_does_not(with_users: str) -> None:
    for headers in (
        basic("Zoë", "wrong"),
        basic("Zoë", ""),
        basic("nobody", "correct horse: battery"),
        # Known, but without a password.
        basic("8", ""),
        {"Authorization": "Basic Wm/Dqw=="},
        {"Authorization": "Basic %"},
        {"Authorization": f"Token {'u' * 40}"},
        {"Authorization": f"Token {token_hash('t' * 40)}"},
        {"Authorization": "Token"},
        {"Authorization": "Digest x"},
        {"Authorization": "Bearer"},
    ):
        assert httpx.get(with_users, headers=headers).status_code == 401, headers


def test_the_users_file_says_what_a_token_does_not(with_users: str) -> None:
    assert who(httpx.get(with_users, headers=bearer(None, None, "8"))) == ("8", "owner", "2")
    assert who(httpx.get(with_users, headers=bearer("worker", "1", "8"))) == ("8", "worker", "1")


def test_the_users_file_is_read_again_and_a_broken_one_is_not(
    published_home: Home, tmp_path: Path
) -> None:
    file = tmp_path / "users.yml"
    hashed = token_hash("t" * 40)
    file.write_text(f"users: [{{id: a, role: worker, token: '{hashed}'}}]")
    headers = {"Authorization": f"Token {'t' * 40}"}
    with served_home(published_home, Settings(users=file)) as url:
        assert who(httpx.get(url + ME, headers=headers))[0] == "a"
        # A broken state leaves the users as they were.
        file.write_text("users: [")
        assert who(httpx.get(url + ME, headers=headers))[0] == "a"
        file.write_text("users: []  # nobody any more")
        assert httpx.get(url + ME, headers=headers).status_code == 401
        assert httpx.get(url + ME, headers=bearer()).status_code == 401


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("users: [", "line 1: the users file is neither YAML nor JSON"),
        ("[1]", "user 1: it is no set of fields"),
        ("{}", "there is no list of `users`"),
        ("- {role: worker}", "user 1: it has no id: the user's id in the events"),
        ("- {id: 1, role: king}", "user 1: unknown role 'king'"),
        ("- {id: 1, pass: x}", "user 1: unknown field 'pass'"),
        ("- {id: 1, role: worker, password: secret}", "user 1: password is no hash"),
        ("- {id: 1, role: worker, token: secret}", "user 1: token is no hash"),
        ("- {id: 1}\n- {id: '1'}", "user 2: this id is another user's, too: '1'"),
        ("- {id: 1, name: a}\n- {id: 2, name: A}", "user 2: this name or e-mail is another"),
        ("- {id: true}", "user 1: id must be a text or a whole number"),
        (f"- {{id: 1, token: {token_hash('x')}}}", "user 1: it has no role, one of admin, "),
    ],
)
def test_a_users_file_that_is_wrong_is_told_of_at_the_start(
    text: str, why: str, published_home: Home, tmp_path: Path
) -> None:
    file = tmp_path / "users.yml"
    file.write_text(text)
    with pytest.raises(UsageError) as raised:
        create_app(published_home, Settings(users=file))
    assert why in str(raised.value)
    assert "secret" not in str(raised.value)


# Organizations


def test_an_administrator_may_act_in_any_organization(client: httpx.Client) -> None:
    beta = {**bearer(), "X-Organization": "beta"}
    assert who(client.get(ME, headers=beta)) == ("1", "admin", "2")
    assert who(client.get(f"{ME}?org=acme", headers=bearer())) == ("1", "admin", "1")
    assert client.get(f"{ME}?org=gamma", headers=bearer()).status_code == 404
    assert client.get(f"{ME}?org=acme", headers=beta).status_code == 400


def test_anyone_else_only_in_their_own(client: httpx.Client) -> None:
    own = bearer("owner", "2", "8")
    for named in ("beta", "2", ""):
        assert who(client.get(ME, headers={**own, "X-Organization": named})) == ("8", "owner", "2")
    for named in ("acme", "1", "gamma"):
        assert client.get(f"{ME}?org={named}", headers=own).status_code == 403
    # Neither may who is in none, nor an administrator of a token bound to one.
    assert client.get(f"{ME}?org=beta", headers=bearer("owner", None)).status_code == 403
    assert client.get(f"{ME}?org=beta", headers=bearer("admin", "1")).status_code == 403


# Without a key


def test_without_a_key_only_this_machine_is_answered(published_home: Home) -> None:
    with served_home(published_home, Settings()) as url:
        assert who(httpx.get(url + ME)) == ("local", "admin", None)
        local = {"Origin": "http://localhost:3000"}
        assert httpx.get(url + ME, headers=local).status_code == 200
        # A page of another site, and one that has its own name point to this machine.
        for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example:8080"}):
            assert httpx.get(url + ME, headers=headers).status_code == 403
        assert httpx.get(url + ME, headers={"Origin": "null"}).status_code == 403


# Settings


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"WAREHOUSE_JWT_KEY": "short"}, "WAREHOUSE_JWT_KEY is too short"),
        ({"WAREHOUSE_JWT_KEY": KEY, "WAREHOUSE_JWKS": "x"}, "both set"),
        ({"WAREHOUSE_JWKS": "http://id.example/keys"}, "take https"),
        ({"WAREHOUSE_SERVE_QUERIES": "0"}, "WAREHOUSE_SERVE_QUERIES is '0'"),
        ({"WAREHOUSE_SERVE_BODY_LIMIT": "10MB"}, "it must be a whole number"),
        ({"WAREHOUSE_SERVE_MEMORY": "much"}, "it must be a size, such as 2GB"),
    ],
)
def test_settings_that_cannot_be_are_told_of(said: dict[str, str], why: str) -> None:
    with pytest.raises(UsageError) as raised:
        from_environment(said)
    assert why in str(raised.value)
    assert "short" not in str(raised.value) or said == {"WAREHOUSE_JWT_KEY": "short"}


def test_settings_come_from_the_environment() -> None:
    said = {"WAREHOUSE_JWKS": "https://id.example/keys", "WAREHOUSE_SERVE_QUERY_SECONDS": "5"}
    settings = from_environment(said)
    assert (settings.jwks, settings.query_s) == ("https://id.example/keys", 5)
    assert settings.asks_who
    assert not from_environment({"WAREHOUSE_JWT_KEY": ""}).asks_who


def test_a_key_file_that_holds_no_key_is_told_of(published_home: Home, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    for text in ("{}", "[", '{"keys": []}', '{"keys": [{"kty": "oct", "k": "eA"}]}', "[1]"):
        file.write_text(text)
        with pytest.raises(UsageError, match="WAREHOUSE_JWKS"):
            create_app(published_home, Settings(jwks=str(file)))
    with pytest.raises(UsageError, match="cannot be read"):
        create_app(published_home, Settings(jwks=str(tmp_path / "none")))
