"""Of the actors and parents that come with posts, what nobody is shown: asked for, should it be used after all."""

UNSHOWN = [
    *(
        f"in_reply_to__{name}"
        for name in ("source", "html", "details", "sensitive", "language", "edited_at", "pinned_at")
    ),
    *(
        f"{actor}__{name}"
        for actor in ("author", "author__service", "service", "in_reply_to__author")
        for name in ("inbox", "shared_inbox", "outbox", "followers_uri", "following_uri", "also_known_as", "moved_to")
    ),
    *(f"{actor}__fetched_at" for actor in ("author", "author__service", "service", "in_reply_to__author")),
    *(
        f"{actor}__{name}"
        for actor in ("author__service", "service")
        for name in ("summary", "fields", "url", "icon_url")
    ),
]
