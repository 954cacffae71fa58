"""The addresses of the house: machines under /ap/ and /.well-known/, people everywhere else."""

from django.urls import include, path

from instance import wellknown

urlpatterns = [
    path("ap/", include("inbox.urls")),
    path(".well-known/webfinger", wellknown.webfinger),
    path(".well-known/host-meta", wellknown.host_meta),
    path(".well-known/nodeinfo", wellknown.nodeinfo_index),
    *(path(f"nodeinfo/{each}", wellknown.nodeinfo, {"version": each}) for each in wellknown.VERSIONS),
    path("", include("instance.web.urls")),
]
handler400 = "instance.web.errors.bad_request"
handler403 = "instance.web.errors.forbidden"
handler404 = "instance.web.errors.not_found"
handler500 = "instance.web.errors.server_error"
