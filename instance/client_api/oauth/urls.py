"""The addresses of OAuth 2, with and without a slash at their end: a redirect would lose what was posted."""

from django.urls import URLPattern

from instance.client_api.oauth import consent, endpoints, metadata
from instance.client_api.oauth.userinfo import userinfo
from instance.client_api.routing import Slashed, by_method

urlpatterns = [
    URLPattern(Slashed("oauth/authorize"), consent.authorize),
    URLPattern(Slashed("oauth/token"), endpoints.token),
    URLPattern(Slashed("oauth/revoke"), endpoints.revoke),
    URLPattern(Slashed("oauth/userinfo"), by_method({"GET": userinfo, "POST": userinfo})),
    URLPattern(Slashed(".well-known/oauth-authorization-server"), metadata.authorization_server),
]
