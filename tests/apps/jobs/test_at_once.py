"""What several requests bring at the same moment."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from tanghulu.apps.jobs import actions
from tanghulu.apps.jobs.models import RunPhoto
from tanghulu.apps.photos.models import Photo
from tanghulu.apps.tenancy import scope
from tests.support.yard import Yard, picture


class TestKeepPhoto:
    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("said", [None, (1, "image/png")])
    def test_states_five_equal_photos_at_once_as_one(self, yard: Yard, said: tuple[int, str] | None) -> None:
        # Here the test's own connection is inside no transaction, unlike in other tests of the yard.
        connection.settings_dict["AUTOCOMMIT"] = True
        yard.open()
        signed = yard.sign_photo(picture(), said=said)
        yard.send(signed)
        (opening,) = signed.openings
        answers: list[bool] = []
        errors: list[BaseException] = []
        barrier = threading.Barrier(5)

        def put() -> None:
            try:
                with scope.within("harbour"):
                    barrier.wait(10)
                    wen, name = yard.cast["wen"], opening["value"]
                    answers.append(actions.keep_photo(wen, sha256=name, content=picture(), at=timezone.now()))
            except BaseException as error:  # noqa: BLE001 - it is shown by the assertion
                errors.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=put) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert sorted(answers) == [False, False, False, False, True]
        assert yard.types() == ["run.opened", "photo.taken", "photo.refused" if said else "photo.stored"]
        with scope.within("harbour"):
            assert (Photo.objects.count(), RunPhoto.objects.exclude(stated_at=None).count()) == (1, 1)
