"""S3 at the wire on the loopback: moto with its signatures and policies enforced, and faults at will.

moto keeps S3's rules (``If-None-Match``, 1,000 keys a page, signature, policy, error codes); this adds what a bucket has and
a threaded test server has not: a conditional put is decided in one step, a request may be refused (SlowDown), and its
answer may be lost after it took effect.
"""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto import settings
from moto.core.authorization import ActionAuthenticatorMixin
from moto.s3.models import s3_backends
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

SLOW_DOWN = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
ALL = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
READ = {"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": "*"}

Asked = tuple[str, str, str, bool]
"""Method, path, query, whether it was a conditional put."""
Fault = Callable[[Asked], bool]


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *args: object) -> None:
        pass


class S3:
    """A bucket house. ``asked`` are the requests that came; ``busy`` refuses some, ``lost`` loses the answers to some."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.busy: Fault = lambda _: False
        self.lost: Fault = lambda _: False
        self._app: Any = DomainDispatcherApplication(create_backend_app)
        self._one = threading.Lock()
        self._server = make_server("127.0.0.1", 0, self, threaded=True, request_handler=_Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.port}"
        named: dict[str, Any] = {
            "endpoint_url": self.url, "region_name": "us-east-1", "aws_access_key_id": "a", "aws_secret_access_key": "b",
        }  # fmt: skip
        settings.INITIAL_NO_AUTH_ACTION_COUNT = float("inf")
        self._iam, self._s3 = boto3.client("iam", **named), boto3.client("s3", **named)
        self.key, self.reader = self._user("writer", ALL), self._user("reader", READ)

    def _user(self, name: str, may: object) -> tuple[str, str]:
        policy = json.dumps({"Version": "2012-10-17", "Statement": [may]})
        self._iam.create_user(UserName=name)
        self._iam.put_user_policy(UserName=name, PolicyName="may", PolicyDocument=policy)
        made = self._iam.create_access_key(UserName=name)["AccessKey"]
        return made["AccessKeyId"], made["SecretAccessKey"]

    def bucket(self, name: str) -> None:
        settings.INITIAL_NO_AUTH_ACTION_COUNT = float("inf")
        self._s3.create_bucket(Bucket=name)
        ActionAuthenticatorMixin.request_count = 0
        settings.INITIAL_NO_AUTH_ACTION_COUNT = 0.0  # from now on every signature is computed anew

    def fill(self, bucket: str, keys: Iterable[str], body: bytes) -> None:
        """Objects that others have put there, without the wire."""
        for key in keys:
            s3_backends["123456789012"]["aws"].put_object(bucket, key, body)

    def env(self, key: tuple[str, str] | None = None) -> dict[str, str]:
        """What an operator sets."""
        mine, secret = key or self.key
        return {
            "AWS_ACCESS_KEY_ID": mine, "AWS_SECRET_ACCESS_KEY": secret, "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": self.url, "AWS_ALLOW_HTTP": "true",
        }  # fmt: skip

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        conditional = "HTTP_IF_NONE_MATCH" in environ and environ["REQUEST_METHOD"] == "PUT"
        asked = (
            environ["REQUEST_METHOD"],
            environ["PATH_INFO"],
            environ.get("QUERY_STRING", ""),
            conditional,
        )
        with self._one:
            self.asked.append(asked)
            if self.busy(asked):
                return _slow_down(start)
            if self.lost(asked):
                list(self._app(environ, _unheard))
                return _slow_down(start)
            return list(self._app(environ, start))

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        settings.INITIAL_NO_AUTH_ACTION_COUNT = float("inf")


def _unheard(*_: object) -> Callable[[bytes], object]:
    return lambda _: None


def _slow_down(start: Callable[..., Any]) -> list[bytes]:
    start("503 Slow Down", [("Content-Type", "application/xml"), ("Content-Length", str(len(SLOW_DOWN)))])
    return [SLOW_DOWN]


@contextmanager
def s3() -> Iterator[S3]:
    """A house of its own until the end of the block."""
    house = S3()
    try:
        yield house
    finally:
        house.close()
