"""Attachments in S3-compatible storage, over HTTP against a server on this machine."""

import socket
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from django.core.files.storage import storages
from moto.server import ThreadedMotoServer

from minori.filings import files
from minori.local import findings
from minori.local.object_storage import s3_options

BUCKET = "minori-files"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def use(settings: Any, endpoint: str, *, prefix: str = "", bucket: str = BUCKET) -> None:
    options = s3_options(
        bucket=bucket, endpoint=endpoint, region="ap-northeast-1", key="k", secret="s", prefix=prefix
    )
    backend = {"BACKEND": "minori.filings.object_store.S3Store", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "evidence": backend}
    settings.FILES_S3_BUCKET = bucket


@pytest.fixture
def bucket(settings: Any, endpoint: str) -> Any:
    """An empty bucket, in use."""
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="ap-northeast-1",
        aws_access_key_id="k",
        aws_secret_access_key="s",
    )
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"})
    use(settings, endpoint)
    yield client
    for one in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        client.delete_object(Bucket=BUCKET, Key=one["Key"])
    client.delete_bucket(Bucket=BUCKET)


def keys(client: Any) -> list[str]:
    return [one["Key"] for one in client.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def test_bytes_come_back_as_they_were_put(bucket: Any) -> None:
    data = b"a photo" * 600_000  # larger than what is held in memory
    sha256 = files.keep(7, data, preview=b"small")
    with files.open_(7, sha256) as file:
        assert file.read() == data
    with files.open_preview(7, sha256) as file:
        assert file.read() == b"small"
    assert keys(bucket) == [f"7/{sha256[:2]}/{sha256}", f"7/{sha256[:2]}/{sha256}.preview"]
    head = bucket.head_object(Bucket=BUCKET, Key=f"7/{sha256[:2]}/{sha256}")
    assert head["ContentType"] == "application/octet-stream"


def test_the_same_bytes_are_put_once_and_another_organization_does_not_find_them(bucket: Any) -> None:
    sha256 = files.keep(7, b"x")
    before = bucket.head_object(Bucket=BUCKET, Key=f"7/{sha256[:2]}/{sha256}")["LastModified"]
    assert files.keep(7, b"x") == sha256
    assert bucket.head_object(Bucket=BUCKET, Key=f"7/{sha256[:2]}/{sha256}")["LastModified"] == before
    assert not files.exists(8, sha256)
    with pytest.raises(FileNotFoundError):
        files.open_(8, sha256)


def test_a_missing_object_is_not_found(bucket: Any) -> None:
    sha256 = files.keep(7, b"x")
    bucket.delete_object(Bucket=BUCKET, Key=f"7/{sha256[:2]}/{sha256}")
    with pytest.raises(FileNotFoundError):
        files.open_(7, sha256)


def test_a_changed_object_is_told_by_its_hash(bucket: Any) -> None:
    sha256 = files.keep(7, b"x")
    bucket.put_object(Bucket=BUCKET, Key=f"7/{sha256[:2]}/{sha256}", Body=b"y")
    with pytest.raises(files.Damaged):
        files.open_(7, sha256)


def test_forgetting_takes_the_object_and_its_small_picture(bucket: Any) -> None:
    files.forget(7, files.keep(7, b"x", preview=b"small"))
    assert keys(bucket) == []


def test_all_files_of_an_organization_are_found(bucket: Any) -> None:
    ours = {files.keep(7, bytes([number]), preview=b"small") for number in range(4)}
    files.keep(77, b"theirs")
    assert set(files.kept(7)) == ours


def test_several_installations_can_share_a_bucket(bucket: Any, settings: Any, endpoint: str) -> None:
    use(settings, endpoint, prefix="minori/test")
    sha256 = files.keep(7, b"x")
    assert keys(bucket) == [f"minori/test/7/{sha256[:2]}/{sha256}"]
    assert list(files.kept(7)) == [sha256]


def test_a_store_that_is_away_says_so_within_seconds(bucket: Any, settings: Any) -> None:
    sha256 = files.keep(7, b"x")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, but nobody listens
        use(settings, f"http://127.0.0.1:{nobody.getsockname()[1]}")
        for attempt in (
            lambda: files.keep(7, b"z"),
            lambda: files.open_(7, sha256),
            lambda: files.exists(7, sha256),
            lambda: files.forget(7, sha256),
        ):
            with pytest.raises(files.Unavailable):
                attempt()
        assert [grade for grade, _said in findings.check_files()] == ["error"]


def test_a_bucket_that_does_not_exist_is_unavailable_and_not_an_empty_one(
    settings: Any, endpoint: str
) -> None:
    use(settings, endpoint, bucket="nowhere")
    with pytest.raises(files.Unavailable):
        files.keep(7, b"x")


def test_check_writes_reads_and_removes_an_object(bucket: Any) -> None:
    ((grade, said),) = findings.check_files()
    assert grade == "ok"
    assert BUCKET in said
    assert keys(bucket) == []


def test_the_store_is_the_one_that_is_set(bucket: Any) -> None:
    assert type(storages["evidence"]).__name__ == "S3Store"
