"""The benchmark's command, on a small scale."""

import re

import psycopg
import pytest
from click.testing import CliRunner

from interview.bench import bench, filling
from interview.bench.peers import Subject
from tests.support.databases import POSTGRES_SERVER, postgres_database


def time_pages(monkeypatch: pytest.MonkeyPatch, *options: str) -> str:
    """Return what a quick benchmark prints; whether it meets its bars depends on the machine."""
    monkeypatch.setattr(filling, "POOL", 10)
    monkeypatch.setattr("interview.bench.peers.WARM_UP", 1)
    arguments = ["peers", "--candidates", "600", "--answers", "1200", "--requests", "3", *options]
    result = CliRunner().invoke(bench, arguments)
    if result.exit_code:
        assert "bars missed" in result.output
    return result.output


def test_it_times_the_summary_page_of_two_sizes(monkeypatch):
    output = time_pages(monkeypatch)
    assert re.search(r"SQLite +6 +12 +\d+\.\d +\d+\.\d\n", output)
    assert re.search(r"SQLite +600 +1,200 +\d+\.\d +\d+\.\d\n", output)
    assert re.search(r"ratio of the p95: \d+\.\d\d", output)


@pytest.mark.postgres
def test_on_postgresql_it_uses_databases_of_its_own_and_drops_them(monkeypatch):
    with postgres_database() as url:
        output = time_pages(monkeypatch, "--database", url)
    assert re.search(r"PostgreSQL +600 +1,200", output)
    with psycopg.connect(f"{POSTGRES_SERVER}/postgres") as server:
        left = server.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'bench_peers_%'"
        ).fetchall()
    assert left == []


def test_p95_is_what_95_of_100_pages_did_not_exceed():
    subject = Subject(1, 1, None, times=[float(n) for n in range(101)])
    assert (subject.p50, subject.p95) == (50, 95)
