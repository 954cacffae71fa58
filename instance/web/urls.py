"""The addresses of the pages for people: French paths, one for each thing."""

from django.urls import path

from instance.web import (
    compose,
    following,
    home,
    media,
    neighbours,
    notifications,
    pages,
    people,
    post,
    profile,
    settings,
    signing_in,
    subjects,
)

PERSON = "personnes/<str:address>/"
POST = "p/<str:ulid>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("publier/", compose.compose, name="compose"),
    path(POST, post.show, name="post"),
    path(f"{POST}modifier/", post.edit, name="post_edit"),
    path(f"{POST}historique/", post.history, name="post_history"),
    path(f"{POST}retirer/", post.delete, name="post_delete"),
    path(f"{POST}utile/", post.like, name="post_like"),
    path(f"{POST}partager/", post.boost, name="post_boost"),
    path("personnes/", people.people, name="people"),
    path(PERSON, profile.profile, name="profile"),
    path(f"{PERSON}suivre/", following.follow, name="follow"),
    path(f"{PERSON}ne-plus-suivre/", following.unfollow, name="unfollow"),
    path(f"{PERSON}bloquer/", following.block, name="block"),
    path(f"{PERSON}debloquer/", following.unblock, name="unblock"),
    path(f"{PERSON}masquer/", following.mute, name="mute"),
    path(f"{PERSON}demasquer/", following.unmute, name="unmute"),
    path("demandes/", following.requests, name="follow_requests"),
    path("demandes/<int:pk>/accepter/", following.accept, name="follow_accept"),
    path("demandes/<int:pk>/refuser/", following.refuse, name="follow_refuse"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("sujets/<str:tag>/", subjects.tag, name="tag"),
    path("voisins/", neighbours.neighbours, name="neighbours"),
    path("menu/", pages.menu, name="menu"),
    path("reglages/profil/", settings.profile, name="settings_profile"),
    path("reglages/securite/", settings.security, name="settings_security"),
    path("reglages/apparence/", settings.look, name="settings_look"),
    path("langue/", settings.language, name="set_language"),
    path("connexion/", signing_in.sign_in, name="sign_in"),
    path("entrer/<str:token>/", signing_in.by_link, name="sign_in_link"),
    path("deconnexion/", signing_in.sign_out, name="sign_out"),
    path("charte/", pages.charter, name="charter"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
    path("donnees-personnelles/", pages.privacy, name="privacy"),
    path("aide/", pages.help_page, name="help"),
    path("medias/<str:ulid>/", media.attachment, name="media"),
    path("portraits/<str:ulid>/", media.portrait, name="portrait"),
    path("plans/<str:host>.svg", media.cover, name="cover"),
    path("manifest.webmanifest", pages.manifest, name="manifest"),
    path("sante/", pages.health, name="health"),
]
