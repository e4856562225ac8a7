"""Reading uploads: each file is read past once it is beyond its limit, so that neither memory nor disk is filled."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest


class UpToLimit(FileUploadHandler):
    """Stands before Django's own handlers: skips the rest of a file that is too large and remembers its name.

    The other files of the same form arrive as usual. Put it in front by `request.upload_handlers.insert(0, …)`
    before anything reads the form; files that were skipped are in `too_large`.
    """

    def __init__(self, request: HttpRequest | None = None, *, limit: int) -> None:
        super().__init__(request)
        self.limit = limit
        self.received = 0
        self.too_large: list[str] = []

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to count."""
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass the bytes on until there are too many."""
        del start
        self.received += len(raw_data)
        if self.received > self.limit:
            self.too_large.append(str(self.file_name))
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers behind."""
        del file_size
