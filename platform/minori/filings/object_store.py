"""Attachments in S3-compatible object storage; chosen by MINORI_FILES_S3_BUCKET."""

from typing import Any

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage


class S3Store(S3Storage):
    """An object is there whole or not at all: S3 shows it once its upload is finished."""

    errors = (OSError, BotoCoreError, ClientError, Boto3Error)

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        """Nothing of the kind is told to the store: whoever opened an object there by its address could run nothing."""
        parameters: dict[str, Any] = super().get_object_parameters(name)
        return {**parameters, "ContentType": "application/octet-stream"}
