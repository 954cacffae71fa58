"""Everything under /ap/ speaks ActivityPub, and nothing else does."""

from django.urls import path

from inbox import serving, views

urlpatterns = [
    path("inbox", views.receive, name="shared_inbox"),
    path("instance", serving.house),
    path("instance/inbox", views.receive),
    path("instance/outbox", serving.nothing),
    path("instance/following", serving.house_followed),
    path("instance/featured", serving.nothing),
    path("instance/followers", serving.house_followers),
    path("instance/directory", serving.house_directory),
    path("actors/<slug:ulid>", serving.actor),
    path("actors/<slug:ulid>/inbox", views.receive),
    path("actors/<slug:ulid>/outbox", serving.outbox),
    path("actors/<slug:ulid>/followers", serving.followers),
    path("actors/<slug:ulid>/followers_synchronization", serving.followers_synchronization),
    path("actors/<slug:ulid>/following", serving.followed),
    path("actors/<slug:ulid>/featured", serving.featured),
    path("objects/<slug:ulid>", serving.post),
    path("objects/<slug:ulid>/replies", serving.replies),
    path("activities/<slug:ulid>", serving.activity),
]
