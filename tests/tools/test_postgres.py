import subprocess

import pytest

from tools import postgres

pytestmark = pytest.mark.enable_socket


class TestCluster:
    @pytest.fixture
    def binaries(self):
        folder = postgres.binaries()
        if folder is None:
            pytest.skip(f"PostgreSQL is not here: {postgres.HOW_TO_GET_IT}")
        return folder

    def test_serves_a_role_that_is_no_superuser_and_goes_away(self, binaries):
        with postgres.cluster(binaries) as address:
            question = "SELECT rolsuper::text || ' ' || rolcreatedb FROM pg_roles WHERE rolname = current_user"
            command = [binaries / "psql", "-Atc", question, address]
            assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "false true\n"
        assert subprocess.run(command, check=False, capture_output=True).returncode != 0
