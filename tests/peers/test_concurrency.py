"""Several workers at once, each with a connection of its own, lose and double nothing."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from flask import Flask

from interview.accounts.models import User
from interview.extensions import db
from interview.peers import services as peers
from interview.practice.models import Report
from tests.peers.conftest import House
from tests.peers.oracle import expected, stored

WORKERS = 4


def at_once(app: Flask, tasks: list[Callable[[], None]]) -> None:
    """Run all tasks at the same moment; the first failure is raised."""
    start = threading.Barrier(len(tasks))

    def run(task: Callable[[], None]) -> None:
        with app.app_context():
            start.wait(timeout=30)
            task()

    with ThreadPoolExecutor(len(tasks)) as pool:
        for result in [pool.submit(run, task) for task in tasks]:
            result.result(timeout=60)


def uncounted(house: House, people: int, prompts: int, each: int) -> list[int]:
    """Return the ids of new reports, person by person."""
    asked = [house.prompt() for _ in range(prompts)]
    ids = []
    for number in range(people):
        person = house.person()
        for turn in range(each):
            measures = {"words.count": 37 * (number + turn), "big_five.openness": turn / 10}
            report = house.report(person, asked[turn % prompts], measures, (f"w{turn}", "team"))
            ids.append(report.id)
    db.session.commit()
    return ids


def change(deed: Callable[[Report], None], ids: list[int]) -> Callable[[], None]:
    """Return a task that does something with each report, each in its own transaction."""

    def task() -> None:
        for key in ids:
            deed(db.session.get_one(Report, key))
            db.session.commit()

    return task


def counted_reports() -> list[Report]:
    return list(db.session.scalars(sa.select(Report).where(Report.counted)))


def test_every_contribution_is_stored_once_when_all_workers_get_the_same_reports(
    app: Flask, house: House
):
    ids = uncounted(house, people=3, prompts=2, each=4)
    at_once(app, [change(peers.add, ids[n:] + ids[:n]) for n in range(WORKERS)])
    assert len(counted_reports()) == len(ids)
    assert stored() == expected(counted_reports())


def test_adding_and_removing_at_once_ends_in_what_is_marked_as_counted(app: Flask, house: House):
    ids = uncounted(house, people=2, prompts=2, each=6)
    change(peers.add, ids[::2])()
    add, remove = change(peers.add, ids), change(peers.remove, ids[::-1])
    at_once(app, [add, remove, add, remove])
    assert stored() == expected(counted_reports())


def test_transactions_with_several_reports_do_not_block_each_other_for_ever(
    app: Flask, house: House
):
    ids = uncounted(house, people=WORKERS, prompts=3, each=6)

    def together(own: list[int]) -> Callable[[], None]:
        def task() -> None:
            for key in own:
                peers.add(db.session.get_one(Report, key))
            db.session.commit()

        return task

    mine = [ids[n * 6 : n * 6 + 6] for n in range(WORKERS)]
    at_once(app, [together(own[n:] + own[:n]) for n, own in enumerate(mine)])
    assert len(counted_reports()) == len(ids)
    assert stored() == expected(counted_reports())


def test_a_report_finished_while_its_guest_registers_is_counted(app: Flask, house: House):
    from interview.accounts.services import claim_workspace
    from interview.database import lock
    from interview.practice.models import Candidate

    guest, prompt = house.person(guest=True), house.prompt()
    first = house.report(guest, prompt, {"words.count": 100})
    user = User(email="a@example.org", password="", fs_uniquifier="a")
    db.session.add(user)
    db.session.commit()
    answer_id, user_id = first.answer_id, user.id

    def finish() -> None:
        lock(Candidate, guest)
        report = house.report(
            guest, prompt, {"words.count": 300}, answer_id=answer_id, pipeline="text-2"
        )
        peers.add(report)
        db.session.commit()

    def claim() -> None:
        claim_workspace(db.session.get_one(User, user_id), db.session.get_one(Candidate, guest))

    at_once(app, [finish, claim])
    db.session.expire_all()
    assert len(counted_reports()) == 2
    assert stored() == expected(counted_reports())
