from tanghulu.gateways import typesetter
from tests.support.yard import RUN, Yard, picture

PAGE = f"/jobs/{RUN}/paper/"


class TestPaper:
    def test_holds_the_whole_job(self, yard: Yard) -> None:
        yard.finish()
        page = yard.cast.browser("chen").get(PAGE).content.decode()
        assert page.count("/1600.jpg") == 1
        assert "skewer-large" in page
        assert "王维" in page
        assert RUN in page

    def test_leads_nowhere_but_by_its_code(self, yard: Yard) -> None:
        yard.finish()
        page = yard.cast.browser("chen").get(PAGE).content.decode()
        assert "haw-selected" not in page
        assert "?step=" not in page
        assert 'class="paper-code"><svg' in page

    def test_says_what_was_against_the_rules(self, yard: Yard) -> None:
        yard.open()
        yard.send(yard.sign_confirmation())
        assert "A photo was missing." in yard.cast.browser("chen").get(PAGE).content.decode()

    def test_leaves_out_steps_in_which_nothing_happened(self, yard: Yard) -> None:
        yard.open()
        assert "paper-step" not in yard.cast.browser("chen").get(PAGE).content.decode()

    def test_does_not_exist_for_another_company(self, yard: Yard) -> None:
        yard.finish()
        assert yard.cast.browser("quentin").get(PAGE).status_code == 404


FILE = f"/jobs/{RUN}/paper.pdf"


class TestPdf:
    def test_is_the_same_file_until_something_happens(self, yard: Yard) -> None:
        yard.open()
        yard.send(yard.sign_photo(picture()))
        yard.put(picture())
        first = yard.cast.browser("chen").get(FILE)
        assert first["Content-Type"] == "application/pdf"
        assert first.content.startswith(b"%PDF-")
        assert yard.cast.browser("chen").get(FILE).content == first.content
        yard.send(yard.sign_confirmation())
        assert yard.cast.browser("chen").get(FILE).content != first.content

    def test_does_not_exist_for_another_company(self, yard: Yard) -> None:
        yard.finish()
        assert yard.cast.browser("quentin").get(FILE).status_code == 404

    def test_has_to_wait_while_two_others_are_made(self, yard: Yard) -> None:
        yard.open()
        with typesetter.turn(), typesetter.turn():
            answer = yard.cast.browser("chen").get(FILE)
        assert (answer.status_code, answer["Retry-After"]) == (429, "10")
        assert "try again in a few seconds" in answer.content.decode()
        assert yard.cast.browser("chen").get(FILE).status_code == 200
