from tanghulu.apps.evidence.models import Device
from tanghulu.apps.jobs.queries.stops import StoppedJob, stops
from tanghulu.apps.tenancy import scope
from tests.support.yard import RUN, Yard

REASON = "皮带跑偏"


def found(yard: Yard, by: str = "vera") -> list[StoppedJob]:
    actor = yard.cast[by]
    with scope.within(actor.tenant):
        return stops(actor)


def stop(yard: Yard, reason: str = "") -> None:
    yard.send(yard.devices["wen"].sign("run.stopped", run=RUN, data={}, facts={"reason": reason} if reason else {}))


class TestStops:
    def test_tell_who_stopped_a_job_when_and_why(self, yard: Yard) -> None:
        yard.open()
        stop(yard, REASON)
        (job,) = found(yard)
        assert (job.run, job.by, job.why) == (RUN, "王维", REASON)
        assert job.at == yard.entries()[-1].received_at

    def test_go_by_the_stop_that_counted(self, yard: Yard) -> None:
        yard.open()
        stop(yard, REASON)
        first = yard.entries()[-1].received_at
        stop(yard, "again")  # it is stopped already
        (job,) = found(yard)
        assert (job.why, job.at) == (REASON, first)

    def test_say_no_reason_where_none_was_given(self, yard: Yard) -> None:
        yard.open()
        stop(yard)
        assert [(job.by, job.why) for job in found(yard)] == [("王维", "")]

    def test_leave_out_what_goes_on_again(self, yard: Yard) -> None:
        yard.open()
        stop(yard)
        yard.send(yard.devices["zhao"].sign("run.resumed", run=RUN, data={}, facts={"reason": "mended"}), by="zhao")
        assert found(yard) == []

    def test_tell_of_a_call_from_a_phone_that_is_locked_out_while_the_job_goes_on(self, yard: Yard) -> None:
        yard.open()
        with scope.within("harbour"):
            Device.objects.filter(device=yard.devices["wen"].key.device).update(status="revoked")
        stop(yard, REASON)
        assert yard.row().status == "open"
        (job,) = found(yard)
        assert (job.run, job.by, job.why, job.unheeded) == (RUN, "王维", REASON, "revoked")
        page = yard.cast.browser("vera").get("/jobs/").content.decode()
        assert "a stop came from a phone that is locked out: look now" in page
        yard.send(yard.devices["zhao"].sign("run.stopped", run=RUN, data={}, facts={}), by="zhao")
        assert [job.unheeded for job in found(yard)] == [""]
        yard.send(yard.devices["zhao"].sign("run.resumed", run=RUN, data={}, facts={"reason": "mended"}), by="zhao")
        assert found(yard) == []

    def test_leave_out_a_second_call_that_came_while_it_was_stopped(self, yard: Yard) -> None:
        yard.open()
        stop(yard, REASON)
        stop(yard, "again")
        yard.send(yard.devices["zhao"].sign("run.resumed", run=RUN, data={}, facts={"reason": "mended"}), by="zhao")
        assert found(yard) == []

    def test_are_nothing_to_another_company(self, yard: Yard) -> None:
        yard.open()
        stop(yard)
        assert found(yard, "quentin") == []
