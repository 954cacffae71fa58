"""Writing a post: its audience in words, its files, and the questions asked before it leaves."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from actors import arrivals
from outbox.models import Attachment, Post
from tests.instance.web.conftest import picture


def send(browser, **fields):
    return browser.post("/publier/", {"kind": "note", "audience": "organisation", "text": "Bonjour", **fields})


def only_post():
    return Post.objects.get()


def test_the_picker_says_in_words_and_figures_who_will_read(at_julien, helene, vernay, text_of):
    page = text_of(at_julien.get("/publier/"))
    assert "Saint-Aubin : 2 agents. Ne sort pas de nos serveurs." in page
    assert "Espaces verts : 1 agent" in page
    assert "2 collectivités : 170 agents. Une copie part chez chacune." in page
    assert "Publier pour Saint-Aubin" in page
    assert "Fermé par votre collectivité." in page


def test_without_choosing_it_stays_in_the_house(at_julien, vernay, work):
    page = at_julien.get("/publier/").content.decode()
    assert page.count('value="organisation" checked') == 1
    response = send(at_julien)
    assert (response.status_code, response.url) == (303, "/")
    work()
    assert only_post().audience == "organisation" and vernay.received == []


def test_it_reaches_partners_when_asked(at_julien, vernay, work):
    send(at_julien, audience="partners")
    work()
    assert [path for path, _headers, _body in vernay.received] == ["/inbox"]


def test_an_audience_that_is_closed_cannot_be_forced(at_julien, text_of):
    response = send(at_julien, audience="public")
    assert response.status_code == 422 and not Post.objects.exists()


def test_a_service_that_one_does_not_have_cannot_be_forced(at_helene):
    assert send(at_helene, audience="service").status_code == 422
    assert not Post.objects.exists()


def test_an_empty_message_is_refused_next_to_its_field(at_julien, text_of):
    response = send(at_julien, text=" ", audience="service")
    page = text_of(response)
    assert response.status_code == 422 and "<title>Erreur" in page
    assert "Un champ à corriger" in page and 'href="#id_text"' in page
    assert "Écrivez quelque chose ou ajoutez une photo." in page
    assert 'value="service" checked' in page


def test_too_long_a_message_says_by_how_much_and_keeps_it(at_julien, text_of):
    page = text_of(send(at_julien, text="a" * 5240))
    assert "5240 signes, la limite est 5000. Retirez 240 signes" in page and "a" * 5240 in page


def test_an_article_has_a_title(at_julien, text_of):
    assert "Donnez un titre" in text_of(send(at_julien, kind="article"))
    send(at_julien, kind="article", title="Le paillage")
    assert (only_post().kind, only_post().title) == ("article", "Le paillage")


def test_chosen_partners_are_ticked_one_by_one(at_julien, vernay, work, text_of):
    assert "Choisissez au moins une collectivité" in text_of(send(at_julien, audience="chosen_partners"))
    send(at_julien, audience="chosen_partners", houses=[vernay.host])
    work()
    assert [house.host for house in only_post().houses.all()] == [vernay.host]
    assert len(vernay.received) == 1


def test_people_are_named_one_by_one(at_julien, helene, lucie, vernay):
    send(at_julien, audience="named", named=f"@helene.vasseur, @lucie@{vernay.host}")
    assert set(only_post().named.all()) == {helene, lucie}


def test_a_private_message_may_name_its_readers_in_its_text(at_julien, helene):
    send(at_julien, audience="named", text="@helene.vasseur un mot ?")
    assert list(only_post().named.all()) == [helene]


@pytest.mark.parametrize("name", ["named", "text"])
def test_a_name_that_nobody_bears_is_told_and_nothing_leaves(at_julien, helene, vernay, name, text_of):
    words = f"@helene.vasseur @nestor @lucie2@{vernay.host} @zoe@ailleurs.example"
    page = text_of(send(at_julien, audience="named", **{"named": "", name: words}))
    assert "Personne ne porte le nom @nestor à Saint-Aubin." in page
    assert f"Personne ne porte le nom @lucie2@{vernay.host} à" in page
    assert "ailleurs.example n’est pas une collectivité partenaire." in page
    assert not Post.objects.exists()


def test_a_partner_that_does_not_answer_is_said_so(at_julien, vernay, text_of):
    vernay.stop()
    page = text_of(send(at_julien, audience="named", named=f"@paul@{vernay.host}"))
    assert "ne répond pas pour le moment" in page


def test_someone_who_will_not_read_is_said_once(at_julien, lucie, vernay, text_of):
    words = f"@lucie@{vernay.host} regarde"
    page = text_of(send(at_julien, text=words))
    assert "Lucie ne verra pas ce message" in page and 'name="elargir" value="partners"' in page
    assert not Post.objects.exists()
    send(at_julien, text=words, mention_demande="1")
    assert only_post().audience == "organisation"


def test_opening_to_more_people_changes_the_form_and_sends_nothing(at_julien, lucie, vernay, text_of):
    page = text_of(send(at_julien, text=f"@lucie@{vernay.host} regarde", elargir="partners"))
    assert 'value="partners" checked' in page and not Post.objects.exists()


def test_a_photo_without_description_is_asked_about_once(at_julien, text_of):
    page = text_of(send(at_julien, photos=[picture()]))
    assert "Il manque la description de la photo. Une phrase suffit." in page
    assert not Post.objects.exists()
    kept = Attachment.objects.get()
    assert f'value="{kept.ulid}"' in page
    send(at_julien, piece=[kept.ulid], alt_demande="1")
    assert only_post().attachments.get() == kept


def test_a_description_is_kept_with_its_photo(at_julien):
    send(at_julien, joindre="1", photos=[picture()])
    kept = Attachment.objects.get()
    send(at_julien, piece=[kept.ulid], **{f"alt_{kept.ulid}": "Un rosier taillé"})
    assert only_post().attachments.get().description == "Un rosier taillé"


def test_the_second_press_publishes_a_photo_without_description(at_julien):
    send(at_julien, photos=[picture()])
    send(at_julien, piece=[Attachment.objects.get().ulid], alt_demande="1")
    assert only_post().attachments.count() == 1


@pytest.mark.row(71)
def test_what_is_not_an_image_is_refused_with_a_sentence_and_the_rest_is_kept(at_julien, text_of):
    fake = SimpleUploadedFile("virus.png", b"MZ not an image", "image/png")
    page = text_of(send(at_julien, photos=[picture("vraie.png"), fake]))
    assert "virus.png" in page and "n’est pas une image que l’on sait lire" in page
    assert "Bonjour" in page and 'id="id_photos_error"' in page
    assert Attachment.objects.get().name == "vraie.png" and not Post.objects.exists()


@pytest.mark.row(73)
def test_a_pixel_bomb_is_refused_with_a_sentence(at_julien, text_of):
    bomb = picture("bombe.png", (7000, 7000))
    assert bomb.size < 1_000_000
    assert "compte trop de points" in text_of(send(at_julien, photos=[bomb]))
    assert not Attachment.objects.exists()


def test_too_large_a_file_is_refused_with_its_weight(at_julien, text_of):
    heavy = SimpleUploadedFile("enorme.png", b"\x89PNG" + bytes(15_200_000), "image/png")
    assert "« enorme.png » pèse 16 Mo, la limite est 15 Mo." in text_of(send(at_julien, photos=[heavy]))


def test_a_fifth_photo_is_refused_and_four_are_kept(at_julien, text_of):
    page = text_of(send(at_julien, photos=[picture(f"{n}.png") for n in range(5)]))
    assert "Quatre photos au plus." in page and Attachment.objects.count() == 4


def test_a_program_is_not_a_document(at_julien, text_of):
    program = SimpleUploadedFile("outil.exe", b"MZ\x00\x01", "application/pdf")
    assert "n’est pas un document accepté" in text_of(send(at_julien, documents=[program]))


def test_a_document_leaves_with_the_post(at_julien):
    send(at_julien, documents=[SimpleUploadedFile("fiche.pdf", b"%PDF-1.7 fiche", "text/html")])
    assert only_post().attachments.get().media_type == "application/pdf"


def test_a_file_is_removed_before_publishing(at_julien):
    send(at_julien, joindre="1", photos=[picture()])
    ulid = Attachment.objects.get().ulid
    page = send(at_julien, piece=[ulid], retirer=ulid).content.decode()
    assert not Attachment.objects.exists() and ulid not in page


@pytest.mark.row(75)
def test_the_file_of_another_is_not_attached(at_julien, at_helene):
    send(at_helene, joindre="1", photos=[picture()])
    send(at_julien, piece=[Attachment.objects.get().ulid])
    assert only_post().attachments.count() == 0


def test_a_reply_goes_to_those_who_read_what_it_answers(sign_in, julien, aubin, publish, text_of):
    colleague = sign_in(arrivals.invite("Bruno Tessier", "", aubin.green).actor)
    asked = publish(julien, "Qui vient ?", "service")
    page = text_of(colleague.get(f"/publier/?reponse={asked.ulid}"))
    assert "Comme la publication : Espaces verts" in page and 'name="audience"' not in page
    colleague.post("/publier/", {"reponse": asked.ulid, "text": "Moi", "audience": "organisation"})
    reply = Post.objects.get(in_reply_to=asked)
    assert reply.audience == "service" and reply.service == aubin.green.actor


def test_one_does_not_answer_what_one_may_not_read(at_helene, julien, publish):
    hidden = publish(julien, "Entre nous", "service")
    assert at_helene.get(f"/publier/?reponse={hidden.ulid}").status_code == 404
    assert at_helene.post("/publier/", {"reponse": hidden.ulid, "text": "Oui"}).status_code == 404
