"""The addresses of the house: machines under /ap/, /api/ and /.well-known/, people everywhere else."""

from django.urls import include, path

from instance import monitoring, wellknown
from instance.client_api.telling import answers

urlpatterns = [
    path("ap/", include("inbox.urls")),
    path(".well-known/webfinger", wellknown.webfinger),
    path(".well-known/host-meta", wellknown.host_meta),
    path(".well-known/nodeinfo", wellknown.nodeinfo_index),
    *(path(f"nodeinfo/{each}", wellknown.nodeinfo, {"version": each}) for each in wellknown.VERSIONS),
    path("health", monitoring.health),
    path("metrics", monitoring.figures),
    path("", include("instance.client_api.oauth.urls")),
    path("", include("instance.client_api.urls")),
    path("interne/diffusion", answers.by_letter),
    path("", include("instance.web.urls")),
]
handler400 = "instance.faults.bad_request"
handler403 = "instance.faults.forbidden"
handler404 = "instance.faults.not_found"
handler500 = "instance.faults.server_error"
