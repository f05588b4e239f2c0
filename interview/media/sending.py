"""Sending a stored file to a browser that may see it, whole or the part that a range asks for."""

from flask import Response, request
from werkzeug.wsgi import FileWrapper

from interview.errors import NotFoundError
from interview.media.store import CHUNK_BYTES, store


def send(key: str, content_type: str, filename: str | None = None) -> Response:
    """Return the response that streams a file; with `filename` it is saved, not played.

    The caller has found that the person may have it. Raises NotFoundError when it is gone.
    """
    try:
        file = store.open(key)
    except FileNotFoundError:
        raise NotFoundError from None
    response = Response(
        FileWrapper(file, CHUNK_BYTES), mimetype=content_type, direct_passthrough=True
    )
    size = store.size(key)
    response.content_length = size
    if filename:
        response.headers.set("Content-Disposition", "attachment", filename=filename)
    try:
        response.make_conditional(request, accept_ranges=True, complete_length=size)
    except BaseException:
        file.close()
        raise
    return response
