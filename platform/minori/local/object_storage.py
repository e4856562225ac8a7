"""S3-compatible storage as the settings describe it (MINORI_FILES_S3_…)."""

from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config


def s3_options(
    *, bucket: str, endpoint: str, region: str, key: str, secret: str, prefix: str
) -> dict[str, Any]:
    """Options of `S3Store`: private objects, never overwritten by others, and no waiting for a store that is away.

    Without `key` boto3 looks where it always does (the machine's role, its own variables).
    """
    return {
        "bucket_name": bucket,
        "endpoint_url": endpoint or None,
        "region_name": region or None,
        "access_key": key or None,
        "secret_key": secret or None,
        "location": prefix,
        "default_acl": None,
        "file_overwrite": True,
        "querystring_auth": True,
        "transfer_config": TransferConfig(use_threads=False),
        "max_memory_size": 2 * 1024 * 1024,
        "client_config": Config(
            connect_timeout=5,
            read_timeout=20,
            retries={"max_attempts": 2, "mode": "standard"},
            s3={"addressing_style": "path"} if endpoint else {},
            signature_version="s3v4",
            # stores other than Amazon's do not know the newer checksums; ours is the sha256 in the name
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    }
