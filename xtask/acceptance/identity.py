"""Who gets in, who does not, and how the server bears those who only hold it up."""

import concurrent.futures
import contextlib
import http.client
import json
import os
import re
import resource
import shutil
import socket
import ssl
import statistics
import subprocess
import sys
import threading
import time

from goldstar import Server, binary, call, good_batch, run, run_all, short, within

FULL = "--full" in sys.argv
IDLE = 10_000 if FULL else 2_000
# Answers that nobody reads, and how long the server waits for it, with time to spare.
UNREAD, UNREAD_SECONDS = 200, 28
# Connections that send their headers, and their bodies, as slowly as they can.
SLOW_HEADS, SLOW_BODIES = 200, 50
ASKED = 40
MODEL = "acme/alpha"
STAR = {"custom_id": "good-0", "quality_score": 9}


def add(data, name, role="reviewer"):
    """The token of a new reviewer."""
    ran = run("reviewer", "add", name, "--role", role, "--json", data=data)
    return json.loads(ran.out)["token"]


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def status(server, method, path, body=None, headers=None):
    return server.call(method, path, body, headers)[0]


def commands(checks, data):
    """Adding, listing, revoking; the token is shown once and kept nowhere."""
    good_batch(data, MODEL)
    for words in (["--host", "0.0.0.0"], ["--public-url", "https://gold.example.org"]):
        ran = run("serve", "--port", "0", *words, data=data, seconds=20)
        checks.true(f"no reviewers, {words[0]}", ran.is_error(2, "reviewer add"), ran)
    checks.true("nobody yet", "no reviewers" in run("reviewer", "list", data=data).out, "")
    ran = run("reviewer", "add", "Ada L.", "--role", "admin", data=data)
    token = re.search(r"^gs_[a-z2-7]{8}_[a-z2-7]{32}$", ran.out, re.M)
    checks.true("a token is shown", token is not None, ran)
    secret = token.group(0)[12:]
    listed = run("reviewer", "list", data=data).out
    listed += run("reviewer", "list", "--json", data=data).out
    file = data / "gold_star" / "reviewers.jsonl"
    checks.true("it is shown once", secret not in listed + file.read_text(), listed)
    checks.equal("the file is private", oct(file.stat().st_mode & 0o777), "0o600")
    line = json.loads(file.read_text())
    checks.equal("the line", list(line), ["event", "name", "role", "token_id", "token_hash", "at"])
    checks.true("the hash is argon2id", line["token_hash"].startswith("$argon2id$"), line)
    checks.true("twice", run("reviewer", "add", "Ada L.", data=data).is_error(1, "revoke"), "")
    checks.true("nobody", run("reviewer", "revoke", "bo", data=data).is_error(1, "bo"), "")
    for words in (["add", ""], ["add", "a\nb"], ["add", "a", "--role", "duke"]):
        ran = run("reviewer", *words, data=data)
        checks.true(f"refused: {words[1:]!r}", ran.is_error(2), ran)
    checks.equal("revoked", run("reviewer", "revoke", "Ada L.", data=data).code, 0)
    last = json.loads(file.read_text().splitlines()[-1])
    checks.equal("the line that revokes", list(last), ["event", "name", "at"])
    ran = run("serve", "--port", "0", "--host", "203.0.113.7", data=data)
    checks.true("somebody was there once", ran.is_error(3, "cannot listen"), ran)


