from dataclasses import replace

from django.utils import translation

from tanghulu.web.components.inspection import build_inspection
from tests.support import example_job as example

HASHES = [happening.hash for happening in example.HAPPENINGS]


def inspection(job=example.JOB):
    with translation.override("en"):
        return build_inspection(job, "en")


class TestBuildInspection:
    def test_has_a_frame_for_every_picture(self):
        assert [(frame.step.path, frame.event) for frame in inspection().frames] == [
            (example.OFF, HASHES[1]),
            (example.LOCK, HASHES[5]),
        ]

    def test_knows_which_events_a_frame_shows(self):
        frames = inspection().frames
        assert frames[0].shows == tuple(sorted(HASHES[1:5]))
        assert frames[1].shows == tuple(sorted(HASHES[5:7]))

    def test_leaves_to_the_registers_what_belongs_to_no_step(self):
        happening = example.HAPPENINGS[6]
        left = {**happening.payload, "type": "register.left"}
        del left["step"]
        loose = replace(happening, payload=left)
        found = inspection(example.job(happenings=[*example.HAPPENINGS[:6], loose]))
        assert found.rest == (loose.hash,)

    def test_has_a_frame_for_a_step_without_pictures(self):
        steps = {**example.STATE["steps"]}
        steps[example.OFF] = [{**steps[example.OFF][0], "photos": []}]
        frame = inspection(example.job(state=example.state(steps=steps))).frames[0]
        assert frame.picture is None
        assert frame.event == ""

    def test_shows_nothing_that_has_not_begun(self):
        assert example.SIGN not in {frame.step.path for frame in inspection().frames}
