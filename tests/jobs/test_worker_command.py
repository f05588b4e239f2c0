"""The command that starts a worker."""

import os

from interview.jobs import tasks


def test_a_worker_gives_way_to_the_web_process_before_it_works(app, monkeypatch):
    done = []
    monkeypatch.setattr(os, "nice", lambda by: done.append(("nice", by)))
    monkeypatch.setattr(tasks, "run_worker", lambda threads: done.append(("run", threads)))
    result = app.test_cli_runner().invoke(args=["worker", "--threads", "2"])
    assert result.exit_code == 0
    assert done == [("nice", 10), ("run", 2)]