def doors(checks, data):
    """Tokens over HTTP; a command that revokes is heard at once; the log tells, without secrets."""
    good_batch(data, MODEL)
    tokens = {role: add(data, role, role) for role in ("admin", "reviewer", "agent", "viewer")}
    server = Server(data)
    with contextlib.ExitStack() as stack:
        stack.enter_context(server)
        checks.equal("without a token", status(server, "GET", "/api/status"), 401)
        checks.equal("the page leads to signing in", status(server, "GET", "/"), 303)
        checks.equal("whether it lives", status(server, "GET", "/healthz"), 200)
        for role, token in tokens.items():
            found = status(server, "POST", "/api/gold-star", STAR, bearer(token))
            checks.equal(f"a star by {role}", found, 403 if role == "viewer" else 200)
        code, headers, body = server.call("POST", "/api/sign-in", {"token": tokens["reviewer"]})
        checks.equal("signed in", (code, json.loads(body)["name"]), (200, "reviewer"))
        session = {"Cookie": headers["Set-Cookie"].split(";")[0]}
        checks.equal("by cookie", status(server, "GET", "/api/me", headers=session), 200)
        for site in ("https://evil.example", "null"):
            away = {**session, "Origin": site}
            found = status(server, "POST", "/api/gold-star", STAR, away)
            checks.equal(f"a star from {site}", found, 403)
        renamed = {**session, "Host": "evil.example"}
        checks.equal("another host's name", status(server, "GET", "/api/me", headers=renamed), 403)
        run("reviewer", "revoke", "reviewer", data=data)
        checks.equal("revoked, at once", status(server, "GET", "/api/me", headers=session), 401)
        found = status(server, "GET", "/api/me", headers=bearer(tokens["reviewer"]))
        checks.equal("and the token", found, 401)
        checks.true("logged", within(5, lambda: "reviewer revoked" in said(server)), said(server))
        log = said(server)
        for words in ("signed in", "not allowed", "wrong token"):
            checks.true(f"the log says: {words}", words in log, log)
        secrets = [token[12:] for token in tokens.values()] + [session["Cookie"][20:]]
        checks.true("and no secret", not any(secret in log for secret in secrets), log)


def said(server):
    """What a server that runs has said to its standard error so far."""
    place = os.dup(server.errors.fileno())
    with os.fdopen(place, "rb") as file:
        return os.pread(file.fileno(), 1 << 20, 0).decode(errors="replace")


def raw(server, request, seconds=20):
    """Sends bytes as they are; what comes back until the server closes or is silent for a while."""
    host, port = server.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=seconds) as plain:
        with contextlib.suppress(OSError):
            plain.sendall(request)
        answer = b""
        with contextlib.suppress(OSError):
            while part := plain.recv(65536):
                answer += part
    return answer


def tricks(checks, data):
    """Paths that climb, headers that break lines, bodies and headers that are too large."""
    good_batch(data, MODEL)
    token = add(data, "ada", "admin")
    (data / "secret.txt").write_text("top secret")
    paths = [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/assets/....//secret.txt",
        "/assets//etc/passwd",
        "/assets/..\\..\\secret.txt",
        "/api/records/..%2f..%2fsecret.txt",
        "/%00",
        "//evil.example/",
        "http://evil.example/api/status",
    ]
    with Server(data) as server:
        for path in paths:
            for who in (None, token):
                mark = f"Authorization: Bearer {who}\r\n" if who else ""
                head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{mark}\r\n"
                answer = raw(server, head.encode())
                code = answer.split(b" ")[1][:3] if b" " in answer else b"none"
                fine = code in (b"400", b"401", b"403", b"404") or (
                    who and path.startswith("http:") and code == b"200"
                )
                leaks = b"top secret" in answer or b"root:" in answer
                name = f"{path} {'with' if who else 'without'} a token"
                checks.true(name, fine and not leaks, answer[:200])
        evil = "%0d%0aSet-Cookie:%20evil=1%0d%0a"
        for path in (f"/?a={evil}", f"/table_view.html?{evil}", f"/{evil}", f"/sign-in?to={evil}"):
            head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            answer = raw(server, head.encode()).split(b"\r\n\r\n")[0]
            is_set = b"\nset-cookie" in answer.lower()
            checks.true(f"no header by {path[:20]}", not is_set, answer)
        close = b"Host: localhost\r\nConnection: close\r\n"
        head = b"GET / HTTP/1.1\r\n" + close + b"X: " + b"x" * 200_000 + b"\r\n\r\n"
        checks.true("headers that are too large", b" 431 " in raw(server, head)[:20], "")
        head = b"GET / HTTP/1.1\r\n" + close + b"X: y\r\n" * 500 + b"\r\n"
        checks.true("too many headers", b" 431 " in raw(server, head)[:20], "")
        large = b"POST /api/gold-star HTTP/1.1\r\n" + close + b"Content-Length: 99999999\r\n"
        checks.true("a large body of a stranger", b" 401 " in raw(server, large + b"\r\n")[:20], "")
        mark = f"Authorization: Bearer {token}\r\n".encode()
        checks.true("a large body", b" 413 " in raw(server, large + mark + b"\r\n")[:20], "")
        chunked = large.replace(b"Content-Length: 99999999", b"Transfer-Encoding: chunked") + mark
        chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
        answer = raw(server, chunked + b"\r\n" + chunk * 10 + b"0\r\n\r\n")
        # Who goes on sending to a connection that is closed may lose the answer.
        checks.true("a large body in pieces", b" 413 " in answer[:20] or not answer, answer[:100])
        sign_in = b"POST /api/sign-in HTTP/1.1\r\n" + close + b"Content-Length: 70000\r\n\r\n"
        checks.true("a large token", b" 413 " in raw(server, sign_in)[:20], "")
        smuggled = b"POST /api/sign-in HTTP/1.1\r\n" + close + (
            b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"0\r\n\r\nGET /x HTTP/1.1\r\n\r\n"
        )
        checks.true("two lengths", raw(server, smuggled).count(b"HTTP/1.1 ") <= 1, "")
        found = status(server, "GET", "/api/me", headers=bearer(token))
        checks.equal("and still there", found, 200)


