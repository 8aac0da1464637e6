"""A file that is far too large: who is still sending it is heard out, and reads the sentence instead of a broken connection."""

import http.client
import sys

import pytest

from tests.resilience.site import Site

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are followed through /proc"),
]
PART, PARTS = bytes(2**20), 50


def test_file_of_fifty_megabytes_is_refused_with_a_sentence(site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    heads = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(len(PART) * PARTS)}

    connection.request("POST", "/dang-nhap", (PART for _ in range(PARTS)), heads)
    reply = connection.getresponse()

    assert reply.status == 413
    assert "Bạn chọn tệp nhỏ hơn" in reply.read().decode()
