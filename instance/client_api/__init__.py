"""The face that other clients see; the pages' verbs will be offered here in Mastodon's terms."""