def crowd(checks, data):
    """Thousands that only hold connections, and some that speak slowly: others are answered."""
    good_batch(data, MODEL)
    token = add(data, "ada")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    room = hard if hard != resource.RLIM_INFINITY else 1 << 20
    most = min(IDLE, room - 2 * (SLOW_HEADS + SLOW_BODIES) - 2_000)
    with Server(data) as server, contextlib.ExitStack() as stack:
        server.call("GET", "/api/me", headers=bearer(token))
        quiet = asked(server, token)
        host, port = server.address.removeprefix("http://").split(":")
        ends = threading.Event()

        def hold(said):
            plain = socket.create_connection((host, int(port)), timeout=20)
            stack.callback(plain.close)
            if said:
                plain.sendall(said)
            return plain

        begun = time.monotonic()
        slow = [hold(b"GET /healthz HTTP/1.1\r\nX: ") for _ in range(SLOW_HEADS)]
        mark = f"Authorization: Bearer {token}\r\n"
        head = "POST /api/gold-star HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999\r\n"
        head += f"{mark}\r\n"
        slow += [hold(head.encode() + b"{") for _ in range(SLOW_BODIES)]
        asks = f"GET /api/openapi.json HTTP/1.1\r\nHost: localhost\r\n{mark}\r\n"
        unread = hold(UNREAD * asks.encode())
        # The system makes some of them wait for a second: many at once wait together.
        with concurrent.futures.ThreadPoolExecutor(64) as many:
            idle = list(many.map(hold, [b""] * most))

        def drip():
            # A byte now and then, as somebody does who wants to be waited for.
            while not ends.wait(1):
                for plain in slow:
                    with contextlib.suppress(OSError):
                        plain.send(b"x")

        dripping = threading.Thread(target=drip, daemon=True)
        dripping.start()
        stack.callback(ends.set)
        took = time.monotonic() - begun
        before = held(server)
        busy = asked(server, token)
        checks.equal(f"answered beside {most} idle connections", len(busy), 2 * ASKED)
        print(
            f"figures: {most} idle and {len(slow)} slow connections opened in {took:.1f} s; the "
            f"server held {before} files before and {held(server)} after {2 * ASKED} requests "
            f"beside them, which took {told(busy)}; without them {told(quiet)}",
            flush=True,
        )
        found = status(server, "POST", "/api/gold-star", STAR, bearer(token))
        checks.equal("a star beside them", found, 200)
        idle[-1].settimeout(40)
        answer = idle[-1].recv(4096)
        checks.true("who says nothing is let go", b" 200 " not in answer[:20], answer)
        slow[0].settimeout(40)
        with contextlib.suppress(ConnectionResetError):
            answer = slow[0].recv(4096)
            checks.true("who speaks slowly is let go", b" 200 " not in answer[:20], answer)
        ends.set()
        # Time enough has gone by; what waited in between was little.
        time.sleep(max(0, begun + UNREAD_SECONDS - time.monotonic()))
        _, _, one = server.call("GET", "/api/openapi.json", headers=bearer(token))
        whole = UNREAD * len(one)
        took = 0
        unread.settimeout(40)
        with contextlib.suppress(ConnectionResetError):
            while part := unread.recv(1 << 20):
                took += len(part)
        checks.true("who reads nothing is let go", took < whole / 2, f"{took} of {whole} bytes")
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def held(server):
    """The files, connections too, that the server has open."""
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def asked(server, token):
    """How long requests take, each on a connection of its own, in milliseconds."""
    times = []
    for path in ["/healthz", "/api/status"] * ASKED:
        begun = time.monotonic()
        if status(server, "GET", path, headers=bearer(token)) == 200:
            times.append((time.monotonic() - begun) * 1000)
    return times


