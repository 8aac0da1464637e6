"""Originals by the hash of their content: in a local folder, and in an S3 that answers like the real one."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from contest.config import Config
from contest.core import storage
from tests.core.threads import together
from tests.fixtures.requirements import lacking

CONTENT = "Bắc Giang: niềm tin và khát vọng".encode()
ADDRESS = hashlib.sha256(CONTENT).hexdigest()
NOWHERE = "0" * 64


@pytest.fixture(scope="session")
def s3_url() -> Iterator[str]:
    """The address of an empty bucket in a server that speaks S3."""
    try:
        import boto3
        from moto.server import ThreadedMotoServer
    except ImportError as error:
        lacking("moto", f"no S3 server to test with: {error}")
    patch = pytest.MonkeyPatch()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ALLOW_HTTP": "true",
    }.items():
        patch.setenv(name, value)
    boto3.client("s3", endpoint_url=f"http://{host}:{port}").create_bucket(Bucket="khat-vong")
    yield "s3://khat-vong/originals"
    server.stop()
    patch.undo()


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.slow)])
def stored(request: pytest.FixtureRequest, config: Config, make_app: Callable[[Config], Flask]) -> Iterator[Flask]:
    """The application over an empty folder, and over S3."""
    url = config.storage_url if request.param == "folder" else request.getfixturevalue("s3_url")
    with make_app(replace(config, storage_url=url)).app_context() as context:
        storage.delete(ADDRESS)
        yield context.app


def test_content_is_kept_under_its_hash_and_comes_back(stored: Flask) -> None:
    address = storage.put(CONTENT)

    assert address == ADDRESS
    assert storage.exists(address)
    assert storage.get(address) == CONTENT


def test_same_content_put_twice_is_kept_once_unchanged(stored: Flask) -> None:
    assert storage.put(CONTENT) == storage.put(CONTENT)

    assert storage.get(ADDRESS) == CONTENT


def test_same_content_put_by_eight_threads_at_once_is_kept(stored: Flask) -> None:
    assert together(stored, lambda n: storage.put(CONTENT)) == []

    assert storage.get(ADDRESS) == CONTENT


def test_large_content_comes_in_pieces_that_make_the_whole(stored: Flask) -> None:
    content = bytes(range(256)) * 4096
    address = storage.put(content)

    pieces = list(storage.stream(address, chunk=100_000))

    assert len(pieces) > 1
    assert b"".join(pieces) == content


def test_deleted_content_is_gone_and_deleting_again_is_harmless(stored: Flask) -> None:
    storage.put(CONTENT)

    storage.delete(ADDRESS)
    storage.delete(ADDRESS)

    assert not storage.exists(ADDRESS)


@pytest.mark.parametrize("address", [NOWHERE, "", "../../etc/passwd", "A" * 64, "xyz"])
def test_unknown_address_is_not_found(stored: Flask, address: str) -> None:
    with pytest.raises(FileNotFoundError):
        storage.get(address)
    with pytest.raises(FileNotFoundError):
        storage.stream(address)
    assert address != NOWHERE or not storage.exists(address)


def test_store_says_that_it_is_healthy(stored: Flask) -> None:
    assert storage.healthy()


def test_file_in_the_folder_is_named_by_its_hash_outside_static(app_context: Flask, tmp_path: Path) -> None:
    storage.put(CONTENT)

    kept = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]

    assert [path.name for path in kept] == [ADDRESS]
    assert kept[0].read_bytes() == CONTENT
