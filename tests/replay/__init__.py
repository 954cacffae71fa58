"""The replay: recorded documents of other servers, delivered signed to a real house, and what became of each."""