def told(times):
    return f"{statistics.median(times):.1f} ms (median), {max(times):.1f} ms (longest)"


def encrypted(checks, data):
    """TLS: the certificate that is named, a cookie that stays on it, and no plain words."""
    if not shutil.which("openssl"):
        return checks.skip("TLS", "openssl is not installed")
    good_batch(data, MODEL)
    token = add(data, "ada")
    certificate, key = data / "cert.pem", data / "key.pem"
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    name = ["-subj", "/CN=gold.example.org", "-addext"]
    name += ["subjectAltName=DNS:gold.example.org,IP:127.0.0.1"]
    command = [*make.split(), *name, "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    files = ["--tls-cert", certificate, "--tls-key", key]
    wrong = run("serve", "--port", "0", "--tls-cert", key, "--tls-key", key, data=data, seconds=20)
    checks.true("a key is no certificate", wrong.is_error(3, "key.pem"), wrong)
    alone = run("serve", "--port", "0", "--tls-cert", certificate, data=data, seconds=20)
    checks.true("no key", alone.code == 2 and "--tls-key" in alone.err, alone)
    url = ["--public-url", "https://gold.example.org"]
    words = [binary(), "serve", "--data", str(data), "--port", "0", *map(str, files), *url]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        port = int(re.search(r"https://127\.0\.0\.1:(\d+)", process.stdout.readline()).group(1))
        trusting = ssl.create_default_context(cafile=str(certificate))
        make = lambda: http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=trusting)
        code, headers, _ = call(make(), "POST", "/api/sign-in", {"token": token})
        checks.equal("signed in", code, 200)
        checks.true("a cookie for TLS only", "; Secure" in headers["Set-Cookie"], headers)
        checks.equal("not for this machine's names", headers["Strict-Transport-Security"], None)
        named = {"Host": "gold.example.org"}
        code, headers, _ = call(make(), "GET", "/healthz", headers=named)
        found = (code, headers["Strict-Transport-Security"])
        checks.equal("the public name stays on TLS", found, (200, "max-age=31536000"))
        other = call(make(), "GET", "/healthz", headers={"Host": "evil.example"})[0]
        checks.equal("another name", other, 403)
        with socket.create_connection(("127.0.0.1", port), timeout=20) as plain:
            plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            answer = b""
            with contextlib.suppress(OSError):
                answer = plain.recv(4096)
            checks.true("plain words", not answer.startswith(b"HTTP"), short(answer))
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


if __name__ == "__main__":
    run_all(commands, doors, tricks, crowd, encrypted)
