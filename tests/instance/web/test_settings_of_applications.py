"""What "public" means from an application, and the lines of a profile."""

from actors import profiles

PAGE = "/reglages/publier-depuis-une-application/"


def test_what_the_house_does_not_open_is_not_offered_nor_taken(at_julien, julien, settings, text_of):
    settings.PUBLIC_POSTS = False
    assert "Tout internet" not in text_of(at_julien.get(PAGE))
    assert at_julien.post(PAGE, {"audience": "public"}).status_code == 422
    assert at_julien.post(PAGE).status_code == at_julien.post(PAGE, {"audience": "followers"}).status_code == 422
    julien.agent.refresh_from_db()
    assert julien.agent.app_audience == "organisation"


def test_an_agent_chooses_to_whom_her_applications_speak(at_julien, julien, settings, text_of):
    settings.PUBLIC_POSTS = True
    assert "Tout internet" in text_of(at_julien.get(PAGE)) and PAGE in text_of(at_julien.get("/menu/"))
    assert at_julien.post(PAGE, {"audience": "partners"}).url == "/menu/"
    julien.agent.refresh_from_db()
    assert julien.agent.app_audience == "partners"


def test_lines_are_typed_shown_and_corrected(at_julien, at_helene, julien, text_of):
    said = {"line_name_1": "Bureau", "line_value_1": "B12 <b>", "line_name_2": "Site", "line_value_2": "https://a.fr"}
    assert at_julien.post("/reglages/profil/", said).status_code == 303
    julien.refresh_from_db()
    assert profiles.typed_fields(julien) == [("Bureau", "B12 <b>"), ("Site", "https://a.fr")]
    page = at_helene.get("/personnes/julien.mercier/").content.decode()
    assert "B12 &lt;b&gt;" in page and 'href="https://a.fr"' in page and "nofollow" in page
    form = at_julien.get("/reglages/profil/").content.decode()
    assert 'value="B12 &lt;b&gt;"' in form and 'name="line_value_4"' in form and 'name="line_value_5"' not in form
    at_julien.post("/reglages/profil/", {"line_name_2": "Site", "line_value_2": "https://a.fr"})
    julien.refresh_from_db()
    assert [each["name"] for each in julien.fields] == ["Site"]


def test_a_line_that_is_too_long_is_said_so(at_julien, julien):
    assert at_julien.post("/reglages/profil/", {"line_name_1": "x" * 256, "line_value_1": "y"}).status_code == 422
