"""Reads uploaded lists (``uploads``), and what became of their rows (``rows``)."""

from service.imports.uploads.queries.uploads import (
    UploadLine,
    UploadNotFound,
    UploadRow,
    get_upload,
    list_open_uploads,
    list_uploads,
    list_uploads_to_approve,
    see_upload,
    see_upload_of_program,
)

__all__ = [
    "UploadLine",
    "UploadNotFound",
    "UploadRow",
    "get_upload",
    "list_open_uploads",
    "list_uploads",
    "list_uploads_to_approve",
    "see_upload",
    "see_upload_of_program",
]
