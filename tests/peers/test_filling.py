"""The benchmark's database holds what the platform itself would have left there."""

import sqlalchemy as sa

from interview.bench import filling
from interview.extensions import db
from interview.peers import services as peers
from interview.peers.models import PeerBin, PeerTerm
from interview.practice.models import Answer, Report
from tests.peers.conftest import House
from tests.peers.oracle import stored


def test_filling_in_bulk_equals_counting_one_report_after_another(house: House, monkeypatch):
    monkeypatch.setattr(filling, "POOL", 8)
    filling.fill(candidates=4, answers=14)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Answer)) == 14
    in_bulk = stored()
    db.session.execute(sa.update(Report).values(counted=False))
    for table in (PeerBin, PeerTerm):
        db.session.execute(sa.delete(table))
    for report in db.session.scalars(sa.select(Report).order_by(Report.id)).all():
        assert peers.to_steps(report.body["measures"], "text") == report.steps
        assert peers.terms_of(report.body) == report.terms
        peers.add(report)
    db.session.commit()
    assert stored() == in_bulk
