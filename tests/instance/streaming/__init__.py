"""Tests of streaming, by real processes and real sockets."""
