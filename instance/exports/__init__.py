"""The whole of this instance in files that anybody reads, and an instance made from them on any database (ADR 17)."""
