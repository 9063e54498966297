import json
import logging

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

REPORT = {"csp-report": {"document-uri": "http://localhost:8000/jobs/", "effective-directive": "script-src-elem",
                         "blocked-uri": "https://evil.example/x.js", "line-number": 7}}  # fmt: skip


def report(content: object) -> int:
    body = content if isinstance(content, str) else json.dumps(content)
    return Client().post("/policy/violation/", body, content_type="application/csp-report").status_code


class TestViolation:
    def test_is_written_to_the_log(self, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.WARNING, "tanghulu.web"):
            assert report(REPORT) == 204
        assert "https://evil.example/x.js" in str(caplog.records[0].msg)

    @pytest.mark.parametrize("content", ["", "x", "[]", "{}", {"csp-report": 7}, json.dumps({"a": "b" * 9000})])
    def test_is_refused_when_it_is_none(self, content: object) -> None:
        assert report(content) == 422

    def test_gives_away_no_link_that_lets_somebody_in(self, caplog: pytest.LogCaptureFixture) -> None:
        page = "http://localhost:8000/password/link/tgl_harbour_m98f-nWBX12/"
        with caplog.at_level(logging.WARNING, "tanghulu.web"):
            report({"csp-report": {**REPORT["csp-report"], "document-uri": page}})
        assert "/password/link/tgl_…/" in str(caplog.records[0].msg)
        assert "m98f" not in caplog.text

    def test_cannot_fill_the_log(self, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.WARNING, "tanghulu.web"):
            assert [report(REPORT) for _ in range(31)] == [204] * 30 + [429]
        assert len(caplog.records) == 30
