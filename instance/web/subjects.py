"""The posts of one subject (#hashtag), as far as the reader may read them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inbox import timelines
from instance.web.access import for_agents, is_fragment, me
from instance.web.home import feed


@require_safe
@for_agents
def tag(request: HttpRequest, tag: str) -> HttpResponse:
    reader, name = me(request), tag.lower().lstrip("#")[:100]
    shown, older = timelines.page(reader, "tag", request.GET.get("avant", ""), name=name)
    context = feed(request, shown, older) | {"tag": name}
    return render(request, "posts/_feed.html" if is_fragment(request) else "posts/tag.html", context)
